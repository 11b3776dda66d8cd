//! Which nodes a pod's claims allow, and what is to be written before the pod is bound. Pure.

use std::sync::Arc;

use api::binding::{self, NO_PROVISIONER, Place, SELECTED_NODE, annotation, class_of, volume_name};
use api::placement::term_holds;
use k8s_openapi::api::core::v1::{
    Node, NodeSelectorRequirement, NodeSelectorTerm, PersistentVolume, PersistentVolumeClaim, Pod,
};
use k8s_openapi::api::storage::v1::StorageClass;

/// What is known of storage.
pub(super) trait Known {
    fn claim(&self, namespace: &str, name: &str) -> Option<Arc<PersistentVolumeClaim>>;
    fn volume(&self, name: &str) -> Option<Arc<PersistentVolume>>;
    fn volumes(&self) -> Vec<Arc<PersistentVolume>>;
    fn class(&self, name: &str) -> Option<Arc<StorageClass>>;
    /// How many volumes each driver attaches to a node, where it says so.
    fn limits(&self, _node: &str) -> Vec<(String, usize)> {
        Vec::new()
    }
}

/// The claims of a pod.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// Those that have a volume.
    pub(super) bound: Vec<Arc<PersistentVolumeClaim>>,
    /// Those that get one on the pod's node.
    pub(super) waiting: Vec<Arc<PersistentVolumeClaim>>,
}

/// One write before a pod is bound.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Deed {
    /// A volume is kept for a claim.
    Keep(Box<PersistentVolume>),
    /// A claim's volume is to be made for this node.
    Select(Arc<PersistentVolumeClaim>),
}

/// The claims of a pod, or why no node can have it.
pub(super) fn claims(pod: &Pod, known: &impl Known) -> Result<Claims, String> {
    let mut claims = Claims::default();
    let mut at_once = false;
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    for volume in pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten()) {
        let Some((name, own)) = binding::claim_of(pod, volume) else { continue };
        let Some(claim) = known.claim(namespace, &name) else {
            return Err(if own {
                format!(
                    "waiting for ephemeral volume controller to create the \
                     persistentvolumeclaim {name:?}"
                )
            } else {
                format!("persistentvolumeclaim {name:?} not found")
            });
        };
        if own && !binding::is_made_for(&claim, pod) {
            let pod = pod.metadata.name.as_deref().unwrap_or_default();
            return Err(format!(
                "PVC {namespace}/{name} was not created for pod {namespace}/{pod} (pod is not owner)"
            ));
        }
        let phase = claim.status.as_ref().and_then(|status| status.phase.as_deref());
        if phase == Some("Lost") {
            let lost = volume_name(&claim);
            return Err(format!(
                "persistentvolumeclaim {name:?} bound to non-existent persistentvolume {lost:?}"
            ));
        }
        if claim.metadata.deletion_timestamp.is_some() {
            return Err(format!("persistentvolumeclaim {name:?} is being deleted"));
        }
        if binding::is_bound(&claim) {
            claims.bound.push(claim);
        } else if volume_name(&claim).is_empty()
            && binding::waits(known.class(class_of(&claim)).as_deref())
        {
            claims.waiting.push(claim);
        } else {
            at_once = true;
        }
    }
    if at_once {
        return Err("pod has unbound immediate PersistentVolumeClaims".into());
    }
    Ok(claims)
}

