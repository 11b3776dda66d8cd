//! What the store holds, decoded: read by the nodes that pretend and by the judge, never by the
//! cluster. Also the log of what happened.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use machinery::meta;
use serde_json::Value;
use tokio::{sync::Notify, time::Instant};

use crate::{app_of, judge::Judge};

/// Who sends a request, and which.
#[derive(Debug, Clone, Default)]
pub(crate) struct Caller {
    /// `controllers`, `scheduler`, `kubelet`, `user`; empty for the server itself.
    pub(crate) who: &'static str,
    /// Method and path.
    pub(crate) request: String,
}

/// One write of the store.
#[derive(Debug)]
pub(crate) struct Written<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) key: &'a str,
    /// The new value; nothing where the key is gone.
    pub(crate) value: Option<&'a Bytes>,
}

/// One change of an object, decoded.
#[derive(Debug)]
pub(crate) struct Change<'a> {
    pub(crate) who: &'static str,
    pub(crate) key: &'a str,
    pub(crate) old: Option<&'a Value>,
    pub(crate) new: Option<&'a Value>,
}

/// The objects, by their keys in the store.
pub(crate) type Objects = BTreeMap<String, Value>;

/// One line of the log.
#[derive(Debug)]
struct Line {
    at: Instant,
    /// The application that it is about; empty for all.
    app: String,
    words: String,
}

/// The objects, what the judge thinks of them, and the log.
#[derive(Debug)]
pub(crate) struct Mirror {
    state: Mutex<State>,
    /// Rings when a pod or a node has changed.
    pub(crate) pods: Notify,
    /// Rings when a claim, a volume or an attachment has changed.
    pub(crate) disks: Notify,
    began: Instant,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) objects: Objects,
    pub(crate) judge: Judge,
    /// Pods that changed since the nodes last looked.
    pub(crate) changed: Vec<String>,
    pub(crate) writes: u64,
    /// When something other than a lease was last written.
    pub(crate) last_write: Option<Instant>,
    log: Vec<Line>,
}

/// Lines of one history that are shown at most.
const SHOWN: usize = 250;

impl Mirror {
    pub(crate) fn new() -> Self {
        let began = lifecycle::clock::instant();
        Self { state: Mutex::default(), pods: Notify::new(), disks: Notify::new(), began }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a write in, and has it judged.
    pub(crate) fn written(&self, written: &Written<'_>) {
        let key = written.key;
        if key.contains("/leases/") {
            return;
        }
        let value = written.value.and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
        let mut state = self.state();
        let state = &mut *state;
        let now = lifecycle::clock::instant();
        state.writes += 1;
        state.last_write = Some(now);
        let old = match &value {
            Some(value) => state.objects.insert(key.to_owned(), value.clone()),
            None => state.objects.remove(key),
        };
        let who = written.caller.who;
        state.log.push(line(now, written, old.as_ref(), value.as_ref()));
        let change = Change { who, key, old: old.as_ref(), new: value.as_ref() };
        state.judge.see(&state.objects, &change);
        if key.starts_with("/registry/core/pods/") {
            state.changed.push(key.to_owned());
            self.pods.notify_one();
        }
        if crate::disks::concerns_driver(key) {
            self.disks.notify_one();
        }
        let attached = |node: Option<&Value>| node?.pointer("/status/volumesAttached").cloned();
        if key.starts_with("/registry/core/nodes/")
            && attached(old.as_ref()) != attached(value.as_ref())
        {
            let name = key.rsplit('/').next().unwrap_or_default();
            let here = |pod: &Value| meta::text(pod, "/spec/nodeName") == name;
            let objects = state.objects.iter();
            let pods =
                objects.filter(|(key, pod)| key.starts_with("/registry/core/pods/") && here(pod));
            state.changed.extend(pods.map(|(key, _)| key.clone()));
            self.pods.notify_one();
        }
    }

    /// Notes something that is not a write.
    pub(crate) fn note(&self, app: &str, words: impl Into<String>) {
        let (at, app, words) = (lifecycle::clock::instant(), app.to_owned(), words.into());
        self.state().log.push(Line { at, app, words });
    }

    /// The end of the log, as far as it is about `app` or about everything.
    pub(crate) fn log(&self, app: &str) -> String {
        let state = self.state();
        let about = |line: &&Line| app.is_empty() || line.app.is_empty() || line.app == app;
        let lines: Vec<&Line> = state.log.iter().filter(about).collect();
        let (before, end) = lines.split_at(lines.len().saturating_sub(SHOWN));
        let mut out = Vec::from([format!("… and {} lines before", before.len())]);
        out.extend(end.iter().map(|line| self.shown(line)));
        out.join("\n")
    }

    /// All of the log.
    pub(crate) fn whole_log(&self) -> String {
        let state = self.state();
        let lines: Vec<String> = state.log.iter().map(|line| self.shown(line)).collect();
        lines.join("\n")
    }

    fn shown(&self, line: &Line) -> String {
        let seconds = line.at.duration_since(self.began).as_secs_f64();
        format!("{seconds:9.3} {}", line.words)
    }

    /// All of the log in one number: histories that are alike have the same.
    pub(crate) fn fingerprint(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};
        let mut hasher = DefaultHasher::new();
        for line in &self.state().log {
            (line.at.duration_since(self.began), &line.words).hash(&mut hasher);
        }
        hasher.finish()
    }
}

