//! The two questions to the token endpoint, through the `oauth2` crate. The HTTP client is passed in: whatever carries an [`HttpRequest`]
//! will do.

use super::authorize::{Client, Pending};
use super::problem::AuthError;
use super::scopes::{self, Scopes};
use super::{Secret, claims};
use json::Members;
use oauth2::basic::{BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType};
use oauth2::{
    AsyncHttpClient, AuthorizationCode, ClientId, EndpointNotSet, EndpointSet, ErrorResponse, ExtraTokenFields, PkceCodeVerifier,
    RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::pin::Pin;
use time::{Millis, Moment};

/// What an HTTP client for [`Client::exchange_code`] and [`Client::renew`] takes and gives: a function from one to the other will do.
pub use oauth2::{HttpRequest, HttpResponse, http};

/// What Entra adds to a token answer.
#[derive(Debug, Serialize, Deserialize)]
struct Extra {
    id_token: Option<Secret>,
    client_info: Option<String>,
    refresh_token_expires_in: Option<i64>,
}
impl ExtraTokenFields for Extra {}

/// The body of a token error in Entra's shape: reference-error-codes.md.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct TokenErrorBody {
    pub error: String,
    pub error_description: Option<String>,
    pub error_codes: Option<Vec<u32>>,
    pub suberror: Option<String>,
    pub claims: Option<String>,
    pub correlation_id: Option<String>,
}
impl ErrorResponse for TokenErrorBody {}

impl std::fmt::Display for TokenErrorBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.error)
    }
}

type EntraTokenResponse = StandardTokenResponse<Extra, BasicTokenType>;
type Endpoint = oauth2::Client<
    TokenErrorBody,
    EntraTokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What is kept of a token answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// Sent as `Bearer` (RFC 6750).
    pub access: Secret,
    /// Of the access token, by the clock that was passed in; an hour after asking where the answer does not say.
    pub expires: Moment,
    /// `None` where the token endpoint sends none: then nothing can be renewed.
    pub refresh: Option<Secret>,
    /// As the answer says, else 24 hours after the first issue, as for single-page applications; renewals do not extend that.
    pub refresh_expires: Option<Moment>,
    /// What the access token may do.
    pub scopes: Scopes,
}

impl Client<'_> {
    /// Redeems the code for tokens and the account they belong to.
    ///
    /// # Errors
    /// What the token endpoint refused, that it could not be reached, or what is unsound about the id_token.
    ///
    /// # Panics
    /// Where the redirect URI that was kept is no whole address.
    pub async fn exchange_code<H>(
        &self,
        code: Secret,
        pending: Pending,
        now: Moment,
        http: &H,
    ) -> Result<(claims::Account, Tokens), AuthError>
    where
        H: for<'c> AsyncHttpClient<'c>,
    {
        let Pending { nonce, verifier, redirect_uri, scopes, .. } = pending;
        let redirect = RedirectUrl::new(redirect_uri).expect("it was an address when the question was put");
        let endpoint = self.endpoint().set_redirect_uri(redirect);
        let question = endpoint
            .exchange_code(AuthorizationCode::new(code.0))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.0))
            .add_extra_param("scope", scopes::written(&scopes, self.authority).collect::<Vec<_>>().join(" "))
            .add_extra_param("client_info", "1");
        let heard = Cell::default();
        let answer = question.request_async(&overheard(http, &heard)).await;
        let answer = answer.map_err(|error| auth_error(error, heard.get()).while_redeeming())?;
        is_bearer(&answer)?;
        let id_token = answer.extra_fields().id_token.as_ref().ok_or_else(|| AuthError::unsound("the id_token is missing"))?;
        let expected = claims::ExpectedClaims { authority: self.authority, client_id: self.client_id, nonce: &nonce, now };
        let account = claims::read(id_token.reveal(), answer.extra_fields().client_info.as_deref(), &expected)?;
        Ok((account, tokens(&answer, &scopes, None, now)))
    }

    /// Fresh tokens for the same permissions. The old refresh token is to be forgotten. `clock` is read before asking and after.
    ///
    /// # Errors
    /// What the token endpoint refused, that it could not be reached, that there is no refresh token, or that the computer's clock was set
    /// since.
    pub async fn renew<H>(&self, old: &Tokens, clock: &impl Fn() -> Moment, http: &H) -> Result<Tokens, AuthError>
    where
        H: for<'c> AsyncHttpClient<'c>,
    {
        let refresh = old.refresh.clone().ok_or_else(AuthError::expired)?;
        let asked = clock();
        let scopes = scopes::written(&old.scopes, self.authority);
        let (endpoint, refresh, heard) = (self.endpoint(), RefreshToken::new(refresh.0), Cell::default());
        let question = endpoint.exchange_refresh_token(&refresh).add_scopes(scopes.map(Scope::new));
        let answer = question.request_async(&overheard(http, &heard)).await.map_err(|error| auth_error(error, heard.get()))?;
        is_bearer(&answer)?;
        // A clock that was set since signing in would shorten the life of tokens, and whatever else its owner measures by it, or stretch
        // them.
        answer.extra_fields().id_token.as_ref().map_or(Ok(()), |token| claims::check_clock(token.reveal(), clock()))?;
        Ok(tokens(&answer, &old.scopes, Some(old), asked))
    }

    fn endpoint(&self) -> Endpoint {
        let token = TokenUrl::new(self.authority.token.clone()).expect("endpoints are addresses");
        oauth2::Client::new(ClientId::new(self.client_id.into())).set_token_uri(token)
    }
}

