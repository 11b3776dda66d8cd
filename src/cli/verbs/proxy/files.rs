//! Files of a folder beside the API: pages that talk to it.

use std::path::{Component, Path};

use bytes::Bytes;
use client::Body;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri, header};
use hyper::body::Incoming;
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use super::plain;

/// Answers with a file below `folder`, or what is in a folder there that has no `index.html`.
pub(super) async fn answer(
    folder: &Path,
    prefix: &str,
    request: Request<Incoming>,
) -> Response<Body> {
    let none = || plain(StatusCode::NOT_FOUND, "404 page not found");
    let uri = request.uri();
    let Some(rest) = uri.path().strip_prefix(prefix).map(str::to_owned) else { return none() };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let Ok(inside) = format!("/{rest}{query}").parse::<Uri>() else { return none() };
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if let Some(list) = list(folder, &rest).filter(|_| is_read) {
        return list;
    }
    let (mut parts, body) = request.into_parts();
    parts.uri = inside;
    let Ok(answer) = ServeDir::new(folder).oneshot(Request::from_parts(parts, body)).await;
    match answer.status() {
        StatusCode::NOT_FOUND => none(),
        _ => answer.map(Body::new),
    }
}

/// What is in a folder; `None` where no folder is, or one with a page of its own.
fn list(folder: &Path, rest: &str) -> Option<Response<Body>> {
    if !(rest.is_empty() || rest.ends_with('/')) {
        return None;
    }
    let inside = Path::new(rest).components().all(|part| matches!(part, Component::Normal(_)));
    let path = folder.join(rest);
    if !inside || path.join("index.html").exists() {
        return None;
    }
    let entries = std::fs::read_dir(&path).ok()?.filter_map(Result::ok);
    let mut names: Vec<String> = entries
        .map(|entry| {
            let slash = if entry.path().is_dir() { "/" } else { "" };
            format!("{}{slash}", entry.file_name().to_string_lossy())
        })
        .collect();
    names.sort();
    let lines: Vec<String> = names.iter().map(|name| line(name)).collect();
    let head = "<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n<pre>\n";
    let page = format!("{head}{}</pre>\n", lines.concat());
    let mut answer = Response::new(Body::from(Bytes::from(page)));
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    Some(answer)
}

/// A name as a link; whatever it holds is no markup.
fn line(name: &str) -> String {
    let mut shown = String::new();
    for letter in name.chars() {
        match letter {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&#34;"),
            '\'' => shown.push_str("&#39;"),
            other => shown.push(other),
        }
    }
    let place = name.trim_end_matches('/');
    let slash = if name.ends_with('/') { "/" } else { "" };
    // In a path a plus is no space.
    let place = client::escape(place).replace('+', "%20");
    format!("<a href=\"{place}{slash}\">{shown}</a>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_markup() {
        assert_eq!(line("a b/"), "<a href=\"a%20b/\">a b/</a>\n");
        assert!(!line("<script>\"").contains("<script"));
    }
}
