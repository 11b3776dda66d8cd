//! What the worker tells: why something waits, the pod's status, and its end.

use std::collections::{BTreeMap, BTreeSet};

use client::EventKind::{Normal, Warning};
use jiff::Timestamp;
use k8s_openapi::api::core::v1::PodStatus;

use super::{RETRY, Turn, Worker, same};
use crate::host::Host;
use crate::pod::backoff::in_words;
use crate::pod::decide::{self, SandboxSeen};
use crate::pod::seen::{self, Seen};
use crate::pod::status::{Report, Waiting, pod_status};
use crate::pod::tell::{self, Told};
use crate::pod::{containers, is_over};
use crate::volumes;

impl Worker {
    pub(super) fn explain_waiting(
        &mut self,
        seen: &BTreeMap<String, Seen>,
        now: Timestamp,
        look_again: &mut Option<Timestamp>,
    ) {
        let mut sooner =
            |time: Timestamp| *look_again = Some(look_again.map_or(time, |known| known.min(time)));
        for (name, failure) in &self.pulls {
            if failure.waits_from > now {
                sooner(failure.waits_from);
                continue;
            }
            let text = format!("Back-off pulling image \"{}\"", failure.image);
            let message = format!("{text}: ErrImagePull: {}", failure.message);
            let waiting = Waiting { reason: "ImagePullBackOff".to_owned(), message };
            if self.waiting.insert(name.clone(), waiting.clone()) != Some(waiting) {
                let about = Host::about_container(&self.pod, name);
                self.host.recorder.event(&about, Normal, "BackOff", text);
                self.host.recorder.event(&about, Warning, "Failed", "Error: ImagePullBackOff");
            }
        }
        for (name, container) in seen {
            // Where a start is under way, the wait is over.
            let ended = container.ended().filter(|_| !self.tasks.contains_key(name));
            let Some(ended) = ended else { continue };
            let at = ended.finished_at.unwrap_or(Timestamp::UNIX_EPOCH);
            let Some((_, delay)) = self.backoffs.wait(name, at, now) else { continue };
            let message = format!(
                "back-off {} restarting failed container={name} pod={}",
                in_words(delay),
                self.id.full()
            );
            let waiting = Waiting { reason: "CrashLoopBackOff".to_owned(), message };
            self.waiting.insert(name.clone(), waiting);
            if !self.stopping() && self.backoff_told.insert(container.id.clone()) {
                let about = Host::about_container(&self.pod, name);
                let text = format!(
                    "Back-off restarting failed container {name} in pod {}",
                    self.id.full()
                );
                self.host.recorder.event(&about, Warning, "BackOff", text);
            }
        }
    }

    pub(super) async fn report(&mut self, seen: &BTreeMap<String, Seen>, finished: bool) {
        if self.gone {
            return;
        }
        let status = self.status(seen, finished);
        let known = self.sent.as_ref().or(self.pod.status.as_ref());
        if known.is_some_and(|known| same(known, &status)) {
            return;
        }
        match tell::tell(&self.host, &self.pod, &status).await {
            Told::Yes => self.sent = Some(status),
            // The watch will say so.
            Told::Gone => self.sent = None,
            Told::NotNow => self.retry = lifecycle::clock::now().checked_add(RETRY).ok(),
        }
    }

    pub(super) fn status(&self, seen: &BTreeMap<String, Seen>, finished: bool) -> PodStatus {
        let Some(spec) = &self.pod.spec else { return PodStatus::default() };
        let restarting: BTreeSet<String> = containers(spec)
            .filter(|(role, container)| {
                let ended = seen.get(&container.name).and_then(Seen::ended);
                let again = ended.is_some_and(|ended| decide::restarts(&self.pod, *role, ended));
                again && !finished && !self.stopping()
            })
            .map(|(_, container)| container.name.clone())
            .collect();
        let users = self.specs.values().filter_map(|spec| {
            let name = spec.labels.get(seen::NAME)?.clone();
            let groups = [vec![spec.user.gid], spec.user.groups.clone()].concat();
            Some((name, (spec.user.uid, spec.user.gid, groups)))
        });
        pod_status(&Report {
            pod: &self.pod,
            told: self.sent.as_ref(),
            containers: seen,
            waiting: &self.waiting,
            restarting: &restarting,
            started: &self.started(seen),
            ready: &self.ready(seen),
            sandbox_ready: self.sandbox_seen() == SandboxSeen::Ready,
            pod_ip: self.ip.clone(),
            host_ip: self.host.config.node_ip.to_string(),
            started_at: self.began,
            finished,
            verdict: self.verdict.clone().filter(|_| finished),
            qos: self.qos.word(),
            users: &users.collect(),
            now: lifecycle::clock::now(),
        })
    }

    pub(super) async fn finish(&mut self, seen: BTreeMap<String, Seen>) -> Turn {
        self.probed.clear();
        self.host.set_live(&self.id.uid, None);
        if !is_over(&self.pod) {
            self.report(&seen, true).await;
        }
        self.state = None;
        if let Some(sandbox) = self.sandbox.take()
            && let Err(error) = sandbox.remove().await
        {
            tracing::warn!(pod = self.id.full(), %error, "sandbox not removed");
            self.sandbox = Some(sandbox);
            return Turn::Wait(lifecycle::clock::now().checked_add(RETRY).ok());
        }
        if let Err(error) = self.host.network.detach(&self.id.uid).await {
            tracing::warn!(pod = self.id.full(), %error, "network not given back");
        }
        self.kept = Some(seen);
        self.turn_of_ended().await
    }

    pub(super) async fn turn_of_ended(&mut self) -> Turn {
        if !self.gone && self.pod.metadata.deletion_timestamp.is_none() {
            if let (Some(seen), true) = (self.kept.clone(), self.sent.is_none())
                && !is_over(&self.pod)
            {
                self.report(&seen, true).await;
            }
            return Turn::Wait(self.retry);
        }
        let folder = self.host.pod_folder(&self.id.uid);
        if let Err(error) = volumes::remove(&folder) {
            tracing::warn!(pod = self.id.full(), %error, "volumes not removed");
        }
        drop(std::fs::remove_dir_all(self.host.log_folder(&self.id)));
        if !self.gone && tell::release(&self.host, &self.id).await == Told::NotNow {
            return Turn::Wait(lifecycle::clock::now().checked_add(RETRY).ok());
        }
        Turn::Over
    }
}
