//! What the worker sees: containers, probes, deadlines, as the facts of a decision.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use client::EventKind::Normal;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::{Probed, VOLUMES, Worker};
use crate::host::{Host, Live, LiveRun};
use crate::logs;
use crate::pod::decide::{Decision, Facts, SandboxSeen, decide};
use crate::pod::operations;
use crate::pod::seen::{self, Run, Seen};
use crate::pod::{Role, container, containers, is_over};
use crate::probes::{self, Question, Subject};

impl Worker {
    pub(super) fn see(&mut self) -> BTreeMap<String, Seen> {
        let state = self.state.as_mut().map(|state| state.borrow_and_update().clone());
        let state = state.unwrap_or_default();
        let mut seen = seen::of_sandbox(&self.specs, &state, &self.notes);
        for (name, lost) in &self.lost {
            match seen.get_mut(name) {
                Some(now) if now.previous.is_none() => now.previous = lost.ended().cloned(),
                Some(_) => {}
                None => drop(seen.insert(name.clone(), lost.clone())),
            }
        }
        for (name, container) in &mut seen {
            self.add_last_words(name, container);
        }
        self.show_live(&seen);
        seen
    }

    pub(super) fn add_last_words(&self, name: &str, seen: &mut Seen) {
        let attempt = seen.attempt;
        if let Run::Ended(ended) = &mut seen.run {
            let code = ended.code;
            ended.message = ended.message.take().or_else(|| self.last_words(name, attempt, code));
        }
        if let (Some(previous), Some(before)) = (&mut seen.previous, attempt.checked_sub(1)) {
            let code = previous.code;
            previous.message =
                previous.message.take().or_else(|| self.last_words(name, before, code));
        }
    }

    /// What a run left as its message; the end of its log, where it failed and is told to.
    fn last_words(&self, name: &str, attempt: u32, code: i32) -> Option<String> {
        const MOST: usize = 4096;
        const MOST_OF_LOG: usize = 2048;
        let folder = self.host.pod_folder(&self.id.uid);
        let path = operations::termination_file(&folder, name, attempt);
        let text = std::fs::read(path).unwrap_or_default();
        let kept = text.get(..text.len().min(MOST)).unwrap_or_default();
        if !kept.is_empty() {
            return Some(String::from_utf8_lossy(kept).into_owned());
        }
        let (_, container) = container(self.pod.spec.as_ref()?, name)?;
        let policy = container.termination_message_policy.as_deref();
        if code == 0 || policy != Some("FallbackToLogsOnError") {
            return None;
        }
        let log = self.host.log_path(&self.id, name, attempt);
        let text = logs::tail(&log, 80).unwrap_or_default();
        let from = text.len().saturating_sub(MOST_OF_LOG);
        let kept = text.get(from..).unwrap_or_default();
        Some(String::from_utf8_lossy(kept).into_owned()).filter(|text| !text.is_empty())
    }

    pub(super) fn show_live(&self, seen: &BTreeMap<String, Seen>) {
        let live = self.sandbox.clone().map(|sandbox| Live {
            sandbox,
            runs: seen
                .iter()
                .map(|(name, seen)| {
                    let (id, running) = (seen.id.clone(), seen.running());
                    (name.clone(), LiveRun { id, attempt: seen.attempt, running })
                })
                .collect(),
        });
        self.host.set_live(&self.id.uid, live);
    }

    pub(super) fn sandbox_seen(&self) -> SandboxSeen {
        match &self.sandbox {
            None => SandboxSeen::Absent,
            Some(sandbox) if sandbox.is_alive() => SandboxSeen::Ready,
            Some(_) => SandboxSeen::Dead,
        }
    }

    pub(super) fn stopping(&self) -> bool {
        self.gone || self.pod.metadata.deletion_timestamp.is_some() || self.verdict.is_some()
    }

    pub(super) fn busy(&self) -> BTreeSet<String> {
        self.tasks.keys().filter(|name| !name.starts_with(VOLUMES)).cloned().collect()
    }

