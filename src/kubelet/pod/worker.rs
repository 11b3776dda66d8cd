//! The worker of one pod: it sees, decides, acts and tells, until the pod is no more.
//!
//! The decision is [`decide`]'s and the status [`status`]'s, both pure; this is the shell around them.
//! What takes time runs in tasks beside it, which answer through one channel.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use api::core::pod::{QosClass, qos_class};
use client::EventKind::{Normal, Warning};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{Pod, PodStatus};
use lifecycle::Task;
use runtime::spec::ContainerSpec;
use runtime::{Sandbox, SandboxState};
use tokio::sync::{broadcast, mpsc, watch};

use super::backoff::{Backoffs, in_words};
use super::decide::{self, Action, Decision, Facts, SandboxSeen, decide};
use super::operations::{self, Failure, Made, Start, Started, Tokens};
use super::seen::{self, Note, Run, Seen};
use super::status::{Report, Waiting, pod_status};
use super::stop::{Stop, stop_container, stop_signal};
use super::tell::{self, Told};
use super::{PodId, Role, container, containers, is_over};
use crate::host::{Host, Live, LiveRun};
use crate::probes::{self, News, Question, Subject};
use crate::volumes;

/// What the worker hears of its pod.
#[derive(Debug, Clone)]
pub(crate) enum Wanted {
    /// The object as it is now.
    Present(Arc<Pod>),
    /// There is no such object any more.
    Gone,
}

/// What a task beside the worker has come to.
#[derive(Debug)]
enum Done {
    Sandbox(Result<Made, Failure>),
    Replaced,
    Started(String, Box<Started>),
    Killed(String),
    Volumes(Tokens),
}

/// How long a failed pull shows as itself before it shows as waiting.
const PULL_SHOWN: SignedDuration = SignedDuration::from_secs(1);
/// How soon the server is asked again when it could not be told something.
const RETRY: SignedDuration = SignedDuration::from_secs(1);

/// A container whose image could not be had.
#[derive(Debug, Clone)]
struct PullFailure {
    waits_from: Timestamp,
    image: String,
    message: String,
}

/// The probes of one run of a container.
#[derive(Debug)]
struct Probed {
    id: String,
    started: watch::Sender<bool>,
    _tasks: Vec<Task>,
}

pub(crate) struct Worker {
    host: Arc<Host>,
    id: PodId,
    pod: Arc<Pod>,
    qos: QosClass,
    wanted: watch::Receiver<Wanted>,
    gone: bool,
    sandbox: Option<Sandbox>,
    state: Option<watch::Receiver<SandboxState>>,
    specs: BTreeMap<String, ContainerSpec>,
    notes: BTreeMap<String, Note>,
    ip: Option<String>,
    tokens: Tokens,
    tasks: BTreeMap<String, Task>,
    grace: watch::Sender<Duration>,
    done: (mpsc::Sender<Done>, mpsc::Receiver<Done>),
    news: (mpsc::Sender<News>, mpsc::Receiver<News>),
    changes: broadcast::Receiver<String>,
    probed: BTreeMap<String, Probed>,
    answers: BTreeMap<(String, Question), bool>,
    waiting: BTreeMap<String, Waiting>,
    pulls: BTreeMap<String, PullFailure>,
    not_before: BTreeMap<String, Timestamp>,
    backoffs: Backoffs,
    pull_backoffs: Backoffs,
    sandbox_failures: u32,
    backoff_told: BTreeSet<String>,
    began: Timestamp,
    verdict: Option<(String, String)>,
    sent: Option<PodStatus>,
    /// What was last seen of the containers, once their sandbox is gone for good.
    kept: Option<BTreeMap<String, Seen>>,
    retry: Option<Timestamp>,
}

