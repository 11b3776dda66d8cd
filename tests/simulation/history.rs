//! One history: a seed played from an empty cluster to the end.

use std::{fmt, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use lifecycle::Task;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use crate::{
    cluster::{Cluster, Part},
    disks::{self, Driver},
    faults::{LONGEST_DELAY, Weather},
    judge::{self, Verdict},
    kubelet::{Luck, Nodes},
    mirror::Mirror,
    user::User,
};

/// When every history begins.
const BEGIN: &str = "2026-01-05T10:00:00Z";
/// Requests of one history, at most: more are a loop that never rests.
const MOST_REQUESTS: u64 = 60_000;
/// In this time of its own the cluster comes to what is wanted: the longest wait of a work queue
/// that failed often, and then the work.
const PATIENCE: Duration = Duration::from_mins(45);
/// How long nothing is written once all is as it should be.
const STILLNESS: Duration = Duration::from_mins(5);

/// What a history came to.
#[derive(Debug, Clone, Copy)]
pub struct Played {
    /// Writes of the store.
    pub writes: u64,
    /// Requests of everybody.
    pub requests: u64,
    /// The whole log in one number.
    pub fingerprint: u64,
}

/// Why a history is not as it should be, and what happened in it.
#[derive(Debug)]
pub struct Failure {
    seed: u64,
    /// What is wrong.
    pub words: String,
    log: String,
    /// Everything that happened.
    pub whole: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, words, log, .. } = self;
        write!(out, "seed {seed}: {words}\nIts history, as far as it is about that:\n{log}")?;
        write!(out, "seed {seed}: {words}\nReplay: KANOE_SIMULATION_SEED={seed}")
    }
}

/// Plays the history of a seed to its end.
pub fn play(seed: u64) -> Result<Played, Box<Failure>> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build().expect("a runtime can be built");
    runtime.block_on(async {
        lifecycle::clock::follow(BEGIN.parse().expect("the time is well-formed"));
        let mut game = Game::start(seed).await;
        let outcome = game.play().await;
        let mirror = Arc::clone(&game.cluster.mirror);
        let requests = game.cluster.faults.requests();
        game.end().await;
        match outcome {
            Ok(()) => {
                let writes = mirror.state().writes;
                Ok(Played { writes, requests, fingerprint: mirror.fingerprint() })
            }
            Err(verdict) => {
                let log = mirror.log(&verdict.app);
                let whole = mirror.whole_log();
                Err(Box::new(Failure { seed, words: verdict.words, log, whole }))
            }
        }
    })
}

struct Game {
    cluster: Cluster,
    user: User,
    random: StdRng,
    tasks: Vec<Task>,
}

impl Game {
    async fn start(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let cluster = Cluster::start(random.random()).await;
        let mirror = Arc::clone(&cluster.mirror);
        let kubelets = cluster.client("kubelet", false);
        let count = random.random_range(2..=4);
        let (nodes, mut tasks) =
            Nodes::start(kubelets, &mirror, random.random(), count, &cluster.stop).await;
        let client = cluster.client("user", false);
        let driver = Driver::new(cluster.client("driver", false), &mirror, random.random());
        tasks.push(lifecycle::spawn("simulation/driver", &cluster.stop, driver.work()));
        let user = User { client, mirror, nodes, random: StdRng::seed_from_u64(random.random()) };
        user.prepare().await;
        Self { cluster, user, random, tasks }
    }

    fn mirror(&self) -> &Mirror {
        &self.cluster.mirror
    }

    fn chance(&mut self, of_hundred: u32) -> bool {
        self.random.random_range(0..100) < of_hundred
    }

    async fn play(&mut self) -> Result<(), Verdict> {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let failing = [0, 10, 40][self.random.random_range(0..3)];
        for _ in 0..self.random.random_range(12..40) {
            if self.chance(35) {
                self.befall(failing).await;
            }
            if self.chance(12) {
                self.user.happen().await;
            } else {
                self.user.act().await;
            }
            let most = [100, 2_000, 10_000, 60_000][self.random.random_range(0..4)];
            let gap = Duration::from_millis(self.random.random_range(0..most));
            self.pass(gap).await?;
        }
        self.calm_down().await;
        self.settle().await?;
        if self.chance(60) {
            self.user.clear().await;
            self.settle().await?;
            self.nothing_is_left()?;
        }
        Ok(())
    }

