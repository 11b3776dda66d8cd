//! The status that a pod reports, made from what is seen of it. No clock, no I/O.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{
    Container, ContainerState, ContainerStateRunning, ContainerStateTerminated,
    ContainerStateWaiting, ContainerStatus, ContainerUser, HostIP, LinuxContainerUser, Pod,
    PodCondition, PodIP, PodStatus, VolumeMountStatus,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::seen::{Ended, Run, Seen};
use super::{Role, containers};

/// Why a container does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) reason: String,
    pub(crate) message: String,
}

/// Everything that a status is made from.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    pub(crate) pod: &'a Pod,
    /// What was told last; the object may not show it yet.
    pub(crate) told: Option<&'a PodStatus>,
    pub(crate) containers: &'a BTreeMap<String, Seen>,
    pub(crate) waiting: &'a BTreeMap<String, Waiting>,
    /// Containers that will run again although they ended.
    pub(crate) restarting: &'a BTreeSet<String>,
    pub(crate) started: &'a BTreeSet<String>,
    pub(crate) ready: &'a BTreeSet<String>,
    pub(crate) sandbox_ready: bool,
    pub(crate) pod_ip: Option<String>,
    pub(crate) host_ip: String,
    pub(crate) started_at: Timestamp,
    /// Nothing of it runs any more, or ever will again.
    pub(crate) finished: bool,
    /// Why the node ended it, where it did.
    pub(crate) verdict: Option<(String, String)>,
    pub(crate) qos: &'static str,
    pub(crate) users: &'a BTreeMap<String, (u32, u32, Vec<u32>)>,
    pub(crate) now: Timestamp,
}

/// Makes the status.
pub(crate) fn pod_status(report: &Report<'_>) -> PodStatus {
    let Some(spec) = &report.pod.spec else { return PodStatus::default() };
    let of = |wanted: fn(Role) -> bool| -> Vec<ContainerStatus> {
        let chosen = containers(spec).filter(|(role, _)| wanted(*role));
        chosen.map(|(role, container)| container_status(report, role, container)).collect()
    };
    let init = of(|role| role != Role::Main);
    let main = of(|role| role == Role::Main);
    let phase = phase(report, &init, &main);
    let (reason, message) = report.verdict.clone().unzip();
    let host_ip = report.host_ip.clone();
    PodStatus {
        conditions: Some(conditions(report, phase, &init, &main)),
        container_statuses: Some(main),
        init_container_statuses: Some(init).filter(|list| !list.is_empty()),
        host_ip: Some(host_ip.clone()),
        host_ips: Some(vec![HostIP { ip: host_ip }]),
        message,
        observed_generation: report.pod.metadata.generation,
        phase: Some(phase.to_owned()),
        pod_ip: report.pod_ip.clone(),
        pod_ips: report.pod_ip.clone().map(|ip| vec![PodIP { ip }]),
        qos_class: Some(report.qos.to_owned()),
        reason,
        start_time: Some(start_time(report)),
        ..PodStatus::default()
    }
}

fn start_time(report: &Report<'_>) -> Time {
    let before = report.told.or(report.pod.status.as_ref());
    let known = before.and_then(|status| status.start_time.clone());
    known.unwrap_or(seconds(report.started_at))
}

