//! Asks the servers of metrics: `metrics.k8s.io`, `custom.metrics.k8s.io`, `external.metrics.k8s.io`.
//! Whoever serves them; where nobody does, the errors are Kubernetes'.
//! Source: `k8s.io/kubernetes/pkg/controller/podautoscaler/metrics` and `k8s.io/metrics`.

use client::{Client, ClientError, escape};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::{
    api::autoscaling::v2::{MetricIdentifier, MetricSpec, ObjectMetricSource},
    apimachinery::pkg::{api::resource::Quantity, apis::meta::v1::LabelSelector as Selector},
};
use machinery::{meta, selector::LabelSelector};
use serde_json::Value;

use super::{
    measure::Answer,
    replicas::{Sample, Samples, milli},
    scale::{Targets, group_of},
};

/// The window of a metric that tells none.
const WINDOW: SignedDuration = SignedDuration::from_mins(1);
const CUSTOM: &str = "custom.metrics.k8s.io";

/// Whose metrics are asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) client: &'a Client,
    pub(super) targets: &'a Targets,
    pub(super) namespace: &'a str,
    /// The selector of the target's pods.
    pub(super) selector: &'a str,
}

impl Asked<'_> {
    /// What the server of a metric says.
    ///
    /// Errors: in Kubernetes' words.
    pub(super) async fn answer(&self, spec: &MetricSpec) -> Result<Answer, String> {
        if let Some(source) = spec.resource.as_ref() {
            return self.resource(&source.name, None).await;
        }
        if let Some(source) = spec.container_resource.as_ref() {
            return self.resource(&source.name, Some(&source.container)).await;
        }
        if let Some(source) = spec.pods.as_ref() {
            return self.of_pods(&source.metric).await;
        }
        if let Some(source) = spec.object.as_ref() {
            return self.of_object(source).await;
        }
        match spec.external.as_ref() {
            Some(source) => self.external(&source.metric).await,
            None => Err(String::new()),
        }
    }

    async fn resource(&self, name: &str, container: Option<&str>) -> Result<Answer, String> {
        let (namespace, selector) = (self.namespace, escape(self.selector));
        let path = format!(
            "/apis/metrics.k8s.io/v1beta1/namespaces/{namespace}/pods?labelSelector={selector}"
        );
        let list: Value = self.client.get_json(&path).await.map_err(|error| {
            let error = words(&error, "pods.metrics.k8s.io");
            format!("unable to fetch metrics from resource metrics API: {error}")
        })?;
        let pods = meta::items(&list, "/items");
        if pods.is_empty() {
            return Err("no metrics returned from resource metrics API".to_owned());
        }
        resource_samples(pods, name, container).map(Answer::Pods)
    }

    async fn of_pods(&self, metric: &MetricIdentifier) -> Result<Answer, String> {
        let selector = format!("labelSelector={}", escape(self.selector));
        let path = format!("pods/*/{}?{selector}", metric.name);
        let what = format!("pods.{CUSTOM} *");
        let items = self.custom(&path, metric, &what).await?;
        if items.is_empty() {
            return Err("no metrics returned from custom metrics API".to_owned());
        }
        Ok(Answer::Pods(custom_samples(&items)))
    }

    async fn of_object(&self, source: &ObjectMetricSource) -> Result<Answer, String> {
        let (about, metric) = (&source.described_object, &source.metric);
        let group = group_of(about.api_version.as_deref().unwrap_or_default())?;
        let (path, what) = if group.is_empty() && about.kind == "Namespace" {
            (format!("metrics/{}?", metric.name), format!("namespaces.{CUSTOM} {}", about.name))
        } else {
            let of =
                self.targets.resource(group, &about.kind).await.map_err(|why| unfetched(&why))?;
            let place = of.qualified();
            let path = format!("{place}/{}/{}?", about.name, metric.name);
            (path, format!("{}.{CUSTOM} {}", of.plural, about.name))
        };
        match self.custom(&path, metric, &what).await?.as_slice() {
            [one] => Ok(Answer::Value(quantity(&one["value"]))),
            items => Err(unfetched(&format!(
                "the custom metrics API server returned {} results when we asked for exactly one",
                items.len()
            ))),
        }
    }

    /// Items that a path below the namespace answers with.
    async fn custom(
        &self,
        path: &str,
        metric: &MetricIdentifier,
        what: &str,
    ) -> Result<Vec<Value>, String> {
        let group: Value = match self.client.get_json(&format!("/apis/{CUSTOM}")).await {
            Err(error) if error.not_found() => {
                return Err(unfetched(&format!("no custom metrics API ({CUSTOM}) registered")));
            }
            answer => answer.map_err(|error| unfetched(&error.to_string()))?,
        };
        let version = meta::text(&group, "/preferredVersion/version");
        let namespace = self.namespace;
        let mut path = format!("/apis/{CUSTOM}/{version}/namespaces/{namespace}/{path}");
        if let Some(selector) = selector_text(metric.selector.as_ref())? {
            let separator = if path.ends_with('?') { "" } else { "&" };
            path = format!("{path}{separator}metricLabelSelector={}", escape(&selector));
        }
        let list: Value = self
            .client
            .get_json(path.trim_end_matches('?'))
            .await
            .map_err(|error| unfetched(&words(&error, what)))?;
        Ok(meta::items(&list, "/items").to_vec())
    }

    async fn external(&self, metric: &MetricIdentifier) -> Result<Answer, String> {
        const GROUP: &str = "external.metrics.k8s.io";
        let (name, namespace) = (&metric.name, self.namespace);
        let selector = selector_text(metric.selector.as_ref())?;
        let query = selector
            .map_or_else(String::new, |selector| format!("?labelSelector={}", escape(&selector)));
        let path = format!("/apis/{GROUP}/v1beta1/namespaces/{namespace}/{name}{query}");
        let list: Value = self.client.get_json(&path).await.map_err(|error| {
            let error = words(&error, &format!("{name}.{GROUP}"));
            format!("unable to fetch metrics from external metrics API: {error}")
        })?;
        let items = meta::items(&list, "/items");
        if items.is_empty() {
            return Err("no metrics returned from external metrics API".to_owned());
        }
        let values = items.iter().map(|item| quantity(&item["value"]));
        Ok(Answer::Value(values.fold(0, i64::saturating_add)))
    }
}

