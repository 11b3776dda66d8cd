//! How many replicas a measurement asks for. No clock, no I/O: all facts are in the arguments.
//!
//! Always: a pod that is going or has failed does not count · one that is not ready, or has no
//! measurement, only ever makes a change smaller · a change within the tolerance is none.
//! Source: `k8s.io/kubernetes/pkg/controller/podautoscaler`, `replica_calculator.go`.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::{
    api::core::v1::{Container, Pod},
    apimachinery::pkg::api::resource::Quantity,
};

use crate::pods;

/// A pod's use of a processor tells little while it starts (`--horizontal-pod-autoscaler-cpu-initialization-period`).
const CPU_INITIALIZATION: SignedDuration = SignedDuration::from_mins(5);
/// A pod that turned unready this soon after its start was never ready
/// (`--horizontal-pod-autoscaler-initial-readiness-delay`).
const INITIAL_READINESS: SignedDuration = SignedDuration::from_secs(30);

/// What one pod uses, in thousandths, as of a time and over a window before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sample {
    pub(super) milli: i64,
    pub(super) at: Timestamp,
    pub(super) window: SignedDuration,
}

/// What pods use, by their names.
pub(super) type Samples = BTreeMap<String, Sample>;

/// How far a ratio may be from one, in either direction, and still be as good as one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tolerances {
    pub(super) up: f64,
    pub(super) down: f64,
}

impl Tolerances {
    fn allow(self, ratio: f64) -> bool {
        1.0 - self.down <= ratio && ratio <= 1.0 + self.up
    }
}

/// Whose replicas are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fleet<'a> {
    /// The pods that the target's selector takes.
    pub(super) pods: &'a [Arc<Pod>],
    /// The target's replicas, as wanted.
    pub(super) current: i32,
    /// The target's replicas, as there are.
    pub(super) observed: i32,
    pub(super) tolerances: Tolerances,
    pub(super) now: Timestamp,
}

/// What a measurement asks for, and what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Proposal {
    pub(super) replicas: i32,
    /// Percent of what was requested, where that is the measure.
    pub(super) utilization: Option<i32>,
    /// Thousandths, of one pod on average or of all.
    pub(super) milli: i64,
}

/// What is measured of pods, and how much of it is wanted of each.
#[derive(Debug, Clone, Copy)]
pub(super) enum Goal<'a> {
    /// Percent of what the pods request of a resource, in one container or all.
    Percent { of: &'a str, container: Option<&'a str>, percent: i32 },
    /// Thousandths of a resource.
    Resource { of: &'a str, milli: i64 },
    /// Thousandths of anything else.
    Metric { milli: i64 },
}

impl Goal<'_> {
    fn resource(&self) -> &str {
        match self {
            Self::Percent { of, .. } | Self::Resource { of, .. } => of,
            Self::Metric { .. } => "",
        }
    }
}

/// A goal with what is needed to compare with it.
enum Scale {
    Percent { percent: i32, requests: BTreeMap<String, i64> },
    Milli(i64),
}

/// One comparison.
struct Weight {
    ratio: f64,
    utilization: Option<i32>,
    milli: i64,
}

/// The replicas that pods need to come to a goal.
///
/// Errors: in Kubernetes' words.
pub(super) fn for_pods(
    fleet: &Fleet<'_>,
    goal: Goal<'_>,
    samples: &Samples,
) -> Result<Proposal, String> {
    refuse_nobody(fleet)?;
    let census = Census::take(fleet, goal.resource(), samples);
    let mut used = BTreeMap::new();
    for (name, sample) in samples {
        if !census.ignored.contains(name) && !census.unready.contains(name) {
            used.insert(name.clone(), sample.milli);
        }
    }
    if used.is_empty() {
        return Err("did not receive metrics for targeted pods (pods might be unready)".to_owned());
    }

    let scale = scale_of(fleet, goal)?;
    let first = scale.weigh(&used)?;
    let proposal =
        |replicas| Proposal { replicas, utilization: first.utilization, milli: first.milli };
    let growing_with_unready = !census.unready.is_empty() && first.ratio > 1.0;
    if !growing_with_unready && census.missing.is_empty() {
        if fleet.tolerances.allow(first.ratio) {
            return Ok(proposal(fleet.current));
        }
        return Ok(proposal(ceiling(first.ratio * count(census.ready))));
    }

    // Those that nothing is known of are what makes the change smaller.
    for name in &census.missing {
        if first.ratio < 1.0 {
            used.insert(name.clone(), scale.full(name));
        } else if first.ratio > 1.0 {
            used.insert(name.clone(), 0);
        }
    }
    if growing_with_unready {
        used.extend(census.unready.iter().map(|name| (name.clone(), 0)));
    }
    let second = scale.weigh(&used)?.ratio;
    let turned = (first.ratio < 1.0 && second > 1.0) || (first.ratio > 1.0 && second < 1.0);
    if fleet.tolerances.allow(second) || turned {
        return Ok(proposal(fleet.current));
    }
    let replicas = ceiling(second * count(used.len()));
    let against =
        (second < 1.0 && replicas > fleet.current) || (second > 1.0 && replicas < fleet.current);
    Ok(proposal(if against { fleet.current } else { replicas }))
}

