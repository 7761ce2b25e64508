//! Who comes to My Access, and how they sign in: by name alone, but for one-time codes, which are mailed and have to be typed.
//! entra-docs docs/external-id/one-time-passcode.md and docs/id-governance/entitlement-management-troubleshoot.md, "Requests"

use super::FormFields;
use crate::address::is_address;
use crate::directory::Person;
use crate::html::{self, button_form, escape};
use crate::mailer::Mail;
use crate::partners::PartnerTenant;
use crate::sign_in::{cookie, error_page};
use crate::{DOMAIN, Knobs, Tenant, contoso, value};
use graph::{Reply, Request};
use std::collections::BTreeMap;
use std::sync::Arc;
use time::{Millis, Moment};

const COOKIE: &str = "my-access-session";

/// A code is good for so long.
const CODE_LIFE: Millis = Millis::minutes(30);

/// People from outside whom the picker offers, each with another sort of account.
const OUTSIDERS: [(&str, &str); 3] =
    [("pat@fabrikam.example", "work account"), ("sam@outlook.example", "Microsoft account"), ("kim@nowhere.example", "one-time code")];

/// Whose addresses are Microsoft accounts.
const MICROSOFT_ACCOUNTS: [&str; 1] = ["outlook.example"];

/// Who is signed in, and who has a code.
#[derive(Clone, Default)]
pub(in crate::entitlement) struct Visits {
    /// Cookie to address.
    sessions: BTreeMap<String, String>,
    /// Address to the code, and when it was mailed.
    codes: BTreeMap<String, (String, Moment)>,
}

/// Somebody who is signed in.
pub(super) struct Visit {
    /// Where the pages are: `/@contoso.example`.
    pub(super) base: String,
    pub(super) address: String,
    /// What the browser asks for first, as a tag: `de-DE`.
    pub(super) language: String,
    /// Of the directory; or somebody from outside, whose id is the address.
    pub(super) person: Arc<Person>,
}

impl Visit {
    /// Whether a request or an assignment is theirs, by its target.
    pub(super) fn is(&self, target: &str) -> bool {
        self.person.id.eq_ignore_ascii_case(target) || self.person.owns(target)
    }

    /// The same person, as a request names them: one that was sent before they were in the directory has an address.
    pub(super) fn named(&self, target: &str) -> Arc<Person> {
        if self.person.id == target { Arc::clone(&self.person) } else { Arc::new(Person { id: target.into(), ..(*self.person).clone() }) }
    }

    /// A page's path.
    pub(super) fn to(&self, page: &str) -> String {
        format!("{}/{page}", self.base)
    }

    pub(super) fn way_back(&self, form: &FormFields) -> String {
        way_back(&self.base, form)
    }
}

/// Where somebody wanted to go before they signed in: a page of My Access.
fn way_back(base: &str, form: &FormFields) -> String {
    let is_plain = |path: &str| path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/@.-".contains(&byte));
    let is_below = |path: &str| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    value(form, "to").filter(|path| is_plain(path) && is_below(path)).unwrap_or(base).to_owned()
}

fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

impl Tenant {
    /// Who is signed in and may be here; whoever is in the directory by now is that person.
    pub(super) fn visit(&self, base: String, request: &Request) -> Option<Visit> {
        let address = self.governance.visits.sessions.get(cookie(request, COOKIE)?)?.clone();
        let person = match self.directory.by_address(&address) {
            Some(person) if !person.account_enabled => return None,
            Some(person) => Arc::clone(person),
            None => Arc::new(Person {
                user_principal_name: address.clone(),
                external_user_state: None,
                ..Person::guest(address.clone(), &address, Moment(0))
            }),
        };
        let languages = request.headers.get("Accept-Language").unwrap_or_default();
        let language = languages.split([',', ';']).next().unwrap_or_default().trim().to_owned();
        Some(Visit { base, address, language, person })
    }

    pub(super) fn account_picker(&self, base: &str, to: &str) -> Reply {
        let way_back = way_back(base, &[("to".into(), to.into())]);
        let action = format!("{base}/sign-in");
        let button = |name: &str, label: &str| button_form(&action, &[("user", name), ("to", &way_back)], label);
        let own = self.directory.all().filter(|person| !person.is_guest() && !person.is_deleted() && person.creation_type.is_none());
        let members: String = own.map(|person| button(&person.user_principal_name, &person.user_principal_name)).collect();
        let others: String = OUTSIDERS
            .iter()
            .map(|(address, account)| format!("{}<p class=\"quiet\">{}</p>", button(address, address), escape(account)))
            .collect();
        let field = format!(
            "<form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"to\" value=\"{}\">\
             <p><label>Another account<br><input name=\"user\" type=\"email\" autocomplete=\"username\"></label></p><button>Next</button></form>",
            escape(&action),
            escape(&way_back)
        );
        let body = format!(
            "<h1>Pick an account</h1><p>to go to My Access of {}</p><h2>{}</h2>{members}<h2>Other organizations</h2>{others}{field}",
            contoso::NAME,
            contoso::NAME
        );
        html::page_with_script(200, "Sign in to your account", &body, super::frame::SCRIPT_PATH)
    }