fn tokens(answer: &EntraTokenResponse, asked: &Scopes, old: Option<&Tokens>, now: Moment) -> Tokens {
    let life = answer.expires_in().map_or(Millis::hours(1), |life| Millis::seconds(i64::try_from(life.as_secs()).unwrap_or(3600)));
    let list = answer.scopes().map(|scopes| scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "));
    let fresh = answer.refresh_token().map(|token| Secret::new(token.secret().clone()));
    let told = answer.extra_fields().refresh_token_expires_in.map(|seconds| now + Millis::seconds(seconds));
    Tokens {
        access: Secret::new(answer.access_token().secret().clone()),
        expires: now + life,
        refresh: fresh.or_else(|| old.and_then(|old| old.refresh.clone())),
        refresh_expires: told.or(old.map_or(Some(now + Millis::hours(24)), |old| old.refresh_expires)),
        scopes: list.map_or_else(|| asked.clone(), |list| scopes::granted(&list)),
    }
}

/// Of an answer, what oauth2 does not pass on with an error.
#[derive(Clone, Copy)]
struct ResponseFacts {
    status: u16,
    retry_after: Option<Millis>,
}

type ResponseFuture<'h, E> = Pin<Box<dyn Future<Output = Result<HttpResponse, E>> + 'h>>;

/// The HTTP client, overheard. Retry-After counts in its form of seconds, if the browser may read it.
fn overheard<'h, H: AsyncHttpClient<'h>>(
    http: &'h H,
    heard: &'h Cell<Option<ResponseFacts>>,
) -> impl Fn(HttpRequest) -> ResponseFuture<'h, H::Error> {
    move |request| {
        let asked = http.call(request);
        Box::pin(async move {
            let answer = asked.await?;
            let seconds = answer.headers().get("Retry-After").and_then(|value| value.to_str().ok()?.trim().parse().ok());
            heard.set(Some(ResponseFacts { status: answer.status().as_u16(), retry_after: seconds.map(Millis::seconds) }));
            Ok(answer)
        })
    }
}

/// A token of another type has to be sent in another way (RFC 6749, 7.1).
fn is_bearer(answer: &EntraTokenResponse) -> Result<(), AuthError> {
    match answer.token_type() {
        BasicTokenType::Bearer => Ok(()),
        _ => Err(AuthError::unsound("the token is not of type Bearer (token_type)")),
    }
}

/// Whether a body is a token answer, if one that cannot be read; else it is something that was put in its place.
fn names_a_token(body: &[u8]) -> bool {
    serde_json::from_slice::<Members>(body).is_ok_and(|members| members.get("access_token").is_some())
}

