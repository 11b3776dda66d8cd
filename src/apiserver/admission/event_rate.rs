//! `EventRateLimit`: how many events are written in a time, by server, namespace, user, or by source and
//! object. Source: `plugin/pkg/admission/eventratelimit`.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use machinery::{
    field::{Errors, Path},
    meta,
    status::Status,
};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::Operation;

/// How many keys a limit remembers where its configuration does not say it.
const USUAL_CACHE: usize = 4096;

/// What one bucket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Server,
    Namespace,
    User,
    SourceAndObject,
}

const SORTS: [(&str, Sort); 4] = [
    ("Namespace", Sort::Namespace),
    ("Server", Sort::Server),
    ("SourceAndObject", Sort::SourceAndObject),
    ("User", Sort::User),
];

/// The limits of a configuration, and what they have seen.
#[derive(Debug, Default)]
pub struct EventLimits(Vec<Limit>);

#[derive(Debug)]
struct Limit {
    sort: Sort,
    per_second: f64,
    burst: f64,
    most_keys: usize,
    buckets: Mutex<HashMap<String, Bucket>>,
}

/// Tokens as of a time.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

/// What is wrong with a configuration, in the words of its fields.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EventLimitsError(String);

impl EventLimits {
    /// Reads `eventratelimit.admission.k8s.io/v1alpha1` `Configuration`. Errors: all that is wrong.
    pub fn read(configuration: &Value) -> Result<Self, EventLimitsError> {
        const VERSION: &str = "eventratelimit.admission.k8s.io/v1alpha1";
        let text = |pointer: &str| meta::text(configuration, pointer);
        if text("/apiVersion") != VERSION || text("/kind") != "Configuration" {
            let why = format!("no kind \"{}\" of \"{}\"", text("/kind"), text("/apiVersion"));
            return Err(EventLimitsError(format!("{why}, expected Configuration of {VERSION}")));
        }
        let mut errors = Errors::default();
        let at = Path::new("limits");
        let given = meta::items(configuration, "/limits");
        if given.is_empty() {
            errors.invalid(&at, &json!([]), "must not be empty");
        }
        let limits = given.iter().enumerate();
        let limits =
            limits.filter_map(|(index, limit)| Limit::read(limit, &at.index(index), &mut errors));
        let limits = limits.collect();
        if errors.is_empty() { Ok(Self(limits)) } else { Err(EventLimitsError(errors.sentence())) }
    }
}

impl Limit {
    fn read(limit: &Value, at: &Path, errors: &mut Errors) -> Option<Self> {
        let name = meta::text(limit, "/type");
        let sort = SORTS.iter().find(|(known, _)| *known == name).map(|(_, sort)| *sort);
        if sort.is_none() {
            let known = SORTS.map(|(name, _)| name);
            errors.not_supported(&at.child("type"), &json!(name), &known);
        }
        let mut positive = |field: &str| {
            let number = meta::number(limit, &format!("/{field}")).unwrap_or(0);
            let number = i32::try_from(number).unwrap_or(i32::MAX);
            if number <= 0 {
                errors.invalid(&at.child(field), &number.into(), "must be positive");
            }
            f64::from(number)
        };
        let (burst, per_second) = (positive("burst"), positive("qps"));
        let keys = meta::number(limit, "/cacheSize").unwrap_or(0);
        if sort != Some(Sort::Server) && keys < 0 {
            errors.invalid(&at.child("cacheSize"), &keys.into(), "must not be negative");
        }
        let most_keys = usize::try_from(keys).ok().filter(|keys| *keys > 0).unwrap_or(USUAL_CACHE);
        Some(Self { sort: sort?, per_second, burst, most_keys, buckets: Mutex::default() })
    }

