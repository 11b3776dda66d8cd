//! JSON of objects that kubectl holds as Go structs: fields in the order of their declaration.

use machinery::{
    json::{indented, ordered},
    yaml,
};
use serde_json::{Map, Value};

use crate::merge;

/// Fields of a kubeconfig in the order of client-go's structs, and those that stand first in what has
/// no schema here. Source: `k8s.io/client-go/tools/clientcmd/api/v1/types.go`.
pub(crate) const ORDER: &[&str] = &[
    "kind",
    "command",
    "args",
    "env",
    "apiVersion",
    "metadata",
    "installHint",
    "provideClusterInfo",
    "interactiveMode",
    "preferences",
    "name",
    "clusters",
    "users",
    "contexts",
    "current-context",
    "server",
    "tls-server-name",
    "insecure-skip-tls-verify",
    "certificate-authority",
    "certificate-authority-data",
    "proxy-url",
    "disable-compression",
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "token",
    "tokenFile",
    "as",
    "as-uid",
    "as-groups",
    "as-user-extra",
    "username",
    "password",
    "auth-provider",
    "exec",
    "cluster",
    "user",
    "context",
    "namespace",
];

/// Writes an object, or a list of objects, with four blanks for each level.
pub(crate) fn json(object: &Value) -> String {
    String::from_utf8_lossy(&indented(compact(object).as_bytes(), 4)).into_owned()
}

/// Writes an object without blanks.
pub(crate) fn compact(object: &Value) -> String {
    let Some(bytes) = of_struct(object) else {
        let mut out = String::new();
        write(&mut out, object);
        return out;
    };
    // As Go does for readers that take JSON for HTML or a script; outside of texts there are none.
    [
        ('<', "\\u003c"),
        ('>', "\\u003e"),
        ('&', "\\u0026"),
        ('\u{2028}', "\\u2028"),
        ('\u{2029}', "\\u2029"),
    ]
    .into_iter()
    .fold(String::from_utf8_lossy(&bytes).into_owned(), |text, (letter, escaped)| {
        if text.contains(letter) { text.replace(letter, escaped) } else { text }
    })
}

/// The object in Go's order; `None` where its kind is not built in.
fn of_struct(object: &Value) -> Option<Vec<u8>> {
    let text = |field: &str| object[field].as_str().unwrap_or_default();
    let fields = object.as_object()?;
    if let Some(items) = fields.get("items").and_then(Value::as_array) {
        return list(fields, items);
    }
    of_kind(text("apiVersion"), text("kind"), fields)
}

fn of_kind(version: &str, kind: &str, fields: &Map<String, Value>) -> Option<Vec<u8>> {
    let schema = merge::schema_of(version, kind).or_else(|| api::body_schema(kind))?;
    let mut out = Vec::new();
    ordered::document(&mut out, fields, &schema, api::wire::wire()).ok()?;
    Some(out)
}

fn list(fields: &Map<String, Value>, items: &[Value]) -> Option<Vec<u8>> {
    let text = |field: &str| fields.get(field).and_then(Value::as_str).unwrap_or_default();
    let (version, kind) = (text("apiVersion"), text("kind"));
    let kind = kind.strip_suffix("List").unwrap_or(kind);
    let mut out = Vec::new();
    for key in ["kind", "apiVersion", "metadata"] {
        out.extend_from_slice(if out.is_empty() { b"{\"" } else { b",\"" });
        out.extend_from_slice(format!("{key}\":").as_bytes());
        serde_json::to_writer(&mut out, fields.get(key)?).ok()?;
    }
    out.extend_from_slice(b",\"items\":[");
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        // Those of a list of one kind may leave it to the list to say which.
        out.extend(match item.as_object() {
            Some(object) if !object.contains_key("kind") => of_kind(version, kind, object)?,
            _ => of_struct(item)?,
        });
    }
    out.extend_from_slice(b"]}");
    Some(out)
}

/// What has no schema here: by [`ORDER`], and by name behind it.
fn write(out: &mut String, value: &Value) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            let rank = |key: &str| ORDER.iter().position(|k| *k == key).unwrap_or(ORDER.len());
            entries.sort_by_key(|(key, _)| rank(key));
            out.push('{');
            for (at, (key, item)) in entries.into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                out.push_str(&yaml::quoted(key));
                out.push(':');
                write(out, item);
            }
            out.push('}');
        }
        Value::Array(list) => {
            out.push('[');
            for (at, item) in list.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write(out, item);
            }
            out.push(']');
        }
        other => out.push_str(&yaml::compact(other)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn fields_stand_in_declared_order_and_names_sorted() {
        let object = json!({"apiVersion": "v1", "kind": "Secret", "data": {"b": "1", "a": "2"}, "metadata": {"labels": {"type": "<x>", "kind": "y"}, "name": "n"}, "type": "t"});
        let want = "{\n    \"kind\": \"Secret\",\n    \"apiVersion\": \"v1\",\n    \"metadata\": {\n        \
                    \"name\": \"n\",\n        \"labels\": {\n            \"kind\": \"y\",\n            \
                    \"type\": \"\\u003cx\\u003e\"\n        }\n    },\n    \"data\": {\n        \"a\": \"2\",\n        \
                    \"b\": \"1\"\n    },\n    \"type\": \"t\"\n}";
        assert_eq!(super::json(&object), want);
        let config =
            json!({"kind": "Config", "users": [], "clusters": [{"name": "c", "cluster": {}}]});
        assert_eq!(
            super::compact(&config),
            "{\"kind\":\"Config\",\"clusters\":[{\"name\":\"c\",\"cluster\":{}}],\"users\":[]}"
        );
    }
}
