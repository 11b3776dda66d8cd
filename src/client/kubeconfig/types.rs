//! The types that the fields of a kubeconfig have in client-go, and its words where one has another.
//! Source: client-go, `tools/clientcmd/api/v1/types.go`; Go's `encoding/json`.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use machinery::json::kind_of;
use serde_json::Value;

/// The type of a field.
enum Type {
    Text,
    Flag,
    /// Bytes, base64.
    Bytes,
    List(&'static Type),
    Map(&'static Type),
    Struct(&'static str, &'static [(&'static str, Type)]),
}

const TEXTS: Type = Type::List(&Type::Text);
const EXTENSIONS: Type = Type::List(&Type::Struct("NamedExtension", &[("name", Type::Text)]));

const PREFERENCES: Type =
    Type::Struct("Preferences", &[("colors", Type::Flag), ("extensions", EXTENSIONS)]);

const CLUSTER: Type = Type::Struct(
    "Cluster",
    &[
        ("server", Type::Text),
        ("tls-server-name", Type::Text),
        ("insecure-skip-tls-verify", Type::Flag),
        ("certificate-authority", Type::Text),
        ("certificate-authority-data", Type::Bytes),
        ("proxy-url", Type::Text),
        ("disable-compression", Type::Flag),
        ("extensions", EXTENSIONS),
    ],
);

const CONTEXT: Type = Type::Struct(
    "Context",
    &[
        ("cluster", Type::Text),
        ("user", Type::Text),
        ("namespace", Type::Text),
        ("extensions", EXTENSIONS),
    ],
);

const EXEC: Type = Type::Struct(
    "ExecConfig",
    &[
        ("command", Type::Text),
        ("args", TEXTS),
        (
            "env",
            Type::List(&Type::Struct("ExecEnvVar", &[("name", Type::Text), ("value", Type::Text)])),
        ),
        ("apiVersion", Type::Text),
        ("installHint", Type::Text),
        ("provideClusterInfo", Type::Flag),
        ("interactiveMode", Type::Text),
    ],
);

const USER: Type = Type::Struct(
    "AuthInfo",
    &[
        ("client-certificate", Type::Text),
        ("client-certificate-data", Type::Bytes),
        ("client-key", Type::Text),
        ("client-key-data", Type::Bytes),
        ("token", Type::Text),
        ("tokenFile", Type::Text),
        ("as", Type::Text),
        ("as-uid", Type::Text),
        ("as-groups", TEXTS),
        ("as-user-extra", Type::Map(&TEXTS)),
        ("username", Type::Text),
        ("password", Type::Text),
        (
            "auth-provider",
            Type::Struct(
                "AuthProviderConfig",
                &[("name", Type::Text), ("config", Type::Map(&Type::Text))],
            ),
        ),
        ("exec", EXEC),
        ("extensions", EXTENSIONS),
    ],
);

const CONFIG: Type = Type::Struct(
    "Config",
    &[
        ("kind", Type::Text),
        ("apiVersion", Type::Text),
        ("preferences", PREFERENCES),
        (
            "clusters",
            Type::List(&Type::Struct(
                "NamedCluster",
                &[("name", Type::Text), ("cluster", CLUSTER)],
            )),
        ),
        (
            "users",
            Type::List(&Type::Struct("NamedAuthInfo", &[("name", Type::Text), ("user", USER)])),
        ),
        (
            "contexts",
            Type::List(&Type::Struct(
                "NamedContext",
                &[("name", Type::Text), ("context", CONTEXT)],
            )),
        ),
        ("current-context", Type::Text),
        ("extensions", EXTENSIONS),
    ],
);

impl Type {
    /// Its name in Go.
    fn name(&self) -> String {
        match self {
            Self::Text => "string".to_owned(),
            Self::Flag => "bool".to_owned(),
            Self::Bytes => "[]uint8".to_owned(),
            Self::List(of) => format!("[]{}", of.name()),
            Self::Map(of) => format!("map[string]{}", of.name()),
            Self::Struct(name, _) => format!("v1.{name}"),
        }
    }

    /// What is wrong with a value at a path of a struct.
    fn fault(&self, value: &Value, owner: &str, path: &str) -> Option<String> {
        let below = |value: &Value, of: &Self| of.fault(value, owner, path);
        match (self, value) {
            (_, Value::Null) | (Self::Text, Value::String(_)) | (Self::Flag, Value::Bool(_)) => {
                None
            }
            (Self::Bytes, Value::String(text)) => not_base64(text),
            (Self::List(of), Value::Array(items)) => items.iter().find_map(|one| below(one, of)),
            (Self::Map(of), Value::Object(map)) => map.values().find_map(|one| below(one, of)),
            (Self::Struct(name, fields), Value::Object(map)) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_unstable_by_key(|(key, _)| *key);
                entries.into_iter().find_map(|(key, value)| {
                    let (_, of) = fields.iter().find(|(field, _)| field == key)?;
                    let dot = if path.is_empty() { "" } else { "." };
                    of.fault(value, name, &format!("{path}{dot}{key}"))
                })
            }
            _ => Some(format!(
                "json: cannot unmarshal {} into Go struct field {owner}.{path} of type {}",
                kind_of(value),
                self.name()
            )),
        }
    }
}

/// Why a text is no base64, in Go's words; `None` where it is. Line breaks do not count.
pub fn not_base64(text: &str) -> Option<String> {
    let text = text.replace(['\r', '\n'], "");
    let at = match BASE64_STANDARD.decode(&text).err()? {
        base64::DecodeError::InvalidByte(at, _) | base64::DecodeError::InvalidLastSymbol(at, _) => {
            at
        }
        // What is too short ends in a group that is not whole.
        _ => text.len() - text.len() % 4,
    };
    Some(format!("illegal base64 data at input byte {at}"))
}

/// What is wrong with a kubeconfig's types.
pub(super) fn fault(document: &Value) -> Option<String> {
    CONFIG.fault(document, "Config", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_types_are_told_in_the_words_of_go() {
        for (text, want) in [
            (
                "clusters: [1]",
                "number into Go struct field Config.clusters of type v1.NamedCluster",
            ),
            (
                "contexts: {}",
                "object into Go struct field Config.contexts of type []v1.NamedContext",
            ),
            (
                "users: [{name: a, user: {token: 5}}]",
                "number into Go struct field AuthInfo.users.user.token of type string",
            ),
            (
                "users: [{name: a, user: {auth-provider: {config: {a: 5}}}}]",
                "number into Go struct field AuthProviderConfig.users.user.auth-provider.config of type string",
            ),
            (
                "preferences: 5",
                "number into Go struct field Config.preferences of type v1.Preferences",
            ),
        ] {
            let document = serde_yaml::from_str(text).unwrap();
            assert_eq!(fault(&document), Some(format!("json: cannot unmarshal {want}")), "{text}");
        }
        let bytes = serde_yaml::from_str("users: [{user: {client-key-data: \"%%\"}}]").unwrap();
        assert_eq!(fault(&bytes).as_deref(), Some("illegal base64 data at input byte 0"));
        let fine = "users: [{name: a, user: {exec: {args: [x], env: [{name: a}]}, more: 5}}]";
        assert_eq!(fault(&serde_yaml::from_str(fine).unwrap()), None);
    }
}