/// The replicas that bring a value to its target, if each takes an equal part of it.
pub(super) fn for_value(fleet: &Fleet<'_>, milli: i64, target: i64) -> Result<Proposal, String> {
    let ratio = float(milli) / float(target);
    let replicas = if fleet.current == 0 {
        ceiling(ratio)
    } else if fleet.tolerances.allow(ratio) {
        fleet.current
    } else {
        refuse_nobody(fleet).map_err(|why| format!("unable to calculate ready pods: {why}"))?;
        let ready = |pod: &&Arc<Pod>| pods::phase(pod) == "Running" && pods::is_ready(pod);
        ceiling(ratio * count(fleet.pods.iter().filter(ready).count()))
    };
    Ok(Proposal { replicas, utilization: None, milli })
}

/// The replicas among which a value is to be split so that each has its part.
pub(super) fn for_average(fleet: &Fleet<'_>, milli: i64, target: i64) -> Proposal {
    let observed = f64::from(fleet.observed);
    let ratio = float(milli) / (float(target) * observed);
    let replicas = if fleet.tolerances.allow(ratio) {
        fleet.observed
    } else {
        ceiling(float(milli) / float(target))
    };
    let part = if milli == i64::MAX { milli } else { whole((float(milli) / observed).ceil()) };
    Proposal { replicas, utilization: None, milli: part }
}

fn refuse_nobody(fleet: &Fleet<'_>) -> Result<(), String> {
    if fleet.pods.is_empty() {
        return Err("no pods returned by selector while calculating replica count".to_owned());
    }
    Ok(())
}

impl Scale {
    fn weigh(&self, used: &BTreeMap<String, i64>) -> Result<Weight, String> {
        match self {
            Self::Percent { percent, requests } => {
                let known: Vec<(i64, i64)> = used
                    .iter()
                    .filter_map(|(name, milli)| Some((*milli, *requests.get(name)?)))
                    .collect();
                let total: i64 = sum(known.iter().map(|(milli, _)| *milli));
                let asked: i64 = sum(known.iter().map(|(_, asked)| *asked));
                if asked == 0 {
                    return Err("no metrics returned matched known pods".to_owned());
                }
                let now = i128::from(total) * 100 / i128::from(asked);
                let now = i32::try_from(now).unwrap_or(i32::MAX);
                let ratio = f64::from(now) / f64::from(*percent);
                Ok(Weight { ratio, utilization: Some(now), milli: average(total, known.len()) })
            }
            Self::Milli(target) => {
                let now = average(sum(used.values().copied()), used.len());
                let ratio = float(now) / float(*target);
                Ok(Weight { ratio, utilization: None, milli: now })
            }
        }
    }

    /// What a pod is taken to use that nothing is known of, where less would take replicas away.
    fn full(&self, pod: &str) -> i64 {
        match self {
            Self::Percent { percent, requests } => {
                let asked = requests.get(pod).copied().unwrap_or_default();
                asked.saturating_mul(i64::from((*percent).max(100))) / 100
            }
            Self::Milli(target) => *target,
        }
    }
}

fn scale_of(fleet: &Fleet<'_>, goal: Goal<'_>) -> Result<Scale, String> {
    match goal {
        Goal::Percent { of, container, percent } => {
            let mut requests = BTreeMap::new();
            for pod in fleet.pods {
                requests.insert(pods::name(pod).to_owned(), request(pod, of, container)?);
            }
            Ok(Scale::Percent { percent, requests })
        }
        Goal::Resource { milli, .. } | Goal::Metric { milli } => Ok(Scale::Milli(milli)),
    }
}

