//! Events about objects: recorded once, counted when they repeat, folded when many are alike.
//!
//! The rules are client-go's: the same event within an hour is a patch of its count; more than ten
//! that differ in words alone become "(combined from similar events)"; one object may
//! raise 25 at once and then one in five minutes. Recording never fails the caller.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use k8s_openapi::{
    Metadata,
    api::core::v1::{Event, EventSource, ObjectReference},
    apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time},
};
use lifecycle::{StopToken, Task};
use serde_json::json;
use tokio::{sync::mpsc, time::Instant};
use tracing::{debug, warn};

use crate::{
    api::Api,
    connection::Client,
    error::Result,
    options::{Patch, WriteOptions},
};

/// Events that may wait for the server; later ones are dropped, of which the log tells once and
/// how many they were.
const WAITING: usize = 1000;
/// Events remembered for counting.
const REMEMBERED: usize = 4096;
const ALIKE_LIMIT: usize = 10;
const ALIKE_WINDOW: Duration = Duration::from_mins(10);
const BURST: f64 = 25.0;
const REFILL_SECONDS: f64 = 300.0;

/// Normal or Warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// Things as they should be.
    Normal,
    /// Something an operator may want to look at.
    Warning,
}

impl EventKind {
    fn word(self) -> &'static str {
        match self {
            Self::Normal => "Normal",
            Self::Warning => "Warning",
        }
    }
}

/// Records events of one component; clones share its queue.
#[derive(Debug, Clone)]
pub struct Recorder {
    queue: mpsc::Sender<Note>,
    /// Events dropped since the queue had room; the log tells of the first and how many there were.
    dropped: Arc<AtomicU64>,
    _writer: Arc<Mutex<Option<Task>>>,
}

#[derive(Debug)]
struct Note {
    about: ObjectReference,
    kind: EventKind,
    reason: String,
    message: String,
    when: Timestamp,
}

/// A reference to an object, as events carry it.
pub fn reference<K: Metadata<Ty = ObjectMeta>>(object: &K) -> ObjectReference {
    let meta = object.metadata();
    ObjectReference {
        api_version: Some(K::API_VERSION.to_owned()),
        kind: Some(K::KIND.to_owned()),
        name: meta.name.clone(),
        namespace: meta.namespace.clone(),
        uid: meta.uid.clone(),
        resource_version: meta.resource_version.clone(),
        field_path: None,
    }
}

impl Recorder {
    /// A recorder for a component (such as `kubelet`) on a host (or empty).
    pub fn new(client: &Client, component: &str, host: &str, stop: &StopToken) -> Self {
        let (queue, notes) = mpsc::channel(WAITING);
        let source = EventSource {
            component: Some(component.to_owned()),
            host: Some(host.to_owned()).filter(|host| !host.is_empty()),
        };
        let writer = Writer { client: client.clone(), source, memory: Memory::default() };
        let task = lifecycle::spawn("client/events", stop, writer.run(notes));
        let dropped = Arc::new(AtomicU64::new(0));
        Self { queue, dropped, _writer: Arc::new(Mutex::new(Some(task))) }
    }

    /// Records an event; returns at once.
    pub fn event(
        &self,
        about: &ObjectReference,
        kind: EventKind,
        reason: impl Into<String>,
        message: impl Into<String>,
    ) {
        let note = Note {
            about: about.clone(),
            kind,
            reason: reason.into(),
            message: message.into(),
            when: lifecycle::clock::now(),
        };
        match self.queue.try_send(note) {
            Ok(()) => match self.dropped.swap(0, Ordering::Relaxed) {
                0 | 1 => {}
                count => warn!(count, "events were dropped"),
            },
            Err(error) => {
                if self.dropped.fetch_add(1, Ordering::Relaxed) == 0 {
                    warn!(%error, "event dropped");
                }
            }
        }
    }

    /// Waits until what was recorded so far has been handed to the server, then ends.
    pub async fn close(self) {
        let Self { queue, _writer: writer, .. } = self;
        drop(queue);
        let task = writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            task.ended().await;
        }
    }
}

struct Writer {
    client: Client,
    source: EventSource,
    memory: Memory,
}

impl Writer {
    async fn run(mut self, mut notes: mpsc::Receiver<Note>) {
        while let Some(note) = notes.recv().await {
            let Some(plan) = self.memory.plan(&note, lifecycle::clock::instant()) else {
                debug!(reason = note.reason, "event over the rate, dropped");
                continue;
            };
            match self.write(&note, &plan).await {
                Ok(event) => self.memory.remember(&plan, event),
                Err(error) => warn!(%error, reason = note.reason, "event not recorded"),
            }
        }
    }

    async fn write(&self, note: &Note, plan: &Plan) -> Result<Event> {
        let namespace = note.about.namespace.clone().filter(|namespace| !namespace.is_empty());
        let namespace = namespace.unwrap_or_else(|| "default".to_owned());
        let api = Api::<Event>::namespaced(&self.client, namespace.clone());
        let options = WriteOptions::default();
        if let Some(known) = &plan.known {
            let patch = Patch::Strategic(json!({
                "count": known.count + 1,
                "lastTimestamp": lifecycle::clock::rfc3339_seconds(note.when),
                "message": plan.message,
            }));
            match api.patch(&known.name, &patch, &options).await {
                Err(error) if error.not_found() => {}
                answer => return answer,
            }
        }
        api.create(&self.event(note, plan, namespace), &options).await
    }

