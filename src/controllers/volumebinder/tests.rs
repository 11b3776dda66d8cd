//! Tables for single decisions, and histories in which claims and volumes find one another.

use std::{collections::BTreeMap, sync::Arc};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{reconcile::ClaimSeen, *};

fn volume(name: &str, gib: u8, more: &Value) -> PersistentVolume {
    let mut object = json!({
        "metadata": {"name": name, "uid": name}, "status": {"phase": "Available"},
        "spec": {"capacity": {"storage": format!("{gib}Gi")}, "accessModes": ["ReadWriteOnce"],
            "persistentVolumeReclaimPolicy": "Retain"},
    });
    machinery::patch::apply_merge_patch(&mut object, more);
    serde_json::from_value(object).unwrap()
}

fn claim(name: &str, gib: u8, more: &Value) -> PersistentVolumeClaim {
    let mut object = json!({
        "metadata": {"name": name, "namespace": "n", "uid": name}, "status": {"phase": "Pending"},
        "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "",
            "resources": {"requests": {"storage": format!("{gib}Gi")}}},
    });
    machinery::patch::apply_merge_patch(&mut object, more);
    serde_json::from_value(object).unwrap()
}

fn class(provisioner: &str, mode: &str) -> StorageClass {
    let class = json!({"metadata": {"name": "c"}, "provisioner": provisioner,
        "volumeBindingMode": mode});
    serde_json::from_value(class).unwrap()
}

/// Kinds of steps, and remarks.
fn told(plan: &Plan) -> String {
    let steps = plan.steps.iter().map(|step| match step {
        Step::Volume(_) => "volume".to_owned(),
        Step::VolumeStatus(volume) => phase_of(volume).to_owned(),
        Step::Claim(_) => "claim".to_owned(),
        Step::ClaimStatus(claim) => {
            claim.status.as_ref().and_then(|status| status.phase.clone()).unwrap_or_default()
        }
    });
    let remarks = plan.remarks.iter().map(|remark| remark.reason.clone());
    steps.chain(remarks).collect::<Vec<_>>().join(" ")
}

fn phase_of(volume: &PersistentVolume) -> &str {
    volume.status.as_ref().and_then(|status| status.phase.as_deref()).unwrap_or_default()
}

fn plan_for(
    claim: &PersistentVolumeClaim,
    volume: Option<&PersistentVolume>,
    class: Option<&StorageClass>,
) -> String {
    let volumes: Vec<_> = volume.cloned().map(Arc::new).into_iter().collect();
    let default_class = Some("standard");
    told(&for_claim(&ClaimSeen { claim, volumes: &volumes, class, default_class, pods: &[] }))
}

#[test]
fn a_claim_finds_its_volume_or_says_why_not() {
    let free = volume("v", 1, &json!({}));
    let others = json!({"spec": {"claimRef": {"name": "x", "namespace": "n", "uid": "x"}}});
    let taken = volume("v", 1, &others);
    let plain = json!({});
    let named = json!({"spec": {"volumeName": "v"}});
    let done = json!({"metadata": {"annotations": {binding::BIND_COMPLETED: "yes"}},
        "spec": {"volumeName": "v"}, "status": {"phase": "Bound"}});
    let unnamed = json!({"spec": {"storageClassName": null}});
    for (case, size, more, volume, want) in [
        ("finds", 1, &plain, Some(&free), "volume Bound claim Bound"),
        ("too large", 2, &plain, Some(&free), "FailedBinding"),
        ("names it", 1, &named, Some(&free), "volume Bound claim Bound"),
        ("names it, too large", 2, &named, Some(&free), "VolumeMismatch"),
        ("names another's", 1, &named, Some(&taken), "FailedBinding"),
        ("names nothing", 1, &named, None, ""),
        ("lost", 1, &done, None, "Lost ClaimLost"),
        ("misbound", 1, &done, Some(&taken), "Lost ClaimMisbound"),
        ("gets the default class late", 1, &unnamed, None, "claim"),
    ] {
        assert_eq!(plan_for(&claim("a", size, more), volume, None), want, "{case}");
    }
}

#[test]
fn a_claim_asks_whoever_its_class_names() {
    let wait = "WaitForFirstConsumer";
    for (case, chosen, class_is, want) in [
        ("no class", None, None, "ProvisioningFailed"),
        ("waits", None, Some(("x", wait)), "WaitForFirstConsumer"),
        ("chosen", Some("node"), Some(("x", wait)), "claim ExternalProvisioning"),
        ("at once", None, Some(("x", "Immediate")), "claim ExternalProvisioning"),
        ("by hand", None, Some((binding::NO_PROVISIONER, "Immediate")), "ProvisioningFailed"),
    ] {
        let more = json!({"metadata": {"annotations": {binding::SELECTED_NODE: chosen}},
            "spec": {"storageClassName": "c"}});
        let class = class_is.map(|(by, mode)| class(by, mode));
        assert_eq!(plan_for(&claim("a", 1, &more), None, class.as_ref()), want, "{case}");
    }
}