impl Worker {
    /// A worker for a pod; `sandbox` is what an earlier process left of it.
    pub(crate) fn new(
        host: &Arc<Host>,
        pod: Arc<Pod>,
        wanted: watch::Receiver<Wanted>,
        sandbox: Option<Sandbox>,
    ) -> Self {
        let id = PodId::of(&pod);
        let specs = sandbox.iter().flat_map(Sandbox::containers);
        let specs = specs.map(|spec| (spec.id.clone(), spec)).collect();
        let on_host = pod.spec.as_ref().and_then(|spec| spec.host_network).unwrap_or(false);
        let ip = match (&sandbox, on_host) {
            (None, _) => None,
            (Some(_), true) => Some(host.config.node_ip.to_string()),
            (Some(_), false) => host.network.find(&id.uid).map(|place| place.ip.to_string()),
        };
        let ended_before = sandbox.is_none() && is_over(&pod);
        let qos = serde_json::to_value(&*pod).map_or(QosClass::BestEffort, |pod| qos_class(&pod));
        Self {
            qos,
            id,
            wanted,
            gone: false,
            specs,
            notes: BTreeMap::new(),
            ip,
            tokens: Tokens::new(),
            tasks: BTreeMap::new(),
            grace: watch::Sender::new(Duration::from_secs(30)),
            done: mpsc::channel(16),
            news: mpsc::channel(16),
            changes: host.changes.subscribe(),
            probed: BTreeMap::new(),
            answers: BTreeMap::new(),
            waiting: BTreeMap::new(),
            pulls: BTreeMap::new(),
            not_before: BTreeMap::new(),
            backoffs: Backoffs::default(),
            pull_backoffs: Backoffs::default(),
            sandbox_failures: 0,
            backoff_told: BTreeSet::new(),
            began: lifecycle::clock::now(),
            verdict: None,
            sent: None,
            kept: ended_before.then(BTreeMap::new),
            retry: None,
            state: sandbox.as_ref().map(Sandbox::watch),
            sandbox,
            host: Arc::clone(host),
            pod,
        }
    }

    /// Works until the pod is no more, or the kubelet stops; the pod goes on then.
    pub(crate) async fn run(mut self) {
        loop {
            self.take_wanted();
            let look_again = match self.turn().await {
                Turn::Over => return,
                Turn::Wait(look_again) => look_again,
            };
            self.wait(look_again).await;
        }
    }

    fn take_wanted(&mut self) {
        match self.wanted.borrow_and_update().clone() {
            Wanted::Present(pod) => self.pod = pod,
            Wanted::Gone => self.gone = true,
        }
        self.grace.send_if_modified(|grace| {
            let now = grace_of(&self.pod, self.gone);
            let changed = *grace != now;
            *grace = now;
            changed
        });
    }

    /// One look at everything, and what follows from it.
    async fn turn(&mut self) -> Turn {
        let now = lifecycle::clock::now();
        self.retry = None;
        if self.kept.is_some() {
            return self.turn_of_ended().await;
        }
        let seen = self.see();
        self.follow_probes(&seen);
        self.enforce_deadline(now);
        let decision = self.decide(&seen, now);
        if decision.actions.contains(&Action::Finish) {
            return self.finish(seen).await;
        }
        let mut look_again = decision.look_again;
        self.explain_waiting(&seen, now, &mut look_again);
        for action in decision.actions {
            self.act(action, &seen, now);
        }
        if self.tokens.values().any(|(_, renew)| *renew <= now) {
            self.refresh_volumes();
        }
        let renewals = self.tokens.values().map(|(_, renew)| *renew).filter(|renew| *renew > now);
        let deadline = self.deadline();
        look_again = renewals.chain(deadline).chain(look_again).min();
        self.report(&seen, false).await;
        Turn::Wait(look_again.into_iter().chain(self.retry).min())
    }

    fn see(&mut self) -> BTreeMap<String, Seen> {
        let state = self.state.as_mut().map(|state| state.borrow_and_update().clone());
        let state = state.unwrap_or_default();
        let mut seen = seen::of_sandbox(&self.specs, &state, &self.notes);
        for (name, container) in &mut seen {
            self.add_last_words(name, container);
        }
        self.show_live(&seen);
        seen
    }

