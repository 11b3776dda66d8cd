//! Pods that have a node and wait for their volumes.

use std::sync::Arc;

use client::ObjectKey;
use k8s_openapi::api::core::v1::Pod;

use super::{Promise, Shell, lock};
use crate::{
    nodes::{NodeInfo, priority},
    plugins::Plugin as _,
    queue::Turn,
};

/// What is told of a pod whose volumes do not come in time.
const TOO_LATE: &str =
    "running PreBind plugin \"VolumeBinding\": binding volumes: context deadline exceeded";

impl Shell {
    /// Reserves a node for a pod, and asks for its volumes there.
    pub(super) async fn promise(
        &self,
        key: &ObjectKey,
        pod: &Arc<Pod>,
        node: &NodeInfo,
    ) -> client::Result<()> {
        lock(&self.ledger).assume(pod, node.name());
        let limit = self.desk(pod).map(|desk| desk.profile.arguments.volumes.timeout());
        let until = lifecycle::clock::instant() + limit.unwrap_or_default();
        let promise = Promise { node: node.name().to_owned(), until };
        lock(&self.promised).insert(key.clone(), promise);
        self.queue.add_at(key.clone(), priority(pod), until);
        self.around.storage.prepare(&self.client, pod, node).await
    }

    /// Binds a pod whose claims have come; thinks again where its node cannot have them any more.
    pub(super) async fn keep_promise(
        self: &Arc<Self>,
        key: &ObjectKey,
        pod: &Arc<Pod>,
        promise: &Promise,
    ) -> client::Result<()> {
        let name = promise.node.as_str();
        if self.around.storage.is_ready(pod) {
            lock(&self.promised).remove(key);
            self.bind(Arc::clone(pod), name.to_owned()).await;
            return Ok(());
        }
        if lifecycle::clock::instant() >= promise.until {
            return self.fail(key, pod, TOO_LATE).await;
        }
        let node = self.nodes.get("", name).map(NodeInfo::new);
        let fits = |node: &NodeInfo| {
            let storage = &self.around.storage;
            storage.pre_filter(pod).is_ok() && storage.filter(pod, node).is_ok()
        };
        if let Some(node) = node.filter(fits) {
            // What was written may have been taken back.
            return self.around.storage.prepare(&self.client, pod, &node).await;
        }
        self.forget(key);
        self.queue.add(key.clone(), priority(pod), Turn::Again);
        Ok(())
    }
}
