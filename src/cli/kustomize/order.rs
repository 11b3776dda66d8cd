//! The order in which objects are written.
//! Source: kustomize, `api/internal/builtins/SortOrderTransformer.go`.

use super::{
    Built,
    document::{LegacySort, SortOptions},
    fault,
    resource::{Id, Resource, Resources},
};

const FIRST: &[&str] = &[
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];
const LAST: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// Sorts objects as asked; by kind where nothing is asked.
pub(super) fn sort(found: &mut Resources, options: Option<&SortOptions>) -> Built<()> {
    let legacy = options.and_then(|options| options.legacy_sort_options.as_ref());
    match options.map(|options| options.order.as_str()) {
        None | Some("legacy") => {}
        Some("fifo") if legacy.is_some() => {
            return Err(fault(
                "the field 'sortOptions.legacySortOptions' is set but the selected sort order is \
                 'fifo', not 'legacy'",
            ));
        }
        Some("fifo") => return Ok(()),
        Some(_) => {
            return Err(fault("the field 'sortOptions.order' must be one of [fifo, legacy]"));
        }
    }
    found.0.sort_by_cached_key(|one| key(one, legacy));
    Ok(())
}

fn key(one: &Resource, options: Option<&LegacySort>) -> (isize, String, String) {
    let id = one.id();
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.into() };
    let kind = format!("{}_{}_{}", or(&id.group, "~G"), or(&id.version, "~V"), or(&id.kind, "~K"));
    let name = format!("{}|{}", or(&id.namespace, "~X"), or(&id.name, "~N"));
    (rank(&id, options), kind, name)
}

fn rank(id: &Id, options: Option<&LegacySort>) -> isize {
    let at = |kinds: &[String]| kinds.iter().position(|kind| *kind == id.kind);
    let known = |kinds: &[&str]| kinds.iter().position(|kind| *kind == id.kind);
    let (first, count, last) = match options {
        Some(options) => {
            (at(&options.order_first), options.order_first.len(), at(&options.order_last))
        }
        None => (known(FIRST), FIRST.len(), known(LAST)),
    };
    let number = |index: usize| isize::try_from(index).unwrap_or(isize::MAX);
    match (first, last) {
        (_, Some(index)) => 1 + number(index),
        (Some(index), None) => number(index) - number(count),
        (None, None) => 0,
    }
}
