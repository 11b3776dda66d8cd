//! `/metrics`: what the server does and uses, in Prometheus' text form and under the names that
//! dashboards for kube-apiserver look for. Source: `k8s.io/apiserver/pkg/endpoints/metrics`.
//!
//! Our own few lines rather than a crate: a request finds its numbers by labels borrowed from
//! itself and allocates nothing, and crates write the other form, `OpenMetrics`.

pub(crate) mod page;
mod process;
mod request;
mod series;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    },
};

use machinery::{kind::Kind as ObjectKind, status::Status};
use store::Range;

use crate::{http::version_info, registry::refused, server::Inner};

pub(crate) use page::{CONTENT_TYPE, Kind, Page};
pub(crate) use request::{Measured, hold, is_long_running, measure};

/// What is counted.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: series::Table,
    read_only: AtomicI64,
    mutating: AtomicI64,
    aborted: AtomicU64,
    watches: Mutex<BTreeMap<[String; 3], Arc<Watches>>>,
    pub(crate) handshake_errors: AtomicU64,
}

/// The events that watches of a resource have sent.
#[derive(Debug)]
pub(crate) struct Watches {
    sizes: series::Histogram<8>,
}

impl Watches {
    /// Counts an event of so many bytes.
    #[expect(clippy::cast_precision_loss, reason = "events are small")]
    pub(crate) fn sent(&self, bytes: usize) {
        self.sizes.observe(bytes as f64);
    }
}

impl Metrics {
    /// Where the events of watches of a kind are counted.
    pub(crate) fn watches(&self, kind: &ObjectKind) -> Arc<Watches> {
        let key = [kind.group.clone(), kind.plural.clone(), kind.version.clone()];
        let mut all = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || Arc::new(Watches { sizes: series::Histogram::new(&series::EVENTS) });
        Arc::clone(all.entry(key).or_insert_with(made))
    }
}

/// The page. Cost: O(labels seen) and a count for each resource. Errors: the store's.
pub(crate) async fn page(server: &Inner) -> Result<String, Status> {
    let mut page = Page::default();
    let metrics = &server.metrics;
    requests(&mut page, metrics);
    in_flight(&mut page, metrics);
    watch_events(&mut page, metrics);
    page.family(
        "apiserver_tls_handshake_errors_total",
        Kind::Counter,
        "[ALPHA] Number of requests dropped with 'TLS handshake error from' error",
    );
    page.sample(
        "apiserver_tls_handshake_errors_total",
        &[],
        metrics.handshake_errors.load(Relaxed),
    );
    server.flow.write(&mut page);
    if let Some(audit) = &server.config.audit {
        audit.write(&mut page);
    }
    objects(&mut page, server).await?;
    build(&mut page);
    process::write(&mut page);
    Ok(page.into_text())
}

fn requests(page: &mut Page, metrics: &Metrics) {
    let all = metrics.requests.all();
    page.family(
        "apiserver_request_total",
        Kind::Counter,
        "[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, \
         version, resource, scope, component, and HTTP response code.",
    );
    for series in &all {
        for (code, count) in series.codes() {
            let code = code.to_string();
            let labels = series.labels().all();
            let labels: Vec<_> = [("code", code.as_str())].into_iter().chain(labels).collect();
            page.sample("apiserver_request_total", &labels, count);
        }
    }
    durations(page, &all);
    page.family(
        "apiserver_longrunning_requests",
        Kind::Gauge,
        "[STABLE] Gauge of all active long-running apiserver requests broken out by verb, group, \
         version, resource, scope and component. Not all requests are tracked this way.",
    );
    for series in all.iter().filter(|one| one.is_long_running) {
        let open = series.long_running.load(Relaxed);
        page.sample("apiserver_longrunning_requests", &without_dry_run(series), open);
    }
}

fn without_dry_run(series: &series::Series) -> Vec<page::Label<'_>> {
    series.labels().all().into_iter().filter(|(label, _)| *label != "dry_run").collect()
}

fn durations(page: &mut Page, all: &[Arc<series::Series>]) {
    let durations = [
        (
            "apiserver_request_duration_seconds",
            "[STABLE] Response latency distribution in seconds for each verb, dry run value, \
             group, version, resource, subresource, scope and component.",
        ),
        (
            "apiserver_request_sli_duration_seconds",
            "[BETA] Response latency distribution (not counting webhook duration and priority & \
             fairness queue wait times) in seconds for each verb, group, version, resource, \
             subresource, scope and component.",
        ),
    ];
    for (name, help) in durations {
        page.family(name, Kind::Histogram, help);
        let sli = name.contains("_sli_");
        for series in all.iter().filter(|one| !sli || !one.is_long_running) {
            let labels = if sli { without_dry_run(series) } else { series.labels().all().to_vec() };
            let (counts, sum) = series.durations.read();
            if counts.iter().all(|count| *count == 0) {
                continue;
            }
            page.histogram(name, &labels, &series::DURATIONS, (&counts, sum));
        }
    }
    page.family(
        "apiserver_response_sizes",
        Kind::Histogram,
        "[STABLE] Response size distribution in bytes for each group, version, verb, resource, \
         subresource, scope and component.",
    );
    for series in all.iter().filter(|one| matches!(one.labels().verb, "GET" | "LIST")) {
        let (counts, sum) = series.sizes.read();
        if counts.iter().all(|count| *count == 0) {
            continue;
        }
        let labels = without_dry_run(series);
        page.histogram("apiserver_response_sizes", &labels, &series::ANSWERS, (&counts, sum));
    }
}

