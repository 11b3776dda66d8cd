//! Why a pod is not ready: one cause a container or condition, each with its weight.
//!
//! Pure. Reasons are the kubelet's and the scheduler's; the words for people are ours.

use machinery::meta;
use serde_json::Value;

use crate::text::Add as _;

/// How much hope there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// It takes its time.
    Waiting,
    /// Something is wrong, and may mend itself.
    Trouble,
    /// It goes on trying, and each try will fail until somebody changes something.
    Hopeless,
}

/// One cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cause {
    /// Empty where the whole pod is meant.
    pub(crate) container: String,
    /// Kubernetes' word.
    pub(crate) reason: String,
    /// What Kubernetes says of it, in one line.
    pub(crate) message: String,
    pub(crate) weight: Weight,
    /// Its own last words may tell more; `true`: those of the run before.
    pub(crate) last_words: Option<bool>,
}

impl Cause {
    fn new(container: &str, reason: &str, message: &str, weight: Weight) -> Self {
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        let message = crate::terminal::harmless(&message);
        Self {
            container: container.to_owned(),
            reason: reason.to_owned(),
            message,
            weight,
            last_words: None,
        }
    }

    /// `reason: message`, as short as can be.
    pub(crate) fn short(&self) -> String {
        if self.message.is_empty() {
            self.reason.clone()
        } else {
            format!("{}: {}", self.reason, self.message)
        }
    }

    /// A sentence without its end: whose, what it means, what Kubernetes calls it and says.
    pub(crate) fn sentence(&self) -> String {
        let who = if self.container.is_empty() {
            "the pod".to_owned()
        } else {
            format!("container {}", self.container)
        };
        let named = match meaning(&self.reason) {
            Some(meaning) => format!("{who} {meaning} ({})", self.reason),
            None => format!("{who}: {}", self.reason),
        };
        if self.message.is_empty() { named } else { format!("{named}: {}", self.message) }
    }
}

/// What a reason means for a pod or container, as the rest of a sentence.
fn meaning(reason: &str) -> Option<&'static str> {
    Some(match reason {
        "ErrImagePull" | "ImagePullBackOff" => "cannot get its image",
        "InvalidImageName" => "has an image whose name is none",
        "ErrImageNeverPull" => "must not pull its image, and the node has it not",
        "CreateContainerConfigError" => "lacks something that its settings name",
        "CreateContainerError" | "RunContainerError" | "StartError" => "cannot be started",
        "CrashLoopBackOff" => "ends again and again and waits before its next start",
        "OOMKilled" => "was ended for using more memory than its limit allows",
        "Unschedulable" => "fits on no node",
        "SchedulingGated" => "is held back from the scheduler by a gate",
        "ContainerCreating" | "PodInitializing" => "is being made",
        "Error" => "ended badly",
        "Evicted" => "was put off its node",
        "Terminating" => "is being ended",
        "NotReady" => "runs and is not ready",
        "NotScheduled" => "has no node yet",
        _ => return None,
    })
}

/// The causes for which a pod is not ready or has failed, heaviest first.
pub(crate) fn causes(pod: &Value) -> Vec<Cause> {
    let mut found = Vec::new();
    whole_pod(pod, &mut found);
    let main = meta::items(pod, "/spec/containers");
    let first = meta::items(pod, "/spec/initContainers");
    for (specs, field) in [(first, "initContainerStatuses"), (main, "containerStatuses")] {
        let init = field == "initContainerStatuses";
        for status in pod["status"][field].as_array().into_iter().flatten() {
            let spec = specs.iter().find(|spec| spec["name"] == status["name"]);
            found.extend(of_container(status, spec, init));
        }
    }
    // While the pod waits to be made, that it is not ready says nothing more.
    let heaviest = found.iter().map(|cause| cause.weight).max();
    if heaviest > Some(Weight::Waiting) {
        found.retain(|cause| cause.weight > Weight::Waiting);
    }
    found.sort_by_key(|cause| std::cmp::Reverse(cause.weight));
    found
}

