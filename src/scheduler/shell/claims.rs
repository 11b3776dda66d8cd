//! Pods that have a node and wait for their volumes.

use std::sync::Arc;

use client::ObjectKey;
use k8s_openapi::api::core::v1::Pod;

use super::{Shell, lock};
use crate::{
    nodes::{NodeInfo, priority},
    plugins::Plugin as _,
    queue::Turn,
};

impl Shell {
    /// Reserves a node for a pod, and asks for its volumes there.
    pub(super) async fn promise(
        &self,
        key: &ObjectKey,
        pod: &Arc<Pod>,
        node: &NodeInfo,
    ) -> client::Result<()> {
        lock(&self.ledger).assume(pod, node.name());
        lock(&self.promised).insert(key.clone(), node.name().to_owned());
        self.storage.prepare(&self.client, pod, node).await
    }

    /// Binds a pod whose claims have come; thinks again where its node cannot have them any more.
    pub(super) async fn keep_promise(
        self: &Arc<Self>,
        key: &ObjectKey,
        pod: &Arc<Pod>,
        name: &str,
    ) -> client::Result<()> {
        if self.storage.is_ready(pod) {
            lock(&self.promised).remove(key);
            self.bind(Arc::clone(pod), name.to_owned()).await;
            return Ok(());
        }
        let node = self.nodes.get("", name).map(NodeInfo::new);
        let fits = |node: &NodeInfo| {
            self.storage.pre_filter(pod).is_ok() && self.storage.filter(pod, node).is_ok()
        };
        if let Some(node) = node.filter(fits) {
            // What was written may have been taken back.
            return self.storage.prepare(&self.client, pod, &node).await;
        }
        self.forget(key);
        self.queue.add(key.clone(), priority(pod), Turn::Again);
        Ok(())
    }
}
