//! HTTP on loopback: the page, the identity platform, Graph, and a foreign intranet page that embeds ours.

use crate::foreign;
use crate::hosts::{self, Rules};
use crate::machine::root;
use crate::schema;
use graph::{Headers, Method, Reply, Request};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};
use tenant::{CLIENT_ID, DOMAIN, NEVER, Origins, Side, Tenant};
use time::Moment;
use tokio::net::TcpListener;

type ServedResponse = hyper::Response<ServedBody>;

/// The four origins; P is the page's port.
pub struct Ports {
    pub page: u16,
}

struct Server {
    tenant: Mutex<Tenant>,
    /// What was accepted or answered and is not of the published schema, each once.
    deviations: Mutex<BTreeSet<String>>,
    origins: Origins,
    foreign: String,
    dist: PathBuf,
    headers: Rules,
}

#[derive(Clone, Copy)]
enum Site {
    Page,
    Tenant(Side),
    Foreign,
}

impl Ports {
    fn origins(&self) -> Origins {
        let at = |offset: u16| format!("http://localhost:{}", self.page + offset);
        Origins { page: at(0), identity: at(1), graph: at(2) }
    }
}

/// Serves until the future `until` is ready. Calls `ready` once every port listens. What Graph was asked and answered meanwhile that is not
/// of the published schema.
///
/// # Errors
/// The port that is taken.
pub async fn serve(ports: Ports, ready: impl FnOnce(&str), until: impl Future<Output = ()>) -> Result<BTreeSet<String>, String> {
    let origins = ports.origins();
    // Ids and tokens of the sample tenant differ from start to start.
    let seed = std::hash::RandomState::new().build_hasher().finish();
    let server = Arc::new(Server {
        tenant: Mutex::new(Tenant::new(origins.clone(), seed)),
        deviations: Mutex::default(),
        foreign: format!("http://127.0.0.1:{}", ports.page + 3),
        origins,
        headers: hosts::read_headers_file(&root().join("dist/_headers"))?,
        dist: root().join("dist"),
    });
    for (offset, site) in [(0, Site::Page), (1, Site::Tenant(Side::Identity)), (2, Site::Tenant(Side::Graph)), (3, Site::Foreign)] {
        let port = ports.page + offset;
        // Browsers try ::1 and 127.0.0.1 for localhost; both are loopback.
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .map_err(|error| format!("Port {port} cannot be used: {error}. Try another with --port."))?;
        tokio::spawn(listen(listener, site, Arc::clone(&server)));
        if let Ok(listener) = TcpListener::bind(("::1", port)).await {
            tokio::spawn(listen(listener, site, Arc::clone(&server)));
        }
    }
    ready(&format!("{}/", server.origins.page));
    until.await;
    Ok(std::mem::take(&mut *held(&server.deviations)))
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Holds what Graph was asked, and its answer, against the slice of its schema that the stories use, too.
fn deviation(side: Side, request: &Request, reply: &Reply) -> Option<String> {
    let path = request.path.strip_prefix("/v1.0").filter(|_| side == Side::Graph)?;
    let deviation = schema::check(&Request { path: path.to_owned(), ..request.clone() }, reply).err()?;
    Some(format!("{} {path}: {deviation}", request.method.as_str()))
}

async fn listen(listener: TcpListener, site: Site, server: Arc<Server>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(site, request, Arc::clone(&server)));
            // An error here is a connection that ended; there is nobody left to tell.
            _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// What is sent: a whole body, or one that breaks off. Breaking off before anything is sent would not do: browsers
/// repeat a request by themselves when a connection that was in use before closes without a byte, POST or not
/// (Chromium, net/http/http_network_transaction.cc, `ShouldResendRequest`).
enum ServedBody {
    Whole(Full<Bytes>),
    /// Flushed first, cut a moment later.
    Torn(Option<Pin<Box<tokio::time::Sleep>>>),
}

impl hyper::body::Body for ServedBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        match self.get_mut() {
            Self::Whole(body) => Pin::new(body).poll_frame(context).map_err(|never| match never {}),
            Self::Torn(Some(wait)) => wait.as_mut().poll(context).map(|()| Some(Err(Cut))),
            Self::Torn(wait) => {
                *wait = Some(Box::pin(tokio::time::sleep(Duration::from_millis(100))));
                Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"{")))))
            }
        }
    }
}

fn whole(bytes: impl Into<Bytes>) -> ServedBody {
    ServedBody::Whole(Full::new(bytes.into()))
}

/// The connection is to be cut.
#[derive(Debug)]
struct Cut;
impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut")
    }
}
impl std::error::Error for Cut {}

async fn answer(site: Site, request: hyper::Request<Incoming>, server: Arc<Server>) -> Result<ServedResponse, Cut> {
    // Pages of other sites must not reach the tenant through a name that leads here.
    let host = request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
    if !["localhost", "127.0.0.1", "[::1]"].iter().any(|own| host == *own || host.starts_with(&format!("{own}:"))) {
        return Ok(plain(421, "text/plain", "This server answers on loopback only."));
    }
    match site {
        Site::Page => {
            let response = page(request.uri().path(), &server).await;
            Ok(if request.uri().query() == Some(foreign::NO_HEADERS) { undressed(response) } else { response })
        }
        Site::Foreign => {
            let page = foreign::page(request.uri().path(), &server.origins.page, &server.foreign);
            Ok(page
                .map_or_else(|| plain(404, "text/plain", "There is nothing here."), |html| plain(200, "text/html; charset=utf-8", &html)))
        }
        Site::Tenant(side) => tenant(side, request, &server).await,
    }
}

