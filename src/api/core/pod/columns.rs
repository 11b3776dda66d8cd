//! A pod as a row: ready containers, the word that says best how it is, restarts, age.
//! Source: `k8s.io/kubernetes/pkg/printers/internalversion.printPod`.

use jiff::Timestamp;
use machinery::{age, json::Keep, kind::Column, meta};
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

/// What of a container's spec and status a row tells of.
const OF_CONTAINERS: Keep = Keep::Only(&[("name", Keep::All), ("restartPolicy", Keep::All)]);
const OF_STATUSES: Keep = Keep::Only(&[
    ("name", Keep::All),
    ("ready", Keep::All),
    ("started", Keep::All),
    ("restartCount", Keep::All),
    ("state", Keep::All),
    ("lastState", Keep::All),
]);

/// All that [`cells`] and [`ended`] look at.
pub(super) const READS: Keep = Keep::Only(&[
    (
        "metadata",
        Keep::Only(&[
            ("name", Keep::All),
            ("creationTimestamp", Keep::All),
            ("deletionTimestamp", Keep::All),
        ]),
    ),
    (
        "spec",
        Keep::Only(&[
            ("nodeName", Keep::All),
            ("readinessGates", Keep::All),
            ("initContainers", OF_CONTAINERS),
            ("containers", OF_CONTAINERS),
        ]),
    ),
    (
        "status",
        Keep::Only(&[
            ("phase", Keep::All),
            ("reason", Keep::All),
            ("podIPs", Keep::All),
            ("nominatedNodeName", Keep::All),
            ("initContainerStatuses", OF_STATUSES),
            ("containerStatuses", OF_STATUSES),
            (
                "conditions",
                Keep::Only(&[("type", Keep::All), ("status", Keep::All), ("reason", Keep::All)]),
            ),
        ]),
    ),
]);

