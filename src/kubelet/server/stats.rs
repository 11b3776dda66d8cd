//! What containers and the node use, as clients of a kubelet read it: `/stats/summary` and
//! `/metrics/resource`. Source: `k8s.io/kubelet/pkg/apis/stats/v1alpha1` and the kubelet's
//! `metrics/collectors/resource_metrics.go`.
//!
//! Nothing measures on its own: the rate of a processor's use is that between two looks, or since the
//! container's beginning at the first one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use jiff::Timestamp;
use runtime::Usage;
use serde_json::{Value, json};

use super::Serving;
use crate::pod::PodId;

/// Looks nearer to each other than this tell the same rate.
const SHORTEST: Duration = Duration::from_secs(10);
const THE_NODE: &str = "";

/// The rates as of the last looks, by container.
#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<HashMap<String, Look>>);

#[derive(Debug, Clone, Copy)]
struct Look {
    at: Timestamp,
    cpu_nanos: u64,
    /// Nanoseconds of processor time in a second.
    rate: u64,
}

impl Meter {
    /// The rate of something that had used so much by now and began at `since`.
    fn rate(&self, id: &str, (now, used): (Timestamp, u64), since: Timestamp) -> u64 {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = looks.get(id).copied();
        let from = match last {
            Some(last) if now.duration_since(last.at).unsigned_abs() < SHORTEST => {
                return last.rate;
            }
            Some(last) => last,
            None => Look { at: since, cpu_nanos: 0, rate: 0 },
        };
        let passed = now.duration_since(from.at).as_secs_f64().max(0.001);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a rate is a rough figure and not negative"
        )]
        let rate = (used.saturating_sub(from.cpu_nanos) as f64 / passed) as u64;
        looks.insert(id.to_owned(), Look { at: now, cpu_nanos: used, rate });
        rate
    }

    /// Forgets all that is not among `ids`.
    fn keep(&self, ids: &[String]) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.retain(|id, _| id == THE_NODE || ids.contains(id));
    }
}

/// A container and what it uses.
struct Measured {
    name: String,
    since: Timestamp,
    used: Usage,
    rate: u64,
}

/// A pod and its running containers.
struct Pod {
    id: PodId,
    since: Timestamp,
    containers: Vec<Measured>,
}

fn look(serving: &Serving, now: Timestamp) -> Vec<Pod> {
    let mut ids = Vec::new();
    let mut pods = Vec::new();
    for pod in serving.pods.list() {
        let id = PodId::of(&pod);
        let Some(live) = serving.host.live(&id.uid) else { continue };
        let since = pod.status.as_ref().and_then(|status| status.start_time.as_ref());
        let since = since.map_or(now, |time| time.0);
        let mut containers = Vec::new();
        for (name, run) in live.runs.iter().filter(|(_, run)| run.running) {
            let Some(used) = live.sandbox.usage(&run.id) else { continue };
            let statuses = pod.status.as_ref().and_then(|it| it.container_statuses.as_ref());
            let status = statuses.into_iter().flatten().find(|status| status.name == *name);
            let running = status.and_then(|status| status.state.as_ref()?.running.as_ref());
            let started = running.and_then(|running| running.started_at.as_ref());
            let since = started.map_or(since, |time| time.0);
            let rate = serving.meter.rate(&run.id, (now, used.cpu_nanos), since);
            containers.push(Measured { name: name.clone(), since, used, rate });
            ids.push(run.id.clone());
        }
        pods.push(Pod { id, since, containers });
    }
    serving.meter.keep(&ids);
    pods
}

/// What the machine as a whole uses.
fn node(serving: &Serving, now: Timestamp) -> Measured {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let used = machine(&read("/proc/stat"), &read("/proc/meminfo"));
    let up = read("/proc/uptime");
    let up = up.split(' ').next().and_then(|text| text.parse::<f64>().ok()).unwrap_or_default();
    let since = now - Duration::try_from_secs_f64(up).unwrap_or_default();
    let rate = serving.meter.rate(THE_NODE, (now, used.cpu_nanos), since);
    Measured { name: serving.host.config.node_name.clone(), since, used, rate }
}

/// Looks at the machine for the first time, so that its use from now on can be told.
pub(super) fn begin(serving: &Serving) {
    node(serving, lifecycle::clock::now());
}

