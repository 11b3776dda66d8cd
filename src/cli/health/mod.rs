//! How an object is, told from its own status alone: a light, how much of it is ready, a word.
//!
//! Pure. The words are Kubernetes' reasons and phases; what follows from them is in [`pod`].

pub(crate) mod pod;

use machinery::meta;
use serde_json::Value;

use crate::terminal::Tint;

/// How an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Light {
    Good,
    Busy,
    Bad,
    /// It has ended as it should.
    Done,
    /// Its status does not tell.
    Plain,
}

impl Light {
    /// The colour of such a state.
    pub(crate) fn tint(self) -> Option<Tint> {
        match self {
            Self::Good => Some(Tint::Good),
            Self::Busy => Some(Tint::Busy),
            Self::Bad => Some(Tint::Bad),
            Self::Done => Some(Tint::Faint),
            Self::Plain => None,
        }
    }

    /// Nobody needs to look after it.
    pub(crate) fn is_well(self) -> bool {
        matches!(self, Self::Good | Self::Done | Self::Plain)
    }
}

/// An object's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Health {
    pub(crate) light: Light,
    /// `2/3`, `True`, `-`.
    pub(crate) ready: String,
    /// The reason or phase; empty where there is none.
    pub(crate) word: String,
}

impl Health {
    fn new(light: Light, ready: impl Into<String>, word: impl Into<String>) -> Self {
        Self { light, ready: ready.into(), word: word.into() }
    }
}

/// The health of any object.
pub(crate) fn of(object: &Value) -> Health {
    let kind = meta::text(object, "/kind");
    let (group, _) = meta::group_version(meta::text(object, "/apiVersion"));
    let health = match (group, kind) {
        ("", "Pod") => of_pod(object),
        ("apps", "Deployment") => replicas(object, "availableReplicas"),
        ("apps", "ReplicaSet" | "StatefulSet") | ("", "ReplicationController") => {
            replicas(object, "readyReplicas")
        }
        ("apps", "DaemonSet") => {
            let wanted = meta::number(object, "/status/desiredNumberScheduled").unwrap_or(0);
            counted(object, meta::number(object, "/status/numberReady").unwrap_or(0), wanted)
        }
        ("batch", "Job") => of_job(object),
        ("", "Node") => of_node(object),
        _ => by_conditions(object),
    };
    if meta::is_deleting(object) && kind != "Pod" {
        return Health::new(Light::Busy, health.ready, "Terminating");
    }
    health
}

/// The light of a word that kubectl shows of a state.
pub(crate) fn light_of(word: &str) -> Light {
    let first = word.split([',', ' ']).next().unwrap_or_default();
    let plain = first.strip_prefix("Init:").unwrap_or(first);
    let counts = plain.split_once('/').is_some_and(|(a, b)| {
        a.parse::<u64>().is_ok() && b.parse::<u64>().is_ok() && first != plain
    });
    match plain {
        _ if counts => Light::Busy,
        "Running" | "Active" | "Bound" | "Ready" | "Available" | "Approved,Issued" | "Deployed" => {
            if word.contains("SchedulingDisabled") {
                Light::Busy
            } else {
                Light::Good
            }
        }
        "Completed" | "Complete" | "Succeeded" | "Released" => Light::Done,
        "Pending" | "Terminating" | "ContainerCreating" | "PodInitializing" | "Progressing"
        | "SchedulingGated" | "NotReady" | "Suspended" => {
            if first == "NotReady" {
                Light::Bad
            } else {
                Light::Busy
            }
        }
        "Failed" | "Lost" | "Unknown" | "Evicted" | "OOMKilled" | "Error" | "DeadlineExceeded"
        | "NodeLost" | "Preempting" | "Warning" => Light::Bad,
        _ if plain.ends_with("BackOff") || plain.ends_with("Error") => Light::Bad,
        _ if plain.starts_with("Err") || plain.starts_with("Invalid") => Light::Bad,
        _ if plain.starts_with("ExitCode:") || plain.starts_with("Signal:") => Light::Bad,
        _ => Light::Plain,
    }
}

