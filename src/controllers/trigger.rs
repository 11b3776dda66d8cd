//! When the change began that a Service's endpoints follow, for measuring how long they take.
//! Source: `k8s.io/endpointslice/util`, `trigger_time_tracker.go`.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use client::ObjectKey;
use jiff::Timestamp;
use k8s_openapi::{
    api::core::v1::{Pod, Service},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};

use crate::pods;

const ANNOTATION: &str = "endpoints.kubernetes.io/last-change-trigger-time";

/// What each Service and its pods were like when they were last looked at.
#[derive(Debug, Default)]
pub(crate) struct TriggerTimes(Mutex<HashMap<ObjectKey, Seen>>);

#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Seen {
    service: Option<Timestamp>,
    pods: HashMap<String, Timestamp>,
}

impl TriggerTimes {
    /// When the earliest of the changes since the last look began; `None` where nothing did.
    pub(crate) fn look(
        &self,
        key: &ObjectKey,
        service: &Service,
        pods: &[Arc<Pod>],
    ) -> Option<Timestamp> {
        let now = Seen::of(service, pods);
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(before) = known.insert(key.clone(), now.clone()) else { return now.service };
        now.changed_since(&before)
    }

    /// Forgets a Service that is gone.
    pub(crate) fn forget(&self, key: &ObjectKey) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

impl Seen {
    fn of(service: &Service, pods: &[Arc<Pod>]) -> Self {
        let turned = |pod: &Arc<Pod>| {
            let time = pods::ready_condition(pod)?.last_transition_time.as_ref()?.0;
            Some((pods::name(pod).to_owned(), time))
        };
        Self {
            service: service.metadata.creation_timestamp.as_ref().map(|time| time.0),
            pods: pods.iter().filter_map(turned).collect(),
        }
    }

    fn changed_since(&self, before: &Self) -> Option<Timestamp> {
        let pods = self.pods.iter().filter(|(name, time)| before.pods.get(*name) < Some(time));
        let service = self.service.filter(|_| self.service > before.service);
        pods.map(|(_, time)| *time).chain(service).min()
    }
}

/// Notes on an object when the change that it follows began, or that it follows none.
pub(crate) fn mark(metadata: &mut ObjectMeta, trigger: Option<Timestamp>) {
    let mut annotations = metadata.annotations.take().unwrap_or_default();
    match trigger {
        Some(time) => drop(annotations.insert(ANNOTATION.to_owned(), time.to_string())),
        None => drop(annotations.remove(ANNOTATION)),
    }
    metadata.annotations = Some(annotations).filter(|all| !all.is_empty());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_earliest_change_counts() {
        let service: Service = serde_json::from_value(json!({
            "metadata": {"name": "s", "creationTimestamp": "2026-01-01T00:00:00Z"},
        }))
        .unwrap();
        let pod = |name: &str, turned: &str| -> Arc<Pod> {
            let ready = json!({"type": "Ready", "status": "True", "lastTransitionTime": turned});
            let pod = json!({"metadata": {"name": name}, "status": {"conditions": [ready]}});
            Arc::new(serde_json::from_value(pod).unwrap())
        };
        let (early, late) = ("2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z");
        let (times, key) = (TriggerTimes::default(), ObjectKey::new("n", "s"));
        let look = |pods: &[Arc<Pod>]| times.look(&key, &service, pods).map(|it| it.to_string());
        for (case, pods, want) in [
            ("new service", vec![pod("a", early)], Some("2026-01-01T00:00:00Z")),
            ("nothing", vec![pod("a", early)], None),
            ("two pods", vec![pod("a", late), pod("b", early)], Some(early)),
            ("one gone", vec![pod("a", late)], None),
        ] {
            assert_eq!(look(&pods).as_deref(), want, "{case}");
        }
        times.forget(&key);
        assert_eq!(look(&[]).as_deref(), Some("2026-01-01T00:00:00Z"), "new again");
    }

    #[test]
    fn a_mark_comes_and_goes() {
        let mut metadata = ObjectMeta::default();
        mark(&mut metadata, Some(Timestamp::UNIX_EPOCH));
        let noted = metadata.annotations.as_ref().and_then(|all| all.get(ANNOTATION));
        assert_eq!(noted.map(String::as_str), Some("1970-01-01T00:00:00Z"));
        mark(&mut metadata, None);
        assert_eq!(metadata, ObjectMeta::default());
    }
}