pub(super) fn cells(pod: &Value, now: Timestamp) -> Vec<Value> {
    let seen = Seen::of(pod);
    let ip = meta::items(pod, "/status/podIPs").first().map_or("", |ip| meta::text(ip, "/ip"));
    vec![
        name_cell(pod),
        format!("{}/{}", seen.ready, seen.total).into(),
        seen.word.into(),
        seen.restarts.shown(now).into(),
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

/// How often containers started anew, and when the last of them ended before.
#[derive(Clone, Default)]
struct Restarts {
    count: i64,
    last: Option<String>,
}

impl Restarts {
    fn add(&mut self, status: &Value) {
        self.count += count(status, "/restartCount");
        let ended = meta::text(status, "/lastState/terminated/finishedAt");
        if !ended.is_empty() && self.last.as_deref().is_none_or(|last| last < ended) {
            self.last = Some(ended.into());
        }
    }

    fn shown(&self, now: Timestamp) -> String {
        match &self.last {
            Some(last) if self.count > 0 => {
                format!("{} ({} ago)", self.count, age::since(last, now))
            }
            _ => self.count.to_string(),
        }
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
    restarts: Restarts,
    /// Of these, those of init containers that keep running.
    of_sidecars: Restarts,
}

impl Seen {
    fn of(pod: &Value) -> Self {
        let phase = meta::text(pod, "/status/phase");
        let reason = meta::text(pod, "/status/reason");
        let mut seen = Self {
            word: if reason.is_empty() { phase.into() } else { reason.into() },
            ready: 0,
            total: meta::items(pod, "/spec/containers").len(),
            restarts: Restarts::default(),
            of_sidecars: Restarts::default(),
        };
        let gated = |it: &Value| {
            meta::text(it, "/type") == "PodScheduled"
                && meta::text(it, "/reason") == "SchedulingGated"
        };
        if meta::items(pod, "/status/conditions").iter().any(gated) {
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
            self.restarts.add(status);
            let sidecar =
                specs.iter().any(|spec| spec.get("name") == status.get("name") && is_sidecar(spec));
            if sidecar {
                self.of_sidecars.add(status);
            }
            let ended = status.pointer("/state/terminated");
            if ended.is_some_and(|ended| count(ended, "/exitCode") == 0) {
                continue;
            }
            if sidecar && status["started"] == true {
                self.ready += usize::from(status["ready"] == true);
                continue;
            }
            self.word = match ended {
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
        self.restarts = self.of_sidecars.clone();
        let mut running = false;
        for status in meta::items(pod, "/status/containerStatuses").iter().rev() {
            self.restarts.add(status);
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
}

fn is_sidecar(spec: &Value) -> bool {
    meta::text(spec, "/restartPolicy") == "Always"
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
    use proptest::prelude::*;
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

    /// One of these, or none.
    fn maybe(values: &[Value]) -> impl Strategy<Value = Option<Value>> + use<> {
        proptest::option::weighted(0.8, proptest::sample::select(values.to_vec()))
    }

    /// Objects with some of these fields, and one that no row tells of.
    fn some(
        fields: Vec<(&'static str, BoxedStrategy<Option<Value>>)>,
    ) -> BoxedStrategy<Option<Value>> {
        let (names, values): (Vec<_>, Vec<_>) = fields.into_iter().unzip();
        values
            .prop_map(move |values| {
                let mut object = json!({"unread": {"name": ["x"]}});
                for (name, value) in names.iter().zip(values) {
                    if let Some(value) = value {
                        object[name] = value;
                    }
                }
                Some(object)
            })
            .boxed()
    }

    fn list(item: BoxedStrategy<Option<Value>>) -> BoxedStrategy<Option<Value>> {
        proptest::collection::vec(item, 0..3).prop_map(|items| Some(json!(items))).boxed()
    }

    fn words(words: &[&str]) -> BoxedStrategy<Option<Value>> {
        maybe(&words.iter().map(|word| json!(word)).collect::<Vec<_>>()).boxed()
    }

    fn times() -> BoxedStrategy<Option<Value>> {
        words(&["2026-01-01T00:00:00Z", "2026-01-01T00:03:00Z"])
    }

    fn names() -> BoxedStrategy<Option<Value>> {
        words(&["a", "b"])
    }

    fn flags() -> BoxedStrategy<Option<Value>> {
        maybe(&[json!(true), json!(false)]).boxed()
    }

    fn statuses() -> BoxedStrategy<Option<Value>> {
        let ended = some(vec![
            ("reason", words(&["Error", "Completed", ""])),
            ("exitCode", maybe(&[json!(0), json!(3)]).boxed()),
            ("signal", maybe(&[json!(0), json!(9)]).boxed()),
            ("finishedAt", times()),
        ]);
        let waiting = [json!({"reason": "PodInitializing"}), json!({"reason": "X"})];
        let state = some(vec![
            ("terminated", prop_oneof![Just(None), ended.clone()].boxed()),
            ("waiting", maybe(&waiting).boxed()),
            ("running", maybe(&[json!({})]).boxed()),
        ]);
        list(some(vec![
            ("name", names()),
            ("ready", flags()),
            ("started", flags()),
            ("restartCount", maybe(&[json!(0), json!(2)]).boxed()),
            ("state", state),
            ("lastState", some(vec![("terminated", ended)])),
        ]))
    }

    /// Pods of all that a row tells of.
    fn pods() -> impl Strategy<Value = Value> {
        let containers =
            || list(some(vec![("name", names()), ("restartPolicy", words(&["Always"]))]));
        let condition = some(vec![
            ("type", words(&["Ready", "Initialized", "PodScheduled"])),
            ("status", words(&["True", "False"])),
            ("reason", words(&["SchedulingGated"])),
        ]);
        let gate = some(vec![("conditionType", words(&["Ready", "x"]))]);
        let metadata = some(vec![
            ("name", names()),
            ("creationTimestamp", times()),
            ("deletionTimestamp", times()),
        ]);
        let spec = some(vec![
            ("nodeName", names()),
            ("readinessGates", list(gate)),
            ("initContainers", containers()),
            ("containers", containers()),
        ]);
        let status = some(vec![
            ("phase", words(&["Pending", "Running", "Succeeded", "Failed"])),
            ("reason", words(&["NodeLost", "Evicted"])),
            ("podIPs", list(some(vec![("ip", words(&["10.0.0.1"]))]))),
            ("nominatedNodeName", names()),
            ("initContainerStatuses", statuses()),
            ("containerStatuses", statuses()),
            ("conditions", list(condition)),
        ]);
        some(vec![("metadata", metadata), ("spec", spec), ("status", status)])
            .prop_map(Option::unwrap_or_default)
    }

    proptest! {
        /// What is passed over makes no difference.
        #[test]
        fn a_row_reads_what_it_says(pod in pods()) {
            let now: Timestamp = "2026-01-01T00:05:00Z".parse().unwrap_or_default();
            let part = machinery::json::skim(pod.to_string().as_bytes(), READS).unwrap();
            prop_assert_eq!(cells(&part, now), cells(&pod, now));
            prop_assert_eq!(ended(&part), ended(&pod));
        }
    }

    #[test]
    fn init_containers_count_until_they_are_done() {
        let spec = json!({
            "initContainers": [{"name": "side", "restartPolicy": "Always"}, {"name": "init"}],
            "containers": [{"name": "c"}],
        });
        let ended = json!({"terminated": {"finishedAt": "2026-01-01T00:00:00Z"}});
        let side = |started| {
            json!({"name": "side", "started": started, "ready": true, "restartCount": 2,
                   "state": {"running": {}}})
        };
        let init = |state: Value| json!({"name": "init", "restartCount": 5, "lastState": ended, "state": state});
        let now: Timestamp = "2026-01-01T00:05:00Z".parse().unwrap_or_default();
        for (statuses, ready, word, restarts) in [
            (json!([side(false)]), "0/2", "Init:0/2", "2"),
            (
                json!([side(true), init(json!({"terminated": {"exitCode": 1, "signal": 9}}))]),
                "1/2",
                "Init:Signal:9",
                "7 (5m ago)",
            ),
            (
                json!([side(true), init(json!({"waiting": {"reason": "CrashLoopBackOff"}}))]),
                "1/2",
                "Init:CrashLoopBackOff",
                "7 (5m ago)",
            ),
            (
                json!([side(true), init(json!({"terminated": {"exitCode": 0}}))]),
                "1/2",
                "Pending",
                "2",
            ),
        ] {
            let status = json!({"phase": "Pending", "initContainerStatuses": statuses});
            let row = cells(&json!({"spec": spec, "status": status}), now);
            assert_eq!(row[1..4], [json!(ready), json!(word), json!(restarts)]);
        }
    }
}