fn whole_pod(pod: &Value, found: &mut Vec<Cause>) {
    let phase = meta::text(pod, "/status/phase");
    let (reason, message) = (meta::text(pod, "/status/reason"), meta::text(pod, "/status/message"));
    if phase == "Failed" && !reason.is_empty() {
        found.push(Cause::new("", reason, message, Weight::Hopeless));
    }
    if meta::is_deleting(pod) {
        found.push(Cause::new("", "Terminating", "", Weight::Waiting));
    }
    let placed = super::condition(pod, "PodScheduled");
    if let Some(one) = placed.filter(|one| one["status"] == "False") {
        let (reason, message) = (meta::text(one, "/reason"), meta::text(one, "/message"));
        found.push(Cause::new("", reason, message, Weight::Trouble));
    } else if placed.is_none() && phase == "Pending" && meta::text(pod, "/spec/nodeName").is_empty()
    {
        found.push(Cause::new("", "NotScheduled", "", Weight::Waiting));
    }
    for gate in meta::items(pod, "/spec/readinessGates") {
        let name = meta::text(gate, "/conditionType");
        if super::condition(pod, name).is_none_or(|one| one["status"] != "True") {
            let message = format!("the readiness gate {name} is not met");
            found.push(Cause::new("", "NotReady", &message, Weight::Waiting));
        }
    }
}

fn of_container(status: &Value, spec: Option<&Value>, init: bool) -> Option<Cause> {
    let name = meta::text(status, "/name");
    let state = &status["state"];
    if state["waiting"].is_object() {
        return Some(waiting(name, status));
    }
    if state["terminated"].is_object() {
        return ended(name, state, init);
    }
    let sidecar = spec.is_some_and(|spec| spec["restartPolicy"] == "Always");
    if state["running"].is_object() && status["ready"] == false && (!init || sidecar) {
        let restarts = meta::number(status, "/restartCount").unwrap_or(0);
        let mut message = match spec {
            Some(spec) if spec["readinessProbe"].is_object() => "its readiness probe fails",
            Some(spec) if spec["startupProbe"].is_object() => "its startup probe has not passed",
            _ => "",
        }
        .to_owned();
        if restarts > 0 {
            let before = exit_words(&status["lastState"]["terminated"]);
            message.push_str(if message.is_empty() { "" } else { "; " });
            message.add(format_args!("{restarts} restarts, the last after {before}"));
        }
        let weight = if restarts > 0 { Weight::Trouble } else { Weight::Waiting };
        return Some(Cause::new(name, "NotReady", &message, weight));
    }
    None
}

fn waiting(name: &str, status: &Value) -> Cause {
    let waiting = &status["state"]["waiting"];
    let reason = meta::text(waiting, "/reason");
    let message = meta::text(waiting, "/message");
    let last = &status["lastState"]["terminated"];
    match reason {
        "" | "ContainerCreating" | "PodInitializing" => {
            let reason = if reason.is_empty() { "ContainerCreating" } else { reason };
            Cause::new(name, reason, message, Weight::Waiting)
        }
        "CrashLoopBackOff" => {
            let restarts = meta::number(status, "/restartCount").unwrap_or(0);
            let times = if restarts == 1 { "restart" } else { "restarts" };
            let text = format!("{}, {restarts} {times}", exit_words(last));
            let mut cause = Cause::new(name, reason, &text, Weight::Hopeless);
            cause.last_words = Some(true);
            cause
        }
        "ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull" => {
            Cause::new(name, reason, message, Weight::Hopeless)
        }
        _ => Cause::new(name, reason, message, Weight::Trouble),
    }
}

fn ended(name: &str, state: &Value, init: bool) -> Option<Cause> {
    let end = &state["terminated"];
    let good = meta::number(end, "/exitCode").unwrap_or(0) == 0;
    if good && (init || meta::text(end, "/reason") == "Completed") {
        return None;
    }
    let reason = match meta::text(end, "/reason") {
        "" => "Error",
        reason => reason,
    };
    let mut cause = Cause::new(name, reason, &exit_words(end), Weight::Trouble);
    if !meta::text(end, "/message").is_empty() {
        cause = Cause::new(name, reason, meta::text(end, "/message"), Weight::Trouble);
    }
    cause.last_words = Some(false);
    Some(cause)
}

