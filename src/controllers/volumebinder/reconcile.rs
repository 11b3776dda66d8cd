//! What a claim or a volume needs next. No clock, no I/O, no randomness: all facts are given.
//!
//! A tie is made in four writes, volume first: the volume names the claim, shows that it is bound, the
//! claim names the volume, shows that it is bound. Each is a compare-and-set, so that no volume is ever
//! given to two claims; whatever interrupts, the next pass goes on where the last one ended.

use std::sync::Arc;

use api::binding::{
    self, BIND_COMPLETED, BOUND_BY_CONTROLLER, NO_PROVISIONER, PROVISIONED_BY, PROVISIONER,
    PROVISIONER_BETA, Place, SELECTED_NODE, annotation, class_of, volume_name,
};
use k8s_openapi::api::{
    core::v1::{PersistentVolume, PersistentVolumeClaim, PersistentVolumeClaimStatus},
    storage::v1::StorageClass,
};

use crate::remark::Remark;

/// One write, of the object as it is to be. Those of one object follow on one another.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    Volume(Box<PersistentVolume>),
    VolumeStatus(Box<PersistentVolume>),
    Claim(Box<PersistentVolumeClaim>),
    ClaimStatus(Box<PersistentVolumeClaim>),
}

/// Writes in their order, and what is said of the object.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) remarks: Vec<Remark>,
}

impl Plan {
    fn say(mut self, remark: Remark) -> Self {
        self.remarks.push(remark);
        self
    }
}

/// A claim and all that may decide over it.
#[derive(Debug)]
pub(super) struct ClaimSeen<'a> {
    pub(super) claim: &'a PersistentVolumeClaim,
    pub(super) volumes: &'a [Arc<PersistentVolume>],
    /// The class that the claim names.
    pub(super) class: Option<&'a StorageClass>,
    /// The class that claims get which name none.
    pub(super) default_class: Option<&'a str>,
    /// Pods that have the claim and no node.
    pub(super) pods: &'a [String],
}

impl ClaimSeen<'_> {
    fn volume(&self, name: &str) -> Option<&PersistentVolume> {
        let mut all = self.volumes.iter().map(|volume| &**volume);
        all.find(|volume| volume.metadata.name.as_deref() == Some(name))
    }
}

/// Decides over a claim.
pub(super) fn for_claim(seen: &ClaimSeen<'_>) -> Plan {
    let claim = seen.claim;
    if annotation(&claim.metadata, BIND_COMPLETED).is_some() {
        return once_bound(seen);
    }
    if claim.metadata.deletion_timestamp.is_some() {
        return Plan::default();
    }
    if let Some(claim) = with_default_class(seen) {
        return Plan { steps: vec![Step::Claim(Box::new(claim))], remarks: Vec::new() };
    }
    let wanted = volume_name(claim);
    if !wanted.is_empty() {
        return asking_for(seen, wanted);
    }
    let delayed = binding::waits(seen.class);
    let place = if delayed { Place::Later } else { Place::Anywhere };
    if let Some(volume) = binding::best(claim, seen.volumes.iter().map(|it| &**it), place) {
        return bind(volume, claim);
    }
    if delayed && annotation(&claim.metadata, SELECTED_NODE).is_none() {
        return pending(claim).say(waiting(seen.pods));
    }
    if class_of(claim).is_empty() {
        let words = "no persistent volumes available for this claim and no storage class is set";
        return pending(claim).say(Remark::normal("FailedBinding", words));
    }
    provision(seen)
}

fn with_default_class(seen: &ClaimSeen<'_>) -> Option<PersistentVolumeClaim> {
    let spec = seen.claim.spec.as_ref()?;
    if spec.storage_class_name.is_some() || !class_of(seen.claim).is_empty() {
        return None;
    }
    let mut claim = seen.claim.clone();
    claim.spec.get_or_insert_default().storage_class_name = Some(seen.default_class?.to_owned());
    Some(claim)
}

fn waiting(pods: &[String]) -> Remark {
    let words = match pods {
        [] => {
            let words = "waiting for first consumer to be created before binding";
            return Remark::normal("WaitForFirstConsumer", words);
        }
        [pod] => format!("waiting for pod {pod} to be scheduled"),
        pods => format!("waiting for pods {} to be scheduled", pods.join(",")),
    };
    Remark::normal("WaitForPodScheduled", words)
}

