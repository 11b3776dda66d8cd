//! The parts of the cluster: started as `cluster` starts them, and crashed without a word.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};

use apiserver::{
    Aggregation, Anonymous, ApiServer, Authorizers, Config, EventLimits, Issuers, Limits, Plugins,
    TokenFile, TokenSigner, Tokens, User,
};
use client::{Client, Informers};
use controllers::{Authority, Controllers, Order, Signer, TokenMaker, TokenOrder};
use lifecycle::{Component, Running, StopToken, Task};
use machinery::well_known;
use scheduler::{Scheduler, SchedulerConfig};
use store::{Embedded, Engine as _, Options};
use tempfile::TempDir;

use crate::{
    engine::Observed,
    faults::{Faults, Road},
    mirror::Mirror,
};

/// History that the store keeps.
const HISTORY_EVENTS: usize = 5_000;

/// What crashes and comes back by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Controllers,
    Scheduler,
}

impl Part {
    pub(crate) const ALL: [Self; 2] = [Self::Controllers, Self::Scheduler];

    fn name(self) -> &'static str {
        match self {
            Self::Controllers => "controllers",
            Self::Scheduler => "scheduler",
        }
    }
}

/// A part that runs.
#[derive(Debug)]
struct Alive {
    part: Part,
    stop: StopToken,
    running: Running,
    informers: Informers,
}

/// A cluster without nodes.
#[derive(Debug)]
pub(crate) struct Cluster {
    pub(crate) mirror: Arc<Mirror>,
    pub(crate) faults: Arc<Faults>,
    pub(crate) stop: StopToken,
    server: ApiServer,
    store: Embedded,
    alive: Vec<Alive>,
    followers: Vec<Task>,
    _folder: TempDir,
}

/// Nobody who signs is part of a history.
#[derive(Debug)]
struct Nobody;

impl Signer for Nobody {
    fn sign(&self, _: &Order) -> Result<String, String> {
        Err("nobody signs in a simulation".into())
    }
}

impl TokenMaker for Nobody {
    fn token(&self, _: &TokenOrder) -> Result<String, String> {
        Err("nobody makes tokens in a simulation".into())
    }
}

fn config() -> Config {
    let key = TokenSigner::generate().expect("keys can be made");
    Config {
        service_cluster_ip_ranges: vec![(IpAddr::V4(Ipv4Addr::new(10, 96, 0, 0)), 16)],
        service_node_port_range: (30_000, 32_767),
        anonymous: Anonymous { enabled: true, paths: Vec::new() },
        tokens: Tokens {
            file: TokenFile::default(),
            issuers: Issuers::default(),
            webhook: None,
            bootstrap: true,
        },
        limits: Limits { seats: 600, request_timeout: Duration::from_mins(1) },
        audit: None,
        issuer: "https://kubernetes.default.svc.cluster.local".into(),
        signer: TokenSigner::from_pkcs8(&key).expect("the key is good"),
        aggregation: Aggregation { front_proxy: None, resource_metrics: false },
        client_authority: String::new(),
        advertise_address: None,
        secure_port: 6443,
        shared_store: false,
        authorizers: Authorizers::default(),
        image_policy: None,
        plugins: Plugins::default(),
        event_limits: EventLimits::default(),
        request_header: None,
    }
}

impl Cluster {
    /// Starts the server and everything that works for it.
    pub(crate) async fn start(seed: u64) -> Self {
        let stop = StopToken::new();
        let mirror = Arc::new(Mirror::new());
        // Memory, where the machine has it as files: nothing of a history is to last.
        let memory = std::path::Path::new("/dev/shm");
        let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = tempfile::Builder::new().prefix("simulation").tempdir_in(place);
        let folder = folder.expect("a folder can be made");
        let options = Options { history_events: HISTORY_EVENTS, ..Options::default() };
        let store = Embedded::open(&folder.path().join("store"), options).expect("it opens");
        let observed = Observed { engine: store.clone(), mirror: Arc::clone(&mirror) };
        let server = ApiServer::start(Arc::new(observed), config(), None).await;
        let server = server.unwrap_or_else(|error| panic!("the server does not start: {error}"));
        let followers = vec![
            apiserver::follow_definitions(&server, &stop),
            apiserver::follow_policies(&server, &stop),
            apiserver::follow_quotas(&server, &stop),
            apiserver::follow_flows(&server, &stop),
            apiserver::follow_api_services(&server, &stop),
        ];
        let faults = Arc::new(Faults::new(seed, &mirror, &stop));
        let alive = Vec::new();
        let mut cluster =
            Self { mirror, faults, stop, server, store, alive, followers, _folder: folder };
        for part in Part::ALL {
            cluster.revive(part).await;
        }
        cluster
    }

    /// A client; what goes wrong on the roads concerns those that are exposed.
    pub(crate) fn client(&self, who: &'static str, exposed: bool) -> Client {
        let user = User::known("system:kanoe", &[well_known::MASTERS]);
        let router = self.server.router_as(user);
        let road = Road { who, router, faults: Arc::clone(&self.faults), exposed };
        Client::in_process(road.transport(), who)
    }

    pub(crate) fn is_alive(&self, part: Part) -> bool {
        self.alive.iter().any(|alive| alive.part == part)
    }

    /// Starts a part that is not there.
    pub(crate) async fn revive(&mut self, part: Part) {
        if self.is_alive(part) {
            return;
        }
        self.mirror.note("", format!("== {} start", part.name()));
        let stop = StopToken::new();
        let client = self.client(part.name(), true);
        let informers = Informers::new(&client, &stop);
        let component: Box<dyn Component> = match part {
            Part::Controllers => {
                let authority = Authority {
                    certificate: "the authority's certificate".into(),
                    signer: Arc::new(Nobody),
                    tokens: Arc::new(Nobody),
                };
                Box::new(Controllers::new(client, informers.clone(), authority))
            }
            Part::Scheduler => {
                let config = SchedulerConfig::default();
                Box::new(Scheduler::new(client, informers.clone(), config))
            }
        };
        let running = component.start(stop.clone()).await;
        let running = running.unwrap_or_else(|error| panic!("{error}"));
        self.alive.push(Alive { part, stop, running, informers });
    }

    /// Crashes a part: what it does ends in the middle, what it sent arrives.
    pub(crate) async fn crash(&mut self, part: Part) {
        let Some(at) = self.alive.iter().position(|alive| alive.part == part) else { return };
        self.mirror.note("", format!("== {} crash", part.name()));
        let dead = self.alive.remove(at);
        dead.stop.cancel();
        dead.running.ended().await;
        dead.informers.stop().await;
    }

    /// Forgets the store's past, and ends all watches: they cannot go on where they were.
    pub(crate) async fn forget_history(&self) {
        self.mirror.note("", "== history is compacted");
        let newest = self.store.revision().await.expect("the store answers");
        drop(self.store.compact(newest).await);
        self.faults.cut_watches();
    }

    /// Ends it all.
    pub(crate) async fn end(mut self) {
        for part in Part::ALL {
            self.crash(part).await;
        }
        self.server.end_watches();
        self.stop.cancel();
        for task in self.followers {
            task.ended().await;
        }
        drop(self.store.close().await);
    }
}