    pub(super) fn started(&self, seen: &BTreeMap<String, Seen>) -> BTreeSet<String> {
        let Some(spec) = &self.pod.spec else { return BTreeSet::new() };
        let started = containers(spec).filter(|(_, container)| {
            let running = seen.get(&container.name).is_some_and(Seen::running);
            let asked = Question::Startup.of(container).is_some();
            let passed = self.answers.get(&(container.name.clone(), Question::Startup));
            running && (!asked || passed == Some(&true))
        });
        started.map(|(_, container)| container.name.clone()).collect()
    }

    pub(super) fn ready(&self, seen: &BTreeMap<String, Seen>) -> BTreeSet<String> {
        let Some(spec) = &self.pod.spec else { return BTreeSet::new() };
        let started = self.started(seen);
        let ready = containers(spec).filter(|(role, container)| {
            let asked = Question::Readiness.of(container).is_some();
            let passed = self.answers.get(&(container.name.clone(), Question::Readiness));
            *role != Role::Init
                && started.contains(&container.name)
                && (!asked || passed == Some(&true))
        });
        ready.map(|(_, container)| container.name.clone()).collect()
    }

    pub(super) fn unhealthy(&self) -> BTreeSet<String> {
        let failed = self
            .answers
            .iter()
            .filter(|((_, question), passed)| *question != Question::Readiness && !**passed);
        failed.map(|((container, _), _)| container.clone()).collect()
    }

    pub(super) fn with_facts<T>(
        &self,
        seen: &BTreeMap<String, Seen>,
        now: Timestamp,
        work: impl FnOnce(&Facts<'_>) -> T,
    ) -> T {
        work(&Facts {
            pod: &self.pod,
            stopping: self.stopping(),
            sandbox: self.sandbox_seen(),
            containers: seen,
            busy: &self.busy(),
            not_before: &self.not_before,
            backoffs: &self.backoffs,
            unhealthy: &self.unhealthy(),
            started: &self.started(seen),
            now,
        })
    }

    pub(super) fn decide(&self, seen: &BTreeMap<String, Seen>, now: Timestamp) -> Decision {
        self.with_facts(seen, now, decide)
    }

    pub(super) fn deadline(&self) -> Option<Timestamp> {
        let seconds = self.pod.spec.as_ref()?.active_deadline_seconds?;
        let known = self.pod.status.as_ref().and_then(|status| status.start_time.as_ref());
        let began = known.map_or(self.began, |time| time.0);
        if self.stopping() {
            None
        } else {
            began.checked_add(SignedDuration::from_secs(seconds)).ok()
        }
    }

    pub(super) fn follow_probes(&mut self, seen: &BTreeMap<String, Seen>) {
        let running = |name: &str| seen.get(name).filter(|seen| seen.running());
        self.probed.retain(|name, probed| running(name).is_some_and(|seen| seen.id == probed.id));
        let probed = &self.probed;
        self.answers.retain(|(name, _), _| probed.contains_key(name));
        let (Some(spec), Some(sandbox)) = (self.pod.spec.clone(), self.sandbox.clone()) else {
            return;
        };
        for (role, container) in containers(&spec) {
            let Some(seen) = running(&container.name) else { continue };
            if role == Role::Init || self.probed.contains_key(&container.name) || self.stopping() {
                continue;
            }
            let started = watch::Sender::new(Question::Startup.of(container).is_none());
            let subject = Subject {
                host: Arc::clone(&self.host),
                sandbox: sandbox.clone(),
                id: seen.id.clone(),
                ip: self.ip.clone().unwrap_or_default(),
                container: container.clone(),
                about: Host::about_container(&self.pod, &container.name),
                news: self.news.0.clone(),
                started: started.subscribe(),
            };
            let tasks = probes::start(&subject, &self.host.stop);
            let probed = Probed { id: seen.id.clone(), started, _tasks: tasks };
            self.probed.insert(container.name.clone(), probed);
        }
    }

    pub(super) fn enforce_deadline(&mut self, now: Timestamp) {
        if self.deadline().is_some_and(|deadline| deadline <= now) && !is_over(&self.pod) {
            let message = "Pod was active on the node longer than the specified deadline";
            self.host.recorder.event(&Host::about(&self.pod), Normal, "DeadlineExceeded", message);
            self.verdict = Some(("DeadlineExceeded".to_owned(), message.to_owned()));
        }
    }
}