/// The claim names a volume itself, and is not bound yet.
fn asking_for(seen: &ClaimSeen<'_>, wanted: &str) -> Plan {
    let claim = seen.claim;
    let Some(volume) = seen.volume(wanted) else { return pending(claim) };
    if binding::is_kept_for(volume, claim) {
        return bind(volume, claim);
    }
    if binding::claim_ref(volume).is_some() {
        let words = format!("volume {wanted:?} already bound to a different claim.");
        return pending(claim).say(Remark::warning("FailedBinding", words));
    }
    match binding::refusal(claim, volume) {
        Some(why) => {
            let words = format!("Cannot bind to requested volume {wanted:?}: {why}");
            pending(claim).say(Remark::warning("VolumeMismatch", words))
        }
        None => bind(volume, claim),
    }
}

/// The claim was bound once: it is so still, or has lost its volume for ever.
fn once_bound(seen: &ClaimSeen<'_>) -> Plan {
    let claim = seen.claim;
    let name = volume_name(claim);
    if name.is_empty() {
        let words =
            "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!";
        return lost(claim, "ClaimLost", words);
    }
    let Some(volume) = seen.volume(name) else {
        let words = "Bound claim has lost its PersistentVolume. Data on the volume is lost!";
        return lost(claim, "ClaimLost", words);
    };
    let uid = binding::claim_ref(volume).map(|it| &it.uid);
    if uid.is_none_or(|uid| *uid == claim.metadata.uid) {
        return bind(volume, claim);
    }
    let words = "Two claims are bound to the same volume, this one is bound incorrectly";
    lost(claim, "ClaimMisbound", words)
}

fn lost(claim: &PersistentVolumeClaim, reason: &str, words: &str) -> Plan {
    let plan = with_status(claim, "Lost", None);
    if plan.steps.is_empty() { plan } else { plan.say(Remark::warning(reason, words)) }
}

fn pending(claim: &PersistentVolumeClaim) -> Plan {
    with_status(claim, "Pending", None)
}

fn with_status(
    claim: &PersistentVolumeClaim,
    phase: &str,
    volume: Option<&PersistentVolume>,
) -> Plan {
    let known = claim.status.clone().unwrap_or_default();
    let status = status_of(&known, phase, volume);
    if status == known {
        return Plan::default();
    }
    let mut claim = claim.clone();
    claim.status = Some(status);
    Plan { steps: vec![Step::ClaimStatus(Box::new(claim))], remarks: Vec::new() }
}

fn status_of(
    known: &PersistentVolumeClaimStatus,
    phase: &str,
    volume: Option<&PersistentVolume>,
) -> PersistentVolumeClaimStatus {
    let mut status = known.clone();
    status.phase = Some(phase.to_owned());
    let Some(spec) = volume.and_then(|volume| volume.spec.as_ref()) else {
        status.capacity = None;
        status.access_modes = None;
        return status;
    };
    status.access_modes.clone_from(&spec.access_modes);
    // Of a bound claim, whoever lets the volume grow says how large it is.
    if known.phase.as_deref() != Some("Bound") || known.capacity.is_none() {
        let size = spec.capacity.as_ref().and_then(|all| all.get_key_value("storage"));
        status.capacity = size.map(|(key, size)| [(key.clone(), size.clone())].into());
    }
    status
}

/// Ties a volume and a claim: what is missing of it.
fn bind(volume: &PersistentVolume, claim: &PersistentVolumeClaim) -> Plan {
    let mut plan = Plan::default();
    let kept = binding::kept_for(volume, claim);
    let shown = in_phase(kept.as_ref().unwrap_or(volume), "Bound", None);
    plan.steps.extend(kept.map(|kept| Step::Volume(Box::new(kept))));
    plan.steps.extend(shown.map(|shown| Step::VolumeStatus(Box::new(shown))));

    let mut tied = claim.clone();
    let annotations = tied.metadata.annotations.get_or_insert_default();
    annotations.insert(BIND_COMPLETED.into(), "yes".into());
    if volume_name(claim).is_empty() {
        annotations.insert(BOUND_BY_CONTROLLER.into(), "yes".into());
        let spec = tied.spec.get_or_insert_default();
        spec.volume_name.clone_from(&volume.metadata.name);
    }
    let status = with_status(&tied, "Bound", Some(volume)).steps;
    if tied != *claim {
        plan.steps.push(Step::Claim(Box::new(tied)));
    }
    plan.steps.extend(status);
    plan
}