    /// Lets time pass, and hears the judge.
    async fn pass(&mut self, time: Duration) -> Result<(), Verdict> {
        tokio::time::sleep(time).await;
        let verdict = self.mirror().state().judge.verdict.clone();
        if let Some(verdict) = verdict {
            return Err(verdict);
        }
        let requests = self.cluster.faults.requests();
        if requests > MOST_REQUESTS {
            let words = format!("{requests} requests: somebody does not rest");
            return Err(Verdict { app: String::new(), words });
        }
        Ok(())
    }

    /// A mishap.
    async fn befall(&mut self, failing: u32) {
        match self.random.random_range(0..10) {
            0 | 1 => self.cluster.faults.become_(Weather::Rough),
            2 => self.cluster.faults.become_(Weather::Slow),
            3 => self.cluster.faults.become_(Weather::Calm),
            4 => self.cluster.faults.cut_watches(),
            5 => self.cluster.forget_history().await,
            6 | 7 => self.crash_or_revive().await,
            8 => {
                let trouble = [0, 0, 5, 20][self.random.random_range(0..4)];
                self.mirror().note("", format!("== of 100 pods {trouble} have trouble"));
                self.user.nodes.fare(Luck { trouble, failing });
            }
            _ => {
                let seconds = [-90, -5, 5, 600, 3600][self.random.random_range(0..5)];
                self.jump(SignedDuration::from_secs(seconds));
            }
        }
    }

    async fn crash_or_revive(&mut self) {
        let part = Part::ALL[self.random.random_range(0..Part::ALL.len())];
        if self.cluster.is_alive(part) {
            self.cluster.crash(part).await;
            if self.chance(50) {
                return;
            }
            let wait = Duration::from_millis(self.random.random_range(100..20_000));
            tokio::time::sleep(LONGEST_DELAY + wait).await;
        }
        self.cluster.revive(part).await;
    }

    /// The wall clock jumps.
    fn jump(&mut self, by: SignedDuration) {
        self.mirror().note("", format!("== the clock jumps by {by}"));
        let now: Timestamp = lifecycle::clock::now();
        lifecycle::clock::follow(now.saturating_add(by).unwrap_or(now));
    }

    /// Ends all mishaps.
    async fn calm_down(&mut self) {
        self.mirror().note("", "== everything calms down");
        self.cluster.faults.become_(Weather::Calm);
        tokio::time::sleep(LONGEST_DELAY).await;
        for part in Part::ALL {
            self.cluster.revive(part).await;
        }
        self.user.nodes.fare(Luck { trouble: 0, failing: 0 });
        self.user.make_peace().await;
    }

    /// Waits until all is as it should be, and then for nothing to happen.
    async fn settle(&mut self) -> Result<(), Verdict> {
        let begun = lifecycle::clock::instant();
        loop {
            self.pass(Duration::from_secs(20)).await?;
            let state = self.mirror().state();
            let still = state.last_write.is_none_or(|at| at.elapsed() > Duration::from_secs(30));
            let problems =
                if still { judge::problems(&state.objects, &state.judge) } else { vec![] };
            let busy = Verdict { app: String::new(), words: "is never still".into() };
            match problems.into_iter().next() {
                None if still => break,
                problem if begun.elapsed() > PATIENCE => return Err(problem.unwrap_or(busy)),
                _ => {}
            }
        }
        let before = self.mirror().state().writes;
        self.mirror().note("", "== nothing is to happen from here on");
        self.pass(STILLNESS).await?;
        let written = self.mirror().state().writes - before;
        if written > 0 {
            let words = format!("{written} writes, though all is as it should be");
            return Err(Verdict { app: String::new(), words });
        }
        Ok(())
    }

    fn nothing_is_left(&self) -> Result<(), Verdict> {
        let state = self.mirror().state();
        for plural in [
            "core/pods",
            "apps/replicasets",
            "apps/controllerrevisions",
            "batch/jobs",
            "apps/statefulsets",
            "apps/daemonsets",
            "apps/deployments",
            "batch/cronjobs",
            "discovery.k8s.io/endpointslices",
            "core/endpoints",
            "core/persistentvolumeclaims",
            "",
        ] {
            let prefix = match plural {
                "" => disks::ATTACHMENTS.to_owned(),
                _ => format!("/registry/{plural}/{}/", crate::NAMESPACE),
            };
            if let Some(key) = state.objects.keys().find(|key| key.starts_with(&prefix)) {
                let name = key.rsplit('/').next().unwrap_or_default();
                let app = crate::app_of(name).to_owned();
                return Err(Verdict { app, words: format!("{key} is left of what was deleted") });
            }
        }
        Ok(())
    }

    async fn end(self) {
        self.cluster.end().await;
        for task in self.tasks {
            task.ended().await;
        }
    }
}
