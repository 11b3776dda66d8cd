//! What a namespace that is being emptied says of it. No clock, no I/O, no randomness.
//! Source: `k8s.io/kubernetes/pkg/controller/namespace/deletion`, `status_condition_utils.go`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use k8s_openapi::{api::core::v1::NamespaceCondition, apimachinery::pkg::apis::meta::v1::Time};

/// What one pass over a namespace's content came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    /// Objects that are left, by `resource.group`.
    pub(super) remaining: BTreeMap<String, usize>,
    /// Objects that are left, by the finalizer that holds them.
    pub(super) finalizers: BTreeMap<String, usize>,
    /// Group versions that could not be discovered, and why.
    pub(super) undiscovered: Vec<(String, String)>,
    /// What could not be deleted, and why.
    pub(super) failures: Vec<String>,
}

impl Content {
    /// Tells whether nothing is left and nothing went wrong.
    pub(super) fn is_gone(&self) -> bool {
        self.remaining.is_empty() && self.undiscovered.is_empty() && self.failures.is_empty()
    }

    /// Each condition's reason and message where it is true.
    fn troubles(&self) -> [Option<(&'static str, String)>; 5] {
        let counted = |counts: &BTreeMap<String, usize>, between: &str| {
            let words = counts.iter();
            let words =
                words.map(|(what, count)| format!("{what} {between} {count} resource instances"));
            words.collect::<Vec<_>>().join(", ")
        };
        let undiscovered = (!self.undiscovered.is_empty()).then(|| {
            let words = self.undiscovered.iter().map(|(group, why)| format!("{group}: {why}"));
            let words = words.collect::<Vec<_>>().join(", ");
            let text = format!(
                "Discovery failed for some groups, {} failing: unable to retrieve the complete list of server APIs: {words}",
                self.undiscovered.len()
            );
            ("DiscoveryFailed", text)
        });
        let failed = (!self.failures.is_empty()).then(|| {
            let text = format!(
                "Failed to delete all resource types, {} remaining: {}",
                self.failures.len(),
                self.failures.join(", ")
            );
            ("ContentDeletionFailed", text)
        });
        let remaining = (!self.remaining.is_empty()).then(|| {
            let words = counted(&self.remaining, "has");
            ("SomeResourcesRemain", format!("Some resources are remaining: {words}"))
        });
        let held = (!self.finalizers.is_empty()).then(|| {
            let words = counted(&self.finalizers, "in");
            let text = format!("Some content in the namespace has finalizers remaining: {words}");
            ("SomeFinalizersRemain", text)
        });
        // Group versions are parsed when they are discovered: one that cannot be is not served.
        [undiscovered, None, failed, remaining, held]
    }
}

/// Every condition's type, and its reason and message where nothing is wrong.
const FINE: [(&str, &str, &str); 5] = [
    (
        "NamespaceDeletionDiscoveryFailure",
        "ResourcesDiscovered",
        "All resources successfully discovered",
    ),
    (
        "NamespaceDeletionGroupVersionParsingFailure",
        "ParsedGroupVersions",
        "All legacy kube types successfully parsed",
    ),
    (
        "NamespaceDeletionContentFailure",
        "ContentDeleted",
        "All content successfully deleted, may be waiting on finalization",
    ),
    ("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"),
    (
        "NamespaceFinalizersRemaining",
        "ContentHasNoFinalizers",
        "All content-preserving finalizers finished",
    ),
];

/// The conditions as they should be; `None` where they are so.
pub(super) fn conditions(
    content: &Content,
    current: &[NamespaceCondition],
    now: Timestamp,
) -> Option<Vec<NamespaceCondition>> {
    let mut conditions = current.to_vec();
    let mut changed = false;
    for ((type_, reason, message), trouble) in FINE.into_iter().zip(content.troubles()) {
        let status = if trouble.is_some() { "True" } else { "False" };
        let (reason, message) = trouble.unwrap_or_else(|| (reason, message.to_owned()));
        let wanted = NamespaceCondition {
            type_: type_.to_owned(),
            status: status.to_owned(),
            reason: Some(reason.to_owned()),
            message: Some(message),
            last_transition_time: Some(Time(now)),
        };
        match conditions.iter_mut().find(|known| known.type_ == type_) {
            Some(known) if says_the_same(known, &wanted) => continue,
            Some(known) => *known = wanted,
            None => conditions.push(wanted),
        }
        changed = true;
    }
    changed.then_some(conditions)
}

fn says_the_same(known: &NamespaceCondition, wanted: &NamespaceCondition) -> bool {
    (&known.status, &known.reason, &known.message)
        == (&wanted.status, &wanted.reason, &wanted.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(conditions: &[NamespaceCondition]) -> String {
        let lines = conditions.iter().map(|one| {
            let reason = one.reason.as_deref().unwrap();
            format!("{}={} {reason}: {}\n", one.type_, one.status, one.message.as_deref().unwrap())
        });
        lines.collect()
    }

    #[test]
    fn what_is_left_is_told_and_then_that_nothing_is() {
        let counts = |pairs: &[(&str, usize)]| {
            pairs.iter().map(|(what, count)| ((*what).to_owned(), *count)).collect()
        };
        let content = Content {
            remaining: counts(&[("pods.", 2), ("roles.rbac.authorization.k8s.io", 1)]),
            finalizers: counts(&[("example.com/hold", 1)]),
            ..Content::default()
        };
        let now = Timestamp::UNIX_EPOCH;
        let told = conditions(&content, &[], now).unwrap();
        let want = "NamespaceDeletionDiscoveryFailure=False ResourcesDiscovered: All resources successfully discovered
NamespaceDeletionGroupVersionParsingFailure=False ParsedGroupVersions: All legacy kube types successfully parsed
NamespaceDeletionContentFailure=False ContentDeleted: All content successfully deleted, may be waiting on finalization
NamespaceContentRemaining=True SomeResourcesRemain: Some resources are remaining: pods. has 2 resource instances, roles.rbac.authorization.k8s.io has 1 resource instances
NamespaceFinalizersRemaining=True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances
";
        assert_eq!(shown(&told), want);
        assert_eq!(conditions(&content, &told, now), None, "told once");
        let gone = conditions(&Content::default(), &told, now).unwrap();
        assert!(gone.iter().all(|one| one.status == "False"), "{}", shown(&gone));
    }

    #[test]
    fn failures_are_counted_and_named() {
        let content = Content {
            undiscovered: vec![("metrics.k8s.io/v1".to_owned(), "no answer".to_owned())],
            failures: vec!["one".to_owned(), "two".to_owned()],
            ..Content::default()
        };
        let told = shown(&conditions(&content, &[], Timestamp::UNIX_EPOCH).unwrap());
        for want in [
            "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1: no answer",
            "Failed to delete all resource types, 2 remaining: one, two",
        ] {
            assert!(told.contains(want), "{told}");
        }
        assert!(!content.is_gone());
    }
}
