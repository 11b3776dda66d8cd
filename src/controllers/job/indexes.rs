//! Sets of completion indexes, as ranges: `1,3-5,7`.
//! Source: `k8s.io/kubernetes/pkg/controller/job`, `indexed_job_utils.go`.

use std::fmt;

use k8s_openapi::api::core::v1::Pod;
use machinery::well_known;

/// Indexes in order; ranges neither touch nor overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Indexes(Vec<(usize, usize)>);

impl Indexes {
    /// Reads what a status says; parts that make no sense and indexes past `completions` are left out.
    pub(super) fn parse(text: &str, completions: usize) -> Self {
        let Some(last_index) = completions.checked_sub(1) else { return Self::default() };
        let ranges = text.split(',').filter_map(|part| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            Some((first.parse().ok()?, last.parse::<usize>().ok()?.min(last_index)))
        });
        Self::of_ranges(ranges.filter(|(first, last)| first <= last).collect())
    }

    fn of_ranges(mut ranges: Vec<(usize, usize)>) -> Self {
        ranges.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => {
                    before.1 = before.1.max(last);
                }
                _ => merged.push((first, last)),
            }
        }
        Self(merged)
    }

    /// These and those.
    pub(super) fn with(&self, others: impl IntoIterator<Item = usize>) -> Self {
        let others = others.into_iter().map(|one| (one, one));
        Self::of_ranges(self.0.iter().copied().chain(others).collect())
    }

    /// What is in either.
    pub(super) fn union(&self, other: &Self) -> Self {
        Self::of_ranges(self.0.iter().chain(&other.0).copied().collect())
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an index is among them.
    pub(super) fn has(&self, index: usize) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= index);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, last)| index <= *last)
    }

    /// How many are in both.
    pub(super) fn shared(&self, other: &Self) -> usize {
        let overlap = |one: &(usize, usize), two: &(usize, usize)| {
            (one.1.min(two.1) + 1).saturating_sub(one.0.max(two.0))
        };
        self.0.iter().map(|one| other.0.iter().map(|two| overlap(one, two)).sum::<usize>()).sum()
    }

    /// The first `count` indexes below `completions` that are not among these.
    pub(super) fn free(&self, count: usize, completions: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut candidate = 0;
        for (first, last) in self.0.iter().copied().chain([(completions, usize::MAX - 1)]) {
            let room = count - found.len();
            found.extend((candidate..first.min(completions)).take(room));
            candidate = last + 1;
        }
        found
    }
}

impl fmt::Display for Indexes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (first, last)) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            match last - first {
                0 => write!(out, "{comma}{first}")?,
                1 => write!(out, "{comma}{first},{last}")?,
                _ => write!(out, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

/// The completion index that a pod was made for.
pub(super) fn index_of(pod: &Pod) -> Option<usize> {
    number(pod, well_known::JOB_COMPLETION_INDEX).and_then(|index| usize::try_from(index).ok())
}

/// How often pods of the same index have failed before, as far as that counts.
pub(super) fn failures_before(pod: &Pod) -> i32 {
    number(pod, well_known::JOB_INDEX_FAILURES).unwrap_or(0)
}

/// How often they have failed without that being counted.
pub(super) fn ignored_before(pod: &Pod) -> i32 {
    number(pod, well_known::JOB_INDEX_IGNORED).unwrap_or(0)
}

fn number(pod: &Pod, annotation: &str) -> Option<i32> {
    pod.metadata.annotations.as_ref()?.get(annotation)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ranges_are_written_and_read() {
        for (text, completions, want) in [
            ("", 5, ""),
            ("0,1,2,4", 10, "0-2,4"),
            ("0-1", 10, "0,1"),
            ("3-9,1", 6, "1,3-5"),
            ("x,2,-,7", 5, "2"),
            ("0-3", 0, ""),
        ] {
            assert_eq!(Indexes::parse(text, completions).to_string(), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn indexes_are_a_set(
            one in proptest::collection::btree_set(0_usize..40, 0..30),
            two in proptest::collection::btree_set(0_usize..40, 0..30),
            count in 0_usize..20,
        ) {
            let (left, right) =
                (Indexes::default().with(one.clone()), Indexes::default().with(two.clone()));
            prop_assert_eq!(left.len(), one.len());
            prop_assert_eq!(left.shared(&right), one.intersection(&two).count());
            let both: BTreeSet<_> = one.union(&two).copied().collect();
            prop_assert_eq!(left.union(&right), Indexes::default().with(both));
            prop_assert!((0..40).all(|index| left.has(index) == one.contains(&index)));
            let free: Vec<_> = (0..40).filter(|index| !one.contains(index)).take(count).collect();
            prop_assert_eq!(left.free(count, 40), free);
            prop_assert_eq!(Indexes::parse(&left.to_string(), 40), left);
        }
    }
}