/// Reads `/proc/stat`, whose times are hundredths of seconds, and `/proc/meminfo`, in kilobytes.
fn machine(stat: &str, meminfo: &str) -> Usage {
    let all = stat.lines().find_map(|line| line.strip_prefix("cpu ")).unwrap_or_default();
    let times: Vec<u64> = all.split_whitespace().filter_map(|time| time.parse().ok()).collect();
    // user, nice, system, idle, iowait, irq, softirq, steal; guests are in user already.
    let busy: u64 = times
        .iter()
        .take(8)
        .enumerate()
        .filter(|(at, _)| !matches!(at, 3 | 4))
        .map(|it| it.1)
        .sum();
    let kilobytes = |name: &str| {
        let mut lines = meminfo.lines().filter_map(|line| line.split_once(':'));
        let value = lines.find(|(key, _)| *key == name)?.1.trim().split(' ').next()?;
        value.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    };
    let total = kilobytes("MemTotal").unwrap_or_default();
    let held = |name: &str| total.saturating_sub(kilobytes(name).unwrap_or_default());
    Usage {
        cpu_nanos: busy * 10_000_000,
        memory_bytes: held("MemFree"),
        working_set_bytes: held("MemAvailable"),
    }
}

fn shown(now: Timestamp, rate: u64, used: Usage) -> (Value, Value) {
    let time = lifecycle::clock::rfc3339_seconds(now);
    let cpu = json!({
        "time": time, "usageNanoCores": rate, "usageCoreNanoSeconds": used.cpu_nanos,
    });
    let memory = json!({
        "time": time, "usageBytes": used.memory_bytes, "workingSetBytes": used.working_set_bytes,
    });
    (cpu, memory)
}

fn start(since: Timestamp) -> String {
    lifecycle::clock::rfc3339_seconds(since)
}

/// The sum over a pod's containers: its rate and its use.
fn sum(containers: &[Measured]) -> (u64, Usage) {
    let mut all = Usage::default();
    for Measured { used, .. } in containers {
        all.cpu_nanos += used.cpu_nanos;
        all.memory_bytes += used.memory_bytes;
        all.working_set_bytes += used.working_set_bytes;
    }
    (containers.iter().map(|one| one.rate).sum(), all)
}

/// `/stats/summary`.
pub(super) async fn summary(State(serving): State<Arc<Serving>>) -> Response {
    let now = lifecycle::clock::now();
    let pods: Vec<Value> = look(&serving, now)
        .into_iter()
        .map(|pod| {
            let containers: Vec<Value> = pod
                .containers
                .iter()
                .map(|one| {
                    let (cpu, memory) = shown(now, one.rate, one.used);
                    let since = start(one.since);
                    json!({"name": one.name, "startTime": since, "cpu": cpu, "memory": memory})
                })
                .collect();
            let (rate, used) = sum(&pod.containers);
            let (cpu, memory) = shown(now, rate, used);
            let PodId { namespace, name, uid, .. } = pod.id;
            json!({
                "podRef": {"name": name, "namespace": namespace, "uid": uid},
                "startTime": start(pod.since), "containers": containers, "cpu": cpu,
                "memory": memory,
            })
        })
        .collect();
    let node = node(&serving, now);
    let (cpu, memory) = shown(now, node.rate, node.used);
    let node = json!({
        "nodeName": node.name, "startTime": start(node.since), "cpu": cpu, "memory": memory,
    });
    let body = json!({"node": node, "pods": pods}).to_string();
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// `/metrics/resource`, which metrics-server reads.
pub(super) async fn metrics(State(serving): State<Arc<Serving>>) -> Response {
    let now = lifecycle::clock::now();
    let page = page(&look(&serving, now), &node(&serving, now), now.as_millisecond());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], page).into_response()
}

/// The families of series: name, kind, and what is counted.
const FAMILIES: [[&str; 3]; 8] = [
    [
        "container_cpu_usage_seconds_total",
        "counter",
        "Cumulative cpu time consumed by the container in core-seconds",
    ],
    [
        "container_memory_working_set_bytes",
        "gauge",
        "Current working set of the container in bytes",
    ],
    [
        "container_start_time_seconds",
        "gauge",
        "Start time of the container since unix epoch in seconds",
    ],
    [
        "node_cpu_usage_seconds_total",
        "counter",
        "Cumulative cpu time consumed by the node in core-seconds",
    ],
    ["node_memory_working_set_bytes", "gauge", "Current working set of the node in bytes"],
    [
        "pod_cpu_usage_seconds_total",
        "counter",
        "Cumulative cpu time consumed by the pod in core-seconds",
    ],
    ["pod_memory_working_set_bytes", "gauge", "Current working set of the pod in bytes"],
    ["resource_scrape_error", "gauge", "1 if there was an error, 0 otherwise"],
];

