//! A running pod: its log as a stream, a command in it, its port, events about it, its eviction.

use anyhow::{Context as _, Result, ensure};
use futures::{AsyncBufReadExt as _, TryStreamExt as _};
use k8s_openapi::api::core::v1::Pod;
use kube::{
    Api, Client, Resource as _, ResourceExt as _,
    api::{AttachParams, EvictParams, ListParams, LogParams},
    runtime::{
        events::{Event, EventType, Recorder},
        wait::{await_condition, conditions::is_deleted},
    },
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

pub(crate) async fn logs(client: &Client, pod: &str) -> Result<()> {
    let api: Api<Pod> = Api::default_namespaced(client.clone());
    let params = LogParams { follow: true, ..LogParams::default() };
    let mut lines = api.log_stream(pod, &params).await?.lines();
    let first = lines.try_next().await?.context("a line")?;
    ensure!(first.contains("Started"), "{first}");
    ensure!(api.logs(pod, &LogParams::default()).await?.starts_with(&first));
    Ok(())
}

pub(crate) async fn exec(client: &Client, pod: &str) -> Result<()> {
    let api: Api<Pod> = Api::default_namespaced(client.clone());
    let mut process = api.exec(pod, ["env"], &AttachParams::default().stderr(false)).await?;
    let mut said = String::new();
    process.stdout().context("stdout")?.read_to_string(&mut said).await?;
    ensure!(said.contains(&format!("HOSTNAME={pod}")), "{said}");
    let status = process.take_status().context("a status")?.await.context("how it ended")?;
    ensure!(status.status.as_deref() == Some("Success"), "{status:?}");
    process.join().await?;

    let mut missing = api.exec(pod, ["no-such-program"], &AttachParams::default()).await?;
    let status = missing.take_status().context("a status")?.await.context("how it ended")?;
    ensure!(status.status.as_deref() == Some("Failure"), "{status:?}");
    Ok(())
}

pub(crate) async fn forward(client: &Client, pod: &str) -> Result<()> {
    let api: Api<Pod> = Api::default_namespaced(client.clone());
    let mut forwarder = api.portforward(pod, &[8080]).await?;
    let mut stream = forwarder.take_stream(8080).context("the port")?;
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await?;
    let mut answer = Vec::new();
    while !String::from_utf8_lossy(&answer).contains("Hello Kubernetes bootcamp!") {
        ensure!(stream.read_buf(&mut answer).await? > 0, "{answer:?}");
    }
    Ok(())
}

pub(crate) async fn events(client: &Client, pod: &str) -> Result<()> {
    let api: Api<Pod> = Api::default_namespaced(client.clone());
    let about = api.get(pod).await?.object_ref(&());
    let recorder = Recorder::new(client.clone(), "patterns".into());
    let event = Event {
        type_: EventType::Normal,
        reason: "Played".into(),
        note: Some("kube-rs was here".into()),
        action: "Playing".into(),
        secondary: None,
    };
    // The second time it becomes a series.
    recorder.publish(&event, &about).await?;
    recorder.publish(&event, &about).await?;
    let events: Api<k8s_openapi::api::core::v1::Event> = Api::default_namespaced(client.clone());
    let of_pod = ListParams::default().fields(&format!("involvedObject.name={pod},reason=Played"));
    let found = events.list(&of_pod).await?;
    ensure!(found.items.len() == 1, "{found:?}");
    ensure!(found.items[0].message.as_deref() == Some("kube-rs was here"));
    Ok(())
}

pub(crate) async fn evict(client: &Client, pod: &str) -> Result<()> {
    let api: Api<Pod> = Api::default_namespaced(client.clone());
    let uid = api.get(pod).await?.uid().context("a uid")?;
    api.evict(pod, &EvictParams::default()).await?;
    await_condition(api, pod, is_deleted(&uid)).await?;
    Ok(())
}
