//! What makes a pod the n-th of its set: its name, labels, host name and claims. Pure.
//! Source: `k8s.io/kubernetes/pkg/controller/statefulset`, `stateful_set_utils.go`.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::{
        apps::v1::StatefulSet,
        core::v1::{
            PersistentVolumeClaim, PersistentVolumeClaimVolumeSource, Pod, PodSpec, Volume,
        },
    },
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use machinery::well_known;

use super::reconcile::Revision;
use crate::{podcontrol::pod_of, pods};

/// Label of pods: their own name.
const POD_NAME: &str = "statefulset.kubernetes.io/pod-name";
/// Label of pods: their number.
const POD_INDEX: &str = "apps.kubernetes.io/pod-index";

/// The set's name, or `""`.
pub(super) fn set_name(set: &StatefulSet) -> &str {
    set.metadata.name.as_deref().unwrap_or_default()
}

/// The number of the first pod.
pub(super) fn start(set: &StatefulSet) -> i64 {
    let ordinals = set.spec.as_ref().and_then(|spec| spec.ordinals.as_ref());
    ordinals.and_then(|ordinals| ordinals.start).unwrap_or(0).into()
}

/// Pods that the set wants.
pub(super) fn wanted(set: &StatefulSet) -> i64 {
    set.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1).into()
}

/// The number of a pod of the set; `None` for a pod whose name is not of the set's.
pub(super) fn ordinal(set: &StatefulSet, pod: &Pod) -> Option<i64> {
    let (parent, number) = pods::name(pod).rsplit_once('-')?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let number: Option<i32> = number.parse().ok();
    number.filter(|_| digits && parent == set_name(set)).map(i64::from)
}

/// Tells whether the set wants a pod with this number.
pub(super) fn in_range(set: &StatefulSet, ordinal: i64) -> bool {
    let start = start(set);
    (start..start + wanted(set)).contains(&ordinal)
}

/// The name of the revision that a pod was made of.
pub(super) fn revision_of(pod: &Pod) -> &str {
    let labels = pod.metadata.labels.as_ref();
    labels.and_then(|all| all.get(well_known::REVISION_HASH)).map_or("", String::as_str)
}

/// The labels that say which pod it is.
fn identity_labels(set: &StatefulSet, ordinal: i64) -> [(&'static str, String); 2] {
    [(POD_NAME, format!("{}-{ordinal}", set_name(set))), (POD_INDEX, ordinal.to_string())]
}

/// The n-th pod, of a template and a revision's name.
pub(super) fn new_pod(set: &StatefulSet, ordinal: i64, revision: &Revision) -> Pod {
    let mut pod = pod_of(set, &revision.template);
    let name = format!("{}-{ordinal}", set_name(set));
    pod.metadata.generate_name = Some(format!("{}-", set_name(set)));
    pod.metadata.namespace.clone_from(&set.metadata.namespace);
    let labels = pod.metadata.labels.get_or_insert_default();
    labels.insert(well_known::REVISION_HASH.into(), revision.name.clone());
    for (key, value) in identity_labels(set, ordinal) {
        labels.insert(key.into(), value);
    }
    let spec = pod.spec.get_or_insert_with(PodSpec::default);
    spec.hostname = Some(name.clone());
    let service = set.spec.as_ref().and_then(|spec| spec.service_name.clone());
    spec.subdomain = service.filter(|service| !service.is_empty());
    pod.metadata.name = Some(name);
    mount_claims(set, ordinal, &mut pod);
    pod
}

/// Puts the set's claims among a pod's volumes, in place of volumes with their names.
fn mount_claims(set: &StatefulSet, ordinal: i64, pod: &mut Pod) {
    let claims = claims(set, ordinal);
    let Some(spec) = pod.spec.as_mut().filter(|_| !claims.is_empty()) else { return };
    let others = spec.volumes.take().unwrap_or_default();
    let is_claim = |volume: &Volume| claims.iter().any(|(template, _)| *template == volume.name);
    let mut volumes: Vec<_> =
        claims.iter().map(|(template, claim)| claim_volume(template, claim)).collect();
    volumes.extend(others.into_iter().filter(|volume| !is_claim(volume)));
    spec.volumes = Some(volumes);
}

fn claim_volume(template: &str, claim: &PersistentVolumeClaim) -> Volume {
    Volume {
        name: template.to_owned(),
        persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource {
            claim_name: claim.metadata.name.clone().unwrap_or_default(),
            read_only: None,
        }),
        ..Volume::default()
    }
}

/// The claims of the n-th pod, with the names of their templates.
pub(super) fn claims(set: &StatefulSet, ordinal: i64) -> Vec<(String, PersistentVolumeClaim)> {
    let Some(spec) = &set.spec else { return Vec::new() };
    let selected = spec.selector.match_labels.clone().unwrap_or_default();
    let claim = |template: &PersistentVolumeClaim| {
        let own = template.metadata.name.clone().unwrap_or_default();
        let mut labels: BTreeMap<_, _> = template.metadata.labels.clone().unwrap_or_default();
        labels.extend(selected.clone());
        let metadata = ObjectMeta {
            name: Some(format!("{own}-{}-{ordinal}", set_name(set))),
            namespace: set.metadata.namespace.clone(),
            labels: Some(labels).filter(|labels| !labels.is_empty()),
            annotations: template.metadata.annotations.clone(),
            ..ObjectMeta::default()
        };
        let spec = template.spec.clone();
        (own, PersistentVolumeClaim { metadata, spec, status: None })
    };
    spec.volume_claim_templates.iter().flatten().map(claim).collect()
}

/// The pod as it should be, if its identity or its claims are not what they should be.
pub(super) fn repaired(set: &StatefulSet, ordinal: i64, pod: &Pod) -> Option<Pod> {
    let mut fixed = pod.clone();
    let labels = fixed.metadata.labels.get_or_insert_default();
    labels.extend(identity_labels(set, ordinal).map(|(key, value)| (key.to_owned(), value)));
    let volumes = pod.spec.as_ref().and_then(|spec| spec.volumes.as_ref());
    let mounted = |(template, claim): &(String, PersistentVolumeClaim)| {
        volumes.into_iter().flatten().any(|volume| {
            let source = volume.persistent_volume_claim.as_ref();
            volume.name == *template
                && source.map(|source| &source.claim_name) == claim.metadata.name.as_ref()
        })
    };
    if !claims(set, ordinal).iter().all(mounted) {
        mount_claims(set, ordinal, &mut fixed);
    }
    Some(fixed).filter(|fixed| fixed != pod)
}

/// Tells whether a claim's name could be that of one of the set's pods.
pub(super) fn may_claim(set: &StatefulSet, claim: &str) -> bool {
    let templates = set.spec.as_ref().and_then(|spec| spec.volume_claim_templates.as_ref());
    templates.into_iter().flatten().any(|template| {
        let own = template.metadata.name.as_deref().unwrap_or_default();
        let rest = claim.strip_prefix(own).and_then(|rest| rest.strip_prefix('-'));
        let rest = rest.and_then(|rest| rest.strip_prefix(set_name(set)));
        rest.is_some_and(|rest| rest.starts_with('-'))
    })
}