#[expect(clippy::cast_precision_loss, reason = "Prometheus' values are floating-point numbers")]
fn page(pods: &[Pod], node: &Measured, millis: i64) -> String {
    let seconds = |used: Usage| used.cpu_nanos as f64 / 1e9;
    let bytes = |used: Usage| used.working_set_bytes as f64;
    let begun = |since: Timestamp| since.as_millisecond() as f64 / 1000.0;
    let mut out: Vec<String> = Vec::new();
    for [name, kind, help] in FAMILIES {
        out.push(format!("# HELP {name} [STABLE] {help}\n# TYPE {name} {kind}\n"));
        let mut line = |labels: &str, value: f64| {
            let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
            out.push(format!("{name}{labels} {value} {millis}\n"));
        };
        match name {
            "node_cpu_usage_seconds_total" => line("", seconds(node.used)),
            "node_memory_working_set_bytes" => line("", bytes(node.used)),
            "resource_scrape_error" => line("", 0.0),
            _ => {}
        }
        for pod in pods {
            let place = format!("namespace=\"{}\",pod=\"{}\"", pod.id.namespace, pod.id.name);
            let (_, all) = sum(&pod.containers);
            match name {
                "pod_cpu_usage_seconds_total" => line(&place, seconds(all)),
                "pod_memory_working_set_bytes" => line(&place, bytes(all)),
                _ => {}
            }
            for one in &pod.containers {
                let labels = format!("container=\"{}\",{place}", one.name);
                match name {
                    "container_cpu_usage_seconds_total" => line(&labels, seconds(one.used)),
                    "container_memory_working_set_bytes" => line(&labels, bytes(one.used)),
                    "container_start_time_seconds" => line(&labels, begun(one.since)),
                    _ => {}
                }
            }
        }
    }
    out.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn a_rate_is_that_between_two_looks() {
        let meter = Meter::default();
        let second = 1_000_000_000;
        for (now, used, want) in [
            // Two of ten seconds since its beginning.
            (110, 2 * second, second / 5),
            // Too near to the last look.
            (115, 7 * second, second / 5),
            (130, 22 * second, second),
            (150, 22 * second, 0),
            // A clock that goes back tells nothing new.
            (149, 30 * second, 0),
        ] {
            assert_eq!(meter.rate("c", (at(now), used), at(100)), want, "{now}");
        }
        meter.keep(&[]);
        assert_eq!(meter.rate("c", (at(200), 50 * second), at(100)), second / 2, "forgotten");
    }

    #[test]
    fn the_machine_is_read_from_proc() {
        let stat = "cpu  100 1 50 1000 200 3 4 2 60 0\ncpu0 1 1 1 1\n";
        let meminfo = "MemTotal:   1000 kB\nMemFree:   100 kB\nMemAvailable:   600 kB\n";
        let used = machine(stat, meminfo);
        assert_eq!(used.cpu_nanos, 160 * 10_000_000);
        assert_eq!((used.memory_bytes, used.working_set_bytes), (900 * 1024, 400 * 1024));
        assert_eq!(machine("", ""), Usage::default());
    }

    #[test]
    fn pages_name_every_container() {
        let used = Usage { cpu_nanos: 1_500_000_000, memory_bytes: 9, working_set_bytes: 7 };
        let one = |name: &str| Measured { name: name.into(), since: at(5), used, rate: 0 };
        let id = PodId { namespace: "n".into(), name: "p".into(), uid: "u".into() };
        let pod = Pod { id, since: at(5), containers: vec![one("a"), one("b")] };
        let page = page(&[pod], &one("node"), 6000);
        for line in [
            "container_cpu_usage_seconds_total{container=\"a\",namespace=\"n\",pod=\"p\"} 1.5 6000",
            "container_start_time_seconds{container=\"b\",namespace=\"n\",pod=\"p\"} 5 6000",
            "node_memory_working_set_bytes 7 6000",
            "pod_cpu_usage_seconds_total{namespace=\"n\",pod=\"p\"} 3 6000",
            "resource_scrape_error 0 6000",
        ] {
            assert!(page.lines().any(|one| one == line), "{line}\n{page}");
        }
    }
}
