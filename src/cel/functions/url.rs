//! Addresses on the web. Source: `k8s.io/apiserver/pkg/cel/library/urls.go`, Go's `net/url`.

use std::collections::BTreeMap;

use super::{Give, texts};
use crate::value::{EvalError, Value};

/// An absolute address, or an absolute path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    scheme: String,
    host: String,
    path: String,
    query: String,
}

pub(super) fn call(function: &str, values: &[Value]) -> Option<Give> {
    Some(match (function, values) {
        ("url", [Value::String(text)]) => {
            let words = format!(
                "URL parse error during conversion from string: parse {text:?}: invalid URI for request"
            );
            Url::parse(text).map(|url| Value::Url(url.into())).ok_or_else(|| EvalError::new(words))
        }
        ("isURL", [Value::String(text)]) => Ok(Value::Bool(Url::parse(text).is_some())),
        (_, [Value::Url(url)]) => Ok(match function {
            "getScheme" => Value::text(&url.scheme),
            "getHost" => Value::text(&url.host),
            "getHostname" => Value::text(url.host_and_port().0),
            "getPort" => Value::text(url.host_and_port().1),
            "getEscapedPath" => Value::text(&url.path),
            "getQuery" => url.query(),
            _ => return None,
        }),
        _ => return None,
    })
}

impl Url {
    /// Reads an address as `ParseRequestURI` does: absolute, without a fragment.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.is_empty() || text.contains(|it: char| it.is_control() || it == ' ') {
            return None;
        }
        let (scheme, rest) = match text.split_once(':') {
            Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
            _ if text.starts_with('/') => (String::new(), text),
            _ => return None,
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let opaque = !scheme.is_empty() && !rest.starts_with('/');
        if opaque {
            return None;
        }
        let authority = rest.strip_prefix("//").filter(|_| !scheme.is_empty());
        let (host, path) = match authority {
            Some(rest) => rest.find('/').map_or((rest, ""), |at| rest.split_at(at)),
            None => ("", rest),
        };
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let port = host
            .rsplit_once(':')
            .filter(|(before, _)| !before.contains('[') || before.ends_with(']'));
        if port.is_some_and(|(_, port)| !port.bytes().all(|it| it.is_ascii_digit())) {
            return None;
        }
        let escapes = path
            .split('%')
            .skip(1)
            .all(|part| part.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2);
        if !escapes || host.contains(['<', '>', '"', '\\', '^', '`', '{', '}', '|']) {
            return None;
        }
        Some(Self { scheme, host: host.to_owned(), path: path.to_owned(), query: query.to_owned() })
    }

    fn host_and_port(&self) -> (&str, &str) {
        let host = self.host.as_str();
        if let Some(rest) = host.strip_prefix('[') {
            let (inner, after) = rest.split_once(']').unwrap_or((rest, ""));
            return (inner, after.trim_start_matches(':'));
        }
        host.rsplit_once(':').unwrap_or((host, ""))
    }

    fn query(&self) -> Value {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for pair in self.query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';')) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let (Some(key), Some(value)) = (unescaped(key), unescaped(value)) {
                found.entry(key).or_default().push(value);
            }
        }
        Value::map(found.into_iter().map(|(key, values)| (key, texts(values))))
    }
}

fn is_scheme(text: &str) -> bool {
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.');
    text.starts_with(|it: char| it.is_ascii_alphabetic()) && text.chars().all(plain)
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