fn unfetched(why: &str) -> String {
    format!("unable to fetch metrics from custom metrics API: {why}")
}

/// An error as client-go words it; where the server sent no Status, with what was asked for.
fn words(error: &ClientError, what: &str) -> String {
    match error.status() {
        Some(status) if status.details.is_none() && error.to_string().starts_with("the server") => {
            format!("{error} (get {what})")
        }
        _ => error.to_string(),
    }
}

/// A selector as text; `None` where it selects everything.
fn selector_text(selector: Option<&Selector>) -> Result<Option<String>, String> {
    let Some(selector) = selector else { return Ok(None) };
    let object = serde_json::to_value(selector).map_err(|error| error.to_string())?;
    let parsed = LabelSelector::from_object(&object).ok_or("the metric's selector is not valid")?;
    Ok(Some(parsed.to_string()).filter(|text| !text.is_empty()))
}

/// What pods use of a resource, in one container or all; pods that lack a part of it are left out.
pub(super) fn resource_samples(
    pods: &[Value],
    resource: &str,
    container: Option<&str>,
) -> Result<Samples, String> {
    let mut samples = Samples::new();
    for pod in pods {
        let name = meta::name(pod);
        let containers = meta::items(pod, "/containers");
        let mut meant = containers.iter();
        let used = match container {
            None if containers.is_empty() => None,
            None => meant.try_fold(0_i64, |sum, one| {
                Some(sum.saturating_add(quantity(one["usage"].get(resource)?)))
            }),
            Some(wanted) => {
                let one = meant.find(|one| one["name"] == wanted).ok_or_else(|| {
                    let namespace = meta::namespace(pod);
                    format!("container {wanted} not present in metrics for pod {namespace}/{name}")
                })?;
                one["usage"].get(resource).map(quantity)
            }
        };
        if let Some(milli) = used {
            let window = meta::text(pod, "/window").parse().unwrap_or(WINDOW);
            samples.insert(name.to_owned(), Sample { milli, at: time(pod), window });
        }
    }
    Ok(samples)
}

/// What pods use of something else.
fn custom_samples(items: &[Value]) -> Samples {
    let sample = |item: &Value| {
        let seconds = item["windowSeconds"].as_i64().map(SignedDuration::from_secs);
        let sample = Sample {
            milli: quantity(&item["value"]),
            at: time(item),
            window: seconds.unwrap_or(WINDOW),
        };
        (meta::text(item, "/describedObject/name").to_owned(), sample)
    };
    items.iter().map(sample).collect()
}

fn time(item: &Value) -> Timestamp {
    meta::text(item, "/timestamp").parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

fn quantity(value: &Value) -> i64 {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    milli(&Quantity(text))
}
