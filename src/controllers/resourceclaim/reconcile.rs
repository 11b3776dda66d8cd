//! Which claims a pod needs, and who still uses a claim. No clock, no I/O.

use k8s_openapi::{
    api::{
        core::v1::{Pod, PodResourceClaim},
        resource::v1::{
            ResourceClaim, ResourceClaimConsumerReference, ResourceClaimStatus,
            ResourceClaimTemplate,
        },
    },
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};

use crate::{owner, pods};

/// Names the pod's own name for a claim that was made for it.
pub(super) const ANNOTATION: &str = "resource.kubernetes.io/pod-claim-name";
/// Keeps an allocated claim.
pub(super) const FINALIZER: &str = "resource.kubernetes.io/delete-protection";
/// As many may use one claim. Source: `ResourceClaimReservedForMaxSize`.
const MOST_USERS: usize = 256;
/// What is left of a name before the random part.
const LONGEST_BASE: usize = 57;

/// What a pod calls its claims.
pub(super) fn wishes(pod: &Pod) -> &[PodResourceClaim] {
    let claims = pod.spec.as_ref().and_then(|spec| spec.resource_claims.as_deref());
    claims.unwrap_or_default()
}

/// Where the claim of a wish is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// Under this name; whether it must be the pod's own.
    Named(String, Ownership),
    /// It was found that none is needed.
    NotNeeded,
    /// It is still to be made.
    Missing,
}

/// Whose a claim must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ownership {
    /// Anybody's.
    Anybody,
    /// The pod's.
    Pod,
}

/// Looks a pod's claim up in its status.
pub(super) fn find(pod: &Pod, wish: &PodResourceClaim) -> Found {
    if let Some(name) = &wish.resource_claim_name {
        return Found::Named(name.clone(), Ownership::Anybody);
    }
    let status = pod.status.as_ref().and_then(|status| status.resource_claim_statuses.as_ref());
    let known = status.into_iter().flatten().find(|one| one.name == wish.name);
    match known.map(|one| one.resource_claim_name.as_ref()) {
        None => Found::Missing,
        Some(None) => Found::NotNeeded,
        Some(Some(name)) => Found::Named(name.clone(), Ownership::Pod),
    }
}

/// Tells whether a claim was made for a pod under one of its names.
pub(super) fn is_for(claim: &ResourceClaim, pod: &Pod, wish: &PodResourceClaim) -> bool {
    let annotations = claim.metadata.annotations.as_ref();
    let named = annotations.and_then(|all| all.get(ANNOTATION));
    owner::is_controlled_by(&claim.metadata, &pod.metadata) && named == Some(&wish.name)
}

fn cut(text: &str, share: usize, of: usize) -> &str {
    text.get(..text.len() * share / of).unwrap_or(text)
}

/// The claim that a template makes for a pod.
pub(super) fn from_template(
    pod: &Pod,
    wish: &PodResourceClaim,
    template: &ResourceClaimTemplate,
) -> ResourceClaim {
    let meta = template.spec.metadata.clone().unwrap_or_default();
    let mut annotations = meta.annotations.unwrap_or_default();
    annotations.insert(ANNOTATION.into(), wish.name.clone());
    let name = pods::name(pod);
    let mut base = format!("{name}-{}-", wish.name);
    if base.len() > LONGEST_BASE {
        // Both names are shortened by their length.
        let (length, short) = (base.len(), LONGEST_BASE);
        base = format!("{}-{}", cut(name, short, length), cut(&wish.name, short, length));
    }
    ResourceClaim {
        metadata: ObjectMeta {
            generate_name: Some(base),
            namespace: pod.metadata.namespace.clone(),
            annotations: Some(annotations),
            labels: meta.labels,
            owner_references: Some(vec![owner::controller_reference::<Pod>(&pod.metadata)]),
            ..ObjectMeta::default()
        },
        spec: template.spec.spec.clone(),
        status: None,
    }
}

fn users(claim: &ResourceClaim) -> &[ResourceClaimConsumerReference] {
    let users = claim.status.as_ref().and_then(|status| status.reserved_for.as_deref());
    users.unwrap_or_default()
}

