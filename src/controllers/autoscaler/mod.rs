//! `HorizontalPodAutoscaler`: gives a target as many replicas as its metrics ask for.
//!
//! Each autoscaler is looked at when it is made or changed and every 15 seconds after; where there is
//! none nothing happens. What was recommended and done lately is remembered in memory alone, as in
//! Kubernetes: a restart forgets it.

mod behavior;
mod measure;
mod metrics;
mod reconcile;
mod replicas;
mod scale;
mod status;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use client::{Api, Client, ObjectKey, Recorder, SharedCache, WorkQueue, WriteOptions, reference};
use jiff::Timestamp;
use k8s_openapi::api::{
    autoscaling::v2::{
        HorizontalPodAutoscaler, HorizontalPodAutoscalerSpec, HorizontalPodAutoscalerStatus,
        MetricStatus,
    },
    core::v1::Pod,
};
use machinery::selector::LabelSelector;

use self::{
    behavior::History,
    measure::{Outcome, measure},
    metrics::Asked,
    reconcile::{Course, Rescale, choose, course, disabled, metrics_of, settle, tolerances},
    replicas::Fleet,
    scale::{Target, Targets},
    status::{ABLE, ACTIVE, Draft},
};
use crate::{
    driver::{Controller, Next, Shop, SyncError},
    owner,
};

/// How often metrics are asked for (`--horizontal-pod-autoscaler-sync-period`).
const PERIOD: Duration = Duration::from_secs(15);

/// The shell.
#[derive(Debug)]
pub(crate) struct Autoscalers {
    client: Client,
    objects: SharedCache<HorizontalPodAutoscaler>,
    pods: SharedCache<Pod>,
    targets: Targets,
    memory: Mutex<HashMap<ObjectKey, Memory>>,
    recorder: Recorder,
}

/// What is remembered of an autoscaler.
#[derive(Debug, Default)]
struct Memory {
    history: History,
    /// Of the pods of its target, once it was looked at.
    selector: Option<LabelSelector>,
}

/// One look at an autoscaler.
struct Pass<'a> {
    key: &'a ObjectKey,
    spec: &'a HorizontalPodAutoscalerSpec,
    target: Target,
    now: Timestamp,
}

/// What a look came to.
struct Found {
    rescale: Option<Rescale>,
    metrics: Option<Vec<MetricStatus>>,
}

impl Autoscalers {
    /// A controller over the shop's caches.
    pub(crate) fn new(shop: &Shop) -> Self {
        Self {
            client: shop.client.clone(),
            objects: shop.informers.cache(),
            pods: shop.informers.cache(),
            targets: Targets::new(&shop.client),
            memory: Mutex::default(),
            recorder: shop.recorder("horizontal-pod-autoscaler"),
        }
    }

    fn with_memory<T>(&self, key: &ObjectKey, then: impl FnOnce(&mut Memory) -> T) -> T {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        then(memory.entry(key.clone()).or_default())
    }

    /// Looks at an autoscaler and gives its target the size that it should have.
    async fn look(
        &self,
        key: &ObjectKey,
        spec: &HorizontalPodAutoscalerSpec,
        draft: &mut Draft,
        now: Timestamp,
    ) {
        let target = match self.targets.read(&key.namespace, &spec.scale_target_ref).await {
            Ok(target) => target,
            Err(why) => return draft.no_scale(&why),
        };
        let words = "the HPA controller was able to get the target's current scale";
        draft.condition(ABLE, true, "SucceededGetScale", words);
        let current = target.wanted();
        self.with_memory(key, |memory| memory.history.begin(current, now));
        let pass = Pass { key, spec, target, now };
        let found = match course(spec, current) {
            Course::Disabled => {
                disabled(draft);
                Found { rescale: None, metrics: None }
            }
            Course::Bound { to, why } => {
                Found { rescale: Some(Rescale { to, why: why.to_owned() }), metrics: None }
            }
            Course::Measure => match self.measure(&pass, draft).await {
                Ok(found) => found,
                Err(why) => return draft.warn("FailedComputeMetricsReplicas", why),
            },
        };
        draft.measured(current, found.metrics);
        match found.rescale {
            None => draft.status.desired_replicas = current,
            Some(rescale) => self.rescale(&pass, draft, &rescale).await,
        }
    }

    /// What the metrics of a target ask for.
    async fn measure(&self, pass: &Pass<'_>, draft: &mut Draft) -> Result<Found, String> {
        let Pass { key, spec, target, now } = pass;
        let current = target.wanted();
        let pods = match self.pods_of(key, target.selector(), draft) {
            Ok(pods) => pods,
            Err(why) => {
                draft.measured(current, None);
                return Err(why);
            }
        };
        let fleet = Fleet {
            pods: &pods,
            current,
            observed: target.observed(),
            tolerances: tolerances(spec),
            now: *now,
        };
        let asked = Asked {
            client: &self.client,
            targets: &self.targets,
            namespace: &key.namespace,
            selector: target.selector(),
        };
        let mut outcomes: Vec<Outcome> = Vec::new();
        for metric in spec.metrics.iter().flatten() {
            let answer = asked.answer(metric).await;
            outcomes.push(measure(&fleet, &key.namespace, metric, answer));
        }
        let metrics = metrics_of(&outcomes);
        let chosen = choose(draft, current, &outcomes).inspect_err(|_| {
            draft.measured(current, Some(metrics.clone()));
        })?;
        let rescale = self.with_memory(key, |memory| {
            settle(draft, spec, &mut memory.history, (current, chosen), *now)
        });
        Ok(Found { rescale, metrics: Some(metrics) })
    }

