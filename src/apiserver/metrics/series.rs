//! The numbers of one kind of request, found again by its labels without allocating.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher as _},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use super::page::Label;

/// Bounds of durations in seconds. Source: `apiserver/pkg/endpoints/metrics`.
pub(super) const DURATIONS: [f64; 23] = [
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0,
    10.0, 15.0, 20.0, 30.0, 45.0, 60.0,
];
/// Bounds of answers' sizes in bytes.
pub(super) const ANSWERS: [f64; 7] = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/// Bounds of the sizes of watches' events in bytes.
pub(super) const EVENTS: [f64; 8] =
    [1024.0, 2048.0, 4096.0, 8192.0, 16384.0, 32768.0, 65536.0, 131_072.0];

/// What tells requests apart. Cheap to make: it borrows from the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Labels<'a> {
    pub(crate) verb: &'a str,
    pub(crate) dry_run: &'a str,
    pub(crate) group: &'a str,
    pub(crate) version: &'a str,
    pub(crate) resource: &'a str,
    pub(crate) subresource: &'a str,
    pub(crate) scope: &'a str,
}

impl<'a> Labels<'a> {
    /// All labels, in the order of their names.
    pub(super) fn all(&self) -> [Label<'a>; 8] {
        [
            ("component", "apiserver"),
            ("dry_run", self.dry_run),
            ("group", self.group),
            ("resource", self.resource),
            ("scope", self.scope),
            ("subresource", self.subresource),
            ("verb", self.verb),
            ("version", self.version),
        ]
    }
}

/// Observations by size.
#[derive(Debug)]
pub(super) struct Histogram<const BUCKETS: usize> {
    bounds: &'static [f64],
    counts: [AtomicU64; BUCKETS],
    above: AtomicU64,
    /// In millionths, so that it can be added to without a lock.
    sum: AtomicU64,
}

impl<const BUCKETS: usize> Histogram<BUCKETS> {
    pub(super) fn new(bounds: &'static [f64; BUCKETS]) -> Self {
        let counts = std::array::from_fn(|_| AtomicU64::new(0));
        Self { bounds, counts, above: AtomicU64::new(0), sum: AtomicU64::new(0) }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "durations and sizes are not negative and stay far below the largest number"
    )]
    pub(super) fn observe(&self, value: f64) {
        let bucket = self.bounds.iter().position(|bound| value <= *bound);
        bucket.map_or(&self.above, |at| &self.counts[at]).fetch_add(1, Relaxed);
        self.sum.fetch_add((value * 1e6) as u64, Relaxed);
    }

    /// The observations of each bucket, those above all, and the sum.
    #[expect(clippy::cast_precision_loss, reason = "a page of metrics holds such numbers")]
    pub(super) fn read(&self) -> (Vec<u64>, f64) {
        let counts = self.counts.iter().chain([&self.above]);
        (counts.map(|it| it.load(Relaxed)).collect(), self.sum.load(Relaxed) as f64 / 1e6)
    }
}

/// The numbers of requests with the same labels.
#[derive(Debug)]
pub(super) struct Series {
    /// Verb, dry run, group, version, resource, subresource and scope.
    owned: [Box<str>; 7],
    pub(super) durations: Histogram<23>,
    pub(super) sizes: Histogram<7>,
    pub(super) long_running: AtomicI64,
    pub(super) is_long_running: bool,
    codes: Mutex<Vec<(u16, u64)>>,
}

impl Series {
    pub(super) fn new(labels: Labels<'_>, is_long_running: bool) -> Self {
        let Labels { verb, dry_run, group, version, resource, subresource, scope } = labels;
        let owned = [verb, dry_run, group, version, resource, subresource, scope].map(Box::from);
        Self {
            owned,
            durations: Histogram::new(&DURATIONS),
            sizes: Histogram::new(&ANSWERS),
            long_running: AtomicI64::new(0),
            is_long_running,
            codes: Mutex::default(),
        }
    }

    pub(super) fn labels(&self) -> Labels<'_> {
        let [verb, dry_run, group, version, resource, subresource, scope] = &self.owned;
        Labels { verb, dry_run, group, version, resource, subresource, scope }
    }

    pub(super) fn answered(&self, code: u16) {
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        match codes.iter_mut().find(|(known, _)| *known == code) {
            Some((_, count)) => *count += 1,
            None => codes.push((code, 1)),
        }
    }

    pub(super) fn took(&self, duration: Duration) {
        self.durations.observe(duration.as_secs_f64());
    }

    /// How often each code was answered.
    pub(super) fn codes(&self) -> Vec<(u16, u64)> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// All series, by a fingerprint of their labels; those that share one stand in one list.
#[derive(Debug, Default)]
pub(super) struct Table(RwLock<HashMap<u64, Vec<Arc<Series>>>>);

impl Table {
    /// The series of some labels. Allocates only for labels that were not seen before, and then
    /// only where `known` says that they are worth it: callers must not make them up.
    pub(super) fn series(
        &self,
        labels: Labels<'_>,
        is_long_running: bool,
        known: impl FnOnce() -> bool,
    ) -> Option<Arc<Series>> {
        let mut hasher = DefaultHasher::new();
        labels.hash(&mut hasher);
        let fingerprint = hasher.finish();
        let find = |table: &HashMap<u64, Vec<Arc<Series>>>| {
            table.get(&fingerprint)?.iter().find(|one| one.labels() == labels).cloned()
        };
        let found = find(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        if found.is_some() || !known() {
            return found;
        }
        let mut table = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = find(&table) {
            return Some(found);
        }
        let made = Arc::new(Series::new(labels, is_long_running));
        table.entry(fingerprint).or_default().push(Arc::clone(&made));
        Some(made)
    }

    /// All series, in the order of their labels.
    pub(super) fn all(&self) -> Vec<Arc<Series>> {
        let table = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = table.values().flatten().cloned().collect();
        all.sort_by(|left, right| left.labels().all().cmp(&right.labels().all()));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_are_found_again_and_unknown_ones_are_not_made() {
        let table = Table::default();
        let labels = Labels {
            verb: "GET",
            dry_run: "",
            group: "",
            version: "v1",
            resource: "pods",
            subresource: "",
            scope: "resource",
        };
        assert!(table.series(labels, false, || false).is_none());
        let made = table.series(labels, false, || true).unwrap();
        made.answered(200);
        made.answered(404);
        made.answered(200);
        made.took(Duration::from_millis(30));
        made.took(Duration::from_secs(90));
        let again = table.series(labels, false, || false).unwrap();
        assert_eq!(again.codes(), [(200, 2), (404, 1)]);
        let (counts, sum) = again.durations.read();
        assert_eq!((counts[2], counts[23], counts.iter().sum::<u64>()), (1, 1, 2));
        assert!((sum - 90.03).abs() < 1e-9);
        let other = Labels { scope: "cluster", ..labels };
        assert!(table.series(other, false, || false).is_none());
        assert_eq!(table.all().len(), 1);
    }
}
