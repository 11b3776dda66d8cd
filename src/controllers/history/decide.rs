//! Which revision a template is, what a new one looks like, and which old ones go. Pure.

use std::{collections::BTreeSet, sync::Arc};

use k8s_openapi::{
    api::{apps::v1::ControllerRevision, core::v1::PodTemplateSpec},
    apimachinery::pkg::{apis::meta::v1::ObjectMeta, runtime::RawExtension},
};
use serde_json::{Value, json};

use super::Revised;
use crate::owner;

/// Letters of hashes; no vowels, so that no words come about.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
/// Bytes of a set's name that a revision's name takes over.
const NAME_PART: usize = 223;

/// What is to be done about a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Choice {
    /// It is the newest revision.
    Newest(Arc<ControllerRevision>),
    /// It was an older revision, which becomes the newest under this number.
    Renumber(Arc<ControllerRevision>, i64),
    /// It is new.
    Create(i64),
}

/// Revisions, oldest first.
pub(super) fn ordered(mut all: Vec<Arc<ControllerRevision>>) -> Vec<Arc<ControllerRevision>> {
    all.sort_by_key(|one| {
        let born = one.metadata.creation_timestamp.as_ref().map(|time| time.0);
        (one.revision, born, one.metadata.name.clone())
    });
    all
}

/// Decides what revision the owner's template is; `known` is ordered.
pub(super) fn choose<K: Revised>(owner: &K, known: &[Arc<ControllerRevision>]) -> Choice {
    let data = patch_of(owner);
    let next = known.last().map_or(0, |newest| newest.revision) + 1;
    let equal = known.iter().rfind(|one| one.data.as_ref().is_some_and(|it| it.0 == data));
    match equal {
        None => Choice::Create(next),
        Some(equal) if equal.revision + 1 == next => Choice::Newest(Arc::clone(equal)),
        Some(equal) => Choice::Renumber(Arc::clone(equal), next),
    }
}

/// The patch that brings a template back.
fn patch_of<K: Revised>(owner: &K) -> Value {
    let mut template = json!(owner.template());
    if let Some(fields) = template.as_object_mut() {
        fields.insert("$patch".into(), "replace".into());
    }
    json!({"spec": {"template": template}})
}

/// The template that a revision holds.
pub(crate) fn template_in(revision: &ControllerRevision) -> PodTemplateSpec {
    let template = revision.data.as_ref().and_then(|data| data.0.pointer("/spec/template"));
    let template = template.map(|template| serde_json::from_value(template.clone()));
    template.and_then(Result::ok).unwrap_or_default()
}

/// The revision's name, or `""`.
pub(crate) fn name(revision: &ControllerRevision) -> &str {
    revision.metadata.name.as_deref().unwrap_or_default()
}

/// The revision of the owner's template as it is now.
pub(super) fn new_revision<K: Revised>(
    owner: &K,
    number: i64,
    collisions: i32,
) -> ControllerRevision {
    let meta = owner.metadata();
    let data = patch_of(owner);
    let hash = hash(data.to_string().as_bytes(), collisions);
    let own = meta.name.as_deref().unwrap_or_default();
    let part = own.get(..NAME_PART).unwrap_or(own);
    let labels = owner.template().and_then(|template| template.metadata.as_ref()?.labels.clone());
    let mut labels = labels.unwrap_or_default();
    labels.insert(K::HASH_LABEL.into(), hash.clone());
    ControllerRevision {
        metadata: ObjectMeta {
            name: Some(format!("{part}-{hash}")),
            namespace: meta.namespace.clone(),
            labels: Some(labels),
            annotations: meta.annotations.clone(),
            owner_references: Some(vec![owner::controller_reference::<K>(meta)]),
            ..ObjectMeta::default()
        },
        data: Some(RawExtension(data)),
        revision: number,
    }
}

/// FNV-1 of bytes and collisions, in letters that make no words.
fn hash(data: &[u8], collisions: i32) -> String {
    let probe = collisions.to_string();
    let bytes = data.iter().chain(probe.as_bytes());
    let sum =
        bytes.fold(0x811c_9dc5_u32, |sum, byte| sum.wrapping_mul(0x0100_0193) ^ u32::from(*byte));
    let digits = sum.to_string();
    let letter = |digit: u8| LETTERS.get(usize::from(digit) % LETTERS.len()).copied();
    digits.bytes().filter_map(letter).map(char::from).collect()
}

