//! Objects of one resource, kept as the server has them: a list, then a watch, and again when that ends.

use std::collections::BTreeMap;

use client::{DynamicApi, ListOptions, WatchEvent, WatchOptions, WatchStream};
use machinery::meta;
use serde_json::Value;

use crate::{context::Context, report::CliError};

/// The objects that a selector picks.
#[derive(Debug)]
pub(crate) struct Follow {
    api: DynamicApi,
    labels: Option<String>,
    fields: Option<String>,
    known: BTreeMap<String, Value>,
    version: Option<String>,
    events: Option<WatchStream>,
}

impl Follow {
    /// Lists what there is now.
    pub(crate) async fn start(
        cx: &Context,
        resource: &client::Resource,
        namespace: Option<&str>,
        labels: Option<String>,
        fields: Option<String>,
    ) -> Result<Self, CliError> {
        let api = cx.api(resource, namespace).await?;
        let mut follow =
            Self { api, labels, fields, known: BTreeMap::new(), version: None, events: None };
        follow.list().await?;
        Ok(follow)
    }

    async fn list(&mut self) -> Result<(), CliError> {
        let options = ListOptions {
            labels: self.labels.clone(),
            fields: self.fields.clone(),
            ..ListOptions::default()
        };
        let mut list = self.api.list(&options).await?;
        self.version = list["metadata"]["resourceVersion"].as_str().map(str::to_owned);
        let items = list["items"].as_array_mut().map(std::mem::take).unwrap_or_default();
        self.known = items.into_iter().map(|one| (meta::uid(&one).to_owned(), one)).collect();
        Ok(())
    }

    /// The objects as last seen.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Value> {
        self.known.values()
    }

    /// Waits until an object comes, changes or goes.
    ///
    /// It may be left off at any point and called again. Errors: the server may not be asked.
    pub(crate) async fn changed(&mut self) -> Result<(), CliError> {
        loop {
            if self.events.is_none() {
                let options = WatchOptions {
                    labels: self.labels.clone(),
                    fields: self.fields.clone(),
                    resource_version: self.version.clone(),
                    ..WatchOptions::default()
                };
                self.events = Some(self.api.watch(&options).await?);
            }
            let Some(events) = &mut self.events else { continue };
            match events.next::<Value>().await {
                Ok(Some(WatchEvent::Added(one) | WatchEvent::Modified(one))) => {
                    self.known.insert(meta::uid(&one).to_owned(), one);
                    return Ok(());
                }
                Ok(Some(WatchEvent::Deleted(one))) => {
                    self.known.remove(meta::uid(&one));
                    return Ok(());
                }
                Ok(Some(WatchEvent::Bookmark(_))) => {}
                Ok(None) => return self.again().await,
                Err(error) if error.gone() => return self.again().await,
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn again(&mut self) -> Result<(), CliError> {
        self.events = None;
        self.list().await
    }
}
