//! `proxy`: the API on a local port, with our credentials; static files beside it.
//!
//! Hosts, paths and methods are filtered by kubectl's own expressions unless `--disable-filter`.

use std::{convert::Infallible, path::PathBuf, rc::Rc};

use bytes::Bytes;
use client::{Body, Client};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use regex::Regex;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
};

use crate::{
    args::Parsed,
    context::Context,
    report::{CliError, io_words},
    traffic,
};

/// What every request goes through.
struct Rules {
    client: Client,
    prefix: String,
    files: Option<(String, PathBuf)>,
    filter: Option<Filter>,
}

struct Filter {
    accept_hosts: Vec<Regex>,
    accept_paths: Vec<Regex>,
    reject_paths: Vec<Regex>,
    reject_methods: Vec<Regex>,
}

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    if parsed.given("port") && !parsed.text("unix-socket").is_empty() {
        return Err(CliError::plain("cannot set --unix-socket and --port at the same time"));
    }
    let rules = Rc::new(rules(cx, &parsed).await?);
    if let Some(path) = parsed.some("unix-socket") {
        let listener = socket(path)?;
        cx.say(&format!("Starting to serve on {path}"))?;
        cx.flush();
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::task::spawn_local(connection(stream, Rc::clone(&rules)));
        }
    }
    let (address, port) = (parsed.text("address"), parsed.int("port"));
    let port = u16::try_from(port)
        .map_err(|_| CliError::plain(format!("listen tcp: address {port}: invalid port")))?;
    let listener = TcpListener::bind((address, port)).await.map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::AddrInUse => "bind: address already in use".to_owned(),
            _ => error.to_string(),
        };
        CliError::plain(format!("listen tcp {address}:{port}: {why}"))
    })?;
    cx.say(&format!("Starting to serve on {}", listener.local_addr()?))?;
    cx.flush();
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::task::spawn_local(connection(stream, Rc::clone(&rules)));
    }
}

/// Listens at a path, where a socket that somebody left is in nobody's way. Only its owner may use it.
fn socket(path: &str) -> Result<UnixListener, CliError> {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
    if std::fs::metadata(path).is_ok_and(|found| found.file_type().is_socket()) {
        std::fs::remove_file(path)?;
    }
    let failed = |error: &std::io::Error| {
        CliError::plain(format!("listen unix {path}: bind: {}", io_words(error)))
    };
    let listener = UnixListener::bind(path).map_err(|error| failed(&error))?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))?;
    Ok(listener)
}

async fn rules(cx: &Context, parsed: &Parsed) -> Result<Rules, CliError> {
    let slashed = |text: &str| format!("/{}/", text.trim_matches('/')).replace("//", "/");
    let filter = if parsed.is("disable-filter") {
        if parsed.text("unix-socket").is_empty() {
            cx.say_err("Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious");
        }
        None
    } else {
        Some(Filter {
            accept_hosts: expressions(parsed.text("accept-hosts"))?,
            accept_paths: expressions(parsed.text("accept-paths"))?,
            reject_paths: expressions(parsed.text("reject-paths"))?,
            reject_methods: expressions(parsed.text("reject-methods"))?,
        })
    };
    let files = parsed
        .some("www")
        .map(|folder| (slashed(parsed.text("www-prefix")), PathBuf::from(folder)));
    let client = cx.client().await?;
    Ok(Rules { client, prefix: slashed(parsed.text("api-prefix")), files, filter })
}

fn expressions(text: &str) -> Result<Vec<Regex>, CliError> {
    // kubectl gives up in its log's words, with its log's code.
    let one = |part: &str| {
        machinery::regexp::compile(part).map_err(|error| CliError::Words {
            text: traffic::klog('F', "proxy.go:129", &format!("Error compiling re: {error}")),
            code: 255,
        })
    };
    text.split(',').filter(|part| !part.is_empty()).map(one).collect()
}

impl Filter {
    fn accepts(&self, method: &str, path: &str, host: &str) -> bool {
        let any = |list: &[Regex], text: &str| list.iter().any(|one| one.is_match(text));
        any(&self.accept_hosts, host)
            && any(&self.accept_paths, path)
            && !any(&self.reject_paths, path)
            && !any(&self.reject_methods, method)
    }
}

