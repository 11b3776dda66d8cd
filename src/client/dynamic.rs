//! Requests for objects as JSON documents, by a descriptor of their resource.

use bytes::Bytes;
use http::Method;
use machinery::json::Keep;
use serde_json::Value;

use crate::{
    connection::{Client, get, with_body, with_json},
    error::{ClientError, Result},
    options::{DeleteOptions, ListOptions, Patch, WatchOptions, WriteOptions, escape_segment},
    watch::WatchStream,
};

/// Where a kind is served.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Resource {
    /// API group; empty for the core group.
    pub group: String,
    /// Version, such as `v1`.
    pub version: String,
    /// Plural name in paths, such as `pods`.
    pub plural: String,
    /// Kind of its objects.
    pub kind: String,
    /// Objects live in namespaces.
    pub namespaced: bool,
}

impl Resource {
    /// The resource of a typed kind.
    pub fn of<K: k8s_openapi::Resource>() -> Self {
        let namespaced = std::any::type_name::<K::Scope>().ends_with("NamespaceResourceScope");
        Self {
            group: K::GROUP.to_owned(),
            version: K::VERSION.to_owned(),
            plural: K::URL_PATH_SEGMENT.to_owned(),
            kind: K::KIND.to_owned(),
            namespaced,
        }
    }

    /// `group/version`, or the version alone in the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// `plural.group`, or the plural alone in the core group.
    pub fn qualified(&self) -> String {
        if self.group.is_empty() {
            self.plural.clone()
        } else {
            format!("{}.{}", self.plural, self.group)
        }
    }

    /// The path of the collection, in a namespace if one is given.
    pub fn path(&self, namespace: Option<&str>) -> String {
        let root = if self.group.is_empty() { "/api" } else { "/apis" };
        let api_version = self.api_version();
        match namespace.filter(|namespace| self.namespaced && !namespace.is_empty()) {
            Some(namespace) => {
                let namespace = escape_segment(namespace);
                format!("{root}/{api_version}/namespaces/{namespace}/{}", self.plural)
            }
            None => format!("{root}/{api_version}/{}", self.plural),
        }
    }
}

/// Requests for one resource, in one namespace or all.
#[derive(Debug, Clone)]
pub struct DynamicApi {
    client: Client,
    resource: Resource,
    namespace: Option<String>,
}

impl DynamicApi {
    /// The resource in one namespace; `None` for cluster-scoped kinds and for all namespaces.
    pub fn new(client: &Client, resource: &Resource, namespace: Option<&str>) -> Self {
        Self {
            client: client.clone(),
            resource: resource.clone(),
            namespace: namespace.map(str::to_owned),
        }
    }

    /// What it asks for.
    pub fn resource(&self) -> &Resource {
        &self.resource
    }

    /// The client it asks with.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The path of the collection.
    pub fn collection(&self) -> String {
        self.resource.path(self.namespace.as_deref())
    }

    /// The path of one object.
    pub fn path(&self, name: &str) -> String {
        format!("{}/{}", self.collection(), escape_segment(name))
    }

    /// Reads one object.
    pub async fn get(&self, name: &str) -> Result<Value> {
        self.client.json(get(&self.path(name))?).await
    }

    /// Reads one object's subresource.
    pub async fn get_sub(&self, name: &str, subresource: &str) -> Result<Value> {
        self.client.json(get(&format!("{}/{subresource}", self.path(name)))?).await
    }

    /// Reads a list as the server sends it.
    pub async fn list(&self, options: &ListOptions) -> Result<Value> {
        let path = format!("{}{}", self.collection(), options.query().into_string());
        self.client.json(get(&path)?).await
    }

    /// Lists what `keep` says of the answer.
    pub async fn list_part(&self, options: &ListOptions, keep: Keep) -> Result<Value> {
        let path = format!("{}{}", self.collection(), options.query().into_string());
        self.client.json_part(get(&path)?, keep).await
    }

    /// Opens a watch.
    pub async fn watch(&self, options: &WatchOptions) -> Result<WatchStream> {
        let path = format!("{}{}", self.collection(), options.query().into_string());
        WatchStream::open(&self.client, get(&path)?).await
    }

    /// Creates an object.
    pub async fn create(&self, object: &Value, options: &WriteOptions) -> Result<Value> {
        let path = format!("{}{}", self.collection(), options.query().into_string());
        self.client.json(with_json(Method::POST, &path, encode(object)?)?).await
    }

    /// Posts to a subresource of an object.
    pub async fn create_sub(
        &self,
        name: &str,
        subresource: &str,
        object: &Value,
        options: &WriteOptions,
    ) -> Result<Value> {
        let path = format!("{}/{subresource}{}", self.path(name), options.query().into_string());
        self.client.json(with_json(Method::POST, &path, encode(object)?)?).await
    }

    /// Replaces an object or, with a subresource (`status`, `scale`), that part of it.
    pub async fn update(
        &self,
        name: &str,
        subresource: Option<&str>,
        object: &Value,
        options: &WriteOptions,
    ) -> Result<Value> {
        let path = format!("{}{}", self.sub(name, subresource), options.query().into_string());
        self.client.json(with_json(Method::PUT, &path, encode(object)?)?).await
    }

    /// Patches an object or a subresource of it.
    pub async fn patch(
        &self,
        name: &str,
        subresource: Option<&str>,
        patch: &Patch,
        options: &WriteOptions,
    ) -> Result<Value> {
        let path = format!("{}{}", self.sub(name, subresource), options.query().into_string());
        let body = encode(patch.document())?;
        self.client.json(with_body(Method::PATCH, &path, patch.content_type(), body)?).await
    }

    /// Deletes an object; answers with its last state or a Status.
    pub async fn delete(&self, name: &str, options: &DeleteOptions) -> Result<Value> {
        let body = encode(&options.body())?;
        self.client.json(with_json(Method::DELETE, &self.path(name), body)?).await
    }

    /// Deletes all objects that `list` selects.
    pub async fn delete_collection(
        &self,
        options: &DeleteOptions,
        list: &ListOptions,
    ) -> Result<Value> {
        let path = format!("{}{}", self.collection(), list.query().into_string());
        self.client.json(with_json(Method::DELETE, &path, encode(&options.body())?)?).await
    }

    fn sub(&self, name: &str, subresource: Option<&str>) -> String {
        match subresource {
            Some(subresource) => format!("{}/{subresource}", self.path(name)),
            None => self.path(name),
        }
    }
}

fn encode(document: &Value) -> Result<Bytes> {
    serde_json::to_vec(document).map(Bytes::from).map_err(ClientError::Encode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_follow_group_and_scope() {
        let pods = Resource::of::<k8s_openapi::api::core::v1::Pod>();
        assert_eq!(pods.path(Some("a")), "/api/v1/namespaces/a/pods");
        assert_eq!(pods.path(None), "/api/v1/pods");
        let roles = Resource::of::<k8s_openapi::api::rbac::v1::ClusterRole>();
        assert_eq!(roles.path(Some("a")), "/apis/rbac.authorization.k8s.io/v1/clusterroles");
    }
}
