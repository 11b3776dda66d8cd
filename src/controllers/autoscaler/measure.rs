//! What one metric asks for: what was asked of the metrics' servers against its target.
//! Source: `k8s.io/kubernetes/pkg/controller/podautoscaler`, `horizontal.go`.

use k8s_openapi::{
    api::autoscaling::v2::{
        ContainerResourceMetricStatus, ExternalMetricSource, ExternalMetricStatus,
        MetricIdentifier, MetricSpec, MetricStatus, MetricTarget, MetricValueStatus,
        ObjectMetricSource, ObjectMetricStatus, PodsMetricSource, PodsMetricStatus,
        ResourceMetricStatus,
    },
    apimachinery::pkg::{api::resource::Quantity, apis::meta::v1::LabelSelector},
};

use super::replicas::{Fleet, Goal, Proposal, Samples, for_average, for_pods, for_value, milli};

/// What a server of metrics answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// What pods use.
    Pods(Samples),
    /// One value, in thousandths.
    Value(i64),
}

/// A metric that could be compared with its target.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured {
    pub(super) replicas: i32,
    /// What the metric is called in events and conditions.
    pub(super) name: String,
    pub(super) status: MetricStatus,
}

/// A metric that could not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) reason: &'static str,
    /// As an event and a condition have it.
    pub(super) why: String,
    /// As it is told among others.
    pub(super) error: String,
}

/// A metric, measured or not.
pub(super) type Outcome = Result<Measured, Failed>;

/// Compares an answer with the target that `spec` sets.
pub(super) fn measure(
    fleet: &Fleet<'_>,
    namespace: &str,
    spec: &MetricSpec,
    answer: Result<Answer, String>,
) -> Outcome {
    if let Some(source) = spec.resource.as_ref() {
        let outcome = resource(fleet, (&source.name, None), &source.target, answer);
        let (proposal, name) = outcome.map_err(|why| {
            let error = format!("failed to get {} resource metric value: {why}", source.name);
            Failed { reason: "FailedGetResourceMetric", why, error }
        })?;
        let current = value_of(proposal, Part::Average);
        let resource = ResourceMetricStatus { name: source.name.clone(), current };
        let status = MetricStatus { resource: Some(resource), ..typed("Resource") };
        return Ok(Measured { replicas: proposal.replicas, name, status });
    }
    if let Some(source) = spec.container_resource.as_ref() {
        let of = (source.name.as_str(), Some(source.container.as_str()));
        let (proposal, name) = resource(fleet, of, &source.target, answer).map_err(|why| {
            let container = &source.container;
            let error = format!("failed to get {container} container metric value: {why}");
            Failed { reason: "FailedGetContainerResourceMetric", why, error }
        })?;
        let container_resource = ContainerResourceMetricStatus {
            container: source.container.clone(),
            name: source.name.clone(),
            current: value_of(proposal, Part::Average),
        };
        let status = MetricStatus {
            container_resource: Some(container_resource),
            ..typed("ContainerResource")
        };
        return Ok(Measured { replicas: proposal.replicas, name, status });
    }
    if let Some(source) = spec.pods.as_ref() {
        return pods(fleet, source, answer);
    }
    if let Some(source) = spec.object.as_ref() {
        return object(fleet, namespace, source, answer);
    }
    if let Some(source) = spec.external.as_ref() {
        return external(fleet, namespace, source, answer);
    }
    let why = format!("unknown metric source type \"{}\"", spec.type_);
    Err(Failed { reason: "InvalidMetricSourceType", why: why.clone(), error: why })
}

/// A resource of all containers or of one.
fn resource(
    fleet: &Fleet<'_>,
    (name, container): (&str, Option<&str>),
    target: &MetricTarget,
    answer: Result<Answer, String>,
) -> Result<(Proposal, String), String> {
    let samples = answer
        .and_then(samples)
        .map_err(|why| format!("unable to get metrics for resource {name}: {why}"));
    if let Some(wanted) = target.average_value.as_ref() {
        let goal = Goal::Resource { of: name, milli: milli(wanted) };
        let proposal = samples
            .and_then(|samples| for_pods(fleet, goal, &samples))
            .map_err(|why| format!("failed to get {name} usage: {why}"))?;
        return Ok((proposal, format!("{name} resource")));
    }
    let percent = target.average_utilization.ok_or(
        "invalid resource metric source: neither an average utilization target nor an average \
         value (usage) target was set",
    )?;
    let goal = Goal::Percent { of: name, container, percent };
    let proposal = samples
        .and_then(|samples| for_pods(fleet, goal, &samples))
        .map_err(|why| format!("failed to get {name} utilization: {why}"))?;
    let what = if container.is_some() { "container resource" } else { "resource" };
    Ok((proposal, format!("{name} {what} utilization (percentage of request)")))
}

fn pods(fleet: &Fleet<'_>, source: &PodsMetricSource, answer: Result<Answer, String>) -> Outcome {
    let name = &source.metric.name;
    let goal = Goal::Metric { milli: source.target.average_value.as_ref().map_or(0, milli) };
    let proposal = answer
        .and_then(samples)
        .map_err(|why| format!("unable to get metric {name}: {why}"))
        .and_then(|samples| for_pods(fleet, goal, &samples))
        .map_err(|why| {
            let error = format!("failed to get pods metric value: {why}");
            Failed { reason: "FailedGetPodsMetric", why, error }
        })?;
    let current = value_of(proposal, Part::Average);
    let pods = PodsMetricStatus { current, metric: source.metric.clone() };
    let status = MetricStatus { pods: Some(pods), ..typed("Pods") };
    Ok(Measured { replicas: proposal.replicas, name: format!("pods metric {name}"), status })
}

