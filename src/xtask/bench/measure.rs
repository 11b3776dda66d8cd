//! The load, and how long the API takes under it.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Result;
use client::{Api, Client, Patch, WriteOptions};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Pod, ServiceAccount};
use lifecycle::{StopToken, Task};
use serde_json::{Value, json};

use super::fake::Fakes;

const NAMESPACE: &str = "bench";
/// Pods that are created at a time.
const CREATORS: usize = 16;
/// Between two rounds of questions.
const PAUSE: Duration = Duration::from_millis(50);

/// How long requests took, by what they were.
#[derive(Debug, Clone, Default)]
pub(super) struct Latencies(Arc<Mutex<BTreeMap<&'static str, Vec<Duration>>>>);

impl Latencies {
    async fn time<T>(&self, kind: &'static str, request: impl Future<Output = T>) -> T {
        let start = lifecycle::clock::instant();
        let answer = request.await;
        let took = lifecycle::clock::instant().duration_since(start);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry(kind).or_default().push(took);
        answer
    }

    /// The middle and the worst but one in a hundred.
    pub(super) fn words(&self, kind: &str) -> String {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut times = all.get(kind).cloned().unwrap_or_default();
        times.sort_unstable();
        let at = |percent: usize| {
            let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
            times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        format!("{:.1}/{:.1} ms", at(50), at(99))
    }
}

/// How long it took from the first request to the last pod.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    pub(super) created: Duration,
    pub(super) scheduled: Duration,
    pub(super) running: Duration,
}

/// An ordinary pod of a deployment's size.
fn pod(number: usize) -> Value {
    json!({
        "metadata": {"name": format!("pod-{number:06}"), "labels": {
            "app": format!("app-{}", number % 100), "tier": "bench",
        }},
        "spec": {
            "containers": [{"name": "c", "image": "registry.example/app:1", "ports": [
                {"containerPort": 8080}], "env": [{"name": "A", "value": "b"}],
                "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}}}],
        },
    })
}

/// Creates the pods and waits until all of them run.
pub(super) async fn fill(
    client: &Client,
    fakes: &Fakes,
    pods: usize,
    latencies: &Latencies,
) -> Result<Load> {
    let start = lifecycle::clock::instant();
    let (mut bound, mut running) = (fakes.bound.clone(), fakes.running.clone());
    let api = Api::<Pod>::namespaced(client, NAMESPACE);
    let creation = async {
        let all = stream::iter(0..pods).map(|number| {
            let (api, latencies) = (&api, latencies);
            async move {
                let pod: Pod = serde_json::from_value(pod(number))?;
                let options = WriteOptions::default();
                latencies.time("create", api.create(&pod, &options)).await?;
                anyhow::Ok(())
            }
        });
        all.buffer_unordered(CREATORS).try_collect::<()>().await?;
        anyhow::Ok(start.elapsed())
    };
    let scheduling = async {
        bound.wait_for(|count| *count >= pods).await?;
        anyhow::Ok(start.elapsed())
    };
    let starting = async {
        running.wait_for(|count| *count >= pods).await?;
        anyhow::Ok(start.elapsed())
    };
    let (created, scheduled, running) = tokio::try_join!(creation, scheduling, starting)?;
    Ok(Load { created, scheduled, running })
}

/// Makes the namespace with what pods in it need.
pub(super) async fn prepare(client: &Client) -> Result<()> {
    let options = WriteOptions::default();
    let namespace: Namespace = serde_json::from_value(json!({"metadata": {"name": NAMESPACE}}))?;
    Api::all(client).create(&namespace, &options).await?;
    let account: ServiceAccount = serde_json::from_value(json!({"metadata": {"name": "default"}}))?;
    match Api::namespaced(client, NAMESPACE).create(&account, &options).await {
        Err(error) if !error.already_exists() => return Err(error.into()),
        _ => {}
    }
    let map: ConfigMap = serde_json::from_value(json!({"metadata": {"name": "probe"}}))?;
    Api::namespaced(client, NAMESPACE).create(&map, &options).await?;
    Ok(())
}

/// Asks the server this and that until the task is dropped.
pub(super) fn probe(client: &Client, latencies: &Latencies, stop: &StopToken) -> Task {
    let (client, latencies) = (client.clone(), latencies.clone());
    lifecycle::spawn("bench/probe", stop, async move {
        let maps = Api::<ConfigMap>::namespaced(&client, NAMESPACE);
        let mut ticks = tokio::time::interval(PAUSE);
        for number in 0_u64.. {
            ticks.tick().await;
            drop(latencies.time("get", maps.get("probe")).await);
            let path = format!("/api/v1/namespaces/{NAMESPACE}/pods?limit=500");
            drop(latencies.time("list", client.get_bytes(&path)).await);
            let patch = Patch::Merge(json!({"data": {"number": number.to_string()}}));
            let options = WriteOptions::default();
            drop(latencies.time("patch", maps.patch("probe", &patch, &options)).await);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_worst_are_told() {
        let latencies = Latencies::default();
        assert_eq!(latencies.words("get"), "0.0/0.0 ms");
        let times = (1..=200).map(Duration::from_millis).collect();
        latencies.0.lock().unwrap().insert("get", times);
        assert_eq!(latencies.words("get"), "101.0/199.0 ms");
    }
}