/// What is to be written so that a node has all claims, or why it cannot.
pub(super) fn on_node(
    claims: &Claims,
    node: &Node,
    known: &impl Known,
) -> Result<Vec<Deed>, &'static str> {
    for claim in &claims.bound {
        let Some(volume) = known.volume(volume_name(claim)) else {
            return Err(
                "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)",
            );
        };
        if !binding::reaches(node, &volume) {
            return Err("node(s) didn't match PersistentVolume's node affinity");
        }
    }
    if claims.waiting.is_empty() {
        return Ok(Vec::new());
    }
    let mut free = known.volumes();
    let mut deeds = Vec::new();
    for claim in smallest_first(&claims.waiting) {
        let chosen = annotation(&claim.metadata, SELECTED_NODE);
        if let Some(chosen) = chosen {
            // Its volume is on its way there.
            if Some(chosen) != node.metadata.name.as_deref() {
                return Err(NOTHING_TO_BIND);
            }
            continue;
        }
        let found = binding::best(claim, free.iter().map(|it| &**it), Place::On(node));
        if let Some(found) = found.cloned() {
            free.retain(|volume| volume.metadata.name != found.metadata.name);
            deeds.extend(binding::kept_for(&found, claim).map(Box::new).map(Deed::Keep));
            continue;
        }
        let class = known.class(class_of(claim));
        if !class.is_some_and(|class| makes_for(&class, node)) {
            return Err(NOTHING_TO_BIND);
        }
        deeds.push(Deed::Select(Arc::clone(claim)));
    }
    Ok(deeds)
}

const NOTHING_TO_BIND: &str = "node(s) didn't find available persistent volumes to bind";

/// So that a small claim does not take what a large one needs.
fn smallest_first(claims: &[Arc<PersistentVolumeClaim>]) -> Vec<&Arc<PersistentVolumeClaim>> {
    let mut claims: Vec<_> = claims.iter().collect();
    claims.sort_by_key(|claim| binding::asked(claim));
    claims
}