    /// The pods that a target's selector takes, if no other autoscaler has any of them.
    fn pods_of(
        &self,
        key: &ObjectKey,
        selector: &str,
        draft: &mut Draft,
    ) -> Result<Vec<Arc<Pod>>, String> {
        if selector.is_empty() {
            let why = "selector is required";
            draft.warn("SelectorRequired", why);
            let words = "the HPA target's scale is missing a selector";
            draft.condition(ACTIVE, false, "InvalidSelector", words);
            return Err(why.to_owned());
        }
        let parsed = LabelSelector::parse(selector).map_err(|error| {
            let why = format!(
                "couldn't convert selector into a corresponding internal selector object: {error}"
            );
            draft.warn("InvalidSelector", why.clone());
            draft.condition(ACTIVE, false, "InvalidSelector", why.clone());
            why
        })?;
        let mut pods = self.pods.in_namespace(&key.namespace);
        pods.retain(|pod| owner::selects(&parsed, &pod.metadata));
        self.with_memory(key, |memory| memory.selector = Some(parsed));

        let several = self.sharing(key, &pods);
        if several.len() > 1 {
            let keys: Vec<String> =
                several.iter().map(|key| format!("{{{} {}}}", key.name, key.namespace)).collect();
            let keys = keys.join(" ");
            let why =
                format!("pods by selector {selector} are controlled by multiple HPAs: [{keys}]");
            draft.warn("AmbiguousSelector", why.clone());
            draft.condition(ACTIVE, false, "AmbiguousSelector", why.clone());
            return Err(why);
        }
        Ok(pods)
    }

    /// The autoscalers whose targets have any of these pods.
    fn sharing(&self, key: &ObjectKey, pods: &[Arc<Pod>]) -> Vec<ObjectKey> {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let selects = |selector: &LabelSelector| {
            pods.iter().any(|pod| owner::selects(selector, &pod.metadata))
        };
        let mut sharing: Vec<ObjectKey> = memory
            .iter()
            .filter(|(other, _)| other.namespace == key.namespace)
            .filter(|(_, memory)| memory.selector.as_ref().is_some_and(selects))
            .map(|(other, _)| other.clone())
            .collect();
        sharing.sort_by(|one, other| one.name.cmp(&other.name));
        sharing
    }

    async fn rescale(&self, pass: &Pass<'_>, draft: &mut Draft, to: &Rescale) {
        let Pass { key, spec, target, now } = pass;
        let name = &spec.scale_target_ref.name;
        if let Err(error) = self.targets.resize(&key.namespace, name, target, to.to).await {
            return draft.not_rescaled(to.to, &to.why, &error);
        }
        draft.rescaled(to.to, &to.why);
        draft.status.desired_replicas = to.to;
        let change = (target.wanted(), to.to);
        self.with_memory(key, |memory| {
            memory.history.changed(spec.behavior.as_ref(), change, *now);
        });
    }

    /// Writes a status; if the object has changed meanwhile, into the new one.
    async fn write(
        &self,
        seen: &HorizontalPodAutoscaler,
        status: HorizontalPodAutoscalerStatus,
        namespace: &str,
    ) -> client::Result<()> {
        let api = Api::<HorizontalPodAutoscaler>::namespaced(&self.client, namespace);
        let with = |object: &HorizontalPodAutoscaler| HorizontalPodAutoscaler {
            status: Some(status.clone()),
            ..object.clone()
        };
        let options = WriteOptions::default();
        match api.update_status(&with(seen), &options).await {
            Err(error) if error.conflict() => {
                let found = api.find(seen.metadata.name.as_deref().unwrap_or_default()).await?;
                let Some(new) = found.filter(|new| new.metadata.uid == seen.metadata.uid) else {
                    return Ok(());
                };
                api.update_status(&with(&new), &options).await.map(drop)
            }
            Err(error) if error.not_found() => Ok(()),
            written => written.map(drop),
        }
    }
}

impl Controller for Autoscalers {
    fn name(&self) -> &'static str {
        "horizontal-pod-autoscaler-controller"
    }

    fn watch(self: &Arc<Self>, queue: &WorkQueue<ObjectKey>) {
        let keys = queue.clone();
        self.objects.on_change(move |old, new| {
            // A status that this controller has written asks for nothing.
            let same = old.zip(new).is_some_and(|(old, new)| old.spec == new.spec);
            if let Some(one) = new.or(old).filter(|_| !same) {
                keys.add(ObjectKey::of(&**one));
            }
        });
    }

    async fn ready(&self) {
        self.objects.synced().await;
        self.pods.synced().await;
    }

    async fn sync(&self, key: &ObjectKey) -> Result<Next, SyncError> {
        let Some(autoscaler) = self.objects.find(key) else {
            self.memory.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
            return Ok(Next::Settled);
        };
        let now = lifecycle::clock::now();
        let mut draft = Draft::of(&autoscaler, now);
        self.look(key, &autoscaler.spec, &mut draft, now).await;
        let about = reference(&*autoscaler);
        if autoscaler.status.as_ref() != Some(&draft.status)
            && let Err(error) = self.write(&autoscaler, draft.status.clone(), &key.namespace).await
        {
            draft.warn("FailedUpdateStatus", error.to_string());
        }
        for remark in draft.remarks {
            remark.say(&self.recorder, &about);
        }
        // Whatever came of it, the next look is a period away.
        Ok(Next::After(PERIOD))
    }
}
