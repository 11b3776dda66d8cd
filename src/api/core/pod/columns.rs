//! A pod as a row: ready containers, the word that says best how it is, restarts, age.
//! Source: `k8s.io/kubernetes/pkg/printers/internalversion.printPod`.

use jiff::Timestamp;
use machinery::{age, kind::Column, meta};
use serde_json::{Value, json};

use crate::parts::{AGE, NAME, age_cell, count, name_cell, of_field, or_none, text, wide};

pub(super) const COLUMNS: &[Column] = &[
    NAME,
    text("Ready", "The aggregate readiness state of this pod for accepting traffic."),
    text("Status", "The aggregate status of the containers in this pod."),
    text(
        "Restarts",
        "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.",
    ),
    AGE,
    wide(of_field("IP", "v1.PodStatus", "podIP")),
    wide(of_field("Node", "v1.PodSpec", "nodeName")),
    wide(of_field("Nominated Node", "v1.PodStatus", "nominatedNodeName")),
    wide(of_field("Readiness Gates", "v1.PodSpec", "readinessGates")),
];

pub(super) fn cells(pod: &Value, now: Timestamp) -> Vec<Value> {
    let seen = Seen::of(pod);
    let ip = meta::items(pod, "/status/podIPs").first().map_or("", |ip| meta::text(ip, "/ip"));
    vec![
        name_cell(pod),
        format!("{}/{}", seen.ready, seen.total).into(),
        seen.word.into(),
        restarts(seen.restarts, seen.last_restart.as_deref(), now).into(),
        age_cell(pod, now),
        or_none(ip),
        or_none(meta::text(pod, "/spec/nodeName")),
        or_none(meta::text(pod, "/status/nominatedNodeName")),
        gates(pod),
    ]
}

/// The word that says best how a pod is: `Running`, `CrashLoopBackOff`, `Init:0/1`, ...
pub fn status_word(pod: &Value) -> String {
    Seen::of(pod).word
}

fn restarts(count: i64, last: Option<&str>, now: Timestamp) -> String {
    match last {
        Some(last) if count > 0 => format!("{count} ({} ago)", age::since(last, now)),
        _ => count.to_string(),
    }
}

fn gates(pod: &Value) -> Value {
    let gates = meta::items(pod, "/spec/readinessGates");
    if gates.is_empty() {
        return "<none>".into();
    }
    let met = gates.iter().filter(|gate| {
        condition(pod, meta::text(gate, "/conditionType"))
            .is_some_and(|it| meta::text(it, "/status") == "True")
    });
    format!("{}/{}", met.count(), gates.len()).into()
}

fn condition<'a>(pod: &'a Value, name: &str) -> Option<&'a Value> {
    meta::items(pod, "/status/conditions").iter().find(|it| meta::text(it, "/type") == name)
}

struct Seen {
    word: String,
    ready: usize,
    total: usize,
    restarts: i64,
    last_restart: Option<String>,
}

impl Seen {
    fn of(pod: &Value) -> Self {
        let phase = meta::text(pod, "/status/phase");
        let reason = meta::text(pod, "/status/reason");
        let mut seen = Self {
            word: if reason.is_empty() { phase.into() } else { reason.into() },
            ready: 0,
            total: meta::items(pod, "/spec/containers").len(),
            restarts: 0,
            last_restart: None,
        };
        if condition(pod, "PodScheduled")
            .is_some_and(|it| meta::text(it, "/reason") == "SchedulingGated")
        {
            seen.word = "SchedulingGated".into();
        }
        let initializing = seen.init_containers(pod);
        if !initializing || initialized(pod) {
            seen.containers(pod);
        }
        if meta::is_deleting(pod) {
            seen.terminating(pod);
        }
        seen
    }

