//! Writes allocations and who uses claims, before a pod is bound.

use client::{Api, Client, ObjectKey, WriteOptions};
use k8s_openapi::api::{
    core::v1::Pod,
    resource::v1::{ResourceClaim, ResourceClaimConsumerReference},
};

use super::{Devices, allocation_of, claim_names, is_reserved, uid_of};

/// Keeps an allocated claim until its devices are given back.
const FINALIZER: &str = "resource.kubernetes.io/delete-protection";
/// Times that a claim is written anew when somebody else wrote in between.
const TRIES: usize = 10;

/// Why a pod's claims could not be written.
#[derive(Debug)]
pub(crate) enum Unwritten {
    /// The server did not do it.
    Client(client::ClientError),
    /// Something has changed; the words say what.
    Changed(String),
}

impl From<client::ClientError> for Unwritten {
    fn from(error: client::ClientError) -> Self {
        Self::Client(error)
    }
}

fn user(pod: &Pod) -> ResourceClaimConsumerReference {
    ResourceClaimConsumerReference {
        api_group: None,
        resource: "pods".into(),
        name: pod.metadata.name.clone().unwrap_or_default(),
        uid: pod.metadata.uid.clone().unwrap_or_default(),
    }
}

impl Devices {
    /// Writes what was promised to a pod, and that it uses its claims.
    pub(crate) async fn bind(&self, client: &Client, pod: &Pod) -> Result<(), Unwritten> {
        if !super::has_claims(pod) {
            return Ok(());
        }
        let namespace = pod.metadata.namespace.clone().unwrap_or_default();
        let api = Api::<ResourceClaim>::namespaced(client, namespace);
        for name in claim_names(pod).map_err(Unwritten::Changed)? {
            self.bind_claim(&api, &name, pod).await?;
        }
        Ok(())
    }

    async fn bind_claim(
        &self,
        api: &Api<ResourceClaim>,
        name: &str,
        pod: &Pod,
    ) -> Result<(), Unwritten> {
        for _ in 0..TRIES {
            let claim = api.get(name).await?;
            if allocation_of(&claim).is_some() && is_reserved(&claim, pod) {
                return Ok(());
            }
            match self.write(api, claim, pod).await {
                Err(Unwritten::Client(error)) if error.conflict() => {}
                other => return other,
            }
        }
        Err(Unwritten::Changed(format!("claim {name} is written by others all the time")))
    }

    async fn write(
        &self,
        api: &Api<ResourceClaim>,
        mut claim: ResourceClaim,
        pod: &Pod,
    ) -> Result<(), Unwritten> {
        let key = ObjectKey::of(&claim);
        let changed =
            |what: &str| Err(Unwritten::Changed(format!("claim {key} {what} in the meantime")));
        if claim.metadata.deletion_timestamp.is_some() {
            return changed("got deleted");
        }
        let promised = self.pending().get(uid_of(&claim)).map(|it| it.allocation.clone());
        match (&promised, allocation_of(&claim)) {
            (Some(_), Some(_)) => return changed("got allocated elsewhere"),
            (None, None) => return changed("got deallocated elsewhere"),
            _ => {}
        }
        let options = WriteOptions::default();
        let protected = claim.metadata.finalizers.iter().flatten().any(|one| one == FINALIZER);
        if promised.is_some() && !protected {
            claim.metadata.finalizers.get_or_insert_default().push(FINALIZER.into());
            claim = api.update(&claim, &options).await?;
        }
        let is_new = promised.is_some();
        let status = claim.status.get_or_insert_default();
        if is_new {
            status.allocation = promised;
        }
        status.reserved_for.get_or_insert_default().push(user(pod));
        let written = api.update_status(&claim, &options).await?;
        if is_new {
            self.pending().written(&written);
        }
        Ok(())
    }

    /// Takes back that a pod uses its claims: it does not go where they are.
    pub(crate) async fn unbind(&self, client: &Client, pod: &Pod) {
        if !super::has_claims(pod) {
            return;
        }
        let namespace = pod.metadata.namespace.clone().unwrap_or_default();
        let api = Api::<ResourceClaim>::namespaced(client, namespace);
        for name in claim_names(pod).unwrap_or_default() {
            let Ok(mut claim) = api.get(&name).await else { continue };
            if !is_reserved(&claim, pod) {
                continue;
            }
            let users = claim.status.as_mut().and_then(|status| status.reserved_for.as_mut());
            if let Some(users) = users {
                users.retain(|user| Some(&user.uid) != pod.metadata.uid.as_ref());
            }
            if let Err(error) = api.update_status(&claim, &WriteOptions::default()).await {
                // Whoever uses it no more is found by the controller of claims.
                tracing::debug!(claim = name, %error, "a claim stays reserved");
            }
        }
    }
}
