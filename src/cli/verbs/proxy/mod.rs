//! `proxy`: the API of a cluster on a port of this machine, with this user's credentials.
//! Source: kubectl, `pkg/cmd/proxy` and `pkg/proxy`.

mod files;
mod filter;
mod forward;

use std::{convert::Infallible, path::PathBuf, rc::Rc};

use bytes::Bytes;
use client::Body;
use http::{HeaderValue, Request, Response, StatusCode, Uri, header};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
};

use self::{filter::Filter, forward::Road};
use crate::{
    args::Parsed,
    context::Context,
    report::{CliError, io_words},
    traffic,
};

/// What every request goes through.
struct Rules {
    road: Road,
    /// Begins and ends with a slash.
    api: String,
    /// Where files are served, and from which folder.
    files: Option<(String, PathBuf)>,
    filter: Option<Filter>,
}

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let rules = Rc::new(rules(cx, &parsed).await?);
    if parsed.given("port") && !parsed.text("unix-socket").is_empty() {
        return Err(CliError::plain("cannot set --unix-socket and --port at the same time"));
    }
    if let Some(folder) = parsed.some("www") {
        check_folder(cx, folder);
    }
    if let Some(path) = parsed.some("unix-socket") {
        let listener = socket(path)?;
        started(cx, path)?;
        loop {
            let (stream, _) = listener.accept().await?;
            tokio::task::spawn_local(connection(stream, Rc::clone(&rules)));
        }
    }
    let listener = port(parsed.text("address"), parsed.int("port")).await?;
    started(cx, &listener.local_addr()?.to_string())?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::task::spawn_local(connection(stream, Rc::clone(&rules)));
    }
}

fn started(cx: &Context, place: &str) -> Result<(), CliError> {
    cx.say(&format!("Starting to serve on {place}"))?;
    cx.flush();
    Ok(())
}

async fn port(address: &str, port: i64) -> Result<TcpListener, CliError> {
    let number = u16::try_from(port)
        .map_err(|_| CliError::plain(format!("listen tcp: address {port}: invalid port")))?;
    TcpListener::bind((address, number)).await.map_err(|error| {
        let why = match error.kind() {
            std::io::ErrorKind::AddrInUse => "bind: address already in use".to_owned(),
            _ => error.to_string(),
        };
        CliError::plain(format!("listen tcp {address}:{port}: {why}"))
    })
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
    let client = cx.client().await?;
    let slashed = |name: &str| format!("{}/", parsed.text(name).trim_end_matches('/'));
    let server_path = client.base().parse::<Uri>().map_or(String::new(), |it| it.path().to_owned());
    let client = if parsed.is("append-server-path") {
        client
    } else {
        if !matches!(server_path.as_str(), "" | "/") {
            cx.log_warning(
                "proxy.go:172",
                &format!(
                    "Your kube context contains a server path {server_path}, use \
                     --append-server-path to automatically append the path to each request"
                ),
            );
        }
        client.without_path()
    };
    let filter = if parsed.is("disable-filter") {
        if parsed.text("unix-socket").is_empty() {
            cx.log_warning("proxy.go:177", "Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious");
        }
        None
    } else {
        let list = |name| Filter::expressions(parsed.text(name));
        Some(Filter {
            accept_paths: list("accept-paths")?,
            reject_paths: list("reject-paths")?,
            accept_hosts: list("accept-hosts")?,
            reject_methods: list("reject-methods")?,
        })
    };
    let files = parsed.some("www").map(|folder| (slashed("www-prefix"), PathBuf::from(folder)));
    let period = parsed.duration("keepalive");
    let client = if period.is_zero() { client } else { client.kept_alive(period) };
    Ok(Rules { road: Road { client }, api: slashed("api-prefix"), files, filter })
}

