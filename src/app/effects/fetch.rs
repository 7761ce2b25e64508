//! Carrying requests: to Graph with a token, to the token endpoint for `oauth2`, and reading small files.

use super::dice;
use gloo_net::http::{Request as Fetch, RequestBuilder};
use guestlist::graph::{Answer, Headers, Method, Reply, Request, Unreached};
use guestlist::identity::Secret;
use web_sys::{RequestCache, RequestCredentials, RequestRedirect};

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

/// One request to Graph. A failure of fetch does not tell whether the request arrived.
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
        .credentials(RequestCredentials::Omit);
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
/// asks.
///
/// # Errors
/// That the endpoint could not be reached.
pub async fn token_endpoint(request: oauth2::HttpRequest) -> Result<oauth2::HttpResponse, gloo_net::Error> {
    let body = String::from_utf8_lossy(request.body()).into_owned();
    let question = Fetch::post(&request.uri().to_string())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Error)
        .body(body)?;
    let reply = question.send().await?;
    let mut response = oauth2::HttpResponse::new(reply.binary().await?);
    *response.status_mut() = http::StatusCode::from_u16(reply.status()).unwrap_or(http::StatusCode::BAD_GATEWAY);
    Ok(response)
}