fn of_pod(pod: &Value) -> Health {
    let word = api::core::pod::status_word(pod);
    let statuses = meta::items(pod, "/status/containerStatuses");
    let ready = statuses.iter().filter(|one| one["ready"] == true).count();
    let total = meta::items(pod, "/spec/containers").len();
    let light = match light_of(&word) {
        Light::Good if ready < total => Light::Busy,
        Light::Good if condition(pod, "Ready").is_some_and(|c| c["status"] != "True") => {
            Light::Busy
        }
        light => light,
    };
    let unplaced = condition(pod, "PodScheduled").filter(|one| one["status"] == "False");
    match unplaced {
        Some(one) if word == "Pending" => {
            Health::new(Light::Busy, format!("{ready}/{total}"), meta::text(one, "/reason"))
        }
        _ => Health::new(light, format!("{ready}/{total}"), word),
    }
}

fn replicas(object: &Value, have: &str) -> Health {
    let wanted = meta::number(object, "/spec/replicas").unwrap_or(1);
    counted(object, object["status"][have].as_i64().unwrap_or(0), wanted)
}

/// A number of pods of a number that is wanted.
fn counted(object: &Value, have: i64, wanted: i64) -> Health {
    let ready = format!("{have}/{wanted}");
    let failed = condition(object, "ReplicaFailure").filter(|one| one["status"] == "True");
    let stuck = condition(object, "Progressing").filter(|one| one["status"] == "False");
    if let Some(fault) = failed.or(stuck) {
        return Health::new(Light::Bad, ready, meta::text(fault, "/reason"));
    }
    if object["spec"]["paused"] == true {
        return Health::new(Light::Busy, ready, "Paused");
    }
    if have < wanted {
        return Health::new(Light::Busy, ready, "");
    }
    Health::new(Light::Good, ready, "")
}

fn of_job(job: &Value) -> Health {
    let done = meta::number(job, "/status/succeeded").unwrap_or(0);
    let wanted = meta::number(job, "/spec/completions").unwrap_or(1);
    let ready = format!("{done}/{wanted}");
    for (name, light) in [
        ("Failed", Light::Bad),
        ("FailureTarget", Light::Bad),
        ("Complete", Light::Done),
        ("Suspended", Light::Busy),
    ] {
        if let Some(one) = condition(job, name).filter(|one| one["status"] == "True") {
            let reason = if light == Light::Bad { meta::text(one, "/reason") } else { name };
            return Health::new(light, ready, reason);
        }
    }
    let failed = meta::number(job, "/status/failed").unwrap_or(0);
    let word = if failed > 0 { format!("{failed} failed") } else { "Running".to_owned() };
    Health::new(Light::Busy, ready, word)
}

fn of_node(node: &Value) -> Health {
    let ready = condition(node, "Ready");
    let status = ready.map_or("Unknown", |one| meta::text(one, "/status"));
    if status != "True" {
        let reason = ready.map_or("", |one| meta::text(one, "/reason"));
        return Health::new(Light::Bad, status, reason);
    }
    if node["spec"]["unschedulable"] == true {
        return Health::new(Light::Busy, status, "SchedulingDisabled");
    }
    match meta::items(node, "/status/conditions").iter().find(|one| is_unwanted(one)) {
        Some(one) => Health::new(Light::Bad, status, meta::text(one, "/reason")),
        None => Health::new(Light::Good, status, ""),
    }
}

fn by_conditions(object: &Value) -> Health {
    for name in ["Ready", "Available", "Established", "ScalingActive"] {
        let Some(one) = condition(object, name) else { continue };
        let status = meta::text(one, "/status");
        if status == "True" {
            return Health::new(Light::Good, "True", "");
        }
        let light = if name == "ScalingActive" { Light::Bad } else { Light::Busy };
        return Health::new(light, status, meta::text(one, "/reason"));
    }
    let phase = meta::text(object, "/status/phase");
    if phase.is_empty() {
        return Health::new(Light::Plain, "-", "");
    }
    Health::new(light_of(phase), "-", phase)
}

/// A condition of an object, by its type.
pub(crate) fn condition<'o>(object: &'o Value, name: &str) -> Option<&'o Value> {
    meta::items(object, "/status/conditions").iter().find(|one| one["type"] == name)
}