fn auth_error<E: std::error::Error + 'static>(error: RequestTokenError<E, TokenErrorBody>, heard: Option<ResponseFacts>) -> AuthError {
    let Some(ResponseFacts { status, retry_after }) = heard else { return AuthError::unreached() };
    let auth_error = match error {
        RequestTokenError::ServerResponse(refused) if !refused.error.is_empty() => AuthError::refused(refused).with_status(status),
        RequestTokenError::Parse(_, body) if status == 200 && names_a_token(&body) => {
            AuthError::unsound("the token answer is not in the expected shape")
        }
        // Whoever names no error is not the token endpoint (RFC 6749, 5.2), but something on the way.
        _ => AuthError::from_status(status),
    };
    auth_error.with_retry_after(retry_after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Authority;
    use crate::authority::{AuthoritySettings, ProtocolMode};
    use crate::authorize::Interaction;
    use crate::problem::kinds::AuthErrorKind;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
    use serde_json::{Value, json};
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    use std::future::ready;
    use std::task::{Context, Poll, Waker};

    const TENANT: &str = "5e1ec7ed-c070-4050-a000-c0ffee000001";
    const NOW: Moment = Moment::from_unix_seconds(1_800_000_000);

    fn authority() -> Authority {
        let settings =
            AuthoritySettings { authority: "https://login.microsoftonline.us/organizations", mode: ProtocolMode::Aad, graph: None };
        Authority::known(&settings).unwrap().unwrap()
    }

    fn client(authority: &Authority) -> Client<'_> {
        Client { authority, client_id: "client", redirect_uri: "https://page.example/auth.html" }
    }

    fn pending() -> Pending {
        let wanted = ["User.Read", "User.Invite.All"].into_iter().collect();
        client(&authority()).authorization_request(wanted, "#/", &Interaction::default(), &[7; 96]).1
    }

    fn id_token(nonce: &str, issued: Moment) -> String {
        let seconds = issued.unix_seconds();
        let claims = json!({"iss": format!("https://login.microsoftonline.us/{TENANT}/v2.0"), "aud": "client", "tid": TENANT, "sub": "s",
            "nonce": nonce, "iat": seconds, "nbf": seconds, "exp": seconds + 3600});
        format!("h.{}.s", BASE64URL.encode(claims.to_string()))
    }

    /// An answer to a code; to a refresh token the nonce makes no difference.
    fn sound() -> Value {
        json!({"token_type": "Bearer", "access_token": "access", "expires_in": 4500, "refresh_token": "fresh",
            "scope": "https://graph.microsoft.us/User.Read openid email", "id_token": id_token(&pending().nonce, NOW)})
    }

    fn response(status: u16, body: impl ToString) -> HttpResponse {
        let mut response = HttpResponse::new(body.to_string().into_bytes());
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap();
        response
    }

    /// The answers here are there at once.
    fn now_or_never<F: Future>(future: F) -> F::Output {
        match std::pin::pin!(future).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("the future waits for something"),
        }
    }

    type Form = BTreeMap<String, String>;

    /// The address that was asked, and with what.
    fn told(request: &HttpRequest) -> (String, Form) {
        (request.uri().to_string(), url::form_urlencoded::parse(request.body()).into_owned().collect())
    }

    fn redeem(answer: HttpResponse) -> (Result<(claims::Account, Tokens), AuthError>, (String, Form)) {
        let asked = RefCell::default();
        let http = |request: HttpRequest| {
            asked.replace(told(&request));
            ready(Ok::<_, std::io::Error>(answer.clone()))
        };
        (now_or_never(client(&authority()).exchange_code(Secret::new("code".into()), pending(), NOW, &http)), asked.into_inner())
    }

    fn old() -> Tokens {
        Tokens {
            access: Secret::new("old access".into()),
            expires: NOW,
            refresh: Some(Secret::new("old".into())),
            refresh_expires: Some(NOW + Millis::hours(9)),
            scopes: ["User.Invite.All"].into_iter().collect(),
        }
    }

    /// By a clock that goes on by a minute each time it is read.
    fn renew(answer: HttpResponse) -> (Result<Tokens, AuthError>, (String, Form)) {
        let (asked, now) = (RefCell::default(), Cell::new(NOW));
        let http = |request: HttpRequest| {
            asked.replace(told(&request));
            ready(Ok::<_, std::io::Error>(answer.clone()))
        };
        let clock = || now.replace(now.get() + Millis::minutes(1));
        (now_or_never(client(&authority()).renew(&old(), &clock, &http)), asked.into_inner())
    }

    fn changed(name: &str, value: Value) -> HttpResponse {
        let mut answer = sound();
        answer[name] = value;
        response(200, answer)
    }

    #[test]
    fn a_code_is_redeemed_by_whoever_asked_and_where_they_asked() {
        let (redeemed, (address, form)) = redeem(response(200, sound()));
        assert_eq!(address, "https://login.microsoftonline.us/organizations/oauth2/v2.0/token");
        let check = |name: &str, value: &str| assert_eq!(form.get(name).map(String::as_str), Some(value), "{name}");
        check("grant_type", "authorization_code");
        check("code", "code");
        check("code_verifier", pending().verifier.reveal());
        check("redirect_uri", "https://page.example/auth.html");
        check("client_id", "client");
        check("client_info", "1");
        let scopes = "https://graph.microsoft.us/User.Read https://graph.microsoft.us/User.Invite.All";
        check("scope", &format!("openid profile offline_access {scopes}"));
        let (account, tokens) = redeemed.unwrap();
        assert_eq!((account.tenant_id.as_str(), account.id.as_str()), (TENANT, "s"));
        assert_eq!((tokens.access.reveal(), tokens.refresh.as_ref().map(Secret::reveal)), ("access", Some("fresh")));
        assert_eq!(tokens.scopes, ["User.Read"].into_iter().collect());
        let client_info = BASE64URL.encode(r#"{"uid":"u","utid":"t"}"#);
        assert_eq!(redeem(changed("client_info", json!(client_info))).0.unwrap().0.id, "u.t");
    }

    #[test]
    fn a_code_brings_nothing_where_the_answer_does_not_fit_the_question() {
        let check = |name: &str, value: Value, what: &str| {
            let refused = redeem(changed(name, value)).0.unwrap_err();
            assert!(refused.kind == AuthErrorKind::Unsound && refused.description.contains(what), "{refused:?}");
        };
        check("id_token", Value::Null, "id_token");
        check("id_token", json!(id_token("another", NOW)), "nonce");
        check("token_type", json!("mac"), "token_type");
        let late = redeem(changed("id_token", json!(id_token(&pending().nonce, NOW - Millis::hours(2))))).0.unwrap_err();
        assert_eq!(late.kind, AuthErrorKind::WrongClock(Some(Millis::hours(2))));
    }

    #[test]
    fn a_token_lives_as_long_as_the_answer_says_else_an_hour_and_a_day() {
        let check = |name: &str, value: Value, expires: Millis, refresh: Millis| {
            let (_, tokens) = redeem(changed(name, value)).0.unwrap();
            assert_eq!((tokens.expires, tokens.refresh_expires), (NOW + expires, Some(NOW + refresh)));
        };
        check("expires_in", json!(4500), Millis::seconds(4500), Millis::hours(24));
        check("expires_in", Value::Null, Millis::hours(1), Millis::hours(24));
        check("refresh_token_expires_in", json!(600), Millis::seconds(4500), Millis::minutes(10));
        let unsaid = redeem(changed("scope", Value::Null)).0.unwrap().1;
        assert_eq!(unsaid.scopes, pending().scopes);
    }

    #[test]
    fn a_renewal_asks_for_the_same_and_prolongs_no_refresh_token() {
        let (renewed, (address, form)) = renew(response(200, sound()));
        assert_eq!(address, "https://login.microsoftonline.us/organizations/oauth2/v2.0/token");
        let check = |name: &str, value: &str| assert_eq!(form.get(name).map(String::as_str), Some(value), "{name}");
        check("grant_type", "refresh_token");
        check("refresh_token", "old");
        check("client_id", "client");
        check("scope", "openid profile offline_access https://graph.microsoft.us/User.Invite.All");
        let tokens = renewed.unwrap();
        assert_eq!((tokens.access.reveal(), tokens.refresh.as_ref().map(Secret::reveal)), ("access", Some("fresh")));
        // From before it was asked: an answer may take its time.
        assert_eq!((tokens.expires, tokens.refresh_expires), (NOW + Millis::seconds(4500), old().refresh_expires));
        let kept = renew(changed("refresh_token", Value::Null)).0.unwrap();
        assert_eq!(kept.refresh, old().refresh);
        let unsaid = renew(changed("scope", Value::Null)).0.unwrap();
        assert_eq!(unsaid.scopes, old().scopes);
        let told = renew(changed("refresh_token_expires_in", json!(600))).0.unwrap();
        assert_eq!(told.refresh_expires, Some(NOW + Millis::minutes(10)));
    }

    #[test]
    fn a_renewal_is_refused_by_a_wrong_clock_or_another_type_and_never_asked_for_without_a_token() {
        let kind = |answer: HttpResponse| renew(answer).0.map(|_| ()).map_err(|auth_error| auth_error.kind);
        // The clock is read once more when the answer has come, a minute later.
        assert_eq!(kind(changed("id_token", json!(id_token("", NOW + Millis::minutes(6))))), Ok(()));
        let ahead = kind(changed("id_token", json!(id_token("", NOW + Millis::minutes(7)))));
        assert_eq!(ahead, Err(AuthErrorKind::WrongClock(Some(Millis::minutes(-6)))));
        for unread in [Value::Null, json!("unreadable"), json!("h.e30.s")] {
            assert_eq!(kind(changed("id_token", unread)), Ok(()));
        }
        assert_eq!(kind(changed("token_type", json!("mac"))), Err(AuthErrorKind::Unsound));
        let without = Tokens { refresh: None, ..old() };
        let http = |_: HttpRequest| -> std::future::Ready<Result<HttpResponse, std::io::Error>> { panic!("nothing to ask with") };
        let refused = now_or_never(client(&authority()).renew(&without, &|| NOW, &http)).unwrap_err();
        assert_eq!(refused.kind, AuthErrorKind::Expired);
    }

    #[test]
    fn what_is_no_answer_of_the_token_endpoint_says_nothing_about_the_sign_in() {
        let kind = |answer: HttpResponse| renew(answer).0.unwrap_err().kind;
        let refused = r#"{"error":"invalid_grant","error_codes":[700084]}"#;
        assert_eq!(kind(response(400, refused)), AuthErrorKind::Expired);
        assert_eq!(kind(response(503, refused)), AuthErrorKind::Transient, "a busy service");
        let page = "<html>";
        for (status, body) in [(200, page), (200, ""), (200, "{}"), (200, "[]"), (404, page), (404, ""), (404, "{}"), (302, page)] {
            assert_eq!(kind(response(status, body)), AuthErrorKind::Unreached, "{status} {body}");
        }
        for (status, body) in [(503, page), (502, ""), (429, "{}"), (500, r#"{"access_token":1}"#)] {
            assert_eq!(kind(response(status, body)), AuthErrorKind::Transient, "{status} {body}");
        }
        // A page in front of the network, by a client that also tells its type.
        let mut portal = response(200, page);
        portal.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("text/html"));
        assert_eq!(kind(portal), AuthErrorKind::Unreached);
        assert_eq!(kind(response(200, r#"{"access_token":"a"}"#)), AuthErrorKind::Unsound);
        let cut = |_: HttpRequest| ready(Err::<HttpResponse, _>(std::io::Error::other("cut")));
        let unreached = now_or_never(client(&authority()).renew(&old(), &|| NOW, &cut)).unwrap_err();
        assert_eq!((unreached.kind, unreached.retry_after), (AuthErrorKind::Unreached, None));
    }

    #[test]
    fn a_refusal_keeps_what_the_token_endpoint_says_of_it() {
        let mut busy = response(429, "{}");
        busy.headers_mut().insert("Retry-After", http::HeaderValue::from_static(" 7 "));
        assert_eq!(renew(busy.clone()).0.unwrap_err().retry_after, Some(Millis::seconds(7)));
        busy.headers_mut().insert("Retry-After", http::HeaderValue::from_static("Fri, 27 Nov 2026 06:00:00 GMT"));
        assert_eq!(renew(busy).0.unwrap_err().retry_after, None);
        let told =
            json!({"error": "interaction_required", "error_description": "AADSTS50076: text", "correlation_id": "c", "claims": "{}"});
        let refused = redeem(response(400, &told)).0.unwrap_err();
        assert_eq!((refused.error.as_str(), refused.codes.as_slice()), ("interaction_required", [50076].as_slice()));
        assert_eq!((refused.correlation_id.as_deref(), refused.claims.as_deref()), (Some("c"), Some("{}")));
        assert_eq!(refused.description, "AADSTS50076: text");
        let body: TokenErrorBody = serde_json::from_value(told).unwrap();
        assert_eq!(body.to_string(), "interaction_required");
    }
}
