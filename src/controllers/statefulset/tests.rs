//! Tables for the decision, and histories played to their end.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use k8s_openapi::api::{
    apps::v1::StatefulSet,
    core::v1::{PersistentVolumeClaim, Pod},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    identity::{ordinal, revision_of},
    reconcile::{Observed, Plan, Revision, Step, reconcile},
    retention,
    status::status,
};
use crate::pods;

/// A set in a world where pods become ready when told to.
struct World {
    set: StatefulSet,
    pods: Vec<Arc<Pod>>,
    claims: BTreeMap<String, Arc<PersistentVolumeClaim>>,
    current: Revision,
    update: Revision,
}

fn set(spec: &Value) -> StatefulSet {
    let mut object = json!({
        "metadata": {"name": "web", "namespace": "n", "uid": "set", "generation": 1},
        "spec": {"replicas": 3, "serviceName": "svc", "selector": {"matchLabels": {"a": "1"}},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
            "template": {"metadata": {"labels": {"a": "1"}},
                "spec": {"containers": [{"name": "c", "image": "i"}]}}},
    });
    machinery::patch::apply_merge_patch(&mut object["spec"], spec);
    serde_json::from_value(object).unwrap()
}

fn revision(name: &str, set: &StatefulSet) -> Revision {
    Revision { name: name.into(), template: set.spec.as_ref().unwrap().template.clone() }
}

impl World {
    fn new(spec: &Value) -> Self {
        let set = set(spec);
        let update = revision("r1", &set);
        let (pods, claims) = (Vec::new(), BTreeMap::new());
        Self { set, pods, claims, current: update.clone(), update }
    }

