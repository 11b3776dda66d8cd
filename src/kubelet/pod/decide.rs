//! What a pod needs next. No clock, no I/O: all facts are in [`Facts`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Container, Pod};

use super::backoff::Backoffs;
use super::seen::{Ended, Run, Seen};
use super::{Role, containers, is_over};

/// What is seen of the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SandboxSeen {
    Absent,
    Ready,
    Dead,
}

/// Everything that a decision rests on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) pod: &'a Pod,
    /// It was deleted, or must end for another reason.
    pub(crate) stopping: bool,
    pub(crate) sandbox: SandboxSeen,
    pub(crate) containers: &'a BTreeMap<String, Seen>,
    /// Containers that something is being done to; the empty name is the sandbox.
    pub(crate) busy: &'a BTreeSet<String>,
    /// Not to be tried again before; the empty name is the sandbox.
    pub(crate) not_before: &'a BTreeMap<String, Timestamp>,
    pub(crate) backoffs: &'a Backoffs,
    /// Containers whose liveness or startup probe has failed for good.
    pub(crate) unhealthy: &'a BTreeSet<String>,
    /// Containers whose startup probe has passed, or that have none.
    pub(crate) started: &'a BTreeSet<String>,
    pub(crate) now: Timestamp,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    CreateSandbox,
    /// The sandbox has died: clear it away, so that a new one can take its place.
    ReplaceSandbox,
    Start {
        container: String,
        attempt: u32,
    },
    Kill {
        container: String,
    },
    /// Everything has ended: report it, and give back what the pod holds.
    Finish,
}

/// What to do, and when to look again if nothing happens before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) actions: Vec<Action>,
    pub(crate) look_again: Option<Timestamp>,
}

impl Decision {
    fn wait_until(&mut self, time: Timestamp) {
        self.look_again = Some(self.look_again.map_or(time, |earlier| earlier.min(time)));
    }
}

/// Decides.
pub(crate) fn decide(facts: &Facts<'_>) -> Decision {
    let mut decision = Decision::default();
    let Some(spec) = &facts.pod.spec else { return decision };
    if facts.stopping || is_over(facts.pod) || has_ended(facts) {
        stop(facts, &mut decision);
        return decision;
    }
    match facts.sandbox {
        SandboxSeen::Absent | SandboxSeen::Dead if facts.busy.contains("") => return decision,
        SandboxSeen::Absent => {
            match facts.not_before.get("").filter(|time| **time > facts.now) {
                Some(time) => decision.wait_until(*time),
                None => decision.actions.push(Action::CreateSandbox),
            }
            return decision;
        }
        SandboxSeen::Dead => {
            if facts.busy.is_empty() {
                decision.actions.push(Action::ReplaceSandbox);
            }
            return decision;
        }
        SandboxSeen::Ready => {}
    }

    let initialized = is_initialized(facts);
    for (role, container) in containers(spec) {
        let seen = facts.containers.get(&container.name);
        match role {
            Role::Init if initialized => {}
            Role::Init => {
                let completed = seen.and_then(Seen::ended).is_some_and(|ended| ended.code == 0);
                if !completed {
                    attend(facts, role, container, &mut decision);
                    return decision;
                }
            }
            Role::Sidecar => {
                attend(facts, role, container, &mut decision);
                if !initialized && !facts.started.contains(&container.name) {
                    return decision;
                }
            }
            Role::Main => attend(facts, role, container, &mut decision),
        }
    }
    decision
}

/// Once one of the pod's own containers has run, its init containers do not run again.
pub(crate) fn is_initialized(facts: &Facts<'_>) -> bool {
    let spec = facts.pod.spec.as_ref();
    spec.is_some_and(|spec| {
        let names = || spec.containers.iter().map(|container| &container.name);
        names().any(|name| facts.containers.contains_key(name) || facts.busy.contains(name))
    })
}

/// Whether the pod has come to its end by itself: all have ended, and none is to run again.
pub(crate) fn has_ended(facts: &Facts<'_>) -> bool {
    let Some(spec) = &facts.pod.spec else { return false };
    let for_good = |role: Role, container: &Container| {
        let ended = facts.containers.get(&container.name).and_then(Seen::ended);
        ended.is_some_and(|ended| !restarts(facts.pod, role, ended))
    };
    let init_failed = containers(spec).any(|(role, container)| {
        let ended = facts.containers.get(&container.name).and_then(Seen::ended);
        role == Role::Init && for_good(role, container) && ended.is_some_and(|end| end.code != 0)
    });
    if init_failed && !is_initialized(facts) {
        return true;
    }
    !spec.containers.is_empty() && spec.containers.iter().all(|c| for_good(Role::Main, c))
}

