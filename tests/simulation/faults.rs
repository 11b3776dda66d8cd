//! The road between a component and the API server, and what goes wrong on it: requests that are
//! refused, writes whose answer is lost though they took place, answers that come late, watches that
//! end, break or fall behind. A write goes on when its sender has crashed.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::Router;
use bytes::Bytes;
use client::{Body, BoxError, Transport};
use futures::stream;
use http::{Method, Request, Response};
use http_body::Frame;
use http_body_util::StreamBody;
use lifecycle::{StopToken, Tasks};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;
use tokio::sync::oneshot;
use tower::ServiceExt as _;

use crate::{
    app_of,
    engine::CALLER,
    mirror::{Caller, Mirror},
};

/// The longest a request is on its way, either way. A component that crashed is away for longer, so
/// that its last writes are there when it comes back.
pub(crate) const LONGEST_DELAY: Duration = Duration::from_millis(1500);

/// How bad the roads are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Nothing goes wrong.
    Calm,
    /// Answers come late, and watches too.
    Slow,
    /// Requests fail as well.
    Rough,
}

/// What befalls a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mishap {
    None,
    /// It never arrives.
    Unsent,
    /// It takes place, but nobody hears of it.
    Lost,
    /// The server answers with this code, and does nothing.
    Refused(u16),
}

#[derive(Debug)]
struct State {
    random: StdRng,
    weather: Weather,
    /// Ends the watches that are open.
    cut: StopToken,
    requests: u64,
}

/// The weather on all roads of a cluster.
#[derive(Debug)]
pub(crate) struct Faults {
    state: Mutex<State>,
    mirror: Arc<Mirror>,
    tasks: Tasks,
}

/// What is in store for one request.
struct Fate {
    before: Duration,
    after: Duration,
    mishap: Mishap,
}