async fn connection<S: AsyncRead + AsyncWrite + Unpin + 'static>(stream: S, rules: Rc<Rules>) {
    let service = hyper::service::service_fn(move |request| {
        let rules = Rc::clone(&rules);
        async move { Ok::<_, Infallible>(answer(&rules, request).await) }
    });
    let served =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A caller that goes away is no news.
    drop(served.await);
}

fn plain(code: StatusCode, text: impl Into<Bytes>) -> Response<Body> {
    let mut answer = Response::new(Body::from(text.into()));
    *answer.status_mut() = code;
    answer
}

async fn answer(rules: &Rules, request: Request<Incoming>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    if let Some(filter) = &rules.filter {
        let host = request.headers().get(http::header::HOST);
        let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
        let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
        if !filter.accepts(request.method().as_str(), &path, host) {
            return plain(StatusCode::FORBIDDEN, "Forbidden");
        }
    }
    if let Some((prefix, folder)) = &rules.files
        && let Some(rest) = path.strip_prefix(prefix.as_str())
    {
        return file(folder, rest);
    }
    let Some(rest) = path.strip_prefix(rules.prefix.as_str()) else {
        return plain(StatusCode::NOT_FOUND, "404 page not found\n");
    };
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    match forward(rules, request, &format!("/{rest}{query}")).await {
        Ok(answer) => answer,
        Err(error) => plain(StatusCode::BAD_GATEWAY, error.to_string()),
    }
}

async fn forward(
    rules: &Rules,
    request: Request<Incoming>,
    path: &str,
) -> Result<Response<Body>, CliError> {
    const OURS: [http::HeaderName; 4] = [
        http::header::HOST,
        http::header::CONNECTION,
        http::header::AUTHORIZATION,
        http::header::CONTENT_LENGTH,
    ];
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|error| CliError::plain(error.to_string()))?.to_bytes();
    let mut onward = Request::builder().method(parts.method).uri(path);
    for (name, value) in parts.headers.iter().filter(|(name, _)| !OURS.contains(name)) {
        onward = onward.header(name, value);
    }
    let mut answer =
        rules.client.send(onward.body(body).map_err(client::ClientError::from)?).await?;
    answer.headers_mut().remove(http::header::TRANSFER_ENCODING);
    Ok(answer)
}

/// A static file, never one outside its folder.
fn file(folder: &std::path::Path, rest: &str) -> Response<Body> {
    let inside = std::path::Path::new(rest)
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    let path = folder.join(rest);
    if !inside && !rest.is_empty() {
        return plain(StatusCode::BAD_REQUEST, "invalid URL path");
    }
    if path.is_dir() {
        let index = path.join("index.html");
        if let Ok(body) = std::fs::read(&index) {
            return plain(StatusCode::OK, body);
        }
        let entries = std::fs::read_dir(&path).into_iter().flatten().filter_map(Result::ok);
        let mut names: Vec<String> =
            entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        let lines: Vec<String> =
            names.iter().map(|name| format!("<a href=\"{name}\">{name}</a>\n")).collect();
        return plain(StatusCode::OK, format!("<pre>\n{}</pre>\n", lines.concat()));
    }
    match std::fs::read(&path) {
        Ok(body) => plain(StatusCode::OK, body),
        Err(_) => plain(StatusCode::NOT_FOUND, "404 page not found\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_are_filtered() {
        let filter = Filter {
            accept_hosts: expressions("^localhost$,^127\\.0\\.0\\.1$").unwrap(),
            accept_paths: expressions("^.*").unwrap(),
            reject_paths: expressions("^/api/.*/pods/.*/exec").unwrap(),
            reject_methods: expressions("^$").unwrap(),
        };
        assert!(filter.accepts("GET", "/api", "localhost"));
        assert!(!filter.accepts("GET", "/api", "evil.example"));
        assert!(!filter.accepts("POST", "/api/v1/namespaces/a/pods/b/exec", "localhost"));
        assert!(expressions("(").is_err());
    }
}
