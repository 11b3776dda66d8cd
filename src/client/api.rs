//! Requests for objects as typed structs.

use std::marker::PhantomData;

use bytes::Bytes;
use http::Method;
use k8s_openapi::{
    List, ListableResource, Metadata, apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    connection::{Client, get, with_body, with_json},
    dynamic::Resource,
    error::{ClientError, Result},
    options::{DeleteOptions, ListOptions, Patch, WatchOptions, WriteOptions, escape_segment},
    watch::WatchStream,
};

/// Requests for one typed kind, in one namespace or all.
#[derive(Debug)]
pub struct Api<K> {
    client: Client,
    resource: Resource,
    namespace: Option<String>,
    kind: PhantomData<fn() -> K>,
}

impl<K> Clone for Api<K> {
    fn clone(&self) -> Self {
        Self {
            client: self.client.clone(),
            resource: self.resource.clone(),
            namespace: self.namespace.clone(),
            kind: PhantomData,
        }
    }
}

impl<K> Api<K>
where
    K: k8s_openapi::Resource + Serialize + DeserializeOwned,
{
    /// The kind in all namespaces, or a cluster-scoped kind.
    pub fn all(client: &Client) -> Self {
        Self {
            client: client.clone(),
            resource: Resource::of::<K>(),
            namespace: None,
            kind: PhantomData,
        }
    }

    /// The kind in one namespace.
    pub fn namespaced(client: &Client, namespace: impl Into<String>) -> Self {
        Self { namespace: Some(namespace.into()), ..Self::all(client) }
    }

    fn path(&self, name: &str, subresource: &str) -> String {
        let collection = self.resource.path(self.namespace.as_deref());
        let name = escape_segment(name);
        if subresource.is_empty() {
            format!("{collection}/{name}")
        } else {
            format!("{collection}/{name}/{subresource}")
        }
    }

    /// Reads one object.
    pub async fn get(&self, name: &str) -> Result<K> {
        self.client.json(get(&self.path(name, ""))?).await
    }

    /// Reads one object; `None` when there is none.
    pub async fn find(&self, name: &str) -> Result<Option<K>> {
        match self.get(name).await {
            Ok(object) => Ok(Some(object)),
            Err(error) if error.not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens a watch.
    pub async fn watch(&self, options: &WatchOptions) -> Result<WatchStream> {
        let collection = self.resource.path(self.namespace.as_deref());
        let path = format!("{collection}{}", options.query().into_string());
        WatchStream::open(&self.client, get(&path)?).await
    }

    /// Creates an object.
    pub async fn create(&self, object: &K, options: &WriteOptions) -> Result<K> {
        let collection = self.resource.path(self.namespace.as_deref());
        let path = format!("{collection}{}", options.query().into_string());
        self.client.json(with_json(Method::POST, &path, encode(object)?)?).await
    }

    /// Posts another document to a subresource, such as `binding`, `eviction` or `token`.
    pub async fn create_sub<B: Serialize, R: DeserializeOwned>(
        &self,
        name: &str,
        subresource: &str,
        body: &B,
    ) -> Result<R> {
        let path = self.path(name, subresource);
        self.client.json(with_json(Method::POST, &path, encode(body)?)?).await
    }

    /// Applies a patch.
    pub async fn patch(&self, name: &str, patch: &Patch, options: &WriteOptions) -> Result<K> {
        self.patch_sub(name, "", patch, options).await
    }

    /// Applies a patch to the status.
    pub async fn patch_status(
        &self,
        name: &str,
        patch: &Patch,
        options: &WriteOptions,
    ) -> Result<K> {
        self.patch_sub(name, "status", patch, options).await
    }

    async fn patch_sub(
        &self,
        name: &str,
        subresource: &str,
        patch: &Patch,
        options: &WriteOptions,
    ) -> Result<K> {
        let path = format!("{}{}", self.path(name, subresource), options.query().into_string());
        let body = encode(patch.document())?;
        self.client.json(with_body(Method::PATCH, &path, patch.content_type(), body)?).await
    }

    /// Deletes an object; the answer is its last state or a Status.
    pub async fn delete(&self, name: &str, options: &DeleteOptions) -> Result<Value> {
        let body = encode(&options.body())?;
        self.client.json(with_json(Method::DELETE, &self.path(name, ""), body)?).await
    }

    /// Deletes all objects that `list` selects.
    pub async fn delete_collection(
        &self,
        options: &DeleteOptions,
        list: &ListOptions,
    ) -> Result<Value> {
        let collection = self.resource.path(self.namespace.as_deref());
        let path = format!("{collection}{}", list.query().into_string());
        self.client.json(with_json(Method::DELETE, &path, encode(&options.body())?)?).await
    }
}

impl<K> Api<K>
where
    K: ListableResource + Serialize + DeserializeOwned,
{
    /// Lists; the answer carries the revision and the token of the next page.
    pub async fn list(&self, options: &ListOptions) -> Result<List<K>> {
        let collection = self.resource.path(self.namespace.as_deref());
        let path = format!("{collection}{}", options.query().into_string());
        self.client.json(get(&path)?).await
    }
}

impl<K> Api<K>
where
    K: Metadata<Ty = ObjectMeta> + Serialize + DeserializeOwned,
{
    /// Replaces an object (by its own name and revision).
    pub async fn update(&self, object: &K, options: &WriteOptions) -> Result<K> {
        self.put("", object, options).await
    }

    /// Replaces an object's status.
    pub async fn update_status(&self, object: &K, options: &WriteOptions) -> Result<K> {
        self.put("status", object, options).await
    }

    /// Replaces what a subresource writes, such as `approval`.
    pub async fn update_sub(
        &self,
        subresource: &str,
        object: &K,
        options: &WriteOptions,
    ) -> Result<K> {
        self.put(subresource, object, options).await
    }

    async fn put(&self, subresource: &str, object: &K, options: &WriteOptions) -> Result<K> {
        let name = object.metadata().name.as_deref().unwrap_or_default();
        let path = format!("{}{}", self.path(name, subresource), options.query().into_string());
        self.client.json(with_json(Method::PUT, &path, encode(object)?)?).await
    }
}

fn encode<B: Serialize>(document: &B) -> Result<Bytes> {
    serde_json::to_vec(document).map(Bytes::from).map_err(ClientError::Encode)
}
