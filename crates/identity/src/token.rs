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
        let answer = question.request_async(&overheard(http, &heard)).await.map_err(|error| auth_error(error, heard.get()))?;
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
    let auth_error = match (error, heard) {
        // Whoever names no error is not the token endpoint (RFC 6749, 5.2), but something on the way.
        (RequestTokenError::ServerResponse(refused), Some(heard)) if refused.error.is_empty() => AuthError::from_status(heard.status),
        (RequestTokenError::ServerResponse(refused), Some(heard)) => AuthError::refused(refused).with_status(heard.status),
        (RequestTokenError::ServerResponse(refused), None) => AuthError::refused(refused),
        (RequestTokenError::Request(_), _) => AuthError::unreached(),
        (RequestTokenError::Parse(_, body), Some(heard)) if heard.status != 200 || !names_a_token(&body) => {
            AuthError::from_status(heard.status)
        }
        (_, Some(heard)) if heard.status != 200 => AuthError::from_status(heard.status),
        _ => AuthError::unsound("the token answer is not in the expected shape"),
    };
    auth_error.with_retry_after(heard.and_then(|heard| heard.retry_after))
}
