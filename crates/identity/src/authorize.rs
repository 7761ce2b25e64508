//! The question to the identity platform, what has to be remembered while the person is there, and the answer that comes back with the
//! address. entra-docs docs/identity-platform/v2-oauth2-auth-code-flow.md.

use super::claims::Account;
use super::problem::AuthError;
use super::scopes::{self, Scopes};
use super::{Authority, Secret};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use serde::{Deserialize, Serialize};

/// A question that waits for its answer. The app remembers it until then, where only the window that asked can read it: it holds the
/// verifier in clear once it is serialised.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pending {
    state: String,
    pub(super) nonce: String,
    pub(super) verifier: Secret,
    pub(super) redirect_uri: String,
    /// Permissions that were asked for.
    pub scopes: Scopes,
    /// Where in the app to return to, in its own words. Nobody reads or checks it here.
    pub route: String,
}

/// How the question is to be put.
#[derive(Clone, Debug, Default)]
pub struct Interaction {
    /// `None` leaves it to the identity platform whether anything is asked.
    pub prompt: Option<Prompt>,
    /// Whom to sign in: a user name, or the opaque hint of an id_token. Not sent with [`Prompt::SelectAccount`].
    pub login_hint: Option<String>,
    /// JSON of a claims challenge. What is no JSON object is left out: the identity platform would refuse the whole question.
    pub claims: Option<String>,
}

impl Interaction {
    /// Once more as the same person, with what a challenge or a refusal demands. The hint is the opaque one of the id_token where
    /// there is one, which a changed user name does not break (optional-claims-reference.md, `login_hint`).
    pub fn again(account: Option<&Account>, claims: Option<String>) -> Self {
        let hint = |account: &Account| account.login_hint.clone().unwrap_or_else(|| account.username.clone());
        Self { login_hint: account.map(hint), claims, prompt: None }
    }
}

/// What the person is asked even where the identity platform knows the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// Which account to use.
    SelectAccount,
    /// Whether the app may have its permissions.
    Consent,
}

/// Where to ask and as whom.
pub struct Client<'a> {
    /// Where people sign in.
    pub authority: &'a Authority,
    /// “Application (client) ID” of the registration.
    pub client_id: &'a str,
    /// A whole address, letter by letter as it is registered.
    pub redirect_uri: &'a str,
}

impl Client<'_> {
    /// The address to go to, and what to remember. `random`: 96 random bytes, fresh for every sign-in.
    ///
    /// # Panics
    /// Where `redirect_uri` is no whole address. Endpoints were checked when they were read.
    pub fn authorization_request(&self, scopes: Scopes, route: &str, interaction: &Interaction, random: &[u8; 96]) -> (String, Pending) {
        let text = |part: usize| BASE64URL.encode(&random[part * 32..part * 32 + 32]);
        let (state, nonce, verifier) = (text(0), text(1), text(2));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.clone()));
        let client = oauth2::basic::BasicClient::new(ClientId::new(self.client_id.into()))
            .set_auth_uri(AuthUrl::new(self.authority.authorize.clone()).expect("endpoints are addresses"))
            .set_redirect_uri(RedirectUrl::new(self.redirect_uri.into()).expect("the redirect URI is an address"));
        let mut question = client
            .authorize_url(|| CsrfToken::new(state.clone()))
            .add_scopes(scopes::written(&scopes, self.authority).map(Scope::new))
            .set_pkce_challenge(challenge)
            .add_extra_param("nonce", &nonce)
            // The code stays out of server logs and Referer.
            .add_extra_param("response_mode", "fragment")
            .add_extra_param("client_info", "1");
        if let Some(prompt) = interaction.prompt {
            let word = if prompt == Prompt::Consent { "consent" } else { "select_account" };
            question = question.add_extra_param("prompt", word);
        }
        // Not together with select_account: v2-oauth2-auth-code-flow.md.
        if let Some(hint) = interaction.login_hint.as_ref().filter(|_| interaction.prompt != Some(Prompt::SelectAccount)) {
            question = question.add_extra_param("login_hint", hint);
        }
        if let Some(claims) = interaction.claims.as_ref().filter(|claims| json::is_object(claims)) {
            question = question.add_extra_param("claims", claims);
        }
        let (url, _) = question.url();
        let pending =
            Pending { state, nonce, verifier: Secret::new(verifier), redirect_uri: self.redirect_uri.into(), scopes, route: route.into() };
        (url.into(), pending)
    }

    /// Where signing out happens, and where it comes back to; `None` where the authority knows no sign-out.
    pub fn sign_out_url(&self, login_hint: Option<&str>) -> Option<String> {
        let mut url = url::Url::parse(self.authority.logout.as_deref()?).ok()?;
        url.query_pairs_mut().append_pair("post_logout_redirect_uri", self.redirect_uri);
        if let Some(hint) = login_hint {
            url.query_pairs_mut().append_pair("logout_hint", hint);
        }
        Some(url.into())
    }
}

