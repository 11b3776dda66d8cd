//! What the worker does: starts tasks beside itself, and takes in what they came to.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use client::EventKind::Normal;
use jiff::Timestamp;
use tokio::sync::watch;

use super::{Done, PULL_SHOWN, PullFailure, VOLUMES, Worker};
use crate::host::Host;
use crate::pod::container;
use crate::pod::decide::Action;
use crate::pod::operations::{self, Failure, Made, Start, Started};
use crate::pod::seen::{self, Note, Seen};
use crate::pod::status::Waiting;
use crate::pod::stop::{Stop, stop_container, stop_signal};
use crate::probes::{self, Question};

impl Worker {
    pub(super) fn act(&mut self, action: Action, seen: &BTreeMap<String, Seen>, now: Timestamp) {
        let done = self.done.0.clone();
        let host = Arc::clone(&self.host);
        let pod = Arc::clone(&self.pod);
        match action {
            Action::Finish => {}
            Action::CreateSandbox => {
                let work = operations::create_sandbox(host, pod, self.qos);
                self.beside(String::new(), async move {
                    drop(done.send(Done::Sandbox(work.await)).await);
                });
            }
            Action::ReplaceSandbox => {
                let Some(sandbox) = self.sandbox.clone() else { return };
                self.lost.clone_from(seen);
                let text = "Pod sandbox changed, it will be killed and re-created.";
                host.recorder.event(&Host::about(&pod), Normal, "SandboxChanged", text);
                self.beside(String::new(), async move {
                    if let Err(error) = sandbox.remove().await {
                        tracing::warn!(%error, "sandbox not removed");
                    }
                    drop(done.send(Done::Replaced).await);
                });
            }
            Action::Start { container, attempt } => {
                let Some(sandbox) = self.sandbox.clone() else { return };
                if seen.contains_key(&container) {
                    self.backoffs.note(&container, now);
                }
                let ip = self.ip.clone().unwrap_or_default();
                let name = container.clone();
                let start = Start { host, pod, sandbox, ip, container, attempt, qos: self.qos };
                self.beside(name.clone(), async move {
                    let started = Box::new(operations::start_container(start).await);
                    drop(done.send(Done::Started(name, started)).await);
                });
            }
            Action::Kill { container } => self.kill(&container, seen),
        }
    }