/// The claim with a pod among its users; `None` where that is not needed or there is no room.
pub(super) fn reserved(claim: &ResourceClaim, pod: &Pod) -> Option<ResourceClaim> {
    claim.status.as_ref()?.allocation.as_ref()?;
    let known = users(claim).iter().any(|user| user.uid == pods::uid(pod));
    if known || users(claim).len() >= MOST_USERS {
        return None;
    }
    let user = ResourceClaimConsumerReference {
        api_group: None,
        name: pods::name(pod).to_owned(),
        resource: "pods".into(),
        uid: pods::uid(pod).to_owned(),
    };
    let mut claim = claim.clone();
    let status = claim.status.get_or_insert_with(ResourceClaimStatus::default);
    status.reserved_for.get_or_insert_default().push(user);
    Some(claim)
}

/// Tells whether a pod needs its claims no more.
pub(super) fn is_done(pod: &Pod) -> bool {
    let ended = matches!(pods::phase(pod), "Succeeded" | "Failed");
    ended || pod.metadata.deletion_timestamp.is_some() && pods::node_name(pod).is_empty()
}

/// What a claim needs next.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Nothing.
    Settled,
    /// Its status changes, and its finalizer goes where it is free.
    Release(Box<ResourceClaim>),
    /// Its finalizer goes.
    Free,
    /// It was made for a pod that is done.
    Delete,
}

fn is_protected(claim: &ResourceClaim) -> bool {
    claim.metadata.finalizers.iter().flatten().any(|one| one == FINALIZER)
}

