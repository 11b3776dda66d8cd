//! The kubeconfig: clusters, users and contexts, read from several files as one.
//!
//! The first file to name an entry wins; paths inside a file are relative to it.

mod check;
mod connect;
mod exec;
mod file;
mod types;

pub use connect::{ConnectError, Connection, Overrides, in_cluster};
pub use exec::{ExecCredential, ExecPlugin};
pub use file::{KubeconfigError, Paths};
use serde::{Deserialize, Serialize};
use serde_json::Value;
pub use types::not_base64;

/// One kubeconfig document. Unknown fields are dropped, as client-go does.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Kubeconfig {
    /// `v1`.
    #[serde(rename = "apiVersion")]
    pub api_version: Option<String>,
    /// `Config`.
    pub kind: Option<String>,
    /// Settings of programs.
    #[serde(deserialize_with = "or_default")]
    pub preferences: Value,
    /// Where clusters are.
    #[serde(deserialize_with = "or_default")]
    pub clusters: Vec<Named<Cluster>>,
    /// Who users are.
    #[serde(deserialize_with = "or_default")]
    pub users: Vec<Named<User>>,
    /// Which user in which cluster.
    #[serde(deserialize_with = "or_default")]
    pub contexts: Vec<Named<Context>>,
    /// The context in use.
    #[serde(deserialize_with = "or_default")]
    pub current_context: String,
    /// Extensions, kept as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Value>,
}

fn or_default<'de, D, T>(decoder: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(decoder)?.unwrap_or_default())
}

/// An entry of a list, under its name. The value stands under the list's own key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Named<T> {
    /// Name.
    pub name: String,
    /// Entry.
    pub entry: T,
}

/// A kind of entry: under which key it stands.
pub trait Entry: Default {
    /// `cluster`, `user` or `context`.
    const KEY: &'static str;
}

impl Entry for Cluster {
    const KEY: &'static str = "cluster";
}
impl Entry for User {
    const KEY: &'static str = "user";
}
impl Entry for Context {
    const KEY: &'static str = "context";
}

impl<T: Entry + Serialize> Serialize for Named<T> {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = out.serialize_map(Some(2))?;
        map.serialize_entry(T::KEY, &self.entry)?;
        map.serialize_entry("name", &self.name)?;
        map.end()
    }
}

impl<'de, T: Entry + serde::de::DeserializeOwned> Deserialize<'de> for Named<T> {
    fn deserialize<D: serde::Deserializer<'de>>(decoder: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        let mut map = serde_json::Map::<String, Value>::deserialize(decoder)?;
        let name = match map.remove("name") {
            Some(Value::String(name)) => name,
            _ => String::new(),
        };
        let entry = match map.remove(T::KEY) {
            None | Some(Value::Null) => T::default(),
            Some(value) => serde_json::from_value(value).map_err(D::Error::custom)?,
        };
        Ok(Self { name, entry })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this signature")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Where a cluster is and how to trust it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Cluster {
    /// File with authorities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_authority: Option<String>,
    /// Authorities, base64 of PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_authority_data: Option<String>,
    /// Do not ask for compressed answers.
    #[serde(skip_serializing_if = "is_false")]
    pub disable_compression: bool,
    /// Extensions, kept as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Value>,
    /// Trust anybody.
    #[serde(skip_serializing_if = "is_false")]
    pub insecure_skip_tls_verify: bool,
    /// Proxy to go through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_url: Option<String>,
    /// Address.
    #[serde(deserialize_with = "or_default")]
    pub server: String,
    /// Name that the certificate must bear.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls_server_name: Option<String>,
}

/// Who a user is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct User {
    /// User to act as.
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub act_as: Option<String>,
    /// Groups to act with.
    #[serde(rename = "as-groups", skip_serializing_if = "Option::is_none")]
    pub act_as_groups: Option<Vec<String>>,
    /// Uid to act with.
    #[serde(rename = "as-uid", skip_serializing_if = "Option::is_none")]
    pub act_as_uid: Option<String>,
    /// Extra fields to act with.
    #[serde(rename = "as-user-extra", skip_serializing_if = "Option::is_none")]
    pub act_as_extra: Option<std::collections::BTreeMap<String, Vec<String>>>,
    /// Plugin of an older time; refused with a word when used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_provider: Option<Value>,
    /// File with the client certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<String>,
    /// Client certificate, base64 of PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_certificate_data: Option<String>,
    /// File with the client key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_key: Option<String>,
    /// Client key, base64 of PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_key_data: Option<String>,
    /// Program that knows the credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exec: Option<ExecPlugin>,
    /// Extensions, kept as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Value>,
    /// Password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Bearer token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// File with the bearer token; read again every minute. Wins over `token`.
    #[serde(rename = "tokenFile", skip_serializing_if = "Option::is_none")]
    pub token_file: Option<String>,
    /// User name for a password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

