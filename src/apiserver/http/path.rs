//! What a request asks for, read from its method and path.
//! Source: `k8s.io/apiserver/pkg/endpoints/request.RequestInfo`.

use http::Method;
use machinery::selector::FieldSelector;

use super::Query;
use crate::authz::Selected;

/// Whether a path leads to resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// `/api/v1/...`, `/apis/GROUP/VERSION/...`.
    Resource,
    /// Everything else.
    Path,
}

/// What a request asks for.
#[derive(Debug, Clone)]
pub(crate) struct RequestInfo {
    pub(crate) target: Target,
    pub(crate) verb: &'static str,
    pub(crate) path: String,
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) namespace: String,
    pub(crate) resource: String,
    pub(crate) name: String,
    /// The one name that a list's field selector asks for.
    pub(crate) selected_name: String,
    /// What a list's selectors ask for.
    pub(crate) selected: Selected,
    pub(crate) subresource: String,
    /// What follows the subresource, for proxies.
    pub(crate) rest: String,
}

impl RequestInfo {
    /// Reads method, path and query.
    pub(crate) fn of(method: &Method, path: &str, query: &Query) -> Self {
        let parts: Vec<String> = path.trim_matches('/').split('/').map(decode).collect();
        let mut info = Self {
            target: Target::Path,
            verb: http_verb(method),
            path: path.to_owned(),
            group: String::new(),
            version: String::new(),
            namespace: String::new(),
            resource: String::new(),
            name: String::new(),
            selected_name: String::new(),
            selected: Selected::default(),
            subresource: String::new(),
            rest: String::new(),
        };
        let words: Vec<&str> = parts.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["api", version, rest @ ..] if !rest.is_empty() => {
                (*version).clone_into(&mut info.version);
                info.read(rest, method, query);
            }
            ["apis", group, version, rest @ ..] if !rest.is_empty() => {
                (*group).clone_into(&mut info.group);
                (*version).clone_into(&mut info.version);
                info.read(rest, method, query);
            }
            _ => {}
        }
        info
    }

    fn read(&mut self, words: &[&str], method: &Method, query: &Query) {
        self.target = Target::Resource;
        let mut words = words;
        let mut watching = false;
        if let ["watch", rest @ ..] = words {
            watching = true;
            words = rest;
        }
        if let ["namespaces", namespace, rest @ ..] = words
            && !rest.is_empty()
            && !matches!(rest, ["status" | "finalize"])
        {
            (*namespace).clone_into(&mut self.namespace);
            words = rest;
        } else if let ["namespaces", name, ..] = words {
            (*name).clone_into(&mut self.namespace);
        }
        let mut words = words.iter().map(|word| (*word).to_owned());
        self.resource = words.next().unwrap_or_default();
        self.name = words.next().unwrap_or_default();
        self.subresource = words.next().unwrap_or_default();
        self.rest = words.collect::<Vec<_>>().join("/");
        let one = !self.name.is_empty();
        self.verb = match http_verb(method) {
            // One object is watched under a path of its own alone.
            "get" if watching || !one && query.flag("watch") => "watch",
            "get" if !one => "list",
            "delete" if !one => "deletecollection",
            "post" => "create",
            "put" => "update",
            verb => verb,
        };
        if matches!(self.verb, "list" | "watch" | "deletecollection") {
            self.selected_name = selected_name(query.text("fieldSelector"));
            self.selected = Selected::of(query.text("fieldSelector"), query.text("labelSelector"));
        }
    }
}

/// The name that a field selector asks for alone; empty where it asks for none.
fn selected_name(selector: &str) -> String {
    let selector = FieldSelector::parse(selector).unwrap_or_default();
    selector.exact("metadata.name").unwrap_or_default().to_owned()
}

pub(crate) fn decode(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(decoded) if *byte == b'%' => {
                out.push(decoded);
                at += 3;
            }
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn http_verb(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "get",
        "HEAD" => "head",
        "POST" => "post",
        "PUT" => "put",
        "PATCH" => "patch",
        "DELETE" => "delete",
        "OPTIONS" => "options",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(method: &str, path: &str, query: &str) -> (String, String) {
        let method: Method = method.parse().unwrap();
        let info = RequestInfo::of(&method, path, &Query::parse(query));
        let place = [info.group, info.version, info.namespace, info.resource, info.name];
        (info.verb.into(), format!("{} {}", place.join("/"), info.subresource))
    }

    #[test]
    fn paths_say_what_is_asked() {
        for (method, path, query, verb, place) in [
            ("GET", "/api/v1/pods", "", "list", "/v1//pods/ "),
            ("GET", "/api/v1/namespaces/a/pods", "watch=true", "watch", "/v1/a/pods/ "),
            ("GET", "/api/v1/namespaces/a/pods/p/log", "", "get", "/v1/a/pods/p log"),
            (
                "POST",
                "/apis/apps/v1/namespaces/a/deployments",
                "",
                "create",
                "apps/v1/a/deployments/ ",
            ),
            ("GET", "/api/v1/namespaces/a", "", "get", "/v1/a/namespaces/a "),
            ("PUT", "/api/v1/namespaces/a/status", "", "update", "/v1/a/namespaces/a status"),
            ("DELETE", "/api/v1/nodes", "", "deletecollection", "/v1//nodes/ "),
            ("GET", "/version", "", "get", "//// "),
        ] {
            assert_eq!(read(method, path, query), (verb.into(), place.into()), "{path}");
        }
    }
}