fn phase(report: &Report<'_>, init: &[ContainerStatus], main: &[ContainerStatus]) -> &'static str {
    if report.verdict.is_some() {
        return "Failed";
    }
    let terminated = |status: &ContainerStatus| status.state.as_ref()?.terminated.clone();
    if report.finished {
        let failed =
            |status: &ContainerStatus| terminated(status).is_none_or(|end| end.exit_code != 0);
        let init_failed = init.iter().any(|s| terminated(s).is_some_and(|end| end.exit_code != 0))
            && main.iter().all(|s| terminated(s).is_none());
        return if init_failed || main.iter().any(failed) { "Failed" } else { "Succeeded" };
    }
    let names = report.pod.spec.iter().flat_map(|spec| &spec.containers);
    let has_run = names.into_iter().any(|c| report.containers.contains_key(&c.name));
    if has_run { "Running" } else { "Pending" }
}

fn container_status(report: &Report<'_>, role: Role, container: &Container) -> ContainerStatus {
    let name = &container.name;
    let seen = report.containers.get(name);
    let started = report.started.contains(name);
    let completed_init =
        role == Role::Init && seen.and_then(Seen::ended).is_some_and(|ended| ended.code == 0);
    let ready = report.ready.contains(name) || completed_init;
    let (state, last_state) = states(report, name, seen, init_pending(report, role));
    let running = seen.is_some_and(Seen::running);
    let user =
        report.users.get(name).filter(|_| seen.is_some()).map(|(uid, gid, groups)| ContainerUser {
            linux: Some(LinuxContainerUser {
                uid: i64::from(*uid),
                gid: i64::from(*gid),
                supplemental_groups: Some(groups.iter().copied().map(i64::from).collect()),
            }),
        });
    ContainerStatus {
        allocated_resources: container
            .resources
            .as_ref()
            .and_then(|resources| resources.requests.clone())
            .filter(|requests| running && !requests.is_empty()),
        container_id: seen.map(|seen| format!("{RUNTIME}://{}", seen.id)),
        image: seen
            .map(|seen| seen.image.clone())
            .filter(|image| !image.is_empty())
            .unwrap_or_else(|| container.image.clone().unwrap_or_default()),
        image_id: seen.map(|seen| seen.image_id.clone()).unwrap_or_default(),
        last_state: Some(last_state),
        name: name.clone(),
        ready,
        resources: container.resources.clone().filter(|_| running),
        restart_count: seen.map_or(0, |seen| i32::try_from(seen.attempt).unwrap_or(i32::MAX)),
        started: Some(if role == Role::Init { running } else { started && running }),
        state: Some(state),
        user,
        volume_mounts: volume_mounts(container),
        ..ContainerStatus::default()
    }
}

/// Times in objects have whole seconds.
fn seconds(time: Timestamp) -> Time {
    Time(Timestamp::from_second(time.as_second()).unwrap_or(time))
}

/// What container ids begin with.
pub(crate) const RUNTIME: &str = "kanoe";

fn volume_mounts(container: &Container) -> Option<Vec<VolumeMountStatus>> {
    let mounts = container.volume_mounts.as_ref()?.iter().map(|mount| VolumeMountStatus {
        name: mount.name.clone(),
        mount_path: mount.mount_path.clone(),
        read_only: mount.read_only.filter(|read_only| *read_only),
        recursive_read_only: mount
            .read_only
            .filter(|read_only| *read_only)
            .map(|_| "Disabled".to_owned()),
        volume_status: None,
    });
    Some(mounts.collect())
}

/// Whether a container waits for the pod's init containers.
fn init_pending(report: &Report<'_>, role: Role) -> bool {
    let Some(spec) = &report.pod.spec else { return false };
    role == Role::Main && spec.init_containers.as_ref().is_some_and(|list| !list.is_empty())
}

fn states(
    report: &Report<'_>,
    name: &str,
    seen: Option<&Seen>,
    init_pending: bool,
) -> (ContainerState, ContainerState) {
    let waiting = |reason: &str, message: Option<String>| ContainerState {
        waiting: Some(ContainerStateWaiting { reason: Some(reason.to_owned()), message }),
        ..ContainerState::default()
    };
    let last = |ended: Option<&Ended>| ended.map(terminated).unwrap_or_default();
    let asked = report.waiting.get(name);
    let Some(seen) = seen else {
        let state = match asked {
            Some(asked) => waiting(&asked.reason, Some(asked.message.clone())),
            None if init_pending => waiting("PodInitializing", None),
            None => waiting("ContainerCreating", None),
        };
        return (state, ContainerState::default());
    };
    match &seen.run {
        Run::Running { started_at } => {
            let running = ContainerStateRunning { started_at: Some(seconds(*started_at)) };
            let state = ContainerState { running: Some(running), ..ContainerState::default() };
            (state, last(seen.previous.as_ref()))
        }
        Run::Ended(ended) => match asked.filter(|_| report.restarting.contains(name)) {
            Some(asked) => (waiting(&asked.reason, Some(asked.message.clone())), terminated(ended)),
            None => (terminated(ended), last(seen.previous.as_ref())),
        },
    }
}

fn terminated(ended: &Ended) -> ContainerState {
    let terminated = ContainerStateTerminated {
        container_id: Some(format!("{RUNTIME}://{}", ended.id)),
        exit_code: ended.code,
        finished_at: Some(seconds(ended.finished_at.unwrap_or(Timestamp::UNIX_EPOCH))),
        message: ended.message.clone(),
        reason: Some(ended.reason.to_owned()),
        signal: None,
        started_at: Some(seconds(ended.started_at.unwrap_or(Timestamp::UNIX_EPOCH))),
    };
    ContainerState { terminated: Some(terminated), ..ContainerState::default() }
}

/// The kubelet's own conditions in its order, after them everybody else's.
fn conditions(
    report: &Report<'_>,
    phase: &str,
    init: &[ContainerStatus],
    main: &[ContainerStatus],
) -> Vec<PodCondition> {
    let known = report.pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let known: Vec<&PodCondition> = known.collect();
    let ended = matches!(phase, "Succeeded" | "Failed");
    let uninitialized: Vec<&str> =
        init.iter().filter(|s| !initialized(report, s)).map(|s| s.name.as_str()).collect();
    let unready: Vec<&str> = main.iter().filter(|s| !s.ready).map(|s| s.name.as_str()).collect();
    let listed = |what: &str, names: &[&str]| {
        format!("containers with {what} status: [{}]", names.join(" "))
    };

    let completed = |answer: Answer| match phase {
        "Succeeded" => Answer::no("PodCompleted", None),
        "Failed" => Answer::no("PodFailed", None),
        _ => answer,
    };
    let initialized = match (uninitialized.is_empty(), phase) {
        (_, "Succeeded") => Answer { reason: Some("PodCompleted".to_owned()), ..Answer::yes() },
        (true, _) => Answer::yes(),
        (false, _) => {
            Answer::no("ContainersNotInitialized", Some(listed("incomplete", &uninitialized)))
        }
    };
    let containers_ready = completed(if unready.is_empty() && uninitialized.is_empty() {
        Answer::yes()
    } else {
        Answer::no("ContainersNotReady", Some(listed("unready", &unready)))
    });
    let gates = unmet_gates(report.pod, &known);
    let ready = match gates {
        Some(message) if containers_ready.status => {
            Answer::no("ReadinessGatesNotReady", Some(message))
        }
        _ => containers_ready.clone(),
    };
    let scheduled = Answer::yes();
    let sandbox = Answer { status: report.sandbox_ready && !ended, reason: None, message: None };

    let own = [
        ("PodReadyToStartContainers", sandbox),
        ("Initialized", initialized),
        ("Ready", ready),
        ("ContainersReady", containers_ready),
        ("PodScheduled", scheduled),
    ];
    let mut list: Vec<PodCondition> =
        own.into_iter().map(|(kind, answer)| condition(report, kind, answer, &known)).collect();
    let others = known.into_iter().filter(|c| !OWN.contains(&c.type_.as_str())).cloned();
    list.extend(others);
    list
}

pub(crate) const OWN: [&str; 5] =
    ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];

