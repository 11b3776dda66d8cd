//! Priority and fairness: under load, requests wait for a seat by level and flow, and some are sent
//! away. Source: Kubernetes documentation, "API Priority and Fairness".
//!
//! Simpler than Kubernetes: every request takes one seat, whatever it lists, and seats are lent by
//! need of the moment rather than adjusted every ten seconds.

mod levels;
mod schema;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use api::flowcontrol::GROUP;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, header};
use lifecycle::{Backoff, StopToken, Task};
use machinery::{meta, status::Status};
use serde_json::{Value, json};
use store::{Change, Range, Revision};

use crate::{
    authn::User,
    http::{RequestInfo, plain},
    metrics::{Kind, Page},
    registry::{Author, Part, Update, refused},
    server::{ApiServer, Inner},
};
use levels::{Levels, Seat, Terms};
use schema::Schema;

const SCHEMAS: &str = "flowschemas";
const LEVELS: &str = "prioritylevelconfigurations";
/// Longest wait for a seat: a quarter of the usual time for a request.
const PATIENCE: Duration = Duration::from_secs(15);
/// Pauses before everything is read anew, so that a store that fails is not asked in a loop.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Who waits for whom.
#[derive(Debug)]
pub(crate) struct Flow {
    schemas: RwLock<Arc<[Arc<Schema>]>>,
    levels: Mutex<Levels>,
}

/// A request's place: what it belongs to, and a seat that is given back at the end.
#[derive(Debug)]
pub(crate) struct Place {
    server: Arc<Inner>,
    schema: Arc<Schema>,
    level_uid: String,
    seated: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.seated {
            self.server.flow.levels().leave(&self.schema.level);
        }
    }
}

/// A request that waits; it leaves its queue when it is dropped.
struct Waiting<'a> {
    place: &'a mut Place,
    ticket: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.place.seated {
            self.place.server.flow.levels().give_up(&self.place.schema.level, self.ticket);
        }
    }
}

impl Flow {
    /// Nobody waits until levels are known; at most `seats` requests go on at once.
    pub(crate) fn new(seats: u32) -> Self {
        Self { schemas: RwLock::new(Arc::new([])), levels: Mutex::new(Levels::new(seats)) }
    }

    fn levels(&self) -> std::sync::MutexGuard<'_, Levels> {
        self.levels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what levels do to the page of metrics.
    pub(crate) fn write(&self, page: &mut Page) {
        let told = self.levels().told();
        let families = [
            (
                "apiserver_flowcontrol_nominal_limit_seats",
                "[BETA] Nominal number of execution seats configured for each priority level",
            ),
            (
                "apiserver_flowcontrol_current_executing_seats",
                "[BETA] Concurrency (number of seats) occupied by the currently executing \
                 (initial stage for a WATCH, any stage otherwise) requests in the API Priority \
                 and Fairness subsystem",
            ),
            (
                "apiserver_flowcontrol_current_inqueue_requests",
                "[BETA] Number of requests currently pending in queues of the API Priority and \
                 Fairness subsystem",
            ),
        ];
        for (index, (name, help)) in families.into_iter().enumerate() {
            page.family(name, Kind::Gauge, help);
            for (level, nominal, taken, waiting) in &told {
                let value = match index {
                    0 => u64::from(*nominal),
                    1 => u64::from(*taken),
                    _ => u64::try_from(*waiting).unwrap_or(u64::MAX),
                };
                page.sample(name, &[("priority_level", level)], value);
            }
        }
    }
}

/// Finds a request's place, and waits for it. `Ok(None)`: nothing is known of levels yet.
///
/// Errors: the answer to a request that is sent away.
pub(crate) async fn enter(
    server: &Arc<Inner>,
    user: &User,
    info: &RequestInfo,
) -> Result<Option<Place>, Response> {
    let flow = &server.flow;
    let schemas = Arc::clone(&flow.schemas.read().unwrap_or_else(PoisonError::into_inner));
    let Some(schema) = schemas.iter().find(|schema| schema.fits(user, info)) else {
        return Ok(None);
    };
    let (level_uid, seat) = {
        let mut levels = flow.levels();
        let seat = levels.ask(&schema.level, (&schema.name, schema.flow(user, info)));
        (levels.uid(&schema.level), seat)
    };
    let (server, schema) = (Arc::clone(server), Arc::clone(schema));
    let mut place = Place { server, schema, level_uid, seated: false };
    match seat {
        Seat::Taken => place.seated = true,
        Seat::Refused => return Err(sent_away(&place)),
        Seat::Waits(ticket, told) => {
            let waiting = Waiting { place: &mut place, ticket };
            if let Ok(Ok(())) = tokio::time::timeout(PATIENCE, told).await {
                waiting.place.seated = true;
            }
            drop(waiting);
            if !place.seated {
                return Err(sent_away(&place));
            }
        }
    }
    Ok(Some(place))
}

fn sent_away(place: &Place) -> Response {
    let mut response = plain(429, "Too many requests, please try again later.\n").into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    place.sign(&mut response);
    response
}