    fn seen(&self) -> Observed<'_> {
        Observed {
            set: &self.set,
            pods: &self.pods,
            claims: &self.claims,
            current: &self.current,
            update: &self.update,
            now: Timestamp::UNIX_EPOCH,
        }
    }

    fn plan(&self) -> Plan {
        reconcile(&self.seen())
    }

    /// What the plan does, in words.
    fn says(&self) -> String {
        let words = self.plan().steps.into_iter().map(|step| match step {
            Step::Create { pod, claims } if claims.is_empty() => {
                format!("+{}@{}", pods::name(&pod), revision_of(&pod))
            }
            Step::Create { pod, claims } => {
                let claims = claims.iter().filter_map(|claim| claim.metadata.name.clone());
                format!("+{} with {}", pods::name(&pod), claims.collect::<Vec<_>>().join(","))
            }
            Step::Refuse { why, .. } => why,
            Step::Provide { pod, .. } => format!("claims of {pod}"),
            Step::Repair { pod, .. } => format!("repair {}", pods::name(&pod)),
            Step::Own { claim, owners } => format!(
                "{} owned by {:?}",
                claim.metadata.name.clone().unwrap_or_default(),
                owners.iter().map(|one| &one.kind).collect::<Vec<_>>()
            ),
            Step::Recreate(pod) => format!("again {}", pods::name(&pod)),
            Step::Delete(pod) => format!("-{}", pods::name(&pod)),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// Carries the plan out; pods that go are gone at once, new ones are pending.
    fn apply(&mut self) -> bool {
        let plan = self.plan();
        let status = status(&self.seen(), plan.outdated, 0);
        for step in &plan.steps {
            match step {
                Step::Create { pod, claims } => {
                    let mut pod = (**pod).clone();
                    pod.metadata.uid = Some(format!("{}-{}", pods::name(&pod), self.update.name));
                    pod.status = serde_json::from_value(json!({"phase": "Pending"})).unwrap();
                    self.pods.push(Arc::new(pod));
                    self.keep(claims);
                }
                Step::Provide { claims, .. } => self.keep(claims),
                Step::Repair { pod, .. } => self.replace((**pod).clone()),
                Step::Own { claim, owners } => {
                    let mut claim = (**claim).clone();
                    claim.metadata.owner_references = Some(owners.clone());
                    self.keep(&[claim]);
                }
                Step::Delete(gone) | Step::Recreate(gone) => {
                    self.pods.retain(|pod| pods::name(pod) != pods::name(gone));
                }
                Step::Refuse { .. } => {}
            }
        }
        let revision = status.current_revision.clone().unwrap();
        if revision == self.update.name {
            self.current = self.update.clone();
        }
        let changed = self.set.status.as_ref() != Some(&status);
        self.set.status = Some(status);
        changed || !plan.steps.is_empty()
    }

    fn keep(&mut self, claims: &[PersistentVolumeClaim]) {
        for claim in claims {
            let name = claim.metadata.name.clone().unwrap();
            self.claims.insert(name, Arc::new(claim.clone()));
        }
    }

    fn replace(&mut self, new: Pod) {
        self.pods.retain(|pod| pods::name(pod) != pods::name(&new));
        self.pods.push(Arc::new(new));
    }

    /// Gives one pod a phase and a readiness.
    fn turn(&mut self, name: &str, phase: &str, ready: bool) {
        let pod = self.pods.iter().find(|pod| pods::name(pod) == name).unwrap();
        let mut pod = (**pod).clone();
        let ready = if ready { "True" } else { "False" };
        let conditions = json!([{"type": "Ready", "status": ready,
            "lastTransitionTime": "1969-01-01T00:00:00Z"}]);
        pod.status =
            serde_json::from_value(json!({"phase": phase, "conditions": conditions})).unwrap();
        self.replace(pod);
    }

    fn ready_all(&mut self) {
        let names: Vec<_> = self.pods.iter().map(|pod| pods::name(pod).to_owned()).collect();
        for name in &names {
            self.turn(name, "Running", true);
        }
    }

    /// Plays until nothing is to be done.
    fn settle(&mut self) {
        for _ in 0..200 {
            let moved = self.apply();
            self.ready_all();
            if !moved {
                return;
            }
        }
        panic!("the set does not settle: {}", self.says());
    }

    fn roll(&mut self, name: &str) {
        self.update = revision(name, &self.set);
    }

    fn patch(&mut self, spec: &Value) {
        let mut object = json!(self.set);
        machinery::patch::apply_merge_patch(&mut object["spec"], spec);
        self.set = serde_json::from_value(object).unwrap();
    }

    fn shows(&self) -> String {
        let mut pods: Vec<_> = self.pods.iter().collect();
        pods.sort_by_key(|pod| ordinal(&self.set, pod));
        let text = pods.iter().map(|pod| format!("{}@{}", pods::name(pod), revision_of(pod)));
        text.collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn pods_come_in_order_and_go_in_reverse() {
    let mut world = World::new(&json!({}));
    assert_eq!(world.says(), "+web-0@r1");
    world.apply();
    assert_eq!(world.says(), "", "pending");
    world.turn("web-0", "Running", false);
    assert_eq!(world.says(), "", "not ready");
    world.turn("web-0", "Running", true);
    assert_eq!(world.says(), "+web-1@r1");
    world.settle();
    assert_eq!(world.shows(), "web-0@r1 web-1@r1 web-2@r1");
    world.patch(&json!({"replicas": 1}));
    assert_eq!(world.says(), "-web-2");
    world.turn("web-1", "Running", false);
    world.turn("web-2", "Running", false);
    assert_eq!(world.says(), "", "web-2 waits for web-1, the first that is unhealthy");
    world.turn("web-1", "Running", true);
    assert_eq!(world.says(), "-web-2", "it is the unhealthy one itself");
    world.settle();
    assert_eq!(world.shows(), "web-0@r1");
}

#[test]
fn parallel_pods_do_not_wait_and_numbers_may_start_later() {
    let spec = json!({"podManagementPolicy": "Parallel", "ordinals": {"start": 5}});
    let mut world = World::new(&spec);
    assert_eq!(world.says(), "+web-5@r1 +web-6@r1 +web-7@r1");
    world.settle();
    world.patch(&json!({"ordinals": {"start": 6}, "replicas": 1}));
    assert_eq!(world.says(), "-web-7 -web-5");
}

#[test]
fn updates_go_from_the_last_to_the_partition() {
    for (case, spec, first, end) in [
        ("one by one", json!({}), "-web-2", "web-0@r2 web-1@r2 web-2@r2"),
        (
            "partition",
            json!({"updateStrategy": {"rollingUpdate": {"partition": 2}}}),
            "-web-2",
            "web-0@r1 web-1@r1 web-2@r2",
        ),
        (
            "two at a time",
            json!({"updateStrategy": {"rollingUpdate": {"maxUnavailable": 2}}}),
            "-web-2 -web-1",
            "web-0@r2 web-1@r2 web-2@r2",
        ),
        (
            "half, rounded up",
            json!({"updateStrategy": {"rollingUpdate": {"maxUnavailable": "50%"}}}),
            "-web-2 -web-1",
            "web-0@r2 web-1@r2 web-2@r2",
        ),
        (
            "on delete",
            json!({"updateStrategy": {"type": "OnDelete", "rollingUpdate": null}}),
            "",
            "web-0@r1 web-1@r1 web-2@r1",
        ),
    ] {
        let mut world = World::new(&spec);
        world.settle();
        world.roll("r2");
        assert_eq!(world.says(), first, "{case}");
        world.settle();
        assert_eq!(world.shows(), end, "{case}");
    }
}

#[test]
fn a_pod_below_the_partition_comes_back_as_it_was() {
    let mut world = World::new(&json!({"updateStrategy": {"rollingUpdate": {"partition": 2}}}));
    world.settle();
    world.roll("r2");
    world.settle();
    world.pods.retain(|pod| pods::name(pod) != "web-1");
    assert_eq!(world.says(), "+web-1@r1");
    let status = world.set.status.clone().unwrap();
    assert_eq!((status.current_replicas, status.updated_replicas), (Some(2), Some(1)));
    assert_eq!(status.current_revision.as_deref(), Some("r1"));
    assert_eq!(status.update_revision.as_deref(), Some("r2"));
}

#[test]
fn a_broken_rollout_waits_for_somebody_to_delete_the_broken_pod() {
    let mut world = World::new(&json!({}));
    world.settle();
    world.roll("broken");
    world.apply();
    world.apply();
    assert_eq!(world.shows(), "web-0@r1 web-1@r1 web-2@broken");
    world.roll("r3");
    assert_eq!(world.says(), "", "web-2 is not ready, so nothing moves");
    world.pods.retain(|pod| pods::name(pod) != "web-2");
    assert_eq!(world.says(), "+web-2@r3");
    let parallel = json!({"podManagementPolicy": "Parallel"});
    let mut world = World::new(&parallel);
    world.settle();
    world.roll("broken");
    world.apply();
    world.apply();
    world.roll("r3");
    assert_eq!(world.says(), "-web-2", "parallel pods need nobody");
}

#[test]
fn pods_that_ended_are_made_anew() {
    let mut world = World::new(&json!({}));
    world.settle();
    for phase in ["Failed", "Succeeded"] {
        world.turn("web-1", phase, false);
        assert_eq!(world.says(), "again web-1", "{phase}");
    }
}

#[test]
fn identity_is_given_back() {
    let mut world = World::new(&json!({"replicas": 1}));
    world.settle();
    let pod = (*world.pods[0]).clone();
    let labels = pod.metadata.labels.clone().unwrap();
    assert_eq!(labels["statefulset.kubernetes.io/pod-name"], "web-0");
    assert_eq!(labels["apps.kubernetes.io/pod-index"], "0");
    assert_eq!(labels["controller-revision-hash"], "r1");
    let spec = pod.spec.as_ref().unwrap();
    assert_eq!((spec.hostname.as_deref(), spec.subdomain.as_deref()), (Some("web-0"), Some("svc")));
    let mut bare = pod.clone();
    bare.metadata.labels.as_mut().unwrap().remove("apps.kubernetes.io/pod-index");
    world.replace(bare);
    assert_eq!(world.says(), "repair web-0");
}

fn with_claims(policy: &Value) -> World {
    World::new(&json!({"replicas": 2,
        "persistentVolumeClaimRetentionPolicy": policy,
        "volumeClaimTemplates": [{"metadata": {"name": "www"},
            "spec": {"accessModes": ["ReadWriteOnce"]}}]}))
}

#[test]
fn claims_come_before_their_pod_and_go_by_the_policy() {
    let mut world = with_claims(&json!({"whenDeleted": "Retain", "whenScaled": "Retain"}));
    assert_eq!(world.says(), "+web-0 with www-web-0");
    world.settle();
    let volume = &world.pods[0].spec.as_ref().unwrap().volumes.as_ref().unwrap()[0];
    assert_eq!(volume.persistent_volume_claim.as_ref().unwrap().claim_name, "www-web-0");
    let policy = json!({"persistentVolumeClaimRetentionPolicy":
        {"whenDeleted": "Delete", "whenScaled": "Delete"}});
    world.patch(&policy);
    let owned = "www-web-0 owned by [\"StatefulSet\"] www-web-1 owned by [\"StatefulSet\"]";
    assert_eq!(world.says(), owned);
    world.settle();
    world.patch(&json!({"replicas": 1}));
    assert_eq!(world.says(), "www-web-1 owned by [\"Pod\"] -web-1");
    world.settle();
    world.patch(&json!({"replicas": 2}));
    assert_eq!(world.says(), "", "the claim of the former web-1 has to go first");
    world.claims.remove("www-web-1");
    assert_eq!(world.says(), "+web-1 with www-web-1");
    let mut going = (*world.claims["www-web-0"]).clone();
    going.metadata.deletion_timestamp =
        serde_json::from_value(json!("2026-01-01T00:00:00Z")).unwrap();
    world.keep(&[going]);
    world.pods.retain(|pod| pods::name(pod) != "web-0");
    assert_eq!(world.says(), "pvc www-web-0 is being deleted");
}

#[test]
fn a_claim_of_somebody_else_is_left_alone() {
    let world = with_claims(&json!({"whenDeleted": "Delete", "whenScaled": "Delete"}));
    let claim: PersistentVolumeClaim = serde_json::from_value(json!({"metadata": {
        "name": "www-web-0", "ownerReferences": [
            {"apiVersion": "v1", "kind": "X", "name": "x", "uid": "x", "controller": true}]}}))
    .unwrap();
    let pod = k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta::default();
    assert_eq!(retention::owners(&world.set, &pod, false, &claim), None);
}

#[test]
fn a_set_that_goes_is_left_alone() {
    let mut world = World::new(&json!({}));
    world.set.metadata.deletion_timestamp =
        serde_json::from_value(json!("2026-01-01T00:00:00Z")).unwrap();
    assert_eq!(world.plan(), Plan::default());
}

#[test]
fn pods_are_available_only_after_a_while() {
    let mut world = World::new(&json!({"minReadySeconds": 10, "replicas": 2}));
    world.apply();
    world.turn("web-0", "Running", true);
    let mut pod = (*world.pods[0]).clone();
    let conditions = pod.status.as_mut().unwrap().conditions.as_mut().unwrap();
    conditions[0].last_transition_time =
        serde_json::from_value(json!("1969-12-31T23:59:57Z")).unwrap();
    world.replace(pod);
    assert_eq!(world.says(), "");
    let left = super::reconcile::next_available(&world.seen());
    assert_eq!(left, Some(std::time::Duration::from_secs(7)));
}

/// Something that happens to a set.
#[derive(Debug, Clone)]
enum Turn {
    Scale(i32),
    Roll(u8),
    Partition(i32),
    Fail(usize),
    Lose(usize),
    Sync,
    Ready,
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let one = prop_oneof![
        (0_i32..5).prop_map(Turn::Scale),
        (0_u8..4).prop_map(Turn::Roll),
        (0_i32..4).prop_map(Turn::Partition),
        (0_usize..5).prop_map(Turn::Fail),
        (0_usize..5).prop_map(Turn::Lose),
        Just(Turn::Sync),
        Just(Turn::Sync),
        Just(Turn::Ready),
    ];
    proptest::collection::vec(one, 0..30)
}

proptest! {
    #[test]
    fn any_history_converges_within_bounds(
        turns in turns(),
        parallel in proptest::bool::ANY,
        most in 0_i32..3,
    ) {
        let policy = if parallel { "Parallel" } else { "OrderedReady" };
        let mut world = World::new(&json!({"podManagementPolicy": policy}));
        if most > 0 {
            world.patch(&json!({"updateStrategy": {"rollingUpdate": {"maxUnavailable": most}}}));
        }
        for turn in turns {
            match turn {
                Turn::Scale(replicas) => world.patch(&json!({"replicas": replicas})),
                Turn::Roll(revision) => world.roll(&format!("r{revision}")),
                Turn::Partition(at) => world.patch(
                    &json!({"updateStrategy": {"rollingUpdate": {"partition": at}}})),
                Turn::Fail(at) => {
                    if let Some(pod) = world.pods.get(at).map(|pod| pods::name(pod).to_owned()) {
                        world.turn(&pod, "Failed", false);
                    }
                }
                Turn::Lose(at) => drop((at < world.pods.len()).then(|| world.pods.remove(at))),
                Turn::Ready => world.ready_all(),
                Turn::Sync => {
                    let plan = world.plan();
                    let creates = plan.steps.iter().filter(|it| matches!(it, Step::Create { .. }));
                    let deletes = plan.steps.iter().filter(|it| matches!(it, Step::Delete(_)));
                    if !parallel {
                        prop_assert!(creates.count() <= 1);
                        prop_assert!(deletes.count() <= usize::try_from(most.max(1)).unwrap());
                    }
                    world.apply();
                }
            }
        }
        // A broken pod may need somebody; here every pod becomes ready in the end.
        world.ready_all();
        world.settle();
        prop_assert_eq!(world.plan(), Plan::default());
        let wanted = i64::from(world.set.spec.as_ref().unwrap().replicas.unwrap());
        prop_assert_eq!(i64::try_from(world.pods.len()).unwrap(), wanted);
        let partition = super::rolling::partition(&world.set);
        for pod in &world.pods {
            let at = ordinal(&world.set, pod).unwrap();
            prop_assert!(at < partition || revision_of(pod) == world.update.name);
        }
    }
}
