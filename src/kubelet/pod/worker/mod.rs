//! The worker of one pod: it sees, decides, acts and tells, until the pod is no more.
//!
//! The decision is [`crate::pod::decide`]'s and the status [`crate::pod::status`]'s, both pure; this is the shell around them.
//! What takes time runs in tasks beside it, which answer through one channel.

mod act;
mod report;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use api::core::pod::{QosClass, qos_class};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{Pod, PodStatus};
use lifecycle::Task;
use runtime::spec::ContainerSpec;
use runtime::{Sandbox, SandboxState};
use tokio::sync::{broadcast, mpsc, watch};

use crate::host::Host;
use crate::pod::backoff::Backoffs;
use crate::pod::decide::Action;
use crate::pod::operations::{Failure, Made, Started, Tokens};
use crate::pod::seen::{Note, Seen};
use crate::pod::status::Waiting;
use crate::pod::{PodId, is_over};
use crate::probes::{News, Question};
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
    /// Runs of a sandbox that was lost.
    lost: BTreeMap<String, Seen>,
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
            lost: BTreeMap::new(),
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
            changed = self.wanted.changed() => if changed.is_err() {
                // Nobody tells us any more: the kubelet ends, and its pods go on.
                std::future::pending::<()>().await;
            },
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
        let claims = volumes::claims::named(&self.pod);
        let mut known = maps.iter().chain(&secrets).chain(&claims);
        namespace == self.id.namespace && known.any(|known| known == name)
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