/// Tells whether volumes of a class can be made for a node.
fn makes_for(class: &StorageClass, node: &Node) -> bool {
    let terms = class.allowed_topologies.as_deref().unwrap_or_default();
    let holds = |term: &NodeSelectorTerm| term_holds(term, node);
    let mut terms = terms.iter().map(|term| NodeSelectorTerm {
        match_expressions: term.match_label_expressions.as_ref().map(|all| {
            let within = all.iter().map(|one| NodeSelectorRequirement {
                key: one.key.clone(),
                operator: "In".into(),
                values: Some(one.values.clone()),
            });
            within.collect()
        }),
        match_fields: None,
    });
    class.provisioner != NO_PROVISIONER && (terms.len() == 0 || terms.any(|term| holds(&term)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[derive(Default)]
    struct World {
        claims: Vec<Arc<PersistentVolumeClaim>>,
        volumes: Vec<Arc<PersistentVolume>>,
    }

    impl Known for World {
        fn claim(&self, _: &str, name: &str) -> Option<Arc<PersistentVolumeClaim>> {
            self.claims.iter().find(|it| it.metadata.name.as_deref() == Some(name)).cloned()
        }
        fn volume(&self, name: &str) -> Option<Arc<PersistentVolume>> {
            self.volumes.iter().find(|it| it.metadata.name.as_deref() == Some(name)).cloned()
        }
        fn volumes(&self) -> Vec<Arc<PersistentVolume>> {
            self.volumes.clone()
        }
        fn class(&self, name: &str) -> Option<Arc<StorageClass>> {
            let class = match name {
                "wait" => json!({"provisioner": "x", "volumeBindingMode": "WaitForFirstConsumer"}),
                "hand" => json!({"provisioner": NO_PROVISIONER,
                    "volumeBindingMode": "WaitForFirstConsumer"}),
                "now" => json!({"provisioner": "x", "volumeBindingMode": "Immediate"}),
                _ => return None,
            };
            Some(Arc::new(serde_json::from_value(class).unwrap()))
        }
    }

    fn claim(class: &str, more: &Value) -> Arc<PersistentVolumeClaim> {
        let mut object = json!({"metadata": {"name": "c", "namespace": "n", "uid": "u"},
            "spec": {"storageClassName": class, "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1Gi"}}}});
        machinery::patch::apply_merge_patch(&mut object, more);
        Arc::new(serde_json::from_value(object).unwrap())
    }

    fn volume(class: &str, node: &str) -> Arc<PersistentVolume> {
        let terms =
            json!([{"matchExpressions": [{"key": "host", "operator": "In", "values": [node]}]}]);
        let object = json!({"metadata": {"name": "v"}, "status": {"phase": "Available"},
            "spec": {"storageClassName": class, "accessModes": ["ReadWriteOnce"],
                "capacity": {"storage": "1Gi"},
                "nodeAffinity": {"required": {"nodeSelectorTerms": terms}}}});
        Arc::new(serde_json::from_value(object).unwrap())
    }

    fn outcome(world: &World) -> String {
        let pod = serde_json::from_value(json!({"metadata": {"name": "p", "namespace": "n"},
            "spec": {"containers": [], "volumes": [
                {"name": "d", "persistentVolumeClaim": {"claimName": "c"}}]}}))
        .unwrap();
        let node =
            serde_json::from_value(json!({"metadata": {"name": "a", "labels": {"host": "a"}}}));
        let claims = match claims(&pod, world) {
            Ok(claims) => claims,
            Err(why) => return why,
        };
        match on_node(&claims, &node.unwrap(), world).as_deref() {
            Ok([]) => "nothing to do".into(),
            Ok([Deed::Keep(_)]) => "keep".into(),
            Ok([Deed::Select(_)]) => "select".into(),
            Ok(_) => "more".into(),
            Err(why) => (*why).to_owned(),
        }
    }

    const IMMEDIATE: &str = "pod has unbound immediate PersistentVolumeClaims";

    fn check(case: &str, claim: Arc<PersistentVolumeClaim>, volumes: &[(&str, &str)], want: &str) {
        let volumes = volumes.iter().map(|(class, node)| volume(class, node)).collect();
        assert_eq!(outcome(&World { claims: vec![claim], volumes }), want, "{case}");
    }

    #[test]
    fn pods_that_no_node_can_have_say_why() {
        let missing = "persistentvolumeclaim \"c\" not found";
        assert_eq!(outcome(&World::default()), missing);
        let goes = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
        let lost = json!({"spec": {"volumeName": "v"}, "status": {"phase": "Lost"}});
        for (case, class, more, want) in [
            ("at once", "now", json!({}), IMMEDIATE),
            ("no class", "", json!({}), IMMEDIATE),
            ("names a volume", "wait", json!({"spec": {"volumeName": "v"}}), IMMEDIATE),
            ("goes", "wait", goes, "persistentvolumeclaim \"c\" is being deleted"),
            (
                "lost",
                "wait",
                lost,
                "persistentvolumeclaim \"c\" bound to non-existent persistentvolume \"v\"",
            ),
        ] {
            check(case, claim(class, &more), &[], want);
        }
    }

    #[test]
    fn claims_say_where_a_pod_may_be() {
        let free = || json!({});
        let bound = || {
            json!({"metadata": {"annotations": {binding::BIND_COMPLETED: "yes"}},
                "spec": {"volumeName": "v"}})
        };
        let chosen = |node: &str| json!({"metadata": {"annotations": {SELECTED_NODE: node}}});
        let elsewhere = "node(s) didn't match PersistentVolume's node affinity";
        let gone = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
        let calm = "nothing to do";
        for (case, class, more, volumes, want) in [
            ("bound here", "now", bound(), &[("now", "a")][..], calm),
            ("bound there", "now", bound(), &[("now", "b")], elsewhere),
            ("bound to nothing", "now", bound(), &[], gone),
            ("to be made", "wait", free(), &[], "select"),
            ("is being made", "wait", chosen("a"), &[], calm),
            ("is being made there", "wait", chosen("b"), &[], NOTHING_TO_BIND),
            ("one is here", "hand", free(), &[("hand", "a")], "keep"),
            ("one is there", "hand", free(), &[("hand", "b")], NOTHING_TO_BIND),
        ] {
            check(case, claim(class, &more), volumes, want);
        }
    }
}
