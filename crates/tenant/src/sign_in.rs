//! The identity platform: authorization code with PKCE for single-page applications, as Entra does it.
//! entra-docs docs/identity-platform/v2-oauth2-auth-code-flow.md, v2-protocols-oidc.md, reply-url.md,
//! refresh-tokens.md, reference-error-codes.md.

use super::graph_api::Caller;
use super::html::{self, button_form, escape};
use super::permissions::PERMISSIONS;
use super::{Side, Tenant, contoso, entra_errors, json_reply, pairs, signing, split, value};
use graph::{Headers, Method, Reply, Request};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use time::Moment;

pub(super) const OIDC: [&str; 4] = ["openid", "profile", "email", "offline_access"];
const COOKIE: &str = "contoso-session";

#[derive(Clone, Default)]
pub(super) struct SignIn {
    /// Cookie to user id.
    pub(super) sessions: BTreeMap<String, String>,
    /// (user id, permission)
    pub(super) consents: BTreeSet<(String, String)>,
    pub(super) codes: BTreeMap<String, Grant>,
    pub(super) refresh: BTreeMap<String, Grant>,
    pub(super) access: BTreeMap<String, (Caller, Moment)>,
}

/// What a code or a refresh token stands for.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) client: String,
    pub(super) redirect: String,
    pub(super) user: String,
    pub(super) scopes: Vec<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: Option<String>,
    pub(super) issued: Moment,
    pub(super) used: bool,
    pub(super) stepped_up: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Platform {
    Spa,
    Web,
}

impl SignIn {
    /// Who a bearer token speaks for.
    pub(super) fn caller(&self, authorization: Option<&str>, now: Moment) -> Result<Caller, &'static str> {
        let token = authorization.and_then(|header| header.strip_prefix("Bearer ")).ok_or("Access token is empty.")?;
        let (caller, expires) = self.access.get(token).ok_or("CompactToken parsing failed with error code: 80049217")?;
        if *expires <= now { Err("Access token has expired or is not yet valid.") } else { Ok(caller.clone()) }
    }
}

impl Tenant {
    pub(super) fn identity_platform(&mut self, request: &Request, now: Moment) -> Reply {
        let (path, query) = split(&request.path);
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let form = pairs(request.body.as_deref().unwrap_or_default());
        let known = |tenant: &str| [contoso::TENANT_ID, contoso::DOMAIN, "organizations", "common"].contains(&tenant);
        if let [tenant, "v2.0" | "oauth2" | "discovery" | "adminconsent", ..] = segments.as_slice()
            && !known(tenant)
        {
            return error_page(90002, &format!("Tenant '{}' not found.", escape(tenant)));
        }
        match (request.method, segments.as_slice()) {
            (Method::Get, [tenant, "v2.0", ".well-known", "openid-configuration"]) => open(self.configuration(tenant)),
            (Method::Get, [_, "discovery", "v2.0", "keys"]) => open(signing::key_set(&self.issuer())),
            (Method::Get, [_, "oauth2", "v2.0", "authorize"]) => self.authorize(&query, request, now),
            (Method::Post, ["pick"]) => self.pick(&form),
            (Method::Post, ["consent"]) => self.consent(&form, request),
            (Method::Post, [_, "oauth2", "v2.0", "token"]) => self.token(&form, request, now),
            (Method::Get | Method::Post, [_, "oauth2", "v2.0", "logout"]) => self.logout(&query, request),
            (Method::Get, [_, "adminconsent"] | [_, "v2.0", "adminconsent"]) => self.admin_consent(&query),
            (Method::Post, ["adminconsent"]) => self.grant_for_everyone(&form),
            _ => self.rooms(Side::Identity, request, now),
        }
    }

    pub(super) fn issuer(&self) -> String {
        format!("{}/{}/v2.0", self.origins.identity, contoso::TENANT_ID)
    }