/// What a pod requests of a resource, in thousandths.
fn request(pod: &Pod, resource: &str, container: Option<&str>) -> Result<i64, String> {
    let name = pods::name(pod);
    let Some(spec) = pod.spec.as_ref() else { return Ok(0) };
    let own = spec.resources.as_ref().and_then(|own| own.requests.as_ref());
    if let Some(own) = own.filter(|own| container.is_none() && !own.is_empty()) {
        let asked = own.get(resource).map(milli).or_else(|| of_containers(pod, resource));
        let missing = || format!("missing pod-level request for {resource} in Pod {name}");
        return asked.ok_or_else(missing);
    }

    let mut total: i64 = 0;
    for one in lasting(pod).filter(|one| container.is_none_or(|wanted| wanted == one.name)) {
        let requests = one.resources.as_ref().and_then(|resources| resources.requests.as_ref());
        let Some(asked) = requests.and_then(|requests| requests.get(resource)) else {
            let lacking = &one.name;
            return Err(format!(
                "missing request for {resource} in container {lacking} of Pod {name}"
            ));
        };
        total = total.saturating_add(milli(asked));
        if container.is_some() {
            return Ok(total);
        }
    }
    match container {
        Some(wanted) => Err(format!("container {wanted} not found in Pod {name}")),
        None => Ok(total),
    }
}

/// The sum of what containers request that request any of it.
fn of_containers(pod: &Pod, resource: &str) -> Option<i64> {
    let asked = lasting(pod).filter_map(|one| {
        let requests = one.resources.as_ref()?.requests.as_ref()?;
        requests.get(resource).map(milli)
    });
    asked.reduce(i64::saturating_add)
}

/// Containers that run as long as the pod: its own and its sidecars.
fn lasting(pod: &Pod) -> impl Iterator<Item = &Container> {
    let spec = pod.spec.iter();
    spec.flat_map(|spec| {
        let first = spec.init_containers.iter().flatten();
        let sidecars = first.filter(|one| one.restart_policy.as_deref() == Some("Always"));
        spec.containers.iter().chain(sidecars)
    })
}

/// Thousandths of a quantity; what does not read as one is none.
pub(super) fn milli(quantity: &Quantity) -> i64 {
    let parsed = quantity.0.parse::<machinery::quantity::Quantity>();
    parsed.map(machinery::quantity::Quantity::milli_value).unwrap_or_default()
}

/// Which pods count, and how.
#[derive(Debug, Default)]
struct Census {
    ready: usize,
    unready: BTreeSet<String>,
    missing: BTreeSet<String>,
    ignored: BTreeSet<String>,
}

impl Census {
    fn take(fleet: &Fleet<'_>, resource: &str, samples: &Samples) -> Self {
        let mut census = Self::default();
        for pod in fleet.pods {
            let name = pods::name(pod).to_owned();
            if pod.metadata.deletion_timestamp.is_some() || pods::phase(pod) == "Failed" {
                census.ignored.insert(name);
            } else if pods::phase(pod) == "Pending" {
                census.unready.insert(name);
            } else if let Some(sample) = samples.get(&name) {
                if resource == "cpu" && is_starting(pod, sample, fleet.now) {
                    census.unready.insert(name);
                } else {
                    census.ready += 1;
                }
            } else {
                census.missing.insert(name);
            }
        }
        census
    }
}

/// A measurement of a processor says nothing: the pod is starting, or was never ready.
fn is_starting(pod: &Pod, sample: &Sample, now: Timestamp) -> bool {
    let started = pod.status.as_ref().and_then(|status| status.start_time.as_ref());
    let (Some(condition), Some(started)) = (pods::ready_condition(pod), started) else {
        return true;
    };
    let turned = condition.last_transition_time.as_ref().map_or(Timestamp::UNIX_EPOCH, |t| t.0);
    let unready = condition.status == "False";
    if now.duration_since(started.0) < CPU_INITIALIZATION {
        return unready || sample.at.duration_since(turned) < sample.window;
    }
    unready && turned.duration_since(started.0) < INITIAL_READINESS
}

fn sum(values: impl Iterator<Item = i64>) -> i64 {
    values.fold(0, i64::saturating_add)
}

fn average(total: i64, among: usize) -> i64 {
    total / i64::try_from(among.max(1)).unwrap_or(i64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "ratios of replicas are rough, in Kubernetes too")]
fn float(value: i64) -> f64 {
    value as f64
}

#[expect(clippy::cast_precision_loss, reason = "there are not so many pods")]
fn count(pods: usize) -> f64 {
    pods as f64
}

#[expect(clippy::cast_possible_truncation, reason = "what does not fit becomes the nearest")]
fn ceiling(value: f64) -> i32 {
    value.ceil() as i32
}

#[expect(clippy::cast_possible_truncation, reason = "what does not fit becomes the nearest")]
fn whole(value: f64) -> i64 {
    value as i64
}