/// A folder that is not there may come later.
fn check_folder(cx: &Context, folder: &str) {
    match std::fs::metadata(folder) {
        Ok(found) if found.is_dir() => {}
        Ok(_) => {
            let text = format!("Static file directory {folder} is not a directory");
            cx.log_warning("proxy.go:202", &text);
        }
        Err(error) => {
            let why = format!("stat {folder}: {}", io_words(&error));
            let text = format!("Failed to stat static file directory {folder}: {why}");
            cx.log_warning("proxy.go:200", &text);
        }
    }
}

async fn connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    rules: Rc<Rules>,
) {
    let service = hyper::service::service_fn(move |request| {
        let rules = Rc::clone(&rules);
        async move { Ok::<_, Infallible>(rules.answer(request).await) }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    // A caller that goes away is no news.
    drop(served.await);
}

/// An answer in plain words.
fn plain(code: StatusCode, text: &str) -> Response<Body> {
    let mut answer = Response::new(Body::from(Bytes::from(format!("{text}\n"))));
    *answer.status_mut() = code;
    let headers = answer.headers_mut();
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

impl Rules {
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let path = request.uri().path();
        let of_files = self.files.as_ref().filter(|(prefix, _)| path.starts_with(prefix.as_str()));
        // The longer prefix wins, as with Go's routes.
        let of_files = of_files.filter(|(prefix, _)| {
            prefix.len() > self.api.len() || !path.starts_with(self.api.as_str())
        });
        if let Some((prefix, folder)) = of_files {
            return files::answer(folder, prefix, request).await;
        }
        if !path.starts_with(self.api.as_str()) {
            return self.elsewhere(path);
        }
        let Some(onward) = inside(&self.api, request.uri()) else {
            return plain(StatusCode::NOT_FOUND, "404 page not found");
        };
        if let Some(filter) = &self.filter {
            let host = request.headers().get(header::HOST);
            let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
            let path = onward.split('?').next().unwrap_or_default();
            if !filter.accepts(request.method().as_str(), path, host) {
                return plain(StatusCode::FORBIDDEN, "Forbidden");
            }
        }
        self.road.pass(request, &onward).await.unwrap_or_else(|error| {
            let words = error.to_string();
            let place = "proxy_server.go:147";
            let logged =
                traffic::klog('E', place, &format!("Error while proxying request: {words}"));
            crate::report::last_words(&mut std::io::stderr(), &logged);
            plain(StatusCode::INTERNAL_SERVER_ERROR, &words)
        })
    }

    /// A prefix without its slash is led to it; nothing else is here.
    fn elsewhere(&self, path: &str) -> Response<Body> {
        let mut prefixes = self.files.iter().map(|(prefix, _)| prefix).chain([&self.api]);
        let meant = prefixes.find(|prefix| prefix.strip_suffix('/') == Some(path));
        if let Some(Ok(place)) = meant.map(|prefix| HeaderValue::from_str(prefix)) {
            let mut answer = plain(StatusCode::MOVED_PERMANENTLY, "Moved Permanently");
            answer.headers_mut().insert(header::LOCATION, place);
            return answer;
        }
        plain(StatusCode::NOT_FOUND, "404 page not found")
    }
}

/// What the API is asked for, path and query: the prefix is left out unless it is the API's own.
fn inside(prefix: &str, uri: &Uri) -> Option<String> {
    let whole = uri.path_and_query()?.as_str();
    if prefix.starts_with("/api") {
        return Some(whole.to_owned());
    }
    Some(format!("/{}", whole.strip_prefix(prefix)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_left_out() {
        let inside = |prefix, path: &str| inside(prefix, &path.parse().unwrap());
        assert_eq!(inside("/", "/api/v1?a=b").as_deref(), Some("/api/v1?a=b"));
        assert_eq!(inside("/own/", "/own/api/v1").as_deref(), Some("/api/v1"));
        assert_eq!(inside("/api/", "/api/v1/pods").as_deref(), Some("/api/v1/pods"));
        assert_eq!(inside("/own/", "/other"), None);
    }
}