    fn configuration(&self, tenant: &str) -> Value {
        let root = format!("{}/{tenant}", self.origins.identity);
        // On a multi-tenant authority the issuer holds a literal {tenantid}: access-tokens.md.
        let many = ["common", "organizations"].contains(&tenant);
        let issuer = if many { format!("{}/{{tenantid}}/v2.0", self.origins.identity) } else { self.issuer() };
        json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{root}/oauth2/v2.0/authorize"),
            "token_endpoint": format!("{root}/oauth2/v2.0/token"),
            "end_session_endpoint": format!("{root}/oauth2/v2.0/logout"),
            "jwks_uri": format!("{root}/discovery/v2.0/keys"),
            "response_modes_supported": ["query", "fragment"], "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"], "subject_types_supported": ["pairwise"],
            "scopes_supported": OIDC, "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"], "tenant_region_scope": "EU",
            "msgraph_host": self.origins.graph.split("//").nth(1),
        })
    }

    fn platform(&self, client: &str, redirect: &str) -> Option<Platform> {
        let platform = match client {
            contoso::CLIENT_ID => Platform::Spa,
            contoso::WEB_CLIENT_ID => Platform::Web,
            _ => return None,
        };
        (redirect == format!("{}/auth.html", self.origins.page)).then_some(platform)
    }

    fn authorize(&mut self, query: &[(String, String)], request: &Request, now: Moment) -> Reply {
        let get = |name| value(query, name);
        let (client, redirect) = (get("client_id").unwrap_or_default(), get("redirect_uri").unwrap_or_default());
        if ![contoso::CLIENT_ID, contoso::WEB_CLIENT_ID].contains(&client) {
            return error_page(700_016, &format!("Application with identifier '{}' was not found in the directory.", escape(client)));
        }
        let Some(platform) = self.platform(client, redirect) else {
            return error_page(
                50011,
                &format!("The redirect URI '{}' does not match the redirect URIs configured for the application.", escape(redirect)),
            );
        };
        let back = Back { redirect, mode: get("response_mode"), state: get("state") };
        if get("response_type") != Some("code") {
            return back.error("unsupported_response_type", 70005, "The response type is not supported.");
        }
        if !matches!(get("response_mode"), None | Some("query" | "fragment")) {
            return back.error("invalid_request", 9_002_313, "The response mode is not supported.");
        }
        if platform == Platform::Spa && (get("code_challenge").is_none() || get("code_challenge_method") != Some("S256")) {
            return back.error(
                "invalid_request",
                9_002_325,
                "Proof Key for Code Exchange is required for cross-origin authorization code redemption.",
            );
        }
        if get("code_challenge").is_some_and(|challenge| challenge.len() != 43) {
            return back.error("invalid_request", 501_491, "Invalid size of Code_Challenge parameter.");
        }
        let scopes: Vec<String> = get("scope").unwrap_or_default().split_whitespace().map(bare).collect();
        if scopes.is_empty() {
            return back.error("invalid_request", 900_144, "The request body must contain the following parameter: 'scope'.");
        }
        let is_known = |scope: &str| OIDC.contains(&scope) || PERMISSIONS.iter().any(|(name, ..)| *name == scope);
        if let Some(scope) = scopes.iter().find(|scope| !is_known(scope)) {
            return back.error("invalid_client", 650_053, &format!("The application 'Guestlist' asked for scope '{scope}' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000'. Contact the app vendor."));
        }
        // v2-oauth2-auth-code-flow.md, claims-challenge.md: JSON, not the base64 of the header.
        let claims: Option<Value> = get("claims").map(|claims| serde_json::from_str(claims).unwrap_or_default());
        if claims.as_ref().is_some_and(|claims| !claims.is_object()) {
            return back.error("invalid_request", 90100, "The 'claims' parameter is not valid.");
        }
        let prompt = get("prompt");
        if prompt.is_some_and(|prompt| !["none", "login", "select_account", "consent"].contains(&prompt)) {
            return back.error("invalid_request", 90023, "Unsupported prompt value.");
        }
        let session = self.session(request).and_then(|id| self.directory.by_id(&id)).cloned();
        let hinted =
            |user: &super::directory::Person| get("login_hint").is_none_or(|hint| hint.eq_ignore_ascii_case(&user.user_principal_name));
        let user = match session {
            Some(user) if hinted(&user) && !matches!(prompt, Some("login" | "select_account")) => user,
            _ if prompt == Some("none") => {
                return back.error("login_required", 50058, "A silent sign-in request was sent but no user is signed in.");
            }
            _ => return self.picker(query),
        };
        if self.knobs.sign_in_error != 0 {
            let number = self.knobs.sign_in_error;
            let (error, text) = entra_errors::told(number, "access_denied");
            return if entra_errors::is_only_shown(number) { error_page(number, text) } else { back.error(error, number, text) };
        }
        let missing: Vec<&String> =
            scopes.iter().filter(|scope| !OIDC.contains(&scope.as_str()) && !self.consented(&user.id, scope)).collect();
        if !missing.is_empty() || prompt == Some("consent") {
            if prompt == Some("none") {
                return back.error("interaction_required", 65001, "The user or administrator has not consented to use the application.");
            }
            let needs_admin = missing.iter().any(|scope| PERMISSIONS.iter().any(|(name, _, admin)| name == *scope && *admin));
            let is_admin = user.has_role(contoso::USER_ADMINISTRATOR.template);
            if self.knobs.admin_consent_required && needs_admin && !is_admin {
                return back.error(
                    "consent_required",
                    90094,
                    "Admin consent is required for the permissions requested by this application.",
                );
            }
            return consent_page(query, &user.user_principal_name, &scopes);
        }
        let code = self.ids.secret();
        let grant = Grant {
            client: client.into(),
            redirect: redirect.into(),
            user: user.id.clone(),
            scopes,
            nonce: get("nonce").map(Into::into),
            challenge: get("code_challenge").map(Into::into),
            issued: now,
            used: false,
            stepped_up: claims.is_some_and(|claims| claims == step_up_claims()),
        };
        self.sign_in.codes.insert(code.clone(), grant);
        let session_state = self.ids.guid();
        back.to(&[("code", &code), ("session_state", &session_state)])
    }

    pub(super) fn consented(&self, user: &str, scope: &str) -> bool {
        [user, "everyone"].iter().any(|who| self.sign_in.consents.contains(&((*who).to_owned(), scope.to_owned())))
    }

    fn session(&self, request: &Request) -> Option<String> {
        self.sign_in.sessions.get(cookie(request, COOKIE)?).cloned()
    }

    /// Names alone, no passwords: the people are made up.
    fn picker(&self, query: &[(String, String)]) -> Reply {
        let kept = encode(query);
        let hint = value(query, "login_hint").unwrap_or_default();
        let mut people: Vec<_> = self.directory.all().filter(|person| !person.is_guest() && !person.is_deleted()).collect();
        people.sort_by_key(|person| !person.user_principal_name.eq_ignore_ascii_case(hint));
        let buttons: String = people
            .iter()
            .map(|person| button_form("/pick", &[("query", &kept), ("user", &person.id)], &person.user_principal_name))
            .collect();
        html::page(
            200,
            "Sign in to your account",
            &format!("<h1>Pick an account</h1>{buttons}{}", button_form("/pick", &[("query", &kept)], "Cancel")),
        )
    }

    fn pick(&mut self, form: &[(String, String)]) -> Reply {
        let query = pairs(value(form, "query").unwrap_or_default());
        let Some(user) = value(form, "user").filter(|id| self.directory.by_id(id).is_some()) else {
            return back_of(self, &query)
                .map_or_else(bad_form, |back| back.error("access_denied", 65004, "The user cancelled the sign-in."));
        };
        let cookie = self.ids.secret();
        self.sign_in.sessions.insert(cookie.clone(), user.into());
        let mut reply = html::redirect(&again(&query));
        reply.headers = reply.headers.with("Set-Cookie", format!("{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Lax"));
        reply
    }

    fn consent(&mut self, form: &[(String, String)], request: &Request) -> Reply {
        let query = pairs(value(form, "query").unwrap_or_default());
        let Some(back) = back_of(self, &query) else { return bad_form() };
        let Some(user) = self.session(request).filter(|_| value(form, "decision") == Some("accept")) else {
            return back.error("access_denied", 65004, "User declined to consent to access the app.");
        };
        for scope in value(&query, "scope").unwrap_or_default().split_whitespace() {
            self.sign_in.consents.insert((user.clone(), bare(scope)));
        }
        html::redirect(&again(&query))
    }

    fn logout(&mut self, query: &[(String, String)], request: &Request) -> Reply {
        if let Some(user) = self.session(request) {
            self.sign_in.sessions.retain(|_, owner| *owner != user);
        }
        match value(query, "post_logout_redirect_uri").filter(|uri| self.platform(contoso::CLIENT_ID, uri).is_some()) {
            Some(uri) => html::redirect(&value(query, "state").map_or_else(|| uri.to_owned(), |state| format!("{uri}?state={state}"))),
            None => html::page(200, "Signed out", "<h1>You signed out of your account</h1>"),
        }
    }

    fn admin_consent(&self, query: &[(String, String)]) -> Reply {
        let scopes: Vec<String> = value(query, "scope").unwrap_or("User.Read User.Invite.All").split_whitespace().map(bare).collect();
        let redirect = value(query, "redirect_uri").unwrap_or_default();
        if value(query, "client_id") != Some(contoso::CLIENT_ID) || self.platform(contoso::CLIENT_ID, redirect).is_none() {
            return error_page(700_016, "The application was not found in the directory.");
        }
        let list = permission_list(&scopes);
        let form = button_form("/adminconsent", &[("scope", &scopes.join(" ")), ("redirect_uri", redirect)], "Accept");
        html::page(200, "Permissions requested", &format!("<h1>Permissions requested for everyone in Contoso</h1>{list}{form}"))
    }

    fn grant_for_everyone(&mut self, form: &[(String, String)]) -> Reply {
        for scope in value(form, "scope").unwrap_or_default().split_whitespace() {
            self.sign_in.consents.insert(("everyone".into(), bare(scope)));
        }
        match value(form, "redirect_uri").filter(|uri| self.platform(contoso::CLIENT_ID, uri).is_some()) {
            Some(uri) => html::redirect(&format!("{uri}?admin_consent=True&tenant={}", contoso::TENANT_ID)),
            None => bad_form(),
        }
    }
}