fn line(at: Instant, written: &Written<'_>, old: Option<&Value>, new: Option<&Value>) -> Line {
    let short = written.key.trim_start_matches("/registry/");
    let deed = match (old, new) {
        (None, _) => "made",
        (_, None) => "gone",
        _ => "wrote",
    };
    let request = written.caller.request.split('?').next().unwrap_or_default();
    let method = request.split(' ').next().unwrap_or_default();
    let sub = request
        .rsplit('/')
        .next()
        .filter(|last| matches!(*last, "status" | "binding" | "eviction" | "scale"));
    let seen = new.or(old);
    // What has no namespace concerns everybody.
    let of_one = seen.filter(|object| !meta::namespace(object).is_empty());
    let app = of_one.map(|object| app_of(about(object)).to_owned()).unwrap_or_default();
    let who = if written.caller.who.is_empty() { "server" } else { written.caller.who };
    let mut words = format!("{who:<11} {deed} {short} ({method} {})", sub.unwrap_or_default());
    if let Some(object) = seen {
        words.push_str(&gist(object));
    }
    Line { at, app, words }
}

/// The name that tells the application of an object; events are about somebody else.
pub(crate) fn about(object: &Value) -> &str {
    let other = meta::text(object, "/involvedObject/name");
    if other.is_empty() { meta::name(object) } else { other }
}

/// What matters of an object, in few words.
fn gist(object: &Value) -> String {
    let fields = [
        ("generation", "/metadata/generation"),
        ("deleted", "/metadata/deletionTimestamp"),
        ("finalizers", "/metadata/finalizers"),
        ("replicas", "/spec/replicas"),
        ("node", "/spec/nodeName"),
        ("taints", "/spec/taints"),
        ("phase", "/status/phase"),
        ("status", "/status/replicas"),
        ("updated", "/status/updatedReplicas"),
        ("available", "/status/availableReplicas"),
        ("active", "/status/active"),
        ("succeeded", "/status/succeeded"),
        ("failed", "/status/failed"),
        ("allowed", "/status/disruptionsAllowed"),
        ("reason", "/reason"),
        ("message", "/message"),
        ("count", "/count"),
    ];
    let said = fields.iter().filter_map(|(name, pointer)| {
        let value = object.pointer(pointer).filter(|value| !value.is_null())?;
        Some(format!(" {name}={}", value.to_string().trim_matches('"')))
    });
    let conditions = meta::items(object, "/status/conditions").iter().filter_map(|condition| {
        let kind = meta::text(condition, "/type");
        let told = matches!(kind, "Ready" | "DisruptionTarget" | "Complete" | "Failed");
        told.then(|| format!(" {kind}={}", meta::text(condition, "/status")))
    });
    said.chain(conditions).collect()
}