fn object(
    fleet: &Fleet<'_>,
    namespace: &str,
    source: &ObjectMetricSource,
    answer: Result<Answer, String>,
) -> Outcome {
    const REASON: &str = "FailedGetObjectMetric";
    let (about, name) = (&source.described_object, &source.metric.name);
    let failed = |why: String, before: &str| {
        let error = format!("failed to get object metric value: {before}{why}");
        Failed { reason: REASON, why, error }
    };
    let milli_of = answer.and_then(|answer| value(&answer)).map_err(|why| {
        format!("unable to get metric {name}: {why} on {} {namespace}/{}", about.kind, about.name)
    });
    let (proposal, part, called) = if let Some(target) = source.target.value.as_ref() {
        let proposal = milli_of.and_then(|seen| for_value(fleet, seen, milli(target)));
        let proposal = proposal.map_err(|why| failed(why, ""))?;
        (proposal, Part::Whole, format!("{} metric {name}", about.kind))
    } else if let Some(target) = source.target.average_value.as_ref() {
        let before = format!("failed to get {name} object metric: ");
        let seen = milli_of.map_err(|why| failed(why, &before))?;
        let called = format!("external metric {}", identity(&source.metric));
        (for_average(fleet, seen, milli(target)), Part::Average, called)
    } else {
        return Err(failed(no_target("object"), ""));
    };
    let current = value_of(proposal, part);
    let object = ObjectMetricStatus {
        current,
        described_object: about.clone(),
        metric: source.metric.clone(),
    };
    let status = MetricStatus { object: Some(object), ..typed("Object") };
    Ok(Measured { replicas: proposal.replicas, name: called, status })
}

fn external(
    fleet: &Fleet<'_>,
    namespace: &str,
    source: &ExternalMetricSource,
    answer: Result<Answer, String>,
) -> Outcome {
    let name = &source.metric.name;
    let failed = |why: String, before: String| {
        let error = format!("failed to get {name} external metric value: {before}{why}");
        Failed { reason: "FailedGetExternalMetric", why, error }
    };
    let seen = answer.and_then(|answer| value(&answer)).map_err(|why| {
        let selector = shown(source.metric.selector.as_ref());
        format!("unable to get external metric {namespace}/{name}/{selector}: {why}")
    });
    let (proposal, part) = if let Some(target) = source.target.average_value.as_ref() {
        let before = format!("failed to get {name} external metric: ");
        let seen = seen.map_err(|why| failed(why, before))?;
        (for_average(fleet, seen, milli(target)), Part::Average)
    } else if let Some(target) = source.target.value.as_ref() {
        let before = format!("failed to get external metric {name}: ");
        let proposal = seen.and_then(|seen| for_value(fleet, seen, milli(target)));
        (proposal.map_err(|why| failed(why, before))?, Part::Whole)
    } else {
        return Err(failed(no_target("external"), String::new()));
    };
    let current = value_of(proposal, part);
    let external = ExternalMetricStatus { current, metric: source.metric.clone() };
    let status = MetricStatus { external: Some(external), ..typed("External") };
    let called = format!("external metric {}", identity(&source.metric));
    Ok(Measured { replicas: proposal.replicas, name: called, status })
}

fn no_target(source: &str) -> String {
    format!(
        "invalid {source} metric source: neither a value target nor an average value target was set"
    )
}

fn samples(answer: Answer) -> Result<Samples, String> {
    match answer {
        Answer::Pods(samples) => Ok(samples),
        Answer::Value(_) => Err("a value was answered where pods were asked for".to_owned()),
    }
}

fn value(answer: &Answer) -> Result<i64, String> {
    match answer {
        Answer::Value(milli) => Ok(*milli),
        Answer::Pods(_) => Err("pods were answered where a value was asked for".to_owned()),
    }
}

/// Where a status shows what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Average,
    Whole,
}

fn value_of(proposal: Proposal, part: Part) -> MetricValueStatus {
    let milli = machinery::quantity::Quantity::milli(proposal.milli);
    let quantity = Some(Quantity(milli.to_string()));
    match part {
        Part::Average => MetricValueStatus {
            average_utilization: proposal.utilization,
            average_value: quantity,
            value: None,
        },
        Part::Whole => MetricValueStatus { value: quantity, ..MetricValueStatus::default() },
    }
}

fn typed(kind: &str) -> MetricStatus {
    MetricStatus { type_: kind.to_owned(), ..MetricStatus::default() }
}

fn identity(metric: &MetricIdentifier) -> String {
    format!("{}({})", metric.name, shown(metric.selector.as_ref()))
}

/// A selector as Go prints the structure.
fn shown(selector: Option<&LabelSelector>) -> String {
    let Some(selector) = selector else { return "nil".to_owned() };
    let pairs = selector.match_labels.iter().flatten();
    let labels: Vec<String> = pairs.map(|(key, value)| format!("{key}: {value},")).collect();
    let rules = selector.match_expressions.iter().flatten();
    let rules: Vec<String> = rules
        .map(|rule| {
            let values = rule.values.clone().unwrap_or_default().join(" ");
            let (key, operator) = (&rule.key, &rule.operator);
            format!("LabelSelectorRequirement{{Key:{key},Operator:{operator},Values:[{values}],}},")
        })
        .collect();
    format!(
        "&LabelSelector{{MatchLabels:map[string]string{{{}}},\
         MatchExpressions:[]LabelSelectorRequirement{{{}}},}}",
        labels.concat(),
        rules.concat()
    )
}