/// What the knob `stepUp` demands: an authentication context, as Conditional Access does.
pub(super) fn step_up_claims() -> Value {
    json!({"access_token": {"acrs": {"essential": true, "value": "c1"}}})
}

/// The way back to the page that asked.
struct Back<'a> {
    redirect: &'a str,
    mode: Option<&'a str>,
    state: Option<&'a str>,
}

impl Back<'_> {
    fn to(&self, answer: &[(&str, &str)]) -> Reply {
        let mut encoded = url::form_urlencoded::Serializer::new(String::new());
        encoded.extend_pairs(answer);
        if let Some(state) = self.state {
            encoded.append_pair("state", state);
        }
        let mark = if self.mode == Some("fragment") { '#' } else { '?' };
        html::redirect(&format!("{}{mark}{}", self.redirect, encoded.finish()))
    }

    fn error(&self, error: &str, number: u32, text: &str) -> Reply {
        let description = format!("AADSTS{number}: {text}");
        self.to(&[("error", error), ("error_description", &description)])
    }
}

/// From what a form carried along; so the redirect URI is checked once more.
fn back_of<'a>(tenant: &Tenant, query: &'a [(String, String)]) -> Option<Back<'a>> {
    tenant.platform(value(query, "client_id")?, value(query, "redirect_uri")?)?;
    Some(Back { redirect: value(query, "redirect_uri")?, mode: value(query, "response_mode"), state: value(query, "state") })
}