    fn show_live(&self, seen: &BTreeMap<String, Seen>) {
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

    fn add_last_words(&self, name: &str, seen: &mut Seen) {
        let folder = self.host.pod_folder(&self.id.uid);
        let attempt = seen.attempt;
        let read = |attempt: u32| {
            let path = operations::termination_file(&folder, name, attempt);
            let text = std::fs::read(path).unwrap_or_default();
            let end = text.len().min(4096);
            let kept = text.get(..end).unwrap_or_default();
            Some(String::from_utf8_lossy(kept).into_owned()).filter(|text| !text.is_empty())
        };
        if let Run::Ended(ended) = &mut seen.run {
            ended.message = ended.message.take().or_else(|| read(attempt));
        }
        if let (Some(previous), Some(before)) = (&mut seen.previous, attempt.checked_sub(1)) {
            previous.message = previous.message.take().or_else(|| read(before));
        }
    }

    fn sandbox_seen(&self) -> SandboxSeen {
        match &self.sandbox {
            None => SandboxSeen::Absent,
            Some(sandbox) if sandbox.is_alive() => SandboxSeen::Ready,
            Some(_) => SandboxSeen::Dead,
        }
    }

    fn stopping(&self) -> bool {
        self.gone || self.pod.metadata.deletion_timestamp.is_some() || self.verdict.is_some()
    }

    fn busy(&self) -> BTreeSet<String> {
        self.tasks.keys().filter(|name| !name.starts_with(VOLUMES)).cloned().collect()
    }

    fn started(&self, seen: &BTreeMap<String, Seen>) -> BTreeSet<String> {
        let Some(spec) = &self.pod.spec else { return BTreeSet::new() };
        let started = containers(spec).filter(|(_, container)| {
            let running = seen.get(&container.name).is_some_and(Seen::running);
            let asked = Question::Startup.of(container).is_some();
            let passed = self.answers.get(&(container.name.clone(), Question::Startup));
            running && (!asked || passed == Some(&true))
        });
        started.map(|(_, container)| container.name.clone()).collect()
    }

    fn ready(&self, seen: &BTreeMap<String, Seen>) -> BTreeSet<String> {
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

    fn unhealthy(&self) -> BTreeSet<String> {
        let failed = self
            .answers
            .iter()
            .filter(|((_, question), passed)| *question != Question::Readiness && !**passed);
        failed.map(|((container, _), _)| container.clone()).collect()
    }

    fn with_facts<T>(
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

    fn decide(&self, seen: &BTreeMap<String, Seen>, now: Timestamp) -> Decision {
        self.with_facts(seen, now, decide)
    }

    /// Starts probing what began to run, and forgets what was said of earlier runs.
    fn follow_probes(&mut self, seen: &BTreeMap<String, Seen>) {
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

    fn hear_probe(&mut self, news: News) {
        let Some(probed) = self.probed.get(&news.container).filter(|probed| probed.id == news.id)
        else {
            return;
        };
        if news.question == Question::Startup && news.passed {
            probed.started.send_replace(true);
        }
        self.answers.insert((news.container, news.question), news.passed);
    }

    fn deadline(&self) -> Option<Timestamp> {
        let seconds = self.pod.spec.as_ref()?.active_deadline_seconds?;
        let known = self.pod.status.as_ref().and_then(|status| status.start_time.as_ref());
        let began = known.map_or(self.began, |time| time.0);
        if self.stopping() {
            None
        } else {
            began.checked_add(SignedDuration::from_secs(seconds)).ok()
        }
    }

    fn enforce_deadline(&mut self, now: Timestamp) {
        if self.deadline().is_some_and(|deadline| deadline <= now) && !is_over(&self.pod) {
            let message = "Pod was active on the node longer than the specified deadline";
            self.host.recorder.event(&Host::about(&self.pod), Normal, "DeadlineExceeded", message);
            self.verdict = Some(("DeadlineExceeded".to_owned(), message.to_owned()));
        }
    }

    /// Says why what should run does not: a pull that waits, a crash that waits.
    fn explain_waiting(
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

    fn act(&mut self, action: Action, seen: &BTreeMap<String, Seen>, now: Timestamp) {
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

    fn kill(&mut self, name: &str, seen: &BTreeMap<String, Seen>) {
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

    fn beside(&mut self, name: String, work: impl Future<Output = ()> + Send + 'static) {
        let task = lifecycle::spawn("kubelet/pod-operation", &self.host.stop, work);
        self.tasks.insert(name, task);
    }

    /// Takes in what a task beside has come to.
    fn complete(&mut self, done: Done) {
        let now = lifecycle::clock::now();
        match done {
            Done::Sandbox(result) => {
                self.tasks.remove("");
                match result {
                    Ok(made) => self.take_sandbox(made),
                    Err(failure) => {
                        let seconds = 1_i64 << self.sandbox_failures.min(6);
                        self.sandbox_failures += 1;
                        let wait = SignedDuration::from_secs(seconds);
                        self.not_before
                            .insert(String::new(), now.saturating_add(wait).unwrap_or(now));
                        tracing::debug!(
                            pod = self.id.full(),
                            reason = failure.reason,
                            "no sandbox"
                        );
                    }
                }
            }
            Done::Replaced => {
                self.tasks.remove("");
                self.sandbox = None;
                self.state = None;
                self.ip = None;
                self.specs.clear();
            }
            Done::Started(name, started) => {
                self.tasks.remove(&name);
                self.take_started(&name, *started, now);
            }
            Done::Killed(name) => {
                self.tasks.remove(&name);
                self.answers.retain(|(container, _), _| *container != name);
            }
            Done::Volumes(tokens) => {
                self.tasks.remove(VOLUMES);
                self.tokens = tokens;
            }
        }
    }

    fn take_sandbox(&mut self, made: Made) {
        self.sandbox_failures = 0;
        self.not_before.remove("");
        self.ip = Some(made.ip);
        self.tokens = made.tokens;
        self.state = Some(made.sandbox.watch());
        self.sandbox = Some(made.sandbox);
    }

    fn take_started(&mut self, name: &str, started: Started, now: Timestamp) {
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

    /// Keeps a container's present run and the one before it; their logs likewise.
    fn drop_older_runs(&mut self, name: &str) {
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

    /// Tells the pod's status if it has changed.
    async fn report(&mut self, seen: &BTreeMap<String, Seen>, finished: bool) {
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

    fn status(&self, seen: &BTreeMap<String, Seen>, finished: bool) -> PodStatus {
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

    /// All has ended: tells so, and gives back what the pod held.
    async fn finish(&mut self, seen: BTreeMap<String, Seen>) -> Turn {
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

    /// An ended pod keeps its logs and its object until somebody deletes it.
    async fn turn_of_ended(&mut self) -> Turn {
        if !self.gone && self.pod.metadata.deletion_timestamp.is_none() {
            if let (Some(seen), true) = (self.kept.clone(), self.sent.is_none()) {
                if !is_over(&self.pod) {
                    self.report(&seen, true).await;
                }
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

    /// Waits for whatever may change the picture.
    async fn wait(&mut self, look_again: Option<Timestamp>) {
        let timer = async {
            match look_again {
                Some(time) => {
                    let wait = time.duration_since(lifecycle::clock::now());
                    tokio::time::sleep(Duration::try_from(wait).unwrap_or_default()).await;
                }
                None => std::future::pending().await,
            }
        };
        let state = &mut self.state;
        let sandbox_changed = async {
            let changed = match state {
                Some(state) => state.changed().await.is_ok(),
                None => false,
            };
            if !changed {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = timer => {}
            () = sandbox_changed => {}
            changed = self.wanted.changed() => self.gone |= changed.is_err(),
            Some(done) = self.done.1.recv() => self.complete(done),
            Some(news) = self.news.1.recv() => self.hear_probe(news),
            change = self.changes.recv() => match change {
                Ok(name) if !self.refers_to(&name) => {}
                // A lost message may have been ours.
                Ok(_) | Err(_) => {
                    self.not_before.clear();
                    self.refresh_volumes();
                }
            },
        }
    }

    fn refers_to(&self, name: &str) -> bool {
        let Some((namespace, name)) = name.split_once('/') else { return false };
        let (maps, secrets) = volumes::content::referenced(&self.pod);
        namespace == self.id.namespace && maps.iter().chain(&secrets).any(|known| known == name)
    }

    /// Brings volumes made from objects up to date, beside everything else.
    fn refresh_volumes(&mut self) {
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

/// Begins the names of tasks that concern no container: none can be called so.
const VOLUMES: &str = "/volumes";

/// What a turn leads to.
enum Turn {
    /// The worker has nothing left to do, ever.
    Over,
    /// It waits for news, or until this time.
    Wait(Option<Timestamp>),
}

/// How long containers are given to end.
fn grace_of(pod: &Pod, gone: bool) -> Duration {
    let asked = pod.metadata.deletion_grace_period_seconds;
    let own = pod.spec.as_ref().and_then(|spec| spec.termination_grace_period_seconds);
    let seconds = asked.or(own).unwrap_or(30);
    // An object deleted by force leaves its pod the least that the kubelet gives.
    let seconds = if gone && asked.is_none_or(|asked| asked == 0) { 1 } else { seconds };
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

/// Equal but for what others write, and for times of the very same facts.
fn same(known: &PodStatus, status: &PodStatus) -> bool {
    let own = |status: &PodStatus| -> serde_json::Value {
        let mut fields = serde_json::to_value(status).unwrap_or_default();
        if let Some(map) = fields.as_object_mut() {
            for field in ["nominatedNodeName", "resize", "ephemeralContainerStatuses"] {
                map.remove(field);
            }
        }
        fields
    };
    own(known) == own(status)
}
