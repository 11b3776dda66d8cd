//! Claims for devices: made from templates for pods, kept for pods that have a node, and freed when
//! nobody uses them. Source: `k8s.io/kubernetes/pkg/controller/resourceclaim`.

mod reconcile;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use client::{
    Api, Client, DeleteOptions, EventKind, ObjectKey, Patch, Recorder, SharedCache, WorkQueue,
    WriteOptions, reference,
};
use k8s_openapi::api::{
    core::v1::{Pod, PodResourceClaim},
    resource::v1::{ResourceClaim, ResourceClaimConsumerReference, ResourceClaimTemplate},
};
use serde_json::json;

use self::reconcile::{
    FINALIZER, Found, Ownership, Step, find, from_template, is_done, is_for, reconcile, reserved,
    wishes,
};
use crate::{
    claim,
    driver::{Controller, Next, Shop, SyncError, queue_each},
    owner, pods,
};

/// Index: pods by the claims that they use.
const BY_CLAIM: &str = "resource-claim";

/// The claims of a pod that are there, by its own names for them.
fn used(pod: &Pod) -> impl Iterator<Item = String> {
    wishes(pod).iter().filter_map(|wish| match find(pod, wish) {
        Found::Named(name, _) => Some(name),
        Found::NotNeeded | Found::Missing => None,
    })
}

fn place(namespace: Option<&str>, name: &str) -> String {
    format!("{}/{name}", namespace.unwrap_or_default())
}

/// Gives pods their claims; its keys are pods.
#[derive(Debug)]
pub(crate) struct PodClaims {
    client: Client,
    pods: SharedCache<Pod>,
    claims: SharedCache<ResourceClaim>,
    templates: SharedCache<ResourceClaimTemplate>,
    /// Claims that were made and may not be in the cache, by the pod's uid and its name for them.
    made: Mutex<HashMap<String, BTreeMap<String, String>>>,
    recorder: Recorder,
}

impl PodClaims {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        let claims = shop.informers.cache();
        claim::index(&claims);
        Self {
            client: shop.client.clone(),
            pods: shop.informers.cache(),
            claims,
            templates: shop.informers.cache(),
            made: Mutex::default(),
            recorder: shop.recorder("resource_claim"),
        }
    }

    fn made(&self) -> MutexGuard<'_, HashMap<String, BTreeMap<String, String>>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The name of a claim that a pod needs and that its status does not have yet.
    async fn provide(
        &self,
        pod: &Pod,
        wish: &PodResourceClaim,
    ) -> Result<Option<String>, SyncError> {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        match find(pod, wish) {
            Found::NotNeeded | Found::Named(_, Ownership::Anybody) => return Ok(None),
            Found::Named(name, Ownership::Pod) => {
                let known = self.claims.get(namespace, &name);
                let own =
                    |it: &Arc<ResourceClaim>| owner::is_controlled_by(&it.metadata, &pod.metadata);
                if known.as_ref().is_some_and(own) || known.is_none() && self.just_made(pod, &name)
                {
                    return Ok(None);
                }
            }
            Found::Missing => {}
        }
        let Some(template) = &wish.resource_claim_template_name else { return Ok(None) };
        let orphan = claim::candidates(&self.claims, &pod.metadata);
        if let Some(orphan) = orphan.iter().find(|one| is_for(one, pod, wish)) {
            return Ok(orphan.metadata.name.clone());
        }
        let known = self.made().get(pods::uid(pod)).and_then(|all| all.get(&wish.name).cloned());
        if let Some(name) = known
            && find(pod, wish) == Found::Missing
        {
            return Ok(Some(name));
        }
        let Some(found) = self.templates.get(namespace, template) else {
            return Err(format!(
                "resource claim template {template:?}: resourceclaimtemplate.resource.k8s.io \
                 {template:?} not found"
            )
            .into());
        };
        let api = Api::<ResourceClaim>::namespaced(&self.client, namespace);
        let made = api.create(&from_template(pod, wish, &found), &WriteOptions::default()).await;
        let name = made.map_err(|error| format!("create ResourceClaim : {error}"))?.metadata.name;
        if let Some(name) = &name {
            let mut all = self.made();
            all.entry(pods::uid(pod).to_owned())
                .or_default()
                .insert(wish.name.clone(), name.clone());
        }
        Ok(name)
    }

    fn just_made(&self, pod: &Pod, claim: &str) -> bool {
        let made = self.made();
        made.get(pods::uid(pod)).is_some_and(|all| all.values().any(|name| name == claim))
    }

    /// Keeps allocated claims for a pod that was given its node by somebody else than a scheduler.
    async fn reserve(&self, pod: &Pod) -> Result<(), SyncError> {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        for name in used(pod) {
            let Some(claim) = self.claims.get(namespace, &name) else { continue };
            if let Some(kept) = reserved(&claim, pod) {
                let api = Api::<ResourceClaim>::namespaced(&self.client, namespace);
                api.update_status(&kept, &WriteOptions::default()).await?;
            }
        }
        Ok(())
    }
}