async fn tenant(side: Side, request: hyper::Request<Incoming>, server: &Server) -> Result<ServedResponse, Cut> {
    let Some(method) = Method::parse(request.method().as_str()) else { return Ok(plain(405, "text/plain", "")) };
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let pairs = request.headers().iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
    let headers = Headers(pairs.collect());
    let Ok(body) = Limited::new(request.into_body(), 4 << 20).collect().await else { return Ok(plain(413, "text/plain", "Too long.")) };
    let body = String::from_utf8(body.to_bytes().to_vec()).ok().filter(|body| !body.is_empty());
    let asked = Request { method, path, headers, body };
    let told = held(&server.tenant).answer(side, &asked, now());
    if let Ok(reply) = &told.answer {
        held(&server.deviations).extend(deviation(side, &asked, reply));
    }
    if told.after == NEVER {
        // Until the other side gives up.
        std::future::pending::<()>().await;
    }
    if told.after.0 > 0 {
        tokio::time::sleep(Duration::from_millis(told.after.0.unsigned_abs())).await;
    }
    let Ok(reply) = told.answer else {
        let torn = hyper::Response::builder().header("Content-Type", "application/json").header("Access-Control-Allow-Origin", "*");
        return torn.body(ServedBody::Torn(None)).map_err(|_| Cut);
    };
    let mut response = hyper::Response::builder().status(reply.status);
    for (name, value) in &reply.headers.0 {
        response = response.header(name, value);
    }
    response.body(whole(reply.body)).map_err(|_| Cut)
}

/// A file of `dist`, with the headers that the host files in `public/` set, narrowed to this tenant.
async fn page(path: &str, server: &Server) -> ServedResponse {
    let name = if path == "/" { "index.html" } else { path.trim_start_matches('/') };
    if name == "config.json" {
        return with_headers(plain(200, "application/json", &config(server)), name, server);
    }
    let safe = name.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains('\\'));
    let Some(Ok(bytes)) = safe.then(|| std::fs::read(server.dist.join(name))) else {
        return with_headers(plain(404, "text/plain", "There is nothing here."), name, server);
    };
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("csv") => "text/csv",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    let response = hyper::Response::builder().status(200).header("Content-Type", kind).body(whole(bytes));
    with_headers(response.unwrap_or_else(|never: hyper::http::Error| plain(500, "text/plain", &never.to_string())), name, server)
}

/// The headers that `_headers` gives to this file, narrowed to this tenant as a host's owner narrows them.
fn with_headers(mut response: ServedResponse, name: &str, server: &Server) -> ServedResponse {
    let Origins { identity, graph, .. } = &server.origins;
    let path = if name == "index.html" { "/".to_owned() } else { format!("/{name}") };
    // Names with a hash never change their content.
    let hashed = name.ends_with(".wasm") || name.split('-').count() > 1 && (name.ends_with(".js") || name.ends_with(".css"));
    let cache = if hashed { "public, max-age=31536000, immutable" } else { "no-store" };
    let rest = std::iter::once(("Cache-Control".to_owned(), cache.to_owned()));
    let own = server.headers.for_path(&path);
    for (name, value) in rest.chain(own) {
        let value = value.replace(hosts::CONNECT, &format!("{identity} {graph}")).replace(hosts::PARENT, &server.foreign);
        let (Ok(name), Ok(value)) = (name.parse::<hyper::header::HeaderName>(), hyper::header::HeaderValue::from_str(&value)) else {
            continue;
        };
        response.headers_mut().insert(name, value);
    }
    response
}

/// What a host sends that cannot send headers.
fn undressed(mut response: ServedResponse) -> ServedResponse {
    let kind = response.headers().get("Content-Type").cloned();
    response.headers_mut().clear();
    if let Some(kind) = kind {
        response.headers_mut().insert("Content-Type", kind);
    }
    response
}

fn config(server: &Server) -> String {
    serde_json::json!({
        "auth": {"clientId": CLIENT_ID, "authority": format!("{}/{DOMAIN}", server.origins.identity), "protocolMode": "AAD", "redirectUri": "auth.html"},
        "cache": {"cacheLocation": "sessionStorage"},
        "graph": server.origins.graph,
        "invite": {"redirectUrl": "https://myapps.microsoft.com/?tenantid={tenantId}", "redirectHosts": ["myapps.microsoft.com", "contoso.sharepoint.com"]},
        "embed": {"parents": [server.foreign]},
    })
    .to_string()
}

fn plain(status: u16, kind: &str, body: &str) -> ServedResponse {
    let response = hyper::Response::builder().status(status).header("Content-Type", kind).body(whole(body.to_owned()));
    response.expect("status and type are constants of this file")
}

fn now() -> Moment {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Runs the server on a runtime of one thread.
///
/// # Errors
/// As [`serve`].
pub fn block_on<T>(future: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(future)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_of_the_published_schema_is_noticed_whatever_the_tenant_says() {
        let reply = |body: &str| Reply { status: 200, headers: Headers::default(), body: body.into() };
        let found = |side, path: &str, body: &str| deviation(side, &Request::get(path.to_owned()), &reply(body));
        assert_eq!(found(Side::Graph, "/v1.0/me?$select=id,mail", r#"{"id":"1","mail":null}"#), None);
        assert!(found(Side::Graph, "/v1.0/me?$select=id,mial", "{}").is_some_and(|words| words.contains("user has no mial")));
        assert!(found(Side::Graph, "/v1.0/users", r#"{"value":[{"accountEnabled":"yes"}]}"#).is_some());
        // What is not Graph's own.
        assert_eq!(found(Side::Graph, "/_tenant/directory.json", r#"{"users":1}"#), None);
        assert_eq!(found(Side::Identity, "/v1.0/me", r#"{"mial":1}"#), None);
    }
}