/// Whether a container that ended this way is run again.
pub(crate) fn restarts(pod: &Pod, role: Role, ended: &Ended) -> bool {
    let policy = pod.spec.as_ref().and_then(|spec| spec.restart_policy.as_deref());
    match (role, policy.unwrap_or("Always")) {
        (Role::Sidecar, _) | (Role::Main, "Always") => true,
        (_, "Never") => false,
        (Role::Init | Role::Main, _) => ended.code != 0,
    }
}

/// Ends what runs: the pod's own containers first, its sidecars after them, last started first ended.
fn stop(facts: &Facts<'_>, decision: &mut Decision) {
    let Some(spec) = &facts.pod.spec else { return };
    let running = |role: Role| {
        containers(spec).filter(move |(is, container)| {
            let sidecar = *is == Role::Sidecar;
            sidecar == (role == Role::Sidecar)
                && facts.containers.get(&container.name).is_some_and(Seen::running)
        })
    };
    let mut remaining: Vec<&Container> = running(Role::Main).map(|(_, c)| c).collect();
    if remaining.is_empty() {
        remaining = running(Role::Sidecar).map(|(_, c)| c).collect();
        remaining = remaining.into_iter().next_back().into_iter().collect();
    }
    for container in &remaining {
        if !facts.busy.contains(&container.name) {
            decision.actions.push(Action::Kill { container: container.name.clone() });
        }
    }
    if remaining.is_empty() && facts.busy.is_empty() {
        decision.actions.push(Action::Finish);
    }
}

/// How often a container has run that this node knows nothing of any more: its sandbox was lost, or
/// the machine was started anew. Its status remembers.
fn runs_before(pod: &Pod, name: &str) -> u32 {
    let Some(status) = &pod.status else { return 0 };
    let lists = [&status.container_statuses, &status.init_container_statuses];
    let mut known = lists.into_iter().flat_map(|list| list.iter().flatten());
    let ran = known.find(|known| known.name == name && known.container_id.is_some());
    ran.map_or(0, |known| u32::try_from(known.restart_count).map_or(0, |count| count + 1))
}

