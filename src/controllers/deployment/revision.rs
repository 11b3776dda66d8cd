//! Which ReplicaSet is a Deployment's newest, what its hash and revision are.
//! Source: `k8s.io/kubernetes/pkg/controller/deployment/util`.

use std::{collections::BTreeMap, sync::Arc};

use k8s_openapi::api::{
    apps::v1::{Deployment, ReplicaSet},
    core::v1::PodTemplateSpec,
};
use machinery::well_known;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Letters of hashes; no vowels, so that no words come about.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// Annotations that a ReplicaSet does not take over from its Deployment.
const KEPT_BACK: [&str; 6] = [
    well_known::LAST_APPLIED,
    well_known::REVISION,
    well_known::REVISION_HISTORY,
    well_known::DESIRED_REPLICAS,
    well_known::MAX_REPLICAS,
    "deprecated.deployment.rollback.to",
];

/// The name part that tells templates apart; `collisions` makes it another one.
pub(super) fn template_hash(template: &PodTemplateSpec, collisions: i32) -> String {
    let canonical = serde_json::to_value(template).unwrap_or(Value::Null).to_string();
    let mut hasher = Sha256::new();
    hasher.update(canonical.as_bytes());
    hasher.update(collisions.to_le_bytes());
    let hash = hasher.finalize();
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    hash.iter().take(10).map(letter).collect()
}

/// A template without the label that tells ReplicaSets apart.
fn bare(template: &PodTemplateSpec) -> PodTemplateSpec {
    let mut template = template.clone();
    if let Some(labels) = template.metadata.as_mut().and_then(|meta| meta.labels.as_mut()) {
        labels.remove(well_known::POD_TEMPLATE_HASH);
    }
    template
}

/// The template of a Deployment.
pub(super) fn template_of(deployment: &Deployment) -> PodTemplateSpec {
    deployment.spec.as_ref().map(|spec| spec.template.clone()).unwrap_or_default()
}

/// The oldest set that has the Deployment's template.
pub(super) fn newest<'a>(
    deployment: &Deployment,
    sets: &'a [Arc<ReplicaSet>],
) -> Option<&'a Arc<ReplicaSet>> {
    let wanted = bare(&template_of(deployment));
    sets.iter()
        .filter(|set| {
            let template = set.spec.as_ref().and_then(|spec| spec.template.as_ref());
            template.is_some_and(|template| bare(template) == wanted)
        })
        .min_by_key(|set| (born(set), name(set).to_owned()))
}

/// The set's creation, for ordering.
pub(super) fn born(set: &ReplicaSet) -> Option<jiff::Timestamp> {
    set.metadata.creation_timestamp.as_ref().map(|time| time.0)
}

/// The set's name, or `""`.
pub(super) fn name(set: &ReplicaSet) -> &str {
    set.metadata.name.as_deref().unwrap_or_default()
}

/// The revision that a set's annotation says.
pub(super) fn revision(set: &ReplicaSet) -> i64 {
    let annotations = set.metadata.annotations.as_ref();
    let text = annotations.and_then(|all| all.get(well_known::REVISION));
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The revision that the newest set must have.
pub(super) fn next_revision(old: &[Arc<ReplicaSet>]) -> i64 {
    old.iter().map(|set| revision(set)).max().unwrap_or(0) + 1
}

/// The annotations of the newest set: the Deployment's, its revision, and how many pods it and its
/// siblings may have.
pub(super) fn annotations(
    deployment: &Deployment,
    current: Option<&BTreeMap<String, String>>,
    wanted_revision: i64,
) -> BTreeMap<String, String> {
    let mut out = current.cloned().unwrap_or_default();
    for (key, value) in deployment.metadata.annotations.iter().flatten() {
        if !KEPT_BACK.contains(&key.as_str()) {
            out.insert(key.clone(), value.clone());
        }
    }
    let before = out.get(well_known::REVISION).cloned().unwrap_or_default();
    let known: i64 = before.parse().unwrap_or(0);
    if known < wanted_revision {
        out.insert(well_known::REVISION.into(), wanted_revision.to_string());
        if !before.is_empty() {
            let mut history: Vec<String> = out
                .get(well_known::REVISION_HISTORY)
                .map(|text| text.split(',').map(str::to_owned).collect())
                .unwrap_or_default();
            history.push(before);
            out.insert(well_known::REVISION_HISTORY.into(), history.join(","));
        }
    }
    out
}

/// Writes how many pods the Deployment wants and may have, so that proportions are known later.
pub(super) fn size_annotations(
    mut annotations: BTreeMap<String, String>,
    desired: i32,
    max: i32,
) -> BTreeMap<String, String> {
    annotations.insert(well_known::DESIRED_REPLICAS.into(), desired.to_string());
    annotations.insert(well_known::MAX_REPLICAS.into(), max.to_string());
    annotations
}