/// Which user in which cluster, and in which namespace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Context {
    /// Name of the cluster.
    #[serde(deserialize_with = "or_default")]
    pub cluster: String,
    /// Extensions, kept as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Value>,
    /// Namespace where a command names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Name of the user.
    #[serde(deserialize_with = "or_default")]
    pub user: String,
}

/// Finds an entry by name.
pub fn named<'a, T>(list: &'a [Named<T>], name: &str) -> Option<&'a T> {
    list.iter().find(|entry| entry.name == name).map(|entry| &entry.entry)
}

/// Finds an entry by name, to change it; makes it where there is none.
pub fn named_mut<'a, T: Default>(list: &'a mut Vec<Named<T>>, name: &str) -> &'a mut T {
    let place = list.iter().position(|entry| entry.name == name).unwrap_or_else(|| {
        list.push(Named { name: name.to_owned(), entry: T::default() });
        list.len() - 1
    });
    &mut list[place].entry
}

impl Kubeconfig {
    /// Adds what another config has and this one has not.
    pub fn merge(&mut self, other: Self) {
        fn add<T>(ours: &mut Vec<Named<T>>, theirs: Vec<Named<T>>) {
            for entry in theirs {
                if !ours.iter().any(|known| known.name == entry.name) {
                    ours.push(entry);
                }
            }
        }
        add(&mut self.clusters, other.clusters);
        add(&mut self.users, other.users);
        add(&mut self.contexts, other.contexts);
        if self.current_context.is_empty() {
            self.current_context = other.current_context;
        }
        if self.preferences.is_null() {
            self.preferences = other.preferences;
        }
    }

    /// The document as it is written to a file: entries by name, nothing empty but the lists.
    pub fn document(&self) -> Value {
        let mut whole = self.clone();
        whole.clusters.sort_by(|a, b| a.name.cmp(&b.name));
        whole.users.sort_by(|a, b| a.name.cmp(&b.name));
        whole.contexts.sort_by(|a, b| a.name.cmp(&b.name));
        let list = |value: Option<Value>| match value {
            Some(Value::Array(items)) if items.is_empty() => Value::Null,
            Some(value) => value,
            None => Value::Null,
        };
        let encode = |value| list(serde_json::to_value(value).ok());
        let mut document = serde_json::json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": encode(serde_json::json!(whole.clusters)),
            "users": encode(serde_json::json!(whole.users)),
            "contexts": encode(serde_json::json!(whole.contexts)),
            "current-context": whole.current_context,
        });
        match whole.preferences {
            Value::Object(kept) if !kept.is_empty() => document["preferences"] = kept.into(),
            _ => {}
        }
        if let Some(extensions) = whole.extensions {
            document["extensions"] = extensions;
        }
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Kubeconfig {
        serde_yaml::from_str(text).unwrap()
    }

    #[test]
    fn the_first_file_wins_entry_by_entry() {
        let mut ours = parse("clusters: [{name: a, cluster: {server: one}}]\ncontexts:\n");
        ours.merge(parse(
            "clusters: [{name: a, cluster: {server: two}}, {name: b, cluster: {server: three}}]\n\
             current-context: x\ncontexts: [{name: x, context: {cluster: b, namespace: n}}]",
        ));
        assert_eq!(named(&ours.clusters, "a").unwrap().server, "one");
        assert_eq!(named(&ours.clusters, "b").unwrap().server, "three");
        assert_eq!(ours.current_context, "x");
        assert_eq!(named(&ours.contexts, "x").unwrap().namespace.as_deref(), Some("n"));
    }

    #[test]
    fn an_empty_document_is_written_as_client_go_writes_it() {
        let document = Kubeconfig::default().document();
        assert_eq!(document["clusters"], Value::Null);
        assert_eq!(document["current-context"], "");
        assert!(document.get("preferences").is_none());
    }
}