/// Sees to one container: starts it, starts it again, or ends it for its health.
fn attend(facts: &Facts<'_>, role: Role, container: &Container, decision: &mut Decision) {
    let name = &container.name;
    if facts.busy.contains(name) {
        return;
    }
    if let Some(time) = facts.not_before.get(name).filter(|time| **time > facts.now) {
        decision.wait_until(*time);
        return;
    }
    let Some(seen) = facts.containers.get(name) else {
        let attempt = runs_before(facts.pod, name);
        decision.actions.push(Action::Start { container: name.clone(), attempt });
        return;
    };
    match &seen.run {
        Run::Running { .. } => {
            if facts.unhealthy.contains(name) {
                decision.actions.push(Action::Kill { container: name.clone() });
            }
        }
        Run::Ended(ended) if restarts(facts.pod, role, ended) => {
            let ended_at = ended.finished_at.unwrap_or(Timestamp::UNIX_EPOCH);
            if let Some((until, _)) = facts.backoffs.wait(name, ended_at, facts.now) {
                decision.wait_until(until);
            } else {
                let attempt = seen.attempt + 1;
                decision.actions.push(Action::Start { container: name.clone(), attempt });
            }
        }
        Run::Ended(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    struct Case {
        pod: Pod,
        stopping: bool,
        sandbox: SandboxSeen,
        containers: BTreeMap<String, Seen>,
        busy: BTreeSet<String>,
        not_before: BTreeMap<String, Timestamp>,
        backoffs: Backoffs,
        unhealthy: BTreeSet<String>,
        started: BTreeSet<String>,
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn case(policy: &str, containers: &[(&str, &str)]) -> Case {
        let pod = serde_json::from_value(json!({
            "metadata": { "name": "p", "namespace": "n", "uid": "u" },
            "spec": {
                "restartPolicy": policy,
                "initContainers": [
                    { "name": "setup" },
                    { "name": "side", "restartPolicy": "Always" },
                ],
                "containers": [{ "name": "a" }, { "name": "b" }],
            },
        }));
        let seen = |state: &str| Seen {
            id: "id".to_owned(),
            attempt: 4,
            image: String::new(),
            image_id: String::new(),
            run: match state {
                "run" => Run::Running { started_at: at(0) },
                code => Run::Ended(Ended {
                    id: "id".to_owned(),
                    code: code.parse().unwrap(),
                    signal: None,
                    reason: "Error",
                    message: None,
                    started_at: Some(at(0)),
                    finished_at: Some(at(100)),
                }),
            },
            previous: None,
        };
        Case {
            pod: pod.unwrap(),
            stopping: false,
            sandbox: SandboxSeen::Ready,
            containers: containers.iter().map(|(n, s)| ((*n).to_owned(), seen(s))).collect(),
            busy: BTreeSet::new(),
            not_before: BTreeMap::new(),
            backoffs: Backoffs::default(),
            unhealthy: BTreeSet::new(),
            started: ["side".to_owned()].into(),
        }
    }

    fn outcome(case: &Case) -> String {
        let decision = decide(&Facts {
            pod: &case.pod,
            stopping: case.stopping,
            sandbox: case.sandbox,
            containers: &case.containers,
            busy: &case.busy,
            not_before: &case.not_before,
            backoffs: &case.backoffs,
            unhealthy: &case.unhealthy,
            started: &case.started,
            now: at(100),
        });
        let mut words: Vec<String> = decision
            .actions
            .iter()
            .map(|action| match action {
                Action::CreateSandbox => "sandbox".to_owned(),
                Action::ReplaceSandbox => "replace".to_owned(),
                Action::Start { container, attempt } => format!("start {container}#{attempt}"),
                Action::Kill { container } => format!("kill {container}"),
                Action::Finish => "finish".to_owned(),
            })
            .collect();
        words.extend(decision.look_again.map(|time| format!("at {}", time.as_second())));
        words.join(", ")
    }

    #[test]
    fn containers_start_in_their_order() {
        for (seen, want) in [
            (&[][..], "start setup#0"),
            (&[("setup", "run")], ""),
            (&[("setup", "1")], "start setup#5"),
            (&[("setup", "0")], "start side#0, start a#0, start b#0"),
            (&[("setup", "0"), ("side", "run"), ("a", "run")], "start b#0"),
            (&[("side", "0"), ("a", "run"), ("b", "run")], "start side#5"),
            (&[("side", "run"), ("a", "0"), ("b", "1")], "start a#5, start b#5"),
        ] {
            assert_eq!(outcome(&case("Always", seen)), want, "{seen:?}");
        }
    }

    #[test]
    fn the_restart_policy_decides_who_runs_again() {
        let all = |a, b| [("setup", "0"), ("side", "run"), ("a", a), ("b", b)];
        for (policy, a, b, want) in [
            ("Never", "0", "1", "kill side"),
            ("Never", "0", "run", ""),
            ("OnFailure", "0", "1", "start b#5"),
            ("OnFailure", "0", "0", "kill side"),
            ("Always", "0", "0", "start a#5, start b#5"),
        ] {
            assert_eq!(outcome(&case(policy, &all(a, b))), want, "{policy} {a} {b}");
        }
        assert_eq!(outcome(&case("Never", &[("setup", "1")])), "finish", "failed before it began");
        assert_eq!(outcome(&case("OnFailure", &[("setup", "1")])), "start setup#5");
    }

    #[test]
    fn runs_that_were_lost_count() {
        let mut lost = case("Always", &[("setup", "0"), ("side", "run"), ("a", "run")]);
        let status = json!({ "containerStatuses": [
            { "name": "b", "containerID": "kanoe://x", "restartCount": 3, "image": "", "imageID": "", "ready": false },
        ] });
        lost.pod.status = Some(serde_json::from_value(status).unwrap());
        assert_eq!(outcome(&lost), "start b#4");
    }

    #[test]
    fn what_crashes_waits() {
        let mut crashing =
            case("Always", &[("setup", "0"), ("side", "run"), ("a", "1"), ("b", "run")]);
        crashing.backoffs.note("a", at(60));
        assert_eq!(outcome(&crashing), "at 110");
        crashing.not_before.insert("b".to_owned(), at(105));
        assert_eq!(outcome(&crashing), "at 105");
    }

    #[test]
    fn sandboxes_come_first() {
        for (sandbox, busy, want) in [
            (SandboxSeen::Absent, false, "sandbox"),
            (SandboxSeen::Absent, true, ""),
            (SandboxSeen::Dead, false, "replace"),
            (SandboxSeen::Dead, true, ""),
        ] {
            let mut case = case("Always", &[]);
            case.sandbox = sandbox;
            case.busy.extend(busy.then(String::new));
            assert_eq!(outcome(&case), want, "{sandbox:?}");
        }
    }

    #[test]
    fn a_stopping_pod_ends_its_own_before_its_sidecars() {
        let mut stopping = case("Always", &[("side", "run"), ("a", "run"), ("b", "0")]);
        stopping.stopping = true;
        assert_eq!(outcome(&stopping), "kill a");
        stopping.busy.insert("a".to_owned());
        assert_eq!(outcome(&stopping), "");
        stopping.busy.clear();
        stopping.containers.remove("a");
        assert_eq!(outcome(&stopping), "kill side");
        stopping.containers.remove("side");
        assert_eq!(outcome(&stopping), "finish");
    }

    #[test]
    fn the_unhealthy_are_ended() {
        let mut sick = case("Always", &[("side", "run"), ("a", "run"), ("b", "run")]);
        sick.unhealthy.insert("b".to_owned());
        assert_eq!(outcome(&sick), "kill b");
        sick.busy.insert("b".to_owned());
        assert_eq!(outcome(&sick), "");
    }
}