/// The same authorize request after a person acted: without the prompt that was just answered.
fn again(query: &[(String, String)]) -> String {
    let rest: Vec<(String, String)> = query.iter().filter(|(name, _)| name != "prompt" && name != "login_hint").cloned().collect();
    format!("/{}/oauth2/v2.0/authorize?{}", contoso::TENANT_ID, encode(&rest))
}

fn encode(query: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish()
}

/// A scope without its resource: `https://graph.microsoft.com/User.Read` is `User.Read`.
pub(super) fn bare(scope: &str) -> String {
    scope.rsplit('/').next().unwrap_or(scope).to_owned()
}

fn permission_list(scopes: &[String]) -> String {
    let lines = PERMISSIONS.iter().filter(|(name, ..)| scopes.iter().any(|scope| scope == name));
    let lines: String = lines.map(|(name, meaning, _)| format!("<li>{meaning} <span class=\"quiet\">({name})</span></li>")).collect();
    format!("<ul>{lines}</ul>")
}

fn consent_page(query: &[(String, String)], user: &str, scopes: &[String]) -> Reply {
    let kept = encode(query);
    let accept = button_form("/consent", &[("query", &kept), ("decision", "accept")], "Accept");
    let cancel = button_form("/consent", &[("query", &kept), ("decision", "cancel")], "Cancel");
    let list = permission_list(scopes);
    html::page(
        200,
        "Permissions requested",
        &format!(
            "<p class=\"quiet\">{}</p><h1>Permissions requested</h1><p>Guestlist would like to:</p>{list}{accept}{cancel}",
            escape(user)
        ),
    )
}