/// Asks whoever makes volumes of the class for one.
fn provision(seen: &ClaimSeen<'_>) -> Plan {
    let claim = seen.claim;
    let Some(class) = seen.class else {
        let words = format!("storageclass.storage.k8s.io {:?} not found", class_of(claim));
        return pending(claim).say(Remark::warning("ProvisioningFailed", words));
    };
    let by = class.provisioner.as_str();
    if by.starts_with(NO_PROVISIONER) || by.starts_with("kubernetes.io/") {
        let words = format!("no volume plugin matched name: {by}");
        return pending(claim).say(Remark::warning("ProvisioningFailed", words));
    }
    let words = format!(
        "Waiting for a volume to be created either by the external provisioner '{by}' or manually \
         by the system administrator. If volume creation is delayed, please verify that the \
         provisioner is running and correctly registered."
    );
    let mut asked = claim.clone();
    let annotations = asked.metadata.annotations.get_or_insert_default();
    for key in [PROVISIONER, PROVISIONER_BETA] {
        annotations.insert(key.into(), by.into());
    }
    let mut plan = pending(&asked);
    if asked != *claim {
        plan.steps.insert(0, Step::Claim(Box::new(asked)));
    }
    plan.say(Remark::normal("ExternalProvisioning", words))
}

/// Decides over a volume; `claim` is the very one that it names, if there is such a claim.
pub(super) fn for_volume(volume: &PersistentVolume, claim: Option<&PersistentVolumeClaim>) -> Plan {
    let reference = binding::claim_ref(volume);
    if reference.is_none_or(|it| it.uid.as_deref().is_none_or(str::is_empty)) {
        return show(volume, "Available");
    }
    let Some(claim) = claim else { return release(volume) };
    let tied = volume_name(claim);
    if tied.is_empty() {
        return if binding::same_mode(claim, volume) {
            // The claim's own pass ties it.
            Plan::default()
        } else {
            let name = claim.metadata.name.as_deref().unwrap_or_default();
            let words = format!(
                "Cannot bind PersistentVolume to requested PersistentVolumeClaim {name:?} due to \
                 incompatible volumeMode."
            );
            Plan::default().say(Remark::warning("VolumeMismatch", words))
        };
    }
    if Some(tied) == volume.metadata.name.as_deref() {
        return show(volume, "Bound");
    }
    // The claim has another volume.
    if annotation(&volume.metadata, PROVISIONED_BY).is_some() && policy(volume) == "Delete" {
        return release(volume);
    }
    unbind(volume)
}

fn policy(volume: &PersistentVolume) -> &str {
    let policy =
        volume.spec.as_ref().and_then(|spec| spec.persistent_volume_reclaim_policy.as_deref());
    policy.unwrap_or("Retain")
}

fn show(volume: &PersistentVolume, phase: &str) -> Plan {
    let steps = in_phase(volume, phase, None).map(|shown| Step::VolumeStatus(Box::new(shown)));
    Plan { steps: steps.into_iter().collect(), remarks: Vec::new() }
}

/// The volume in another phase; `None` where it is in it already.
fn in_phase(volume: &PersistentVolume, phase: &str, why: Option<&str>) -> Option<PersistentVolume> {
    let known = volume.status.as_ref().and_then(|status| status.phase.as_deref());
    if known == Some(phase) {
        return None;
    }
    let mut volume = volume.clone();
    let status = volume.status.get_or_insert_default();
    status.phase = Some(phase.to_owned());
    status.message = why.map(str::to_owned);
    Some(volume)
}

/// The claim has gone. What is to be deleted is deleted by whoever made it; the rest is kept.
fn release(volume: &PersistentVolume) -> Plan {
    let phase = volume.status.as_ref().and_then(|status| status.phase.as_deref());
    if phase == Some("Failed") {
        return Plan::default();
    }
    let foreign = annotation(&volume.metadata, PROVISIONED_BY).is_some();
    let (reason, why) = match policy(volume) {
        "Delete" if !foreign => ("VolumeFailedDelete", "no deletable volume plugin matched"),
        "Recycle" => ("VolumeFailedRecycle", "No recycler plugin found for the volume!"),
        _ => return show(volume, "Released"),
    };
    if phase != Some("Released") {
        return show(volume, "Released");
    }
    let failed = in_phase(volume, "Failed", Some(why));
    let steps = failed.map(|shown| Step::VolumeStatus(Box::new(shown)));
    let plan = Plan { steps: steps.into_iter().collect(), remarks: Vec::new() };
    plan.say(Remark::warning(reason, why))
}

/// Takes the tie back: all of it where the controller made it, else only whose it was.
fn unbind(volume: &PersistentVolume) -> Plan {
    let mut free = volume.clone();
    let annotations = free.metadata.annotations.get_or_insert_default();
    let ours = annotations.remove(BOUND_BY_CONTROLLER).is_some();
    let spec = free.spec.get_or_insert_default();
    if ours {
        spec.claim_ref = None;
    } else if let Some(reference) = &mut spec.claim_ref {
        reference.uid = None;
    }
    let shown = in_phase(&free, "Available", None);
    let mut plan = Plan { steps: vec![Step::Volume(Box::new(free))], remarks: Vec::new() };
    plan.steps.extend(shown.map(|shown| Step::VolumeStatus(Box::new(shown))));
    plan
}