    fn event(&self, note: &Note, plan: &Plan, namespace: String) -> Event {
        let about = note.about.name.as_deref().unwrap_or_default();
        let name = format!("{about}.{:x}", note.when.as_nanosecond());
        let when = Some(Time(note.when));
        Event {
            metadata: ObjectMeta {
                name: Some(name),
                namespace: Some(namespace),
                ..ObjectMeta::default()
            },
            involved_object: note.about.clone(),
            reason: Some(note.reason.clone()),
            message: Some(plan.message.clone()),
            source: Some(self.source.clone()),
            reporting_component: self.source.component.clone(),
            reporting_instance: self.source.host.clone().or_else(|| Some(String::new())),
            first_timestamp: when.clone(),
            last_timestamp: when,
            count: Some(1),
            type_: Some(note.kind.word().to_owned()),
            ..Event::default()
        }
    }
}

#[derive(Debug, Clone)]
struct Known {
    name: String,
    count: i32,
}

#[derive(Debug)]
struct Plan {
    key: String,
    message: String,
    known: Option<Known>,
}

/// What was said before, and how often.
#[derive(Debug, Default)]
struct Memory {
    known: HashMap<String, Known>,
    alike: HashMap<String, (Instant, HashSet<String>)>,
    budgets: HashMap<String, (Instant, f64)>,
}

impl Memory {
    fn plan(&mut self, note: &Note, now: Instant) -> Option<Plan> {
        let about = serde_json::to_string(&json!([
            note.about.kind,
            note.about.namespace,
            note.about.name,
            note.about.uid,
            note.about.api_version,
            note.about.field_path,
        ]))
        .unwrap_or_default();
        if !self.spend(&about, now) {
            return None;
        }
        let group = format!("{about}{}{}", note.kind.word(), note.reason);
        let (message, key) = self.fold(&group, &note.message, now);
        let known = self.known.get(&key).cloned();
        Some(Plan { key, message, known })
    }

    fn spend(&mut self, about: &str, now: Instant) -> bool {
        if self.budgets.len() > REMEMBERED {
            self.budgets.clear();
        }
        let (last, tokens) = self.budgets.entry(about.to_owned()).or_insert((now, BURST));
        *tokens = (*tokens + now.duration_since(*last).as_secs_f64() / REFILL_SECONDS).min(BURST);
        *last = now;
        if *tokens < 1.0 {
            return false;
        }
        *tokens -= 1.0;
        true
    }

    fn fold(&mut self, group: &str, message: &str, now: Instant) -> (String, String) {
        if self.alike.len() > REMEMBERED {
            self.alike.clear();
        }
        let (last, messages) =
            self.alike.entry(group.to_owned()).or_insert_with(|| (now, HashSet::new()));
        if now.duration_since(*last) > ALIKE_WINDOW {
            messages.clear();
        }
        *last = now;
        messages.insert(message.to_owned());
        if messages.len() < ALIKE_LIMIT {
            return (message.to_owned(), format!("{group}{message}"));
        }
        let dropped = messages.iter().find(|known| *known != message).cloned();
        if let Some(dropped) = dropped {
            messages.remove(&dropped);
        }
        (format!("(combined from similar events): {message}"), group.to_owned())
    }

    fn remember(&mut self, plan: &Plan, event: Event) {
        if self.known.len() > REMEMBERED {
            self.known.clear();
        }
        let name = event.metadata.name.unwrap_or_default();
        self.known.insert(plan.key.clone(), Known { name, count: event.count.unwrap_or(1) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(message: &str) -> Note {
        Note {
            about: ObjectReference { name: Some("p".to_owned()), ..ObjectReference::default() },
            kind: EventKind::Warning,
            reason: "Failed".to_owned(),
            message: message.to_owned(),
            when: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_repeated_event_is_counted() {
        let (mut memory, now) = (Memory::default(), Instant::now());
        let plan = memory.plan(&note("x"), now).unwrap();
        assert!(plan.known.is_none());
        let event = Event { count: Some(1), ..Event::default() };
        memory.remember(&plan, event);
        assert_eq!(memory.plan(&note("x"), now).unwrap().known.unwrap().count, 1);
    }

    #[test]
    fn many_alike_are_folded_and_a_storm_is_cut() {
        let (mut memory, now) = (Memory::default(), Instant::now());
        let messages: Vec<_> =
            (0..30).map_while(|n| memory.plan(&note(&n.to_string()), now)).collect();
        assert_eq!(messages.len(), 25, "the burst");
        assert_eq!(messages[8].message, "8");
        assert_eq!(messages[9].message, "(combined from similar events): 9");
        assert_eq!(messages[9].key, messages[10].key);
    }
}