    /// Takes a token for a key; tells whether there was one.
    fn takes(&self, key: &str, now: Instant) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if !buckets.contains_key(key) && buckets.len() >= self.most_keys {
            // Whoever wrote longest ago has the fullest bucket, and loses the least.
            let oldest = buckets.iter().min_by_key(|(_, bucket)| bucket.at);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                buckets.remove(&oldest);
            }
        }
        let full = Bucket { tokens: self.burst, at: now };
        let bucket = buckets.entry(key.to_owned()).or_insert(full);
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.tokens = (bucket.tokens + passed * self.per_second).min(self.burst);
        bucket.at = now;
        if bucket.tokens < 1.0 {
            return false;
        }
        bucket.tokens -= 1.0;
        true
    }

    fn key(&self, operation: &Operation<'_>, event: &Value) -> String {
        match self.sort {
            Sort::Server => String::new(),
            Sort::Namespace => meta::namespace(event).to_owned(),
            Sort::User => operation.author.user.name.clone(),
            Sort::SourceAndObject => [
                "/source/component",
                "/source/host",
                "/involvedObject/kind",
                "/involvedObject/namespace",
                "/involvedObject/name",
                "/involvedObject/uid",
                "/involvedObject/apiVersion",
            ]
            .map(|field| meta::text(event, field))
            .concat(),
        }
    }

    fn word(&self) -> &'static str {
        SORTS.iter().find(|(_, sort)| *sort == self.sort).map_or("", |(name, _)| name)
    }
}

/// Refuses an event that a limit has no room for. Each limit counts it, whatever the others say.
pub(super) fn check(operation: &Operation<'_>, event: &Value) -> Result<(), Status> {
    if !operation.kind.group.is_empty() || operation.kind.plural != "events" {
        return Ok(());
    }
    let now = lifecycle::clock::instant();
    let mut refused = None;
    for limit in &operation.server.config.event_limits.0 {
        let key = limit.key(operation, event);
        if !limit.takes(&key, now) {
            let why = format!("limit reached on type {} for key {key}", limit.word());
            refused = Some(Status::too_many_requests(why));
        }
    }
    refused.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn read(limits: &Value) -> Result<EventLimits, String> {
        let document = json!({"apiVersion": "eventratelimit.admission.k8s.io/v1alpha1",
            "kind": "Configuration", "limits": limits});
        EventLimits::read(&document).map_err(|error| error.to_string())
    }

    #[test]
    fn what_makes_no_sense_is_told_by_field() {
        for (limits, words) in [
            (json!([]), "limits: Invalid value: [] must not be empty".replace("[] ", "[]: ")),
            (
                json!([{"type": "Odd", "qps": 1, "burst": 1}]),
                "limits[0].type: Unsupported value: \"Odd\"".to_owned(),
            ),
            (
                json!([{"type": "Server", "qps": 0, "burst": 1}]),
                "limits[0].qps: Invalid value: 0: must be positive".to_owned(),
            ),
            (
                json!([{"type": "User", "qps": 1, "burst": 1, "cacheSize": -1}]),
                "limits[0].cacheSize: Invalid value: -1: must not be negative".to_owned(),
            ),
        ] {
            let told = read(&limits).unwrap_err();
            assert!(told.contains(&words), "{told}");
        }
        assert!(EventLimits::read(&json!({"kind": "Other"})).is_err());
    }

    #[test]
    fn a_bucket_fills_with_time_and_keys_are_bounded() {
        let limits =
            read(&json!([{"type": "User", "qps": 2, "burst": 3, "cacheSize": 2}])).unwrap();
        let limit = &limits.0[0];
        let start = lifecycle::clock::instant();
        let taken = |key: &str, at: Duration| limit.takes(key, start + at);
        let first: Vec<bool> = (0..4).map(|_| taken("a", Duration::ZERO)).collect();
        assert_eq!(first, [true, true, true, false]);
        assert!(taken("a", Duration::from_millis(500)));
        assert!(!taken("a", Duration::from_millis(600)));
        assert!(taken("b", Duration::from_secs(1)) && taken("c", Duration::from_secs(2)));
        assert_eq!(limit.buckets.lock().unwrap().len(), 2);
    }
}