    /// Looks at the init containers; tells whether one of them is still what the pod waits for.
    fn init_containers(&mut self, pod: &Value) -> bool {
        let specs = meta::items(pod, "/spec/initContainers");
        self.total += specs.iter().filter(|spec| is_sidecar(spec)).count();
        for (index, status) in meta::items(pod, "/status/initContainerStatuses").iter().enumerate()
        {
            self.count_restarts(status);
            let sidecar =
                specs.iter().any(|spec| spec.get("name") == status.get("name") && is_sidecar(spec));
            if sidecar && status["ready"] == true {
                self.ready += 1;
            }
            let exit = meta::number(status, "/state/terminated/exitCode");
            if exit == Some(0) || sidecar && status["started"] == true {
                continue;
            }
            self.word = match exit {
                Some(_) => format!("Init:{}", ended_word(status)),
                None => match meta::text(status, "/state/waiting/reason") {
                    "" | "PodInitializing" => format!("Init:{index}/{}", specs.len()),
                    reason => format!("Init:{reason}"),
                },
            };
            return true;
        }
        false
    }

    fn containers(&mut self, pod: &Value) {
        self.restarts = if is_any_sidecar(pod) { self.restarts } else { 0 };
        let mut running = false;
        for status in meta::items(pod, "/status/containerStatuses").iter().rev() {
            self.count_restarts(status);
            let waiting = meta::text(status, "/state/waiting/reason");
            if !waiting.is_empty() {
                self.word = waiting.into();
            } else if status.pointer("/state/terminated").is_some() {
                self.word = ended_word(status);
            } else if status["ready"] == true && status.pointer("/state/running").is_some() {
                running = true;
                self.ready += 1;
            }
        }
        if self.word == "Completed" && running {
            let ready =
                condition(pod, "Ready").is_some_and(|it| meta::text(it, "/status") == "True");
            self.word = if ready { "Running".into() } else { "NotReady".into() };
        }
    }

    fn terminating(&mut self, pod: &Value) {
        if meta::text(pod, "/status/reason") == "NodeLost" {
            self.word = "Unknown".into();
        } else if !matches!(meta::text(pod, "/status/phase"), "Failed" | "Succeeded") {
            self.word = "Terminating".into();
        }
    }

    fn count_restarts(&mut self, status: &Value) {
        self.restarts += count(status, "/restartCount");
        let ended = meta::text(status, "/lastState/terminated/finishedAt");
        if !ended.is_empty() && self.last_restart.as_deref().is_none_or(|last| last < ended) {
            self.last_restart = Some(ended.into());
        }
    }
}

fn is_sidecar(spec: &Value) -> bool {
    meta::text(spec, "/restartPolicy") == "Always"
}

fn is_any_sidecar(pod: &Value) -> bool {
    meta::items(pod, "/spec/initContainers").iter().any(is_sidecar)
}

fn initialized(pod: &Value) -> bool {
    condition(pod, "Initialized").is_some_and(|it| meta::text(it, "/status") == "True")
}

fn ended_word(status: &Value) -> String {
    let reason = meta::text(status, "/state/terminated/reason");
    if !reason.is_empty() {
        return reason.into();
    }
    match meta::number(status, "/state/terminated/signal") {
        Some(signal) if signal != 0 => format!("Signal:{signal}"),
        _ => format!("ExitCode:{}", count(status, "/state/terminated/exitCode")),
    }
}

/// A pod that has ended, whichever way. Source: `podSuccessConditions` of the printers.
pub(super) fn ended(pod: &Value) -> Option<Value> {
    let (reason, message) = match meta::text(pod, "/status/phase") {
        "Succeeded" => ("Succeeded", "The pod has completed successfully."),
        "Failed" => ("Failed", "The pod failed."),
        _ => return None,
    };
    Some(json!([
        {"type": "Completed", "status": "True", "reason": reason, "message": message}
    ]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_word_tells_what_matters_most() {
        let spec = json!({"containers": [{"name": "c"}]});
        for (case, status, word) in [
            ("new", json!({"phase": "Pending"}), "Pending"),
            (
                "crashing",
                json!({"phase": "Running", "containerStatuses": [
                    {"state": {"waiting": {"reason": "CrashLoopBackOff"}}, "restartCount": 3}]}),
                "CrashLoopBackOff",
            ),
            (
                "done",
                json!({"phase": "Succeeded", "containerStatuses": [
                    {"state": {"terminated": {"reason": "Completed", "exitCode": 0}}}]}),
                "Completed",
            ),
        ] {
            let pod = json!({"spec": spec, "status": status});
            assert_eq!(status_word(&pod), word, "{case}");
        }
    }
}