#[test]
fn a_volume_shows_what_became_of_its_claim() {
    for (case, phase, policy, by, claim_has, want) in [
        ("in use", "Bound", "Retain", None, Some("v"), ""),
        ("about to be tied", "Pending", "Retain", None, Some(""), ""),
        ("claim gone", "Bound", "Retain", None, None, "Released"),
        ("kept", "Released", "Retain", None, None, ""),
        ("its maker deletes it", "Released", "Delete", Some("x"), None, ""),
        ("nobody deletes it", "Released", "Delete", None, None, "Failed VolumeFailedDelete"),
        ("nobody cleans it", "Released", "Recycle", None, None, "Failed VolumeFailedRecycle"),
        ("failed", "Failed", "Recycle", None, None, ""),
        ("claim has another", "Bound", "Retain", None, Some("w"), "volume Available"),
        ("claim has another, made for it", "Bound", "Delete", Some("x"), Some("w"), "Released"),
    ] {
        let more = json!({
            "metadata": {"annotations": {
                binding::PROVISIONED_BY: by, binding::BOUND_BY_CONTROLLER: "yes"}},
            "spec": {"claimRef": {"name": "a", "namespace": "n", "uid": "a"},
                "persistentVolumeReclaimPolicy": policy},
            "status": {"phase": phase},
        });
        let claim = claim_has.map(|name| claim("a", 1, &json!({"spec": {"volumeName": name}})));
        assert_eq!(told(&for_volume(&volume("v", 1, &more), claim.as_ref())), want, "{case}");
    }
    let new = volume("v", 1, &json!({"status": {"phase": "Pending"}}));
    assert_eq!(told(&for_volume(&new, None)), "Available");
}

/// A cluster's storage, with the API server's revisions.
#[derive(Debug, Clone, Default)]
struct World {
    revision: u64,
    volumes: BTreeMap<String, PersistentVolume>,
    claims: BTreeMap<String, PersistentVolumeClaim>,
}

/// What users do, and what the controller gets done.
#[derive(Debug, Clone)]
enum Move {
    Volume(u8, u8),
    Claim(u8, u8),
    Asking(u8, u8),
    DeleteClaim(u8),
    /// One pass over a claim, of which this many writes happen; seen as this many moves ago.
    SyncClaim(u8, usize, usize),
    SyncVolume(u8, usize, usize),
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        (0..4_u8, 1..4_u8).prop_map(|(name, size)| Move::Volume(name, size)),
        (0..4_u8, 1..4_u8).prop_map(|(name, size)| Move::Claim(name, size)),
        (0..4_u8, 0..4_u8).prop_map(|(name, of)| Move::Asking(name, of)),
        (0..4_u8).prop_map(Move::DeleteClaim),
        (0..4_u8, 0..5_usize, 0..3_usize)
            .prop_map(|(name, cut, old)| Move::SyncClaim(name, cut, old)),
        (0..4_u8, 0..5_usize, 0..3_usize)
            .prop_map(|(name, cut, old)| Move::SyncVolume(name, cut, old)),
    ]
}

impl World {
    fn stamp(&mut self) -> String {
        self.revision += 1;
        self.revision.to_string()
    }

    fn create_claim(&mut self, name: u8, size: u8, wanted: Option<u8>) {
        let key = format!("c{name}");
        if self.claims.contains_key(&key) {
            return;
        }
        let revision = self.stamp();
        let volume = wanted.map(|of| format!("v{of}"));
        let mut made = claim(&key, size, &json!({"spec": {"volumeName": volume}}));
        made.metadata.uid = Some(revision.clone());
        made.metadata.resource_version = Some(revision);
        self.claims.insert(key, made);
    }

    fn user(&mut self, next: &Move) {
        match next {
            Move::Volume(name, size) => {
                let key = format!("v{name}");
                if !self.volumes.contains_key(&key) {
                    let mut made = volume(&key, *size, &json!({"status": {"phase": "Pending"}}));
                    made.metadata.resource_version = Some(self.stamp());
                    self.volumes.insert(key, made);
                }
            }
            Move::Claim(name, size) => self.create_claim(*name, *size, None),
            Move::Asking(name, of) => self.create_claim(*name, 1, Some(*of)),
            Move::DeleteClaim(name) => drop(self.claims.remove(&format!("c{name}"))),
            Move::SyncClaim(..) | Move::SyncVolume(..) => {}
        }
    }