    pub(super) fn sign_in_to_my_access(&mut self, base: &str, form: &FormFields, now: Moment) -> Reply {
        let address = value(form, "user").unwrap_or_default().trim().to_lowercase();
        let to = way_back(base, form);
        let domain = domain_of(&address);
        let known = self.directory.by_address(&address).cloned();
        let is_member = known.as_ref().is_some_and(|person| person.creation_type.is_none());
        if !is_address(&address) || known.is_none() && [DOMAIN, contoso::INITIAL_DOMAIN].contains(&domain) {
            return error_page(50034, &format!("The user account {} does not exist in the {DOMAIN} directory.", escape(&address)));
        }
        if known.as_ref().is_some_and(|person| !person.account_enabled) {
            return error_page(50057, "The user account is disabled.");
        }
        if !is_member && Knobs::lists(&self.knobs.cross_tenant_blocked, domain) {
            let words = "The resource tenant's cross-tenant access policy does not allow this user to access this tenant.";
            return error_page(500_213, words);
        }
        let has_account = is_member || MICROSOFT_ACCOUNTS.contains(&domain) || PartnerTenant::by_domain(domain).is_some();
        if !has_account && !self.knobs.one_time_passcodes {
            let words = "We couldn’t find an account with that username. Try another, or get a new Microsoft account.";
            return html::page(400, "Sign in to your account", &format!("<h1>Sign in</h1><p class=\"warning\" role=\"alert\">{words}</p>"));
        }
        if !has_account && let Err(page) = self.check_code((base, &to), &address, value(form, "code"), now) {
            return page;
        }
        let session = self.ids.secret();
        self.governance.visits.sessions.insert(session.clone(), address);
        let to = if known.is_some_and(|person| person.is_pending()) { format!("{base}/accept?to={to}") } else { to };
        let mut reply = html::redirect(&to);
        reply.headers = reply.headers.with("Set-Cookie", format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax"));
        reply
    }

    /// The mailed code, once; without one another is mailed.
    ///
    /// # Errors
    /// The page that asks for it.
    fn check_code(&mut self, (base, to): (&str, &str), address: &str, code: Option<&str>, now: Moment) -> Result<(), Reply> {
        let Some(code) = code else {
            self.mail_code(address, now);
            return Err(code_page(base, to, address, ""));
        };
        let own = self.governance.visits.codes.get(address);
        if own.is_none_or(|(own, at)| *own != code.trim() || now - *at > CODE_LIFE) {
            return Err(code_page(base, to, address, "That code didn’t work. Check the code and try again, or ask for a new one."));
        }
        self.governance.visits.codes.remove(address);
        Ok(())
    }

    fn mail_code(&mut self, address: &str, now: Moment) {
        let bytes = self.ids.bytes();
        let code: String = bytes.iter().take(8).map(|byte| char::from(b'0' + byte % 10)).collect();
        self.mailer.letter(Mail {
            kind: "oneTimeCode",
            to: address.into(),
            from: format!("{} (via Microsoft) <account-security-noreply@accountprotection.microsoft.com>", contoso::NAME),
            subject: format!("Your {} account verification code", contoso::NAME),
            text: format!("Account verification code: {code}\nIt is good for 30 minutes."),
            language: "en-US".into(),
            at: now.iso(),
            ..Mail::default()
        });
        self.governance.visits.codes.insert(address.into(), (code, now));
    }

    pub(super) fn sign_out_of_my_access(&mut self, base: &str, request: &Request) -> Reply {
        if let Some(session) = cookie(request, COOKIE) {
            self.governance.visits.sessions.remove(session);
        }
        html::redirect(base)
    }

    /// Somebody who is a guest by now comes in, and what waited for that goes on.
    pub(super) fn accept_permissions(&mut self, visit: &Visit, form: &FormFields, now: Moment) -> Reply {
        if visit.person.is_pending() {
            self.accept_as(&visit.person.id, now);
        }
        html::redirect(&visit.way_back(form))
    }
}

fn code_page(base: &str, to: &str, address: &str, problem: &str) -> Reply {
    let warning = if problem.is_empty() { String::new() } else { format!("<p class=\"warning\" role=\"alert\">{}</p>", escape(problem)) };
    let action = format!("{base}/sign-in");
    let body = format!(
        "<h1>Enter code</h1><p>We just sent a code to <b>{user}</b></p>{warning}\
         <form method=\"post\" action=\"{action}\"><input type=\"hidden\" name=\"user\" value=\"{user}\">\
         <input type=\"hidden\" name=\"to\" value=\"{to}\">\
         <p><label>Code<br><input name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\" required></label></p>\
         <button>Sign in</button></form>{again}",
        user = escape(address),
        action = escape(&action),
        to = escape(to),
        again = button_form(&action, &[("user", address), ("to", to)], "Send a new code")
    );
    html::page(if problem.is_empty() { 200 } else { 400 }, "Enter code", &body)
}
