//! Carrying requests: to Graph with a token, to the token endpoint for `oauth2`, and reading small files.

use super::{clock, dice};
use futures_util::future::{Either, select};
use gloo_net::http::{Request as Fetch, RequestBuilder};
use guestlist::graph::{Answer, Headers, Method, Reply, Request, Unreached};
use guestlist::identity::Secret;
use guestlist::time::Millis;
use std::pin::pin;
use web_sys::{RequestCache, RequestCredentials, RequestRedirect};

/// A token endpoint that has not answered by then counts as not reached. Nothing is lost by it: a late answer's refresh token is
/// never used, and the old one stays good (entra-docs docs/identity-platform/refresh-tokens.md).
const TOKEN_DEADLINE: Millis = Millis::seconds(30);

/// A file beside the page, or a discovery document, as it is now.
///
/// # Errors
/// Why it cannot be had, in a sentence.
pub async fn text(url: &str) -> Result<String, String> {
    let reply = Fetch::get(url).cache(RequestCache::NoStore).credentials(RequestCredentials::SameOrigin).send().await;
    let reply = reply.map_err(|_| format!("{url} could not be reached."))?;
    if !reply.ok() {
        return Err(format!("{url} answered with status {}.", reply.status()));
    }
    reply.text().await.map_err(|_| format!("{url} broke off."))
}

/// One request to Graph. A failure of fetch does not tell whether the request arrived. Redirects are not followed, so that no
/// token and no list leaves for another address; fetch then fails, and whatever was asked counts as perhaps done.
pub async fn graph(root: &str, token: &Secret, request: &Request) -> Answer {
    if !super::window().navigator().on_line() {
        return Err(Unreached::Offline);
    }
    let url = format!("{root}/v1.0{}", request.path);
    let builder = match request.method {
        Method::Get | Method::Options => Fetch::get(&url),
        Method::Post => Fetch::post(&url),
        Method::Patch => Fetch::patch(&url),
        Method::Delete => Fetch::delete(&url),
    };
    let mut builder: RequestBuilder = builder
        .header("Authorization", &format!("Bearer {}", token.reveal()))
        .header("client-request-id", &dice::guid())
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Error);
    for (name, value) in &request.headers.0 {
        builder = builder.header(name, value);
    }
    let request = match &request.body {
        Some(body) => builder.body(body.as_str()),
        None => builder.build(),
    };
    let reply = request.map_err(|_| Unreached::Offline)?.send().await.map_err(|_| Unreached::Lost)?;
    let (status, headers) = (reply.status(), Headers(reply.headers().entries().collect()));
    let body = reply.text().await.map_err(|_| Unreached::Lost)?;
    Ok(Reply { status, headers, body })
}

/// oauth2's HTTP client. Only safe-listed headers, so that no preflight is sent; redirects are refused, as the crate
/// asks. Retry-After is passed on where the browser may read it.
///
/// # Errors
/// That the endpoint could not be reached, or did not answer within [`TOKEN_DEADLINE`].
pub async fn token_endpoint(request: oauth2::HttpRequest) -> Result<oauth2::HttpResponse, gloo_net::Error> {
    let body = String::from_utf8_lossy(request.body()).into_owned();
    let question = Fetch::post(&request.uri().to_string())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Error)
        .body(body)?;
    let asked = async {
        let reply = question.send().await?;
        let body = reply.binary().await?;
        Ok((reply, body))
    };
    let (asked, late) = (pin!(asked), pin!(clock::sleep(TOKEN_DEADLINE)));
    let (reply, body) = match select(asked, late).await {
        Either::Left((answered, _)) => answered?,
        Either::Right(_) => return Err(gloo_net::Error::GlooError("no answer in time".into())),
    };
    let mut response = oauth2::HttpResponse::new(body);
    if let Some(wait) = reply.headers().get("Retry-After").and_then(|wait| http::HeaderValue::try_from(wait).ok()) {
        response.headers_mut().insert(http::header::RETRY_AFTER, wait);
    }
    *response.status_mut() = http::StatusCode::from_u16(reply.status()).unwrap_or(http::StatusCode::BAD_GATEWAY);
    Ok(response)
}