#[derive(Debug, Clone)]
struct Answer {
    status: bool,
    reason: Option<String>,
    message: Option<String>,
}

impl Answer {
    fn yes() -> Self {
        Self { status: true, reason: None, message: None }
    }

    fn no(reason: &str, message: Option<String>) -> Self {
        Self { status: false, reason: Some(reason.to_owned()), message }
    }
}

fn condition(
    report: &Report<'_>,
    kind: &str,
    answer: Answer,
    known: &[&PodCondition],
) -> PodCondition {
    let status = if answer.status { "True" } else { "False" };
    let told = report.told.iter().flat_map(|status| status.conditions.iter().flatten());
    let before = told.chain(known.iter().copied()).find(|condition| condition.type_ == kind);
    let since = before
        .filter(|before| before.status == status)
        .and_then(|before| before.last_transition_time.clone());
    PodCondition {
        last_probe_time: None,
        last_transition_time: Some(since.unwrap_or(seconds(report.now))),
        message: answer.message,
        observed_generation: report.pod.metadata.generation,
        reason: answer.reason,
        status: status.to_owned(),
        type_: kind.to_owned(),
    }
}

fn initialized(report: &Report<'_>, status: &ContainerStatus) -> bool {
    let role = report.pod.spec.as_ref().and_then(|spec| super::container(spec, &status.name));
    match role {
        Some((Role::Sidecar, _)) => report.started.contains(&status.name),
        _ => status.ready,
    }
}

