//! What is seen of a pod: its sandbox and, for each container, its latest runs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use runtime::spec::ContainerSpec;
use runtime::{ContainerState, SandboxState};

/// Labels that a container carries in the runtime, from which a restarted kubelet knows it again.
pub(crate) const NAME: &str = "io.kubernetes.container.name";
/// How many runs there were before.
pub(crate) const ATTEMPT: &str = "io.kubernetes.container.attempt";
/// The image's name as it shows in the status.
pub(crate) const IMAGE: &str = "io.kubernetes.container.image";
/// The image's digest as it shows in the status.
pub(crate) const IMAGE_ID: &str = "io.kubernetes.container.image-id";

/// A run that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) id: String,
    pub(crate) code: i32,
    pub(crate) signal: Option<i32>,
    pub(crate) reason: &'static str,
    pub(crate) message: Option<String>,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) finished_at: Option<Timestamp>,
}

/// A container's present run, or its last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Run {
    Running { started_at: Timestamp },
    Ended(Ended),
}

/// What is seen of one container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) id: String,
    pub(crate) attempt: u32,
    pub(crate) image: String,
    pub(crate) image_id: String,
    pub(crate) run: Run,
    /// The run before this one.
    pub(crate) previous: Option<Ended>,
}

impl Seen {
    pub(crate) fn running(&self) -> bool {
        matches!(self.run, Run::Running { .. })
    }

    pub(crate) fn ended(&self) -> Option<&Ended> {
        match &self.run {
            Run::Ended(ended) => Some(ended),
            Run::Running { .. } => None,
        }
    }
}

/// What the kubelet itself knows of a run's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) message: String,
    pub(crate) at: Timestamp,
}

/// The containers of a sandbox by name, older runs folded into the latest.
pub(crate) fn of_sandbox(
    specs: &BTreeMap<String, ContainerSpec>,
    state: &SandboxState,
    notes: &BTreeMap<String, Note>,
) -> BTreeMap<String, Seen> {
    let mut all: Vec<(u32, &ContainerSpec)> =
        specs.values().map(|spec| (attempt_of(spec), spec)).collect();
    all.sort_by_key(|(attempt, _)| *attempt);
    let mut seen = BTreeMap::<String, Seen>::new();
    for (attempt, spec) in all {
        let Some(found) = state.containers.get(&spec.id) else { continue };
        let label = |key: &str| spec.labels.get(key).cloned().unwrap_or_default();
        let name = label(NAME);
        let previous = seen.remove(&name).and_then(|earlier| earlier.ended().cloned());
        let run = run_of(&spec.id, found, notes.get(&spec.id));
        let (image, image_id) = (label(IMAGE), label(IMAGE_ID));
        seen.insert(name, Seen { id: spec.id.clone(), attempt, image, image_id, run, previous });
    }
    seen
}

/// The run that a container is.
pub(crate) fn attempt_of(spec: &ContainerSpec) -> u32 {
    spec.labels.get(ATTEMPT).and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn run_of(id: &str, state: &ContainerState, note: Option<&Note>) -> Run {
    match state {
        ContainerState::Running { started_at, .. } => Run::Running { started_at: *started_at },
        // Seen only by a kubelet that came while it started: the truth follows at once.
        ContainerState::Starting => Run::Running { started_at: Timestamp::UNIX_EPOCH },
        ContainerState::Created => Run::Ended(Ended {
            id: id.to_owned(),
            code: 128,
            signal: None,
            reason: "StartError",
            message: note.map(|note| note.message.clone()),
            started_at: None,
            finished_at: note.map(|note| note.at),
        }),
        ContainerState::Exited(exit) => Run::Ended(Ended {
            id: id.to_owned(),
            code: exit.code,
            signal: exit.signal,
            reason: if exit.out_of_memory && exit.code != 0 {
                "OOMKilled"
            } else if exit.code == 0 {
                "Completed"
            } else {
                "Error"
            },
            message: note.map(|note| note.message.clone()).filter(|text| !text.is_empty()),
            started_at: Some(exit.started_at),
            finished_at: Some(exit.finished_at),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use runtime::Exit;

    fn spec(id: &str, attempt: u32) -> ContainerSpec {
        let labels =
            [(NAME.to_owned(), "web".to_owned()), (ATTEMPT.to_owned(), attempt.to_string())];
        ContainerSpec { id: id.to_owned(), labels: labels.into(), ..ContainerSpec::default() }
    }

    #[test]
    fn older_runs_are_the_last_state_of_the_latest() {
        let time = Timestamp::UNIX_EPOCH;
        let exit = Exit {
            code: 3,
            signal: None,
            out_of_memory: false,
            started_at: time,
            finished_at: time,
        };
        let state = SandboxState {
            alive: true,
            containers: [
                ("b".to_owned(), ContainerState::Running { pid: 1, started_at: time }),
                ("a".to_owned(), ContainerState::Exited(exit)),
            ]
            .into(),
        };
        let specs = [("a".to_owned(), spec("a", 9)), ("b".to_owned(), spec("b", 10))].into();
        let seen = of_sandbox(&specs, &state, &BTreeMap::new());
        let web = &seen["web"];
        assert_eq!((web.id.as_str(), web.attempt, web.running()), ("b", 10, true));
        assert_eq!(
            web.previous.as_ref().map(|ended| (ended.code, ended.reason)),
            Some((3, "Error"))
        );
    }

    #[test]
    fn what_ended_says_how() {
        let time = Timestamp::UNIX_EPOCH;
        for (code, out_of_memory, reason) in [
            (0, false, "Completed"),
            (1, false, "Error"),
            (137, true, "OOMKilled"),
            (0, true, "Completed"),
        ] {
            let exit =
                Exit { code, signal: None, out_of_memory, started_at: time, finished_at: time };
            let Run::Ended(ended) = run_of("x", &ContainerState::Exited(exit), None) else {
                panic!()
            };
            assert_eq!(ended.reason, reason);
        }
    }
}