/// Decides for a claim; `uses` tells whether one of its users is still there, `owner` is the pod that
/// it was made for.
///
/// Errors: a user that is no pod.
pub(super) fn reconcile(
    claim: &ResourceClaim,
    uses: impl Fn(&ResourceClaimConsumerReference) -> bool,
    owner: Option<&Pod>,
) -> Result<Step, String> {
    let is_pod = |user: &ResourceClaimConsumerReference| {
        user.api_group.as_deref().unwrap_or_default().is_empty() && user.resource == "pods"
    };
    if let Some(other) = users(claim).iter().find(|user| !is_pod(user)) {
        return Err(format!("unsupported ReservedFor entry: {} {}", other.resource, other.name));
    }
    let left: Vec<_> = users(claim).iter().filter(|user| uses(user)).cloned().collect();
    let allocated = claim.status.as_ref().is_some_and(|status| status.allocation.is_some());
    let leaves = claim.metadata.deletion_timestamp.is_some();
    let fewer = left.len() < users(claim).len();
    if fewer || is_protected(claim) && leaves && left.is_empty() && allocated {
        let mut freed = claim.clone();
        if let Some(status) = &mut freed.status {
            if left.is_empty() && is_protected(claim) {
                status.allocation = None;
            }
            status.reserved_for = Some(left).filter(|left| !left.is_empty());
        }
        return Ok(Step::Release(Box::new(freed)));
    }
    if !left.is_empty() {
        return Ok(Step::Settled);
    }
    if is_protected(claim) && leaves {
        return Ok(Step::Free);
    }
    let made_for =
        |pod: &&Pod| owner::is_controlled_by(&claim.metadata, &pod.metadata) && is_done(pod);
    Ok(match owner.filter(made_for) {
        Some(_) if !leaves => Step::Delete,
        _ => Step::Settled,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn pod(more: &Value) -> Pod {
        let mut pod = json!({
            "metadata": {"name": "p", "namespace": "n", "uid": "1"},
            "spec": {"containers": [], "resourceClaims": [
                {"name": "own", "resourceClaimTemplateName": "t"},
                {"name": "shared", "resourceClaimName": "s"},
            ]},
        });
        machinery::patch::apply_merge_patch(&mut pod, more);
        serde_json::from_value(pod).unwrap()
    }

    fn claim(more: &Value) -> ResourceClaim {
        let mut claim = json!({"metadata": {"name": "c", "namespace": "n"}, "spec": {}});
        machinery::patch::apply_merge_patch(&mut claim, more);
        serde_json::from_value(claim).unwrap()
    }

    #[test]
    fn claims_are_found_by_the_status() {
        let own = |more: &Value| find(&pod(more), &wishes(&pod(more))[0]);
        let status = |name: &Value| {
            json!({"status": {"resourceClaimStatuses": [
                {"name": "own", "resourceClaimName": name}]}})
        };
        assert_eq!(own(&json!({})), Found::Missing);
        assert_eq!(own(&status(&json!("c"))), Found::Named("c".into(), Ownership::Pod));
        assert_eq!(own(&status(&Value::Null)), Found::NotNeeded);
        let shared = find(&pod(&json!({})), &wishes(&pod(&json!({})))[1]);
        assert_eq!(shared, Found::Named("s".into(), Ownership::Anybody));
    }

    #[test]
    fn a_template_makes_a_claim_for_one_pod() {
        let template = serde_json::from_value(json!({"metadata": {"name": "t"}, "spec": {
            "metadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}},
            "spec": {"devices": {"requests": [{"name": "r", "exactly": {"deviceClassName": "k"}}]}}}}));
        let (template, pod) = (template.unwrap(), pod(&json!({})));
        let wish = &wishes(&pod)[0];
        let made = from_template(&pod, wish, &template);
        assert!(is_for(&made, &pod, wish) && !is_for(&made, &pod, &wishes(&pod)[1]));
        assert_eq!(made.metadata.generate_name.as_deref(), Some("p-own-"));
        assert_eq!(made.metadata.labels.unwrap()["a"], "b");
        assert_eq!(made.spec, template.spec.spec);
        let mut long = pod.clone();
        long.metadata.name = Some("p".repeat(100));
        let name = from_template(&long, wish, &template).metadata.generate_name.unwrap();
        assert!(name.len() <= LONGEST_BASE && name.ends_with("-o"), "{name}");
    }

    #[test]
    fn allocated_claims_are_kept_for_pods_that_have_a_node() {
        let pod = pod(&json!({}));
        let allocated = json!({"status": {"allocation": {}}});
        assert!(reserved(&claim(&json!({})), &pod).is_none());
        let kept = reserved(&claim(&allocated), &pod).unwrap();
        assert!(reserved(&kept, &pod).is_none(), "once is enough");
        let users: Vec<Value> = (0..MOST_USERS)
            .map(|at| json!({"resource": "pods", "name": "x", "uid": format!("x{at}")}))
            .collect();
        let full = json!({"status": {"allocation": {}, "reservedFor": users}});
        assert!(reserved(&claim(&full), &pod).is_none());
    }

    #[test]
    fn claims_are_free_when_nobody_uses_them() {
        let user = |uid: &str| json!({"resource": "pods", "name": "p", "uid": uid});
        let used = |users: &[Value], more: &Value| {
            let mut used = json!({"metadata": {"finalizers": [FINALIZER]},
                "status": {"allocation": {}, "reservedFor": users}});
            machinery::patch::apply_merge_patch(&mut used, more);
            claim(&used)
        };
        let leaves = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
        let there = |user: &ResourceClaimConsumerReference| user.uid == "1";
        let step = |claim: &ResourceClaim| reconcile(claim, there, None).unwrap();
        assert_eq!(step(&used(&[user("1")], &json!({}))), Step::Settled);
        let Step::Release(freed) = step(&used(&[user("1"), user("2")], &json!({}))) else {
            panic!("a user is gone")
        };
        assert_eq!(users(&freed).len(), 1);
        assert!(freed.status.as_ref().unwrap().allocation.is_some());
        let Step::Release(freed) = step(&used(&[user("2")], &json!({}))) else {
            panic!("all users are gone")
        };
        assert!(freed.status.unwrap().allocation.is_none());
        assert_eq!(step(&used(&[], &json!({}))), Step::Settled, "it may be used later");
        assert!(matches!(step(&used(&[], &leaves)), Step::Release(_)));
        let mut bare = leaves.clone();
        bare["status"] = Value::Null;
        assert_eq!(step(&used(&[], &bare)), Step::Free);
        let strange = json!({"resource": "jobs", "name": "j", "uid": "3"});
        assert!(reconcile(&used(&[strange], &json!({})), there, None).is_err());
    }

    #[test]
    fn a_claim_of_a_pod_that_is_done_goes() {
        let own = claim(&json!({"metadata": {"ownerReferences": [
            {"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "1", "controller": true}]}}));
        let step = |more: &Value| reconcile(&own, |_| true, Some(&pod(more))).unwrap();
        assert_eq!(step(&json!({})), Step::Settled);
        assert_eq!(step(&json!({"status": {"phase": "Failed"}})), Step::Delete);
        let other = json!({"metadata": {"uid": "2"}, "status": {"phase": "Failed"}});
        assert_eq!(step(&other), Step::Settled);
    }
}
