//! Carrying requests: to Graph with a token, to the token endpoint for `oauth2`, and reading small files. A request whose future
//! is dropped is ended in the browser, too.

use super::clock::within;
use super::random;
use gloo_net::http::{Request as Fetch, RequestBuilder, Response};
use graph::{Answer, Headers, Method, Reply, Request, Unreached};
use identity::Secret;
use identity::token::{HttpRequest, HttpResponse, http};
use js_sys::{Promise, Reflect};
use time::Millis;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestCache, RequestCredentials, RequestRedirect};

/// How long a small file or a discovery document is waited for.
const PATIENCE_FILE: Millis = Millis::seconds(15);
/// How long the token endpoint is waited for. Nothing is lost by it: a late answer's refresh token is never used, and the old one
/// stays good (entra-docs docs/identity-platform/refresh-tokens.md).
const PATIENCE_TOKEN: Millis = Millis::seconds(30);

/// Ends a request when it is dropped, be it in the midst of the answer's body. Nothing happens to one that is over.
struct AbortOnDrop(AbortController);

impl AbortOnDrop {
    /// `None` is never met: the constructor cannot fail.
    fn new() -> Option<Self> {
        AbortController::new().ok().map(Self)
    }

    fn signal(leash: Option<&Self>) -> Option<AbortSignal> {
        leash.map(|leash| leash.0.signal())
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A file beside the page, or a discovery document, as it is now. Only files are followed to where they were moved: the document has to
/// come from the issuer itself.
///
/// # Errors
/// Why it cannot be had, in a sentence.
pub async fn text(url: &str) -> Result<String, String> {
    within(PATIENCE_FILE, text_however_long(url)).await.unwrap_or_else(|| silent(url))
}

/// The text of config.json as it is now. `boot.js` asks for it beside the program; where that came to nothing it is asked for here.
///
/// # Errors
/// Why it cannot be had, in a sentence.
pub async fn config() -> Result<String, String> {
    const NAME: &str = "config.json";
    let asked = within(PATIENCE_FILE, async {
        match asked_at_start().await {
            Some(reply) => read(NAME, reply.into()).await,
            None => text_however_long(NAME).await,
        }
    });
    asked.await.unwrap_or_else(|| silent(NAME))
}

async fn asked_at_start() -> Option<web_sys::Response> {
    let asked: Promise = Reflect::get(&super::window(), &"configReply".into()).ok()?.dyn_into().ok()?;
    JsFuture::from(asked).await.ok()?.dyn_into().ok()
}

fn silent(url: &str) -> Result<String, String> {
    Err(format!("{url} did not answer."))
}

async fn text_however_long(url: &str) -> Result<String, String> {
    let leash = AbortOnDrop::new();
    let redirect = if url.contains("://") { RequestRedirect::Error } else { RequestRedirect::Follow };
    let request = Fetch::get(url).cache(RequestCache::NoStore).credentials(RequestCredentials::SameOrigin).redirect(redirect);
    let reply = request.abort_signal(AbortOnDrop::signal(leash.as_ref()).as_ref()).send().await;
    read(url, reply.map_err(|_| format!("{url} could not be reached."))?).await
}

async fn read(url: &str, reply: Response) -> Result<String, String> {
    if !reply.ok() {
        return Err(format!("{url} answered with status {}.", reply.status()));
    }
    reply.text().await.map_err(|_| format!("{url} broke off."))
}

/// One request to Graph, for as long as the caller waits. A failure of fetch does not tell whether the request arrived. Redirects
/// are not followed, so that no token and no list leaves for another address; fetch then fails, and whatever was asked counts as
/// perhaps done.
pub async fn graph(root: &str, token: &Secret, request: &Request) -> Answer {
    if !super::window().navigator().on_line() {
        return Err(Unreached::Offline);
    }
    let url = format!("{root}/v1.0{}", request.path);
    let builder = match request.method {
        Method::Get | Method::Options => Fetch::get(&url),
        Method::Post => Fetch::post(&url),
        Method::Put => Fetch::put(&url),
        Method::Patch => Fetch::patch(&url),
        Method::Delete => Fetch::delete(&url),
    };
    let leash = AbortOnDrop::new();
    let mut builder: RequestBuilder = builder
        .abort_signal(AbortOnDrop::signal(leash.as_ref()).as_ref())
        .header("Authorization", &format!("Bearer {}", token.reveal()))
        .header("client-request-id", &random::guid())
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
    let headers = reply.headers().entries().map(|(name, value)| {
        let value = if name.eq_ignore_ascii_case(RETRY_AFTER) { in_seconds(&value) } else { value };
        (name, value)
    });
    let (status, headers) = (reply.status(), Headers(headers.collect()));
    let body = reply.text().await.map_err(|_| Unreached::Lost)?;
    Ok(Reply { status, headers, body })
}

const RETRY_AFTER: &str = "Retry-After";

/// Microsoft counts seconds; a gateway on the way may name a moment instead, by the clock (RFC 9110 10.2.3).
fn in_seconds(wait: &str) -> String {
    let then = js_sys::Date::parse(wait);
    if wait.trim().parse::<u32>().is_ok() || then.is_nan() {
        return wait.to_owned();
    }
    ((then - js_sys::Date::now()) / 1000.0).ceil().max(0.0).to_string()
}

/// oauth2's HTTP client. Only safe-listed headers, so that no preflight is sent; redirects are refused, as the crate
/// asks. Retry-After is passed on where the browser may read it.
///
/// # Errors
/// That the endpoint could not be reached, or did not answer in time.
pub async fn token_endpoint(request: HttpRequest) -> Result<HttpResponse, gloo_net::Error> {
    let silent = || Err(gloo_net::Error::GlooError("no answer came in time".into()));
    within(PATIENCE_TOKEN, token_however_long(request)).await.unwrap_or_else(silent)
}

async fn token_however_long(request: HttpRequest) -> Result<HttpResponse, gloo_net::Error> {
    let body = String::from_utf8_lossy(request.body()).into_owned();
    let leash = AbortOnDrop::new();
    let question = Fetch::post(&request.uri().to_string())
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Error)
        .abort_signal(AbortOnDrop::signal(leash.as_ref()).as_ref())
        .body(body)?;
    let reply = question.send().await?;
    let mut response = HttpResponse::new(reply.binary().await?);
    if let Some(wait) = reply.headers().get(RETRY_AFTER).and_then(|wait| http::HeaderValue::try_from(in_seconds(&wait)).ok()) {
        response.headers_mut().insert(http::header::RETRY_AFTER, wait);
    }
    *response.status_mut() = http::StatusCode::from_u16(reply.status()).unwrap_or(http::StatusCode::BAD_GATEWAY);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use js_sys::{Function, global};
    use wasm_bindgen_test::wasm_bindgen_test;

    /// What the last request's signal says, while `fetch` stands for a server that stays silent, before or within the body.
    async fn is_ended(silence: &str) -> Option<bool> {
        let own = Reflect::get(&global(), &"fetch".into()).ok()?;
        let silent = Function::new_with_args("request", &format!("globalThis.asked = request; return {silence}"));
        Reflect::set(&global(), &"fetch".into(), &silent).ok()?;
        assert!(within(Millis(50), text_however_long("/config.json")).await.is_none(), "it never answers");
        Reflect::set(&global(), &"fetch".into(), &own).ok()?;
        let signal = Reflect::get(&Reflect::get(&global(), &"asked".into()).ok()?, &"signal".into()).ok()?;
        Reflect::get(&signal, &"aborted".into()).ok()?.as_bool()
    }

    #[wasm_bindgen_test]
    fn a_moment_to_ask_again_counts_as_the_seconds_until_then() {
        let soon = js_sys::Date::new(&(js_sys::Date::now() + 90_000.0).into()).to_utc_string();
        let seconds: i32 = in_seconds(&soon.as_string().unwrap()).parse().unwrap();
        assert!((88..=91).contains(&seconds), "{seconds}");
        for (wait, expected) in [("7", "7"), (" 120 ", " 120 "), ("soon", "soon"), ("", ""), ("Wed, 21 Oct 2015 07:28:00 GMT", "0")] {
            assert_eq!(in_seconds(wait), expected, "{wait}");
        }
    }

    #[wasm_bindgen_test]
    async fn a_request_that_nobody_waits_for_is_ended_in_the_browser() {
        assert_eq!(is_ended("new Promise(() => {})").await, Some(true));
        assert_eq!(is_ended("Promise.resolve(new Response(new ReadableStream({ start() {} })))").await, Some(true));
    }
}
