//! Keeps one cache equal to the server: list, then watch from there, and again whenever it breaks.
//!
//! Resumes at the last revision seen; lists anew only when the server says that it is gone.

use std::{any::TypeId, time::Duration};

use bytes::Bytes;
use http::{Request, header::ACCEPT};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ListMeta;
use lifecycle::Backoff;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use tracing::{debug, warn};

use super::{
    cache::{Cached, PartialObject, SharedCache},
    lean::{Reader, lean},
};
use crate::{
    connection::Client,
    dynamic::Resource,
    error::{ClientError, Result},
    options::{ListOptions, WatchOptions},
    watch::{WatchEvent, WatchStream},
};

const FIRST_DELAY: Duration = Duration::from_millis(50);
const LONGEST_DELAY: Duration = Duration::from_secs(30);
/// Items a page: what is decoded at a time stays small.
const PAGE: u64 = 500;
/// The server ends a watch after this long; client-go takes 5 to 10 minutes.
const WATCH_SECONDS: u64 = 450;
/// Lists and watches of metadata without specs, where the server can.
const METADATA_ALONE: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,\
     application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

#[derive(Deserialize)]
#[serde(bound(deserialize = "K: serde::de::DeserializeOwned"))]
struct Page<K> {
    #[serde(default)]
    metadata: ListMeta,
    #[serde(default = "Vec::new", deserialize_with = "null_as_empty")]
    items: Vec<K>,
}

fn null_as_empty<'de, D, K>(decoder: D) -> std::result::Result<Vec<K>, D::Error>
where
    D: serde::Deserializer<'de>,
    K: serde::de::DeserializeOwned,
{
    Ok(Option::<Vec<K>>::deserialize(decoder)?.unwrap_or_default())
}

/// Runs until it is dropped.
pub(super) async fn reflect<K: Cached>(
    client: Client,
    resource: Resource,
    fields: String,
    cache: SharedCache<K>,
) {
    let accept = if TypeId::of::<K>() == TypeId::of::<PartialObject>() {
        METADATA_ALONE
    } else {
        "application/json"
    };
    let reader = if fields.is_empty() { Reader::Everybody } else { Reader::Selective };
    let source = Source { client, resource, fields, accept, reader };
    let mut backoff = Backoff::new(FIRST_DELAY, LONGEST_DELAY);
    let mut revision: Option<String> = None;
    loop {
        let round = source.round(&cache, &mut revision, &mut backoff).await;
        let Err(error) = round else { continue };
        if error.gone() {
            debug!(resource = source.resource.plural, "history is gone, listing anew");
            revision = None;
            continue;
        }
        let delay = backoff.next_delay();
        warn!(resource = source.resource.plural, %error, ?delay, "watch broke");
        tokio::time::sleep(delay).await;
    }
}

struct Source {
    client: Client,
    resource: Resource,
    fields: String,
    accept: &'static str,
    reader: Reader,
}

impl Source {
    /// Lists if there is no revision to go on from, then follows one watch to its end.
    async fn round<K: Cached>(
        &self,
        cache: &SharedCache<K>,
        revision: &mut Option<String>,
        backoff: &mut Backoff,
    ) -> Result<()> {
        if revision.is_none() {
            let (fresh, at) = self.list().await?;
            cache.replace(fresh);
            *revision = Some(at);
        }
        let mut events = self.watch(revision.clone()).await?;
        backoff.reset();
        while let Some(event) = events.next::<Box<RawValue>>().await? {
            self.take(cache, event, revision)?;
        }
        Ok(())
    }

    async fn list<K: Cached>(&self) -> Result<(Vec<K>, String)> {
        let mut items = Vec::new();
        let mut options = ListOptions {
            fields: Some(self.fields.clone()),
            limit: Some(PAGE),
            ..ListOptions::default()
        };
        loop {
            let path = format!("{}{}", self.resource.path(None), options.query().into_string());
            let page: Page<K> = self.client.json(self.get(&path)?).await?;
            items.extend(page.items.into_iter().map(|item| lean(item, self.reader)));
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => options.continue_token = Some(token),
                None => return Ok((items, page.metadata.resource_version.unwrap_or_default())),
            }
        }
    }

    async fn watch(&self, revision: Option<String>) -> Result<WatchStream> {
        let options = WatchOptions {
            fields: Some(self.fields.clone()),
            resource_version: revision,
            bookmarks: true,
            timeout_seconds: Some(WATCH_SECONDS),
            ..WatchOptions::default()
        };
        let path = format!("{}{}", self.resource.path(None), options.query().into_string());
        WatchStream::open(&self.client, self.get(&path)?).await
    }

    fn get(&self, path: &str) -> Result<Request<Bytes>> {
        Ok(Request::get(path).header(ACCEPT, self.accept).body(Bytes::new())?)
    }

    /// Applies one event; a bookmark moves the revision alone.
    fn take<K: Cached>(
        &self,
        cache: &SharedCache<K>,
        event: WatchEvent<Box<RawValue>>,
        revision: &mut Option<String>,
    ) -> Result<()> {
        let seen = match event {
            WatchEvent::Added(raw) | WatchEvent::Modified(raw) => {
                let object: K = decode(&raw)?;
                let seen = object.meta().resource_version.clone();
                cache.put(lean(object, self.reader));
                seen
            }
            WatchEvent::Deleted(raw) => {
                let object: K = decode(&raw)?;
                let seen = object.meta().resource_version.clone();
                cache.remove(object);
                seen
            }
            WatchEvent::Bookmark(raw) => decode::<PartialObject>(&raw)?.metadata.resource_version,
        };
        if seen.is_some() {
            *revision = seen;
        }
        Ok(())
    }
}

fn decode<T: DeserializeOwned>(raw: &RawValue) -> Result<T> {
    serde_json::from_str(raw.get()).map_err(ClientError::Decode)
}