    pub(super) fn kill(&mut self, name: &str, seen: &BTreeMap<String, Seen>) {
        let (Some(sandbox), Some(spec)) = (self.sandbox.clone(), self.pod.spec.as_ref()) else {
            return;
        };
        let (Some(seen), Some((_, container))) = (seen.get(name), container(spec, name)) else {
            return;
        };
        let failed = [Question::Liveness, Question::Startup]
            .into_iter()
            .find(|question| self.answers.get(&(name.to_owned(), *question)) == Some(&false));
        let failed = failed.filter(|_| !self.stopping());
        let message = match failed {
            Some(Question::Startup) => {
                format!("Container {name} failed startup probe, will be restarted")
            }
            Some(_) => format!("Container {name} failed liveness probe, will be restarted"),
            None => format!("Stopping container {name}"),
        };
        let own = failed.and_then(|question| probes::grace(&self.pod, name, question));
        let grace = match own {
            Some(seconds) => {
                watch::Sender::new(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
                    .subscribe()
            }
            None => self.grace.subscribe(),
        };
        let image =
            self.host.images.find(&seen.image).or_else(|_| self.host.images.find(&seen.image_id));
        let of_image = image.map(|image| image.config.stop_signal).unwrap_or_default();
        let asked =
            container.lifecycle.as_ref().and_then(|lifecycle| lifecycle.stop_signal.clone());
        let stop = Stop {
            sandbox,
            id: seen.id.clone(),
            container: container.clone(),
            about: Host::about_container(&self.pod, name),
            ip: self.ip.clone().unwrap_or_default(),
            signal: stop_signal(&asked.unwrap_or(of_image)),
            message,
        };
        let (host, done, name) = (Arc::clone(&self.host), self.done.0.clone(), name.to_owned());
        self.beside(name.clone(), async move {
            stop_container(&host, stop, grace).await;
            drop(done.send(Done::Killed(name)).await);
        });
    }

    pub(super) fn beside(&mut self, name: String, work: impl Future<Output = ()> + Send + 'static) {
        let task = lifecycle::spawn("kubelet/pod-operation", &self.host.stop, work);
        self.tasks.insert(name, task);
    }

    pub(super) fn take_sandbox(&mut self, made: Made) {
        self.sandbox_failures = 0;
        self.not_before.remove("");
        self.ip = Some(made.ip);
        self.tokens = made.tokens;
        self.state = Some(made.sandbox.watch());
        self.sandbox = Some(made.sandbox);
    }

    pub(super) fn take_started(&mut self, name: &str, started: Started, now: Timestamp) {
        self.waiting.remove(name);
        self.pulls.remove(name);
        self.not_before.remove(name);
        if let Some(spec) = started.spec {
            if let Some(failure) = &started.failure {
                let note = Note { message: failure.message.clone(), at: now };
                self.notes.insert(spec.id.clone(), note);
            }
            self.specs.insert(spec.id.clone(), spec);
            self.drop_older_runs(name);
        }
        let Some(failure) = started.failure else {
            self.pull_backoffs.forget(name);
            return;
        };
        let never_ran =
            !self.specs.values().any(|spec| spec.labels.get(seen::NAME).is_some_and(|n| n == name));
        if matches!(
            failure.reason.as_str(),
            "ErrImagePull" | "ErrImageNeverPull" | "InvalidImageName"
        ) || never_ran
        {
            self.pull_backoffs.note(name, now);
            let wait = self.pull_backoffs.wait(name, now, now);
            self.not_before.insert(name.to_owned(), wait.map_or(now, |(until, _)| until));
        }
        if failure.reason == "ErrImagePull" {
            let spec = self.pod.spec.as_ref();
            let image = spec.and_then(|spec| container(spec, name)?.1.image.clone());
            let waits_from = now.saturating_add(PULL_SHOWN).unwrap_or(now);
            let message = failure.message.clone();
            let failure = PullFailure { waits_from, image: image.unwrap_or_default(), message };
            self.pulls.insert(name.to_owned(), failure);
        }
        let Failure { reason, message } = failure;
        self.waiting.insert(name.to_owned(), Waiting { reason, message });
    }

    pub(super) fn drop_older_runs(&mut self, name: &str) {
        let mut runs: Vec<(u32, String)> = self
            .specs
            .values()
            .filter(|spec| spec.labels.get(seen::NAME).is_some_and(|label| label == name))
            .map(|spec| (seen::attempt_of(spec), spec.id.clone()))
            .collect();
        runs.sort();
        let older = runs.len().saturating_sub(2);
        for (attempt, id) in runs.into_iter().take(older) {
            self.specs.remove(&id);
            self.notes.remove(&id);
            self.backoff_told.remove(&id);
            let log = self.host.log_path(&self.id, name, attempt);
            let Some(sandbox) = self.sandbox.clone() else { continue };
            self.tasks.insert(
                format!("{VOLUMES}{id}"),
                lifecycle::spawn("kubelet/remove-run", &self.host.stop, async move {
                    if let Err(error) = sandbox.remove_container(&id).await {
                        tracing::warn!(%error, "old run not removed");
                    }
                    for path in runtime::rotated_logs(&log).into_iter().flatten().chain([log]) {
                        drop(std::fs::remove_file(path));
                    }
                }),
            );
        }
        self.tasks.retain(|name, task| !name.starts_with(VOLUMES) || !task.is_finished());
    }

    pub(super) fn refresh_volumes(&mut self) {
        let due = self.sandbox.is_some() && !self.stopping() && !self.tasks.contains_key(VOLUMES);
        if !due {
            return;
        }
        let (host, pod, done) =
            (Arc::clone(&self.host), Arc::clone(&self.pod), self.done.0.clone());
        let (ip, tokens) = (self.ip.clone().unwrap_or_default(), self.tokens.clone());
        self.beside(VOLUMES.to_owned(), async move {
            let refreshed = operations::prepare_volumes(&host, &pod, &ip, tokens.clone()).await;
            drop(done.send(Done::Volumes(refreshed.unwrap_or(tokens))).await);
        });
    }
}