fn in_flight(page: &mut Page, metrics: &Metrics) {
    page.family(
        "apiserver_current_inflight_requests",
        Kind::Gauge,
        "[STABLE] Maximal number of currently used inflight request limit of this apiserver per \
         request kind in last second.",
    );
    for (kind, count) in [("mutating", &metrics.mutating), ("readOnly", &metrics.read_only)] {
        let labels = [("request_kind", kind)];
        page.sample("apiserver_current_inflight_requests", &labels, count.load(Relaxed));
    }
    page.family(
        "apiserver_request_aborts_total",
        Kind::Counter,
        "[ALPHA] Number of requests which apiserver aborted possibly due to a timeout, for each \
         group, version, verb, resource, subresource and scope",
    );
    page.sample("apiserver_request_aborts_total", &[], metrics.aborted.load(Relaxed));
}

fn watch_events(page: &mut Page, metrics: &Metrics) {
    let all = metrics.watches.lock().unwrap_or_else(PoisonError::into_inner);
    let all: Vec<_> = all.iter().map(|(key, it)| (key.clone(), it.sizes.read())).collect();
    let labels = |[group, resource, version]: &'_ [String; 3]| {
        [("group", group.clone()), ("resource", resource.clone()), ("version", version.clone())]
    };
    page.family(
        "apiserver_watch_events_total",
        Kind::Counter,
        "[ALPHA] Number of events sent in watch clients",
    );
    for (key, (counts, _)) in &all {
        let labels = labels(key);
        let labels = labels.each_ref().map(|(name, value)| (*name, value.as_str()));
        page.sample("apiserver_watch_events_total", &labels, counts.iter().sum::<u64>());
    }
    page.family(
        "apiserver_watch_events_sizes",
        Kind::Histogram,
        "[ALPHA] Watch event size distribution in bytes",
    );
    for (key, (counts, sum)) in &all {
        let labels = labels(key);
        let labels = labels.each_ref().map(|(name, value)| (*name, value.as_str()));
        page.histogram("apiserver_watch_events_sizes", &labels, &series::EVENTS, (counts, *sum));
    }
}

/// How many objects of each resource there are.
async fn objects(page: &mut Page, server: &Inner) -> Result<(), Status> {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for kind in server.registry.kinds().iter() {
        let (group, plural) = &kind.storage;
        let place = (group.clone(), plural.clone());
        if kind.verbs.is_empty() || kind.stands_for.is_some() || counts.contains_key(&place) {
            continue;
        }
        let prefix = server.registry.key(group, plural, "", "");
        let range = Range { prefix, limit: 1, ..Range::default() };
        let found = server.registry.store().range(&range).await.map_err(|error| refused(&error))?;
        counts.insert(place, found.records.len() + found.remaining);
    }
    page.family(
        "apiserver_storage_objects",
        Kind::Gauge,
        "[STABLE] Number of stored objects at the time of last check split by kind. In case of a \
         fetching error, the value will be -1.",
    );
    for ((group, plural), count) in &counts {
        let resource = if group.is_empty() { plural.clone() } else { format!("{plural}.{group}") };
        page.sample("apiserver_storage_objects", &[("resource", &resource)], count);
    }
    page.family(
        "apiserver_resource_objects",
        Kind::Gauge,
        "[ALPHA] Number of stored objects at the time of last check split by kind. In case of a \
         fetching error, the value will be -1.",
    );
    for ((group, plural), count) in &counts {
        let labels = [("group", group.as_str()), ("resource", plural.as_str())];
        page.sample("apiserver_resource_objects", &labels, count);
    }
    Ok(())
}

fn build(page: &mut Page) {
    let version = version_info();
    let of = |field: &str| version.get(field).and_then(|it| it.as_str()).unwrap_or_default();
    page.family(
        "kubernetes_build_info",
        Kind::Gauge,
        "[ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git \
         commit, git tree state, build date, Go version, and compiler from which Kubernetes was \
         built, and platform on which it is running.",
    );
    let labels = [
        ("build_date", of("buildDate")),
        ("compiler", of("compiler")),
        ("git_commit", of("gitCommit")),
        ("git_tree_state", of("gitTreeState")),
        ("git_version", of("gitVersion")),
        ("go_version", of("goVersion")),
        ("major", of("major")),
        ("minor", of("minor")),
        ("platform", of("platform")),
    ];
    page.sample("kubernetes_build_info", &labels, 1);
}