/// A condition that says that something is not as it should be.
pub(crate) fn is_unwanted(condition: &Value) -> bool {
    const FAULTS: [&str; 14] = [
        "MemoryPressure",
        "DiskPressure",
        "PIDPressure",
        "NetworkUnavailable",
        "ReplicaFailure",
        "Failed",
        "FailureTarget",
        "Suspended",
        "Denied",
        "ScalingLimited",
        "DisruptionTarget",
        "Stalled",
        "Degraded",
        "Terminating",
    ];
    // Their False says nothing: more often than not it is only that the moment has not come.
    const STAGES: [&str; 6] = [
        "Complete",
        "SuccessCriteriaMet",
        "Progressing",
        "PodReadyToStartContainers",
        "FileSystemResizePending",
        "Resizing",
    ];
    let kind = meta::text(condition, "/type");
    let status = meta::text(condition, "/status");
    if FAULTS.contains(&kind) || kind.starts_with("NamespaceDeletion") || kind.contains("Remaining")
    {
        return status == "True";
    }
    if STAGES.contains(&kind) {
        return status == "False" && kind == "Progressing";
    }
    status != "True"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn words_have_their_light() {
        for (word, want) in [
            ("Running", Light::Good),
            ("Init:0/2", Light::Busy),
            ("Init:CrashLoopBackOff", Light::Bad),
            ("ImagePullBackOff", Light::Bad),
            ("ErrImagePull", Light::Bad),
            ("CreateContainerConfigError", Light::Bad),
            ("Completed", Light::Done),
            ("Ready,SchedulingDisabled", Light::Busy),
            ("NotReady", Light::Bad),
            ("Terminating", Light::Busy),
            ("web", Light::Plain),
        ] {
            assert_eq!(light_of(word), want, "{word}");
        }
    }

    fn told(object: &Value) -> (Light, String, String) {
        let health = of(object);
        (health.light, health.ready, health.word)
    }

    #[test]
    fn workloads_are_well_when_all_of_them_is_ready() {
        let deployment = |status: Value| json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 2}, "status": status});
        let (light, ready, _) = told(&deployment(json!({"availableReplicas": 2})));
        assert_eq!((light, ready.as_str()), (Light::Good, "2/2"));
        let (light, ready, _) = told(&deployment(json!({})));
        assert_eq!((light, ready.as_str()), (Light::Busy, "0/2"));
        let stuck = json!({"conditions": [
            {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}]});
        let (light, _, word) = told(&deployment(stuck));
        assert_eq!((light, word.as_str()), (Light::Bad, "ProgressDeadlineExceeded"));
    }

    #[test]
    fn a_pod_that_no_node_takes_says_so() {
        let pod = json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "c"}]},
            "status": {"phase": "Pending", "conditions": [
                {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]}});
        assert_eq!(told(&pod), (Light::Busy, "0/1".to_owned(), "Unschedulable".to_owned()));
    }

    #[test]
    fn others_are_told_by_condition_or_phase() {
        let custom = json!({"apiVersion": "x.io/v1", "kind": "X", "status": {"conditions": [
            {"type": "Ready", "status": "False", "reason": "NoDisk"}]}});
        assert_eq!(told(&custom), (Light::Busy, "False".to_owned(), "NoDisk".to_owned()));
        let claim = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {"phase": "Bound"}});
        assert_eq!(told(&claim), (Light::Good, "-".to_owned(), "Bound".to_owned()));
        assert_eq!(told(&json!({"apiVersion": "v1", "kind": "ConfigMap"})).0, Light::Plain);
    }

    #[test]
    fn conditions_have_their_side() {
        let one = |kind: &str, status: &str| json!({"type": kind, "status": status});
        assert!(is_unwanted(&one("Available", "False")));
        assert!(is_unwanted(&one("DiskPressure", "True")));
        assert!(!is_unwanted(&one("DiskPressure", "False")));
        assert!(!is_unwanted(&one("Complete", "False")));
        assert!(is_unwanted(&one("NamespaceContentRemaining", "True")));
    }
}