impl Faults {
    pub(crate) fn new(seed: u64, mirror: &Arc<Mirror>, stop: &StopToken) -> Self {
        let state = State {
            random: StdRng::seed_from_u64(seed),
            weather: Weather::Calm,
            cut: StopToken::new(),
            requests: 0,
        };
        Self { state: Mutex::new(state), mirror: Arc::clone(mirror), tasks: Tasks::new(stop) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn requests(&self) -> u64 {
        self.state().requests
    }

    /// Lets the weather change.
    pub(crate) fn become_(&self, weather: Weather) {
        self.mirror.note("", format!("== weather: {weather:?}"));
        self.state().weather = weather;
    }

    /// Ends all watches that are open.
    pub(crate) fn cut_watches(&self) {
        self.mirror.note("", "== all watches are cut");
        let mut state = self.state();
        std::mem::take(&mut state.cut).cancel();
    }

    fn fate(&self, writes: bool) -> Fate {
        let mut state = self.state();
        state.requests += 1;
        let weather = state.weather;
        let random = &mut state.random;
        let mut delay = || {
            let most = match weather {
                Weather::Calm => 5,
                Weather::Slow | Weather::Rough if random.random_bool(0.2) => 1500,
                Weather::Slow | Weather::Rough => 30,
            };
            Duration::from_millis(random.random_range(0..=most)).min(LONGEST_DELAY)
        };
        let (before, after) = (delay(), delay());
        let mishap = match weather {
            Weather::Rough => match random.random_range(0..100) {
                0..=3 => Mishap::Unsent,
                4..=7 if writes => Mishap::Lost,
                8..=9 => Mishap::Refused(500),
                10..=11 if writes => Mishap::Refused(409),
                12 => Mishap::Refused(429),
                _ => Mishap::None,
            },
            Weather::Calm | Weather::Slow => Mishap::None,
        };
        Fate { before, after, mishap }
    }

    /// How late a piece of a watch comes.
    fn lag(&self) -> Duration {
        let mut state = self.state();
        let weather = state.weather;
        let random = &mut state.random;
        let most = match weather {
            Weather::Calm => return Duration::ZERO,
            _ if random.random_bool(0.8) => return Duration::ZERO,
            _ if random.random_bool(0.9) => 500,
            _ => 8000,
        };
        Duration::from_millis(random.random_range(0..=most))
    }

    /// Whether a watch breaks now.
    fn breaks(&self) -> bool {
        let mut state = self.state();
        state.weather == Weather::Rough && state.random.random_bool(0.02)
    }
}

/// A road for one component.
#[derive(Debug)]
pub(crate) struct Road {
    pub(crate) who: &'static str,
    pub(crate) router: Router,
    pub(crate) faults: Arc<Faults>,
    /// Whether anything goes wrong on it.
    pub(crate) exposed: bool,
}

impl Road {
    pub(crate) fn transport(self) -> Transport {
        let road = Arc::new(self);
        Transport::in_process(tower::service_fn(move |request| {
            let road = Arc::clone(&road);
            async move { road.carry(request).await }
        }))
    }

    async fn carry(self: Arc<Self>, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let writes = request.method() != Method::GET;
        let watches = request.uri().query().is_some_and(|query| query.contains("watch=true"));
        let fate = if self.exposed {
            self.faults.fate(writes)
        } else {
            let delay = Duration::from_millis(1);
            self.faults.state().requests += 1;
            Fate { before: delay, after: delay, mishap: Mishap::None }
        };
        let words = format!("{} {}", request.method(), request.uri());
        if fate.mishap != Mishap::None {
            let path = request.uri().path();
            let app = path.split('/').find(|part| part.contains('-') || part.len() == 2);
            let note = format!("!! {} {words}: {:?}", self.who, fate.mishap);
            self.faults.mirror.note(app.map_or("", app_of), note);
        }
        if fate.mishap == Mishap::Lost && request.uri().path().ends_with("/pods") {
            self.faults.mirror.state().judge.lost_creation();
        }
        let answer = self.deliver(request, &fate, words).await?;
        tokio::time::sleep(fate.after).await;
        match fate.mishap {
            Mishap::Lost => Err("the answer is lost".into()),
            Mishap::None if watches && self.exposed => Ok(self.watched(answer)),
            _ => Ok(answer),
        }
    }

    /// Carries a request on a task of its own: it arrives, whatever becomes of its sender.
    async fn deliver(
        self: &Arc<Self>,
        request: Request<Body>,
        fate: &Fate,
        words: String,
    ) -> Result<Response<Body>, BoxError> {
        match fate.mishap {
            Mishap::Unsent => {
                tokio::time::sleep(fate.before).await;
                return Err("connection refused".into());
            }
            Mishap::Refused(code) => {
                tokio::time::sleep(fate.before).await;
                return refusal(code);
            }
            Mishap::None | Mishap::Lost => {}
        }
        let (tell, answer) = oneshot::channel();
        let (router, before) = (self.router.clone(), fate.before);
        let caller = Caller { who: self.who, request: words };
        self.faults.tasks.spawn("simulation/request", async move {
            tokio::time::sleep(before).await;
            let answered = CALLER.scope(caller, router.oneshot(request)).await;
            // Who asked may have crashed meanwhile.
            drop(tell.send(answered));
        });
        let answer = answer.await?;
        Ok(answer?.map(Body::new))
    }

    /// A watch that breaks and falls behind as the weather has it.
    fn watched(self: &Arc<Self>, answer: Response<Body>) -> Response<Body> {
        let cut = self.faults.state().cut.clone();
        answer.map(|body| {
            let flow = Flow { body, cut, road: Arc::clone(self), ended: false };
            let pieces = stream::unfold(flow, |mut flow| async move {
                let piece = flow.next().await?;
                Some((piece.map(Frame::data), flow))
            });
            Body::new(StreamBody::new(pieces))
        })
    }
}

struct Flow {
    body: Body,
    cut: StopToken,
    road: Arc<Road>,
    ended: bool,
}

impl Flow {
    async fn next(&mut self) -> Option<Result<Bytes, BoxError>> {
        if self.ended {
            return None;
        }
        let cut = self.cut.clone();
        let piece = cut.run_until_cancelled(self.late()).await?;
        if piece.is_some() && self.road.faults.breaks() {
            self.ended = true;
            return Some(Err("the connection broke".into()));
        }
        piece
    }

    async fn late(&mut self) -> Option<Result<Bytes, BoxError>> {
        let piece = self.body.chunk().await?;
        let lag = self.road.faults.lag();
        if !lag.is_zero() {
            tokio::time::sleep(lag).await;
        }
        Some(piece)
    }
}

fn refusal(code: u16) -> Result<Response<Body>, BoxError> {
    let reason = match code {
        409 => "Conflict",
        429 => "TooManyRequests",
        _ => "InternalError",
    };
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": "the simulation refuses this", "reason": reason, "code": code,
    });
    let body = Body::from(Bytes::from(status.to_string()));
    let answer = Response::builder().status(code).header("content-type", "application/json");
    Ok(answer.body(body)?)
}