/// How a run ended.
fn exit_words(end: &Value) -> String {
    if end["reason"] == "OOMKilled" {
        return "ended for using too much memory (OOMKilled)".to_owned();
    }
    match (meta::number(end, "/signal"), meta::number(end, "/exitCode")) {
        (Some(signal), _) if signal > 0 => format!("ended by signal {signal}"),
        (_, Some(code)) => format!("exit code {code}"),
        _ => "an end of which nothing is known".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(status: &Value) -> Value {
        json!({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "p"},
            "spec": {"nodeName": "n", "containers": [
                {"name": "c", "readinessProbe": {"exec": {"command": ["true"]}}}]},
            "status": status})
    }

    fn container(status: &Value) -> Value {
        pod(&json!({"phase": "Running", "containerStatuses": [status]}))
    }

    #[test]
    fn images_that_do_not_come_are_hopeless() {
        let waiting = json!({"name": "c", "ready": false, "state": {"waiting":
            {"reason": "ImagePullBackOff", "message": "Back-off pulling\n image \"x\""}}});
        let found = causes(&container(&waiting));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].weight, Weight::Hopeless);
        assert_eq!(found[0].short(), "ImagePullBackOff: Back-off pulling image \"x\"");
        assert_eq!(
            found[0].sentence(),
            "container c cannot get its image (ImagePullBackOff): Back-off pulling image \"x\""
        );
    }

    #[test]
    fn crash_loops_tell_their_last_end() {
        let crashing = json!({"name": "c", "ready": false, "restartCount": 3,
            "lastState": {"terminated": {"exitCode": 7, "reason": "Error"}},
            "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s"}}});
        let found = causes(&container(&crashing));
        assert_eq!(found[0].short(), "CrashLoopBackOff: exit code 7, 3 restarts");
        assert_eq!((found[0].weight, found[0].last_words), (Weight::Hopeless, Some(true)));
    }

    #[test]
    fn a_pod_without_a_node_has_the_scheduler_s_words() {
        let placed = json!({"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
            "message": "0/1 nodes are available: 1 Insufficient cpu."});
        let found = causes(&pod(&json!({"phase": "Pending", "conditions": [placed]})));
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].sentence(),
            "the pod fits on no node (Unschedulable): 0/1 nodes are available: 1 Insufficient cpu."
        );
        assert_eq!(found[0].weight, Weight::Trouble);
    }

    #[test]
    fn a_running_container_that_is_not_ready_waits_for_its_probe() {
        let running =
            json!({"name": "c", "ready": false, "restartCount": 0, "state": {"running": {}}});
        let found = causes(&container(&running));
        assert_eq!(found[0].short(), "NotReady: its readiness probe fails");
        assert_eq!(found[0].weight, Weight::Waiting);
    }

    #[test]
    fn well_pods_have_no_cause() {
        let ready = json!({"name": "c", "ready": true, "state": {"running": {}}});
        assert_eq!(causes(&container(&ready)), []);
        let done = json!({"name": "c", "ready": false,
            "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}});
        assert_eq!(causes(&pod(&json!({"phase": "Succeeded", "containerStatuses": [done]}))), []);
    }

    #[test]
    fn only_what_weighs_is_told() {
        let making = json!({"name": "a", "state": {"waiting": {"reason": "ContainerCreating"}}});
        let invalid = json!({"name": "b", "state": {"waiting": {"reason": "InvalidImageName"}}});
        let found =
            causes(&pod(&json!({"phase": "Pending", "containerStatuses": [making, invalid]})));
        let reasons: Vec<&str> = found.iter().map(|cause| cause.reason.as_str()).collect();
        assert_eq!(reasons, ["InvalidImageName"]);
    }
}