impl Place {
    /// Tells the caller what the request belonged to.
    pub(crate) fn sign(&self, response: &mut Response) {
        for (name, uid) in [
            (HeaderName::from_static("x-kubernetes-pf-flowschema-uid"), &self.schema.uid),
            (HeaderName::from_static("x-kubernetes-pf-prioritylevel-uid"), &self.level_uid),
        ] {
            if let Ok(uid) = HeaderValue::from_str(uid) {
                response.headers_mut().insert(name, uid);
            }
        }
    }
}

/// Follows schemas and levels until `stop`.
pub fn follow_flows(server: &ApiServer, stop: &StopToken) -> Task {
    let server = Arc::clone(&server.inner);
    lifecycle::spawn("apiserver/flows", stop, async move {
        let mut backoff = Backoff::new(FIRST_PAUSE, LONGEST_PAUSE);
        loop {
            if let Err(status) = follow(&server).await {
                tracing::warn!(error = status.message, "flows are read anew");
            }
            tokio::time::sleep(backoff.next_delay()).await;
        }
    })
}

/// What is stored, by resource and name.
#[derive(Debug, Default)]
struct Known {
    schemas: BTreeMap<String, Value>,
    levels: BTreeMap<String, Value>,
    revision: Revision,
}

impl Known {
    fn take(&mut self, key: &str, value: Option<&[u8]>) -> Result<(), Status> {
        let name = key.rsplit('/').next().unwrap_or_default().to_owned();
        let map = if key.contains(&format!("/{SCHEMAS}/")) {
            &mut self.schemas
        } else if key.contains(&format!("/{LEVELS}/")) {
            &mut self.levels
        } else {
            return Ok(());
        };
        match value {
            Some(bytes) => {
                map.insert(name, serde_json::from_slice(bytes).map_err(Status::internal)?);
            }
            None => drop(map.remove(&name)),
        }
        Ok(())
    }
}

async fn follow(server: &Arc<Inner>) -> Result<(), Status> {
    let prefix = format!("/registry/{GROUP}/");
    let range = Range { prefix: prefix.clone(), ..Range::default() };
    let page = server.registry.store().range(&range).await.map_err(|error| refused(&error))?;
    let mut known = Known { revision: page.revision, ..Known::default() };
    for record in &page.records {
        known.take(&record.key, Some(&record.value))?;
    }
    apply(server, &known);
    attend(server, &known).await;
    let watch = server.registry.store().watch(&prefix, known.revision).await;
    let mut watch = watch.map_err(|error| refused(&error))?;
    loop {
        for event in watch.next().await.map_err(|error| refused(&error))? {
            match &event.change {
                Change::Created(value) | Change::Updated { value, .. } => {
                    known.take(&event.key, Some(value))?;
                }
                Change::Deleted { .. } => known.take(&event.key, None)?,
            }
        }
        apply(server, &known);
        attend(server, &known).await;
    }
}

/// Goes by what is known from now on.
fn apply(server: &Inner, known: &Known) {
    let terms: Vec<Terms> = known.levels.values().map(Terms::read).collect();
    server.flow.levels().follow(&terms);
    // A schema that refers to no level is passed over.
    let mut schemas: Vec<Arc<Schema>> = known
        .schemas
        .values()
        .map(|object| Arc::new(Schema::read(object)))
        .filter(|schema| known.levels.contains_key(&schema.level))
        .collect();
    schemas.sort_by(|left, right| left.order().cmp(&right.order()));
    *server.flow.schemas.write().unwrap_or_else(PoisonError::into_inner) = schemas.into();
}

/// Tells each schema whether its level is there.
async fn attend(server: &Arc<Inner>, known: &Known) {
    for (name, object) in &known.schemas {
        let level = meta::text(object, "/spec/priorityLevelConfiguration/name");
        let dangles = !known.levels.contains_key(level);
        let conditions = meta::items(object, "/status/conditions");
        let told = conditions.iter().find(|one| meta::text(one, "/type") == "Dangling");
        let word = if dangles { "True" } else { "False" };
        if told.is_some_and(|told| meta::text(told, "/status") == word) {
            continue;
        }
        let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
        let ending = if dangles { "but there is no such object" } else { "and it exists" };
        let condition = json!({
            "type": "Dangling", "status": word, "lastTransitionTime": now,
            "reason": if dangles { "NotFound" } else { "Found" },
            "message": format!(
                "This FlowSchema references the PriorityLevelConfiguration object named \
                 {level:?} {ending}"
            ),
        });
        if let Err(status) = tell(server, name, &condition).await {
            tracing::debug!(name, error = status.message, "a flow schema is not told");
        }
    }
}

async fn tell(server: &Arc<Inner>, name: &str, condition: &Value) -> Result<(), Status> {
    let Some(kind) = server.registry.storage_kind(GROUP, SCHEMAS) else { return Ok(()) };
    let author = Author::server();
    let part = Part::Status;
    let update = Update { server, kind: &kind, namespace: "", name, part, dry_run: false, author };
    let change = |old: &Value| {
        let mut new = old.clone();
        let mut conditions = meta::items(old, "/status/conditions").to_vec();
        conditions.retain(|one| meta::text(one, "/type") != "Dangling");
        conditions.push(condition.clone());
        meta::object_at(&mut new, "status").insert("conditions".into(), conditions.into());
        Ok(new)
    };
    update.run(&mut { change }).await.map(drop)
}
