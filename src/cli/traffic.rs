//! `-v`: what is said to servers, in klog's form on stderr.
//! Source: client-go's `DebugWrappers` (6: answers; 7: requests; 8: headers and bodies; 9: as curl
//! commands, longer bodies; 10: all of them).

use std::{io, path::Path};

use bytes::Bytes;
use client::traffic::{Exchange, Reader};
use http::{HeaderMap, Request, header};

use crate::report;

/// Whoever reads along, from this level on.
const FROM: i64 = 6;

/// Tells what goes over the road.
#[derive(Debug)]
pub(crate) struct Talk {
    level: i64,
}

impl Talk {
    /// A reader for that level of `-v`, if it is told anything.
    pub(crate) fn at(level: i64) -> Option<Self> {
        (level >= FROM).then_some(Self { level })
    }

    /// Says which file the configuration is from.
    pub(crate) fn loaded(path: &Path) {
        log(&format!("Config loaded from file:  {}", path.display()));
    }
}

impl Reader for Talk {
    fn asked(&self, request: &Request<Bytes>, url: &str) {
        if self.level >= 8 {
            let body = String::from_utf8_lossy(request.body());
            log(&format!("\"Request Body\" {}", pair("body", &self.cut(&body, body.len()))));
        }
        if self.level >= 9 {
            let command = curl(request, url);
            log(&format!("\"Request\" {}", pair("curlCommand", &command)));
        } else if self.level >= 7 {
            log(&format!(
                "\"Request\" verb=\"{}\" url={url:?} {}",
                request.method(),
                pair("headers", &shown(request.headers()))
            ));
        }
    }

    fn answered(&self, exchange: &Exchange<'_>) {
        let mut line = "\"Response\"".to_owned();
        if self.level == 6 || self.level >= 9 {
            line = format!("{line} verb=\"{}\" url={:?}", exchange.method, exchange.url);
        }
        line = format!("{line} status=\"{}\"", exchange.status);
        if self.level >= 8 {
            line = format!("{line} {}", pair("headers", &shown(exchange.headers)));
        }
        log(&format!("{line} milliseconds={}", exchange.took.as_millis()));
    }

    fn wanted(&self) -> Option<usize> {
        match self.level {
            ..8 => None,
            8 => Some(1024),
            9 => Some(10_240),
            _ => Some(usize::MAX),
        }
    }

    fn body(&self, begin: &[u8], length: usize) {
        let text = String::from_utf8_lossy(begin);
        log(&format!("\"Response Body\" {}", pair("body", &self.cut(&text, length))));
    }
}

impl Talk {
    /// The beginning of a text of `length` bytes, and how much is left out.
    fn cut(&self, text: &str, length: usize) -> String {
        let limit = self.wanted().unwrap_or_default();
        if length <= limit {
            return text.to_owned();
        }
        let begin = (0..=limit.min(text.len())).rev().find_map(|at| text.get(..at));
        let begin = begin.unwrap_or_default();
        format!("{begin} [truncated {} chars]", length - begin.len())
    }
}

/// The address that a host's name stands for; the name where nobody knows.
fn dialled(host: &str) -> String {
    use std::net::ToSocketAddrs as _;
    let mut found = host.to_socket_addrs().into_iter().flatten();
    found.find(std::net::SocketAddr::is_ipv4).map_or(host.to_owned(), |one| one.to_string())
}

/// Why a server could not be reached, in Go's words.
pub(crate) fn dial_words(host: &str, why: &str) -> String {
    // Nothing was dialled where nobody knows how.
    if why.starts_with("unsupported protocol scheme") {
        return why.to_owned();
    }
    format!("dial tcp {}: connect: {why}", dialled(host))
}

/// The groups of a server could not be learned.
pub(crate) fn unlearned(server: &str, host: &str, why: &str) {
    no_groups(server, &dial_words(host, why));
}

/// The groups of a server could not be learned, for any reason.
pub(crate) fn no_groups(server: &str, why: &str) {
    let why = why.replace('"', "\\\"");
    let text = format!(
        "\"Unhandled Error\" err=\"couldn't get current server API group list: Get \
         \\\"{server}/api?timeout=32s\\\": {why}\""
    );
    line('E', "memcache.go:265", &text);
}

fn log(text: &str) {
    line('I', concat!("traffic.rs:", line!()), text);
}

/// A line of the log, in klog's form.
fn line(severity: char, place: &str, text: &str) {
    report::last_words(&mut io::stderr(), &klog(severity, place, text));
}

/// A line as kubectl's log has it: `W` warns, `F` ends the program.
pub(crate) fn klog(severity: char, place: &str, text: &str) -> String {
    let now = jiff::Zoned::now().strftime("%m%d %H:%M:%S%.6f");
    format!("{severity}{now} {:>7} {place}] {text}\n", std::process::id())
}

/// A key and its value; several lines stand below each other.
fn pair(key: &str, value: &str) -> String {
    if !value.contains('\n') {
        return format!("{key}={value:?}");
    }
    let lines: Vec<String> =
        value.trim_end_matches('\n').split('\n').map(|line| format!("\t{line}\n")).collect();
    format!("{key}=<\n{} >", lines.concat())
}

/// Headers by name, a line each; credentials are kept to ourselves.
fn shown(headers: &HeaderMap) -> String {
    let mut lines: Vec<String> = headers
        .iter()
        .map(|(name, value)| {
            let value = masked(name, value.to_str().unwrap_or_default());
            format!("{}: {value}\n", canonical(name.as_str()))
        })
        .collect();
    lines.sort();
    lines.concat()
}

fn masked(name: &header::HeaderName, value: &str) -> String {
    if *name != header::AUTHORIZATION {
        return value.to_owned();
    }
    match value.split_once(' ') {
        Some((scheme, _)) => format!("{scheme} <masked>"),
        None => "<masked>".to_owned(),
    }
}

/// `user-agent` as `User-Agent`.
fn canonical(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect::<Vec<_>>().join("-")
}

/// The request as a curl command.
fn curl(request: &Request<Bytes>, url: &str) -> String {
    let headers = shown(request.headers());
    let headers: Vec<String> = headers.lines().map(|line| format!(" -H {line:?}")).collect();
    format!("curl -v -X{} {} '{url}'\n", request.method(), headers.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_a_line_or_below_each_other() {
        assert_eq!(pair("body", "a\"b"), "body=\"a\\\"b\"");
        assert_eq!(pair("body", "a\nb\n"), "body=<\n\ta\n\tb\n >");
    }

    #[test]
    fn credentials_are_masked_and_names_are_canonical() {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, header::HeaderValue::from_static("k"));
        headers.insert(header::AUTHORIZATION, header::HeaderValue::from_static("Bearer secret"));
        assert_eq!(shown(&headers), "Authorization: Bearer <masked>\nUser-Agent: k\n");
    }

    #[test]
    fn long_bodies_are_cut() {
        let talk = Talk::at(8).unwrap();
        let long = "x".repeat(1030);
        let cut = talk.cut(&long, long.len());
        assert!(cut.ends_with("x [truncated 6 chars]"), "{cut}");
        assert_eq!(Talk::at(10).unwrap().cut(&long, long.len()), long);
        assert!(Talk::at(5).is_none());
    }
}