    fn plan_for_claim(&self, name: &str) -> Plan {
        let Some(claim) = self.claims.get(name) else { return Plan::default() };
        let volumes: Vec<_> = self.volumes.values().cloned().map(Arc::new).collect();
        for_claim(&ClaimSeen {
            claim,
            volumes: &volumes,
            class: None,
            default_class: None,
            pods: &[],
        })
    }

    /// `live` answers whether a claim is there, as the server does.
    fn plan_for_volume(&self, name: &str, live: &Self) -> Plan {
        let Some(volume) = self.volumes.get(name) else { return Plan::default() };
        let named = claim_ref(volume);
        let find = |world: &Self| {
            let named = named?;
            let found = world.claims.get(named.name.as_deref()?)?.clone();
            (found.metadata.uid == named.uid).then_some(found)
        };
        for_volume(volume, find(self).or_else(|| find(live)).as_ref())
    }

    /// Compare-and-set, write by write; the first refusal ends it.
    fn apply(&mut self, plan: Plan, cut: usize) -> bool {
        let (mut volume_at, mut claim_at): (Option<String>, Option<String>) = (None, None);
        for step in plan.steps.into_iter().take(cut) {
            let fresh = Some(self.stamp());
            match step {
                Step::Volume(volume) | Step::VolumeStatus(volume) => {
                    let key = volume.metadata.name.clone().unwrap();
                    let at = volume_at.clone().or(volume.metadata.resource_version.clone());
                    let Some(known) = self.volumes.get_mut(&key) else { return false };
                    if known.metadata.resource_version != at {
                        return false;
                    }
                    *known = *volume;
                    known.metadata.resource_version.clone_from(&fresh);
                    volume_at = fresh;
                }
                Step::Claim(claim) | Step::ClaimStatus(claim) => {
                    let key = claim.metadata.name.clone().unwrap();
                    let at = claim_at.clone().or(claim.metadata.resource_version.clone());
                    let Some(known) = self.claims.get_mut(&key) else { return false };
                    if known.metadata.resource_version != at {
                        return false;
                    }
                    *known = *claim;
                    known.metadata.resource_version.clone_from(&fresh);
                    claim_at = fresh;
                }
            }
        }
        true
    }

    /// No volume is shown as the volume of two claims that are bound.
    fn check(&self) -> Result<(), TestCaseError> {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, claim) in &self.claims {
            let phase = claim.status.as_ref().and_then(|status| status.phase.as_deref());
            if phase == Some("Bound") && binding::is_bound(claim) {
                let before = owners.insert(volume_name(claim), name);
                prop_assert!(before.is_none(), "{name} and {before:?} have one volume");
            }
        }
        Ok(())
    }

    /// Passes over everything until no plan is left.
    fn settle(&mut self) -> Result<(), TestCaseError> {
        for _ in 0..20 {
            let mut calm = true;
            for name in self.claims.keys().cloned().collect::<Vec<_>>() {
                let plan = self.plan_for_claim(&name);
                calm &= plan.steps.is_empty();
                prop_assert!(self.apply(plan, usize::MAX), "a fresh plan is not refused");
                self.check()?;
            }
            for name in self.volumes.keys().cloned().collect::<Vec<_>>() {
                let plan = self.plan_for_volume(&name, self);
                calm &= plan.steps.is_empty();
                prop_assert!(self.apply(plan, usize::MAX), "a fresh plan is not refused");
            }
            if calm {
                return Ok(());
            }
        }
        Err(TestCaseError::fail(format!("never settles: {self:?}")))
    }
}

proptest! {
    /// Late caches and writes that stop halfway included.
    #[test]
    fn no_volume_has_two_claims_and_all_come_to_rest(history in prop::collection::vec(moves(), 1..60)) {
        let mut worlds = vec![World::default()];
        for next in &history {
            let mut world = worlds.last().cloned().unwrap_or_default();
            world.user(next);
            let past = |ago: usize| &worlds[worlds.len().saturating_sub(1 + ago)];
            match next {
                Move::SyncClaim(name, cut, ago) => {
                    let plan = past(*ago).plan_for_claim(&format!("c{name}"));
                    world.apply(plan, *cut);
                }
                Move::SyncVolume(name, cut, ago) => {
                    let plan = past(*ago).plan_for_volume(&format!("v{name}"), &world);
                    world.apply(plan, *cut);
                }
                _ => {}
            }
            world.check()?;
            worlds.push(world);
        }
        let mut last = worlds.pop().unwrap_or_default();
        last.settle()?;
        // A claim that waits has no volume that would do.
        for claim in last.claims.values().filter(|claim| volume_name(claim).is_empty()) {
            let found = binding::best(claim, last.volumes.values(), binding::Place::Anywhere);
            prop_assert!(found.is_none(), "{claim:?} could have {found:?}");
        }
    }
}