/// What came back to the redirect URI.
#[derive(Debug)]
pub enum RedirectResult {
    /// A code for the question that was pending.
    Code(Secret),
    /// The identity platform said no.
    Refused(AuthError),
    /// It answers another question than the pending one, or one that was answered already.
    NotOurs,
    /// An administrator came back from [`scopes::admin_consent_url`].
    AdminConsented,
    /// Neither code nor error: a sign-out came back, or somebody opened the address by hand.
    Nothing,
}

/// Which of these questions an answer belongs to, of those that were put and nobody has answered: it leaves them, since a question is
/// answered once. The others are of no use any more, and go too. Where it belongs to none, all stay.
pub fn answered(answer: &str, questions: &mut Vec<Pending>) -> Option<Pending> {
    let state = value(&pairs(answer), "state")?;
    let place = questions.iter().position(|question| question.state == state)?;
    Some(std::mem::take(questions).swap_remove(place))
}

fn pairs(answer: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(answer.trim_start_matches(['#', '?']).as_bytes()).into_owned().collect()
}

fn value(pairs: &[(String, String)], name: &str) -> Option<String> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
}

/// Reads the answer: the query or fragment that was added to the redirect URI. State is compared before anything is used, errors
/// included.
pub fn parse_redirect(answer: &str, pending: Option<&Pending>) -> RedirectResult {
    let pairs = pairs(answer);
    let get = |name: &str| value(&pairs, name);
    if get("admin_consent").is_some_and(|given| given.eq_ignore_ascii_case("true")) {
        return RedirectResult::AdminConsented;
    }
    if get("code").is_none() && get("error").is_none() {
        return RedirectResult::Nothing;
    }
    if pending.is_none_or(|pending| get("state").as_deref() != Some(&pending.state)) {
        return RedirectResult::NotOurs;
    }
    match (get("error"), get("code")) {
        (Some(error), _) => {
            let suberror = get("error_subcode").or_else(|| get("suberror"));
            RedirectResult::Refused(AuthError::answered(&error, suberror, get("error_description"), get("claims")))
        }
        (None, Some(code)) => RedirectResult::Code(Secret::new(code)),
        (None, None) => RedirectResult::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::{CloudKind, ProtocolMode};

    fn pending() -> (String, Pending) {
        asked(&Interaction { login_hint: Some("a@b.example".into()), ..Interaction::default() })
    }

    fn authority() -> Authority {
        Authority {
            cloud: CloudKind::Other,
            authorize: "https://id.example/t/oauth2/v2.0/authorize".into(),
            token: "https://id.example/t/oauth2/v2.0/token".into(),
            logout: None,
            issuer: "https://id.example/t/v2.0".into(),
            tenant: "t".into(),
            mode: ProtocolMode::Aad,
            graph: "https://graph.example".into(),
            scope_prefix: String::new(),
            admin_center: None,
            my_access: None,
        }
    }

    fn client(authority: &Authority) -> Client<'_> {
        Client { authority, client_id: "client", redirect_uri: "https://page.example/auth.html" }
    }

    fn asked(interaction: &Interaction) -> (String, Pending) {
        let mut random = [7; 96];
        (random[40], random[80]) = (1, 2);
        asked_by(&random, interaction)
    }

    fn asked_by(random: &[u8; 96], interaction: &Interaction) -> (String, Pending) {
        let wanted = ["User.Read", "User.Invite.All"].into_iter().collect();
        client(&authority()).authorization_request(wanted, "#/invite", interaction, random)
    }

    /// What a question says by this name.
    fn said(url: &str, name: &str) -> Option<String> {
        url::Url::parse(url).unwrap().query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
    }

    #[test]
    fn the_question_carries_what_entra_wants_and_no_secret() {
        let (url, pending) = pending();
        assert!(url.starts_with("https://id.example/t/oauth2/v2.0/authorize?"), "{url}");
        let check = |name: &str, value: &str| assert_eq!(said(&url, name).as_deref(), Some(value), "{name}");
        check("client_id", "client");
        check("redirect_uri", "https://page.example/auth.html");
        check("response_type", "code");
        check("response_mode", "fragment");
        check("client_info", "1");
        check("code_challenge_method", "S256");
        check("scope", "openid profile offline_access User.Read User.Invite.All");
        check("login_hint", "a@b.example");
        check("nonce", &pending.nonce);
        check("state", &pending.state);
        assert!(!url.contains(pending.verifier.reveal()) && !format!("{pending:?}").contains(pending.verifier.reveal()));
        assert_eq!((pending.redirect_uri.as_str(), pending.route.as_str()), ("https://page.example/auth.html", "#/invite"));
        assert_eq!(pending.scopes, ["User.Read", "User.Invite.All"].into_iter().collect());
    }

    #[test]
    fn state_nonce_and_verifier_share_no_random_byte_and_the_challenge_is_the_verifiers() {
        // The octets of RFC 7636, appendix B, behind 64 others.
        let octets = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191, 240, 91, 88, 5, 88,
            83, 132, 141, 121,
        ];
        let mut random = [1; 96];
        random[32..64].fill(2);
        random[64..].copy_from_slice(&octets);
        let (url, pending) = asked_by(&random, &Interaction::default());
        assert_eq!((BASE64URL.decode(&pending.state), BASE64URL.decode(&pending.nonce)), (Ok(vec![1; 32]), Ok(vec![2; 32])));
        assert_eq!(pending.verifier.reveal(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(said(&url, "code_challenge").as_deref(), Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    }

    #[test]
    fn a_prompt_is_sent_by_its_name_and_a_hint_but_with_a_choice_of_accounts() {
        let check = |prompt: Option<Prompt>, word: Option<&str>, hint: Option<&str>| {
            let (url, _) = asked(&Interaction { prompt, login_hint: Some("ada".into()), claims: None });
            assert_eq!((said(&url, "prompt").as_deref(), said(&url, "login_hint").as_deref()), (word, hint));
        };
        check(None, None, Some("ada"));
        check(Some(Prompt::Consent), Some("consent"), Some("ada"));
        check(Some(Prompt::SelectAccount), Some("select_account"), None);
    }

    #[test]
    fn asking_again_means_the_same_person() {
        let account = |login_hint: Option<&str>| Account {
            id: "a".into(),
            tenant_id: "t".into(),
            object_id: "o".into(),
            name: "Ada".into(),
            username: "ada@contoso.example".into(),
            login_hint: login_hint.map(Into::into),
        };
        let hint = |account: Option<&Account>| Interaction::again(account, None).login_hint;
        assert_eq!(hint(Some(&account(Some("opaque")))).as_deref(), Some("opaque"));
        assert_eq!(hint(Some(&account(None))).as_deref(), Some("ada@contoso.example"));
        assert_eq!(hint(None), None);
    }

    #[test]
    fn signing_out_comes_back_to_the_redirect_uri() {
        let out = |logout: Option<&str>, hint: Option<&str>| {
            let authority = Authority { logout: logout.map(Into::into), ..authority() };
            client(&authority).sign_out_url(hint)
        };
        let back = "post_logout_redirect_uri=https%3A%2F%2Fpage.example%2Fauth.html";
        assert_eq!(out(Some("https://id.example/logout"), None), Some(format!("https://id.example/logout?{back}")));
        assert_eq!(out(Some("https://id.example/logout"), Some("a b")), Some(format!("https://id.example/logout?{back}&logout_hint=a+b")));
        assert_eq!((out(None, None), out(Some("nowhere"), None)), (None, None));
    }

    #[test]
    fn claims_leave_as_json_or_not_at_all() {
        let sent = |claims: &str| {
            let (url, _) = asked(&Interaction::again(None, Some(claims.into())));
            said(&url, "claims")
        };
        let json = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
        assert_eq!(sent(json).as_deref(), Some(json));
        for other in ["", "eyJ9", "[]", "{", "null"] {
            assert_eq!(sent(other), None, "{other}");
        }
    }

    #[test]
    fn only_the_answer_to_our_own_question_is_read() {
        let (_, pending) = pending();
        let state = &pending.state;
        let read = |answer: &str| parse_redirect(answer, Some(&pending));
        assert!(matches!(read(&format!("#code=c&state={state}")), RedirectResult::Code(code) if code.reveal() == "c"));
        assert!(matches!(read("#code=c&state=forged"), RedirectResult::NotOurs));
        assert!(matches!(read("#code=c"), RedirectResult::NotOurs));
        assert!(matches!(read("#error=access_denied&state=forged"), RedirectResult::NotOurs));
        assert!(matches!(read(&format!("?error=access_denied&state={state}")), RedirectResult::Refused(_)));
        assert!(matches!(parse_redirect(&format!("#code=c&state={state}"), None), RedirectResult::NotOurs));
        assert!(matches!(read("?admin_consent=True&tenant=t"), RedirectResult::AdminConsented));
        assert!(matches!(read(&format!("#admin_consent=False&code=c&state={state}")), RedirectResult::Code(_)));
        assert!(matches!(read(""), RedirectResult::Nothing));
        assert!(matches!(read(&format!("#state={state}")), RedirectResult::Nothing));
        let told = read(&format!("#error=interaction_required&error_subcode=sub&suberror=bad_token&claims=%7B%7D&state={state}&code=c"));
        assert!(matches!(told, RedirectResult::Refused(refused) if refused.claims.as_deref() == Some("{}") && !refused.drop_refresh_token));
    }

    #[test]
    fn a_question_waits_for_its_answer_and_is_answered_once() {
        let asked = |state: &str| Pending { state: state.into(), ..pending().1 };
        let mut questions = vec![asked("new"), asked("old")];
        for other in ["", "#code=c", "#code=c&state=forged", "#state="] {
            assert!(answered(other, &mut questions).is_none() && questions.len() == 2, "{other}");
        }
        // *Back* from the identity platform and *Forward* again.
        assert_eq!(answered("#code=c&state=old", &mut questions).map(|question| question.state).as_deref(), Some("old"));
        assert!(answered("#code=c2&state=old", &mut questions).is_none(), "a second answer to the same question");
        assert!(answered("#code=c&state=new", &mut questions).is_none(), "nor to one that is over");
    }

    #[test]
    fn a_permission_that_the_cloud_does_not_know_is_named() {
        let (_, pending) = pending();
        let case = include_str!("../tests/cases/33-unknown-permission/redirect.txt").trim().replace("STATE", &pending.state);
        let RedirectResult::Refused(auth_error) = parse_redirect(case.strip_prefix("auth.html").unwrap(), Some(&pending)) else {
            panic!("refused")
        };
        assert_eq!(auth_error.permission(), Some("EntitlementManagement.ReadWrite.All"));
    }
}