/// The value of a cookie.
pub(super) fn cookie<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.get("Cookie")?.split(';').find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

pub(super) fn error_page(number: u32, text: &str) -> Reply {
    html::page(
        400,
        "Sign in to your account",
        &format!("<h1>Sorry, but we’re having trouble signing you in.</h1><p>AADSTS{number}: {text}</p>"),
    )
}

fn bad_form() -> Reply {
    error_page(9_002_313, "Invalid request. Request is malformed or invalid.")
}

/// JSON that any origin may read.
fn open(body: Value) -> Reply {
    let reply = json_reply(200, &body);
    Reply { headers: Headers(reply.headers.0).with("Access-Control-Allow-Origin", "*"), ..reply }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{NOW, tenant};

    const REDIRECT: &str = "http://page/auth.html";

    fn visit(tenant: &mut Tenant, method: Method, path: &str, form: &[(&str, &str)], cookie: &str) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request { method, path: path.into(), headers: Headers::default().with("Cookie", cookie), body: Some(body) };
        tenant.answer(Side::Identity, &request, NOW).answer.unwrap()
    }

    fn asking(scope: &str, more: &[(&str, &str)]) -> String {
        let usual =
            [("client_id", contoso::CLIENT_ID), ("redirect_uri", REDIRECT), ("response_type", "code"), ("scope", scope), ("state", "s")];
        let challenge = [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), ("code_challenge_method", "S256")];
        let pairs = usual.iter().chain(&challenge).chain(more);
        format!(
            "/organizations/oauth2/v2.0/authorize?{}",
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
        )
    }

    /// The cookie of somebody who picked themselves.
    fn picked(tenant: &mut Tenant, name: &str) -> String {
        let id = tenant.directory.by_address(&format!("{name}@{}", contoso::DOMAIN)).unwrap().id.clone();
        let reply = visit(tenant, Method::Post, "/pick", &[("query", ""), ("user", &id)], "");
        reply.headers.get("Set-Cookie").unwrap().split(';').next().unwrap().to_owned()
    }

    #[test]
    fn whoever_works_here_can_be_picked_the_hinted_first() {
        let mut tenant = tenant("member", &[]);
        tenant.directory.change(&tenant.directory.by_address("casey@tailspin.example").unwrap().id.clone(), |casey| {
            casey.deleted = Some(crate::directory::Deletion::AsStoryBegan)
        });
        let page = visit(&mut tenant, Method::Get, &asking("openid", &[("login_hint", "MEMBER@contoso.example")]), &[], "").body;
        let names: Vec<&str> = page.split("<button>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
        assert_eq!((names[0], names[1], names.last()), ("member@contoso.example", "guest-inviter@contoso.example", Some(&"Cancel")));
        assert!(!names.iter().any(|name| name.contains("#EXT#@") && !name.starts_with("mia_") || name.starts_with("casey")), "{names:?}");
    }

    #[test]
    fn consent_names_the_permissions_and_some_are_for_administrators() {
        let mut tenant = tenant("member", &[]);
        tenant.knobs.admin_consent_required = true;
        let mut asked = |name: &str, scope: &str| {
            let cookie = picked(&mut tenant, name);
            let reply = visit(&mut tenant, Method::Get, &asking(scope, &[]), &[], &cookie);
            (reply.headers.get("Location").unwrap_or_default().to_owned(), reply.body)
        };
        let (_, page) = asked("member", "openid User.Read Mail.Send");
        assert!(
            page.contains("<li>Send mail as you <span class=\"quiet\">(Mail.Send)</span></li>") && !page.contains("Chat.Create"),
            "{page}"
        );
        assert!(asked("member", "openid User.Invite.All").0.contains("error=consent_required"));
        assert!(asked("user-admin", "openid User.Invite.All").1.contains("Invite guest users"));
    }

    #[test]
    fn an_administrator_is_asked_for_this_app_alone() {
        let mut tenant = tenant("member", &[]);
        let mut status = |client: &str, redirect: &str| {
            visit(&mut tenant, Method::Get, &format!("/organizations/adminconsent?client_id={client}&redirect_uri={redirect}"), &[], "")
                .status
        };
        assert_eq!(status(contoso::CLIENT_ID, REDIRECT), 200);
        assert_eq!((status(contoso::WEB_CLIENT_ID, REDIRECT), status(contoso::CLIENT_ID, "http://evil.example")), (400, 400));
    }

    #[test]
    fn what_describes_the_identity_platform_may_be_read_by_any_page() {
        let mut tenant = tenant("member", &[]);
        for path in ["/contoso.example/v2.0/.well-known/openid-configuration", "/contoso.example/discovery/v2.0/keys"] {
            let reply = visit(&mut tenant, Method::Get, path, &[], "");
            assert_eq!((reply.status, reply.headers.get("Access-Control-Allow-Origin")), (200, Some("*")), "{path}");
        }
        assert_eq!(visit(&mut tenant, Method::Get, "/fabrikam.example/discovery/v2.0/keys", &[], "").status, 400);
    }

    #[test]
    fn an_app_for_servers_needs_no_proof_key_and_no_other_app_is_known() {
        let mut tenant = tenant("member", &[]);
        let mut body = |client: &str| {
            let path =
                format!("/organizations/oauth2/v2.0/authorize?client_id={client}&redirect_uri={REDIRECT}&response_type=code&scope=openid");
            let reply = visit(&mut tenant, Method::Get, &path, &[], "");
            reply.headers.get("Location").map_or(reply.body.clone(), str::to_owned)
        };
        assert!(body(contoso::WEB_CLIENT_ID).contains("Pick an account"));
        assert!(body(contoso::CLIENT_ID).contains("AADSTS9002325"));
        assert!(body("nobody").contains("AADSTS700016"));
    }
}