/// The revisions of `old` (ordered) that are too many: the oldest that are not `live` by name.
pub(super) fn surplus(
    old: &[Arc<ControllerRevision>],
    live: &BTreeSet<String>,
    limit: i32,
) -> Vec<Arc<ControllerRevision>> {
    let Ok(limit) = usize::try_from(limit) else { return Vec::new() };
    let dead = old.iter().filter(|one| !live.contains(name(one)));
    let count = dead.clone().count();
    dead.take(count.saturating_sub(limit)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::apps::v1::StatefulSet;
    use proptest::prelude::*;

    use super::*;

    fn set(image: &str) -> StatefulSet {
        serde_json::from_value(json!({
            "metadata": {"name": "web", "namespace": "n", "uid": "u"},
            "spec": {"selector": {"matchLabels": {"a": "1"}}, "template": {
                "metadata": {"labels": {"a": "1"}},
                "spec": {"containers": [{"name": "c", "image": image}]}}},
        }))
        .unwrap()
    }

    /// Carries a choice out.
    fn apply(
        known: &mut Vec<Arc<ControllerRevision>>,
        set: &StatefulSet,
    ) -> Arc<ControllerRevision> {
        match choose(set, known) {
            Choice::Newest(one) => one,
            Choice::Renumber(one, number) => {
                known.retain(|other| name(other) != name(&one));
                let new = Arc::new(ControllerRevision { revision: number, ..(*one).clone() });
                known.push(Arc::clone(&new));
                new
            }
            Choice::Create(number) => {
                let new = Arc::new(new_revision(set, number, 0));
                known.push(Arc::clone(&new));
                new
            }
        }
    }

    #[test]
    fn a_revision_holds_a_template_as_kubernetes_does() {
        let set = set("i:1");
        let revision = new_revision(&set, 1, 0);
        let data = &revision.data.as_ref().unwrap().0;
        assert_eq!(data["spec"]["template"]["$patch"], "replace");
        assert_eq!(Some(&template_in(&revision)), set.template());
        let labels = revision.metadata.labels.clone().unwrap();
        let hash = &labels["controller.kubernetes.io/hash"];
        assert_eq!(name(&revision), format!("web-{hash}"));
        assert_eq!(labels["a"], "1");
        assert_ne!(name(&revision), name(&new_revision(&set, 1, 1)), "a collision");
        assert_eq!(hash, &hash.replace(|letter: char| !LETTERS.contains(&(letter as u8)), "!"));
    }

    #[test]
    fn limits_spare_what_is_in_use() {
        let revision = |number: i64| {
            let mut one = new_revision(&set("i"), number, 0);
            one.metadata.name = Some(number.to_string());
            Arc::new(one)
        };
        let old: Vec<_> = (1..=5).map(revision).collect();
        let live = BTreeSet::from(["1".to_owned()]);
        for (case, limit, want) in [
            ("all fit", 4, ""),
            ("one too many", 3, "2"),
            ("none wanted", 0, "2 3 4 5"),
            ("no limit", -1, ""),
        ] {
            let gone = surplus(&old, &live, limit);
            let names: Vec<_> = gone.iter().map(|one| name(one)).collect();
            assert_eq!(names.join(" "), want, "{case}");
        }
    }

    proptest! {
        #[test]
        fn each_template_has_one_revision_and_the_present_one_is_newest(
            images in proptest::collection::vec(0_u8..4, 1..12),
        ) {
            let mut known = Vec::new();
            for image in &images {
                let set = set(&format!("i:{image}"));
                let update = apply(&mut known, &set);
                prop_assert_eq!(&template_in(&update), set.template().unwrap());
                prop_assert!(known.iter().all(|one| one.revision <= update.revision));
                prop_assert_eq!(choose(&set, &known), Choice::Newest(update));
            }
            let different: BTreeSet<_> = images.iter().collect();
            prop_assert_eq!(known.len(), different.len());
        }
    }
}