fn unmet_gates(pod: &Pod, known: &[&PodCondition]) -> Option<String> {
    let gates = pod.spec.as_ref()?.readiness_gates.as_ref()?;
    let unmet: Vec<String> = gates
        .iter()
        .filter_map(|gate| {
            let kind = &gate.condition_type;
            let found = known.iter().find(|condition| condition.type_ == *kind);
            match found {
                None => Some(format!(
                    "corresponding condition of pod readiness gate \"{kind}\" does not exist."
                )),
                Some(c) if c.status != "True" => Some(format!(
                    "the status of pod readiness gate \"{kind}\" is not \"True\", but {}",
                    c.status
                )),
                Some(_) => None,
            }
        })
        .collect();
    (!unmet.is_empty()).then(|| unmet.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pod() -> Pod {
        serde_json::from_value(json!({
            "metadata": { "name": "p", "namespace": "n", "uid": "u", "generation": 1 },
            "spec": {
                "initContainers": [{ "name": "init" }],
                "containers": [{ "name": "a", "image": "i" }],
            },
        }))
        .unwrap()
    }

    fn ended(code: i32) -> Run {
        Run::Ended(Ended {
            id: "x".into(),
            code,
            signal: None,
            reason: if code == 0 { "Completed" } else { "Error" },
            message: None,
            started_at: None,
            finished_at: None,
        })
    }

    fn seen(run: Run) -> Seen {
        Seen {
            id: "x".into(),
            attempt: 1,
            image: "i".into(),
            image_id: "d".into(),
            run,
            previous: None,
        }
    }

    fn words(
        containers: &[(&str, Run)],
        waiting: Option<&str>,
        ready: bool,
        finished: bool,
    ) -> String {
        let pod = pod();
        let containers =
            containers.iter().map(|(n, r)| ((*n).to_owned(), seen(r.clone()))).collect();
        let wait = |reason: &str| Waiting { reason: reason.to_owned(), message: "m".to_owned() };
        let waiting: BTreeMap<_, _> =
            waiting.iter().map(|reason| ("a".to_owned(), wait(reason))).collect();
        let names: BTreeSet<String> = ["a".to_owned()].into();
        let none = BTreeSet::new();
        let status = pod_status(&Report {
            pod: &pod,
            told: None,
            containers: &containers,
            waiting: &waiting,
            restarting: if waiting.is_empty() { &none } else { &names },
            started: &names,
            ready: if ready { &names } else { &none },
            sandbox_ready: true,
            pod_ip: None,
            host_ip: "10.0.0.1".into(),
            started_at: Timestamp::UNIX_EPOCH,
            finished,
            verdict: None,
            qos: "BestEffort",
            users: &BTreeMap::new(),
            now: Timestamp::UNIX_EPOCH,
        });
        let state = status.container_statuses.unwrap()[0].state.clone().unwrap();
        let state = match (state.waiting, state.running, state.terminated) {
            (Some(waiting), ..) => waiting.reason.unwrap(),
            (_, Some(_), _) => "running".into(),
            (_, _, Some(end)) => format!("exit {}", end.exit_code),
            _ => "nothing".into(),
        };
        let conditions: Vec<String> = status
            .conditions
            .unwrap()
            .iter()
            .map(|c| {
                format!(
                    "{}={}",
                    c.type_.chars().filter(char::is_ascii_uppercase).collect::<String>(),
                    c.status
                )
            })
            .collect();
        format!("{} {state} {}", status.phase.unwrap(), conditions.join(" "))
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn a_pods_way_is_told() {
        let running = Run::Running { started_at: Timestamp::UNIX_EPOCH };
        for (case, containers, waiting, ready, finished, want) in [
            (
                "new",
                vec![],
                None,
                false,
                false,
                "Pending PodInitializing PRTSC=True I=False R=False CR=False PS=True",
            ),
            (
                "init done",
                vec![("init", ended(0))],
                None,
                false,
                false,
                "Pending PodInitializing PRTSC=True I=True R=False CR=False PS=True",
            ),
            (
                "no image",
                vec![("init", ended(0))],
                Some("ErrImagePull"),
                false,
                false,
                "Pending ErrImagePull PRTSC=True I=True R=False CR=False PS=True",
            ),
            (
                "runs",
                vec![("init", ended(0)), ("a", running.clone())],
                None,
                false,
                false,
                "Running running PRTSC=True I=True R=False CR=False PS=True",
            ),
            (
                "ready",
                vec![("init", ended(0)), ("a", running)],
                None,
                true,
                false,
                "Running running PRTSC=True I=True R=True CR=True PS=True",
            ),
            (
                "crashes",
                vec![("init", ended(0)), ("a", ended(1))],
                Some("CrashLoopBackOff"),
                false,
                false,
                "Running CrashLoopBackOff PRTSC=True I=True R=False CR=False PS=True",
            ),
            (
                "done",
                vec![("init", ended(0)), ("a", ended(0))],
                None,
                false,
                true,
                "Succeeded exit 0 PRTSC=False I=True R=False CR=False PS=True",
            ),
            (
                "failed",
                vec![("init", ended(0)), ("a", ended(2))],
                None,
                false,
                true,
                "Failed exit 2 PRTSC=False I=True R=False CR=False PS=True",
            ),
        ] {
            assert_eq!(words(&containers, waiting, ready, finished), want, "{case}");
        }
    }
}