impl Controller for PodClaims {
    fn name(&self) -> &'static str {
        "resourceclaim-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let (keys, shell) = (queue.clone(), Arc::downgrade(self));
        self.pods.index(BY_CLAIM, |pod| {
            used(pod).map(|name| place(pod.metadata.namespace.as_deref(), &name)).collect()
        });
        self.pods.on_change(move |old, new| match (old, new) {
            (_, Some(pod)) if !wishes(pod).is_empty() => keys.add(ObjectKey::of(&**pod)),
            (Some(gone), None) if !wishes(gone).is_empty() => {
                if let Some(shell) = shell.upgrade() {
                    shell.made().remove(pods::uid(gone));
                }
            }
            _ => {}
        });
        let (keys, pods) = (queue.clone(), self.pods.clone());
        self.claims.on_change(move |old, new| {
            let Some(claim) = new.or(old) else { return };
            let name = claim.metadata.name.as_deref().unwrap_or_default();
            let place = place(claim.metadata.namespace.as_deref(), name);
            for pod in pods.indexed(BY_CLAIM, &place) {
                keys.add(ObjectKey::of(&*pod));
            }
        });
    }

    async fn ready(&self) {
        self.pods.synced().await;
        self.claims.synced().await;
        self.templates.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(pod) = self.pods.find(key) else { return Ok(Next::Settled) };
        if pod.metadata.deletion_timestamp.is_some() {
            return Ok(Next::Settled);
        }
        let mut statuses = Vec::new();
        for wish in wishes(&pod) {
            match self.provide(&pod, wish).await {
                Ok(None) => {}
                Ok(Some(name)) => {
                    statuses.push(json!({"name": wish.name, "resourceClaimName": name}));
                }
                Err(error) => {
                    let words = format!("PodResourceClaim {}: {error}", wish.name);
                    let (about, reason) = (reference(&*pod), "FailedResourceClaimCreation");
                    self.recorder.event(&about, EventKind::Warning, reason, words.clone());
                    return Err(format!("pod {key}, {words}").into());
                }
            }
        }
        if !statuses.is_empty() {
            let api = Api::<Pod>::namespaced(&self.client, key.namespace.clone());
            let patch = Patch::Strategic(json!({"metadata": {"uid": pod.metadata.uid},
                "status": {"resourceClaimStatuses": statuses}}));
            match api.patch_status(&key.name, &patch, &WriteOptions::default()).await {
                Err(error) if !error.not_found() => return Err(error.into()),
                _ => return Ok(Next::Settled),
            }
        }
        if !pods::node_name(&pod).is_empty() && !is_done(&pod) {
            self.reserve(&pod).await?;
        }
        Ok(Next::Settled)
    }
}

/// Frees claims that nobody uses; its keys are claims.
#[derive(Debug)]
pub(crate) struct ClaimUsers {
    client: Client,
    pods: SharedCache<Pod>,
    claims: SharedCache<ResourceClaim>,
}

impl ClaimUsers {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        let (pods, claims) = (shop.informers.cache(), shop.informers.cache());
        Self { client: shop.client.clone(), pods, claims }
    }

    /// The users of a claim that are still there; the server has the last word, since caches are late.
    async fn left(&self, claim: &ResourceClaim) -> client::Result<Vec<String>> {
        let namespace = claim.metadata.namespace.as_deref().unwrap_or_default();
        let api = Api::<Pod>::namespaced(&self.client, namespace);
        let users = claim.status.iter().flat_map(|status| status.reserved_for.iter().flatten());
        let mut left = Vec::new();
        for user in users.filter(|user| user.resource == "pods") {
            let there = if let Some(pod) = self.pods.get(namespace, &user.name) {
                pods::uid(&pod) == user.uid && !is_done(&pod)
            } else {
                let found = api.find(&user.name).await?;
                found.is_some_and(|pod| pods::uid(&pod) == user.uid)
            };
            if there {
                left.push(user.uid.clone());
            }
        }
        Ok(left)
    }

    async fn carry_out(&self, claim: &ResourceClaim, step: Step) -> client::Result<()> {
        let meta = &claim.metadata;
        let namespace = meta.namespace.as_deref().unwrap_or_default();
        let name = meta.name.as_deref().unwrap_or_default();
        let api = Api::<ResourceClaim>::namespaced(&self.client, namespace);
        let options = WriteOptions::default();
        let free = Patch::Strategic(json!({"metadata": {
            "uid": meta.uid, "$deleteFromPrimitiveList/finalizers": [FINALIZER],
        }}));
        match step {
            Step::Settled => Ok(()),
            Step::Release(freed) => {
                let protected = meta.finalizers.iter().flatten().any(|one| one == FINALIZER);
                let stays = freed.status.as_ref().is_some_and(|it| it.allocation.is_some());
                api.update_status(&freed, &options).await?;
                if protected && !stays {
                    api.patch(name, &free, &options).await?;
                }
                Ok(())
            }
            Step::Free => api.patch(name, &free, &options).await.map(drop),
            Step::Delete => {
                let uid = meta.uid.clone().unwrap_or_default();
                api.delete(name, &DeleteOptions::of_uid(uid)).await.map(drop)
            }
        }
    }
}

impl Controller for ClaimUsers {
    fn name(&self) -> &'static str {
        "resourceclaim-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        queue_each(&self.claims, queue);
        let keys = queue.clone();
        self.pods.on_change(move |old, new| {
            let Some(pod) = new.or(old).filter(|pod| !wishes(pod).is_empty()) else { return };
            if new.is_some_and(|pod| !is_done(pod)) {
                return;
            }
            let namespace = pod.metadata.namespace.clone().unwrap_or_default();
            for name in used(pod) {
                keys.add(ObjectKey::new(namespace.clone(), name));
            }
        });
    }

    async fn ready(&self) {
        self.pods.synced().await;
        self.claims.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(claim) = self.claims.find(key) else { return Ok(Next::Settled) };
        let left = self.left(&claim).await?;
        let uses = |user: &ResourceClaimConsumerReference| left.contains(&user.uid);
        let owner = owner::controller_key::<Pod>(&*claim).and_then(|key| self.pods.find(&key));
        let step = reconcile(&claim, uses, owner.as_deref())?;
        match self.carry_out(&claim, step).await {
            Err(error) if !error.not_found() => Err(error.into()),
            _ => Ok(Next::Settled),
        }
    }
}
