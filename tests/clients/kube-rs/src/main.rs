//! What kube-rs' own examples do, played against the cluster of `$KUBECONFIG`; ends with an error at the first that fails.
//!
//! Arguments: a pod that runs the demo application.

mod objects;
mod operator;
mod pods;

use std::{future::Future, time::Duration};

use anyhow::{Context as _, Result};
use kube::Client;

/// How long one pattern may take.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() -> Result<()> {
    let pod = std::env::args().nth(1).context("usage: kube-patterns POD")?;
    let client = Client::try_default().await?;
    play("definition", objects::definition(&client)).await?;
    play("used at once", objects::used_at_once(&client)).await?;
    play("writes", objects::writes(&client)).await?;
    play("refusals", objects::refusals(&client)).await?;
    play("server-side apply", objects::apply(&client)).await?;
    play("status and scale", objects::parts(&client)).await?;
    play("watcher", objects::watched(&client, false)).await?;
    play("streaming list", objects::watched(&client, true)).await?;
    play("metadata", objects::metadata(&client)).await?;
    play("discovery", objects::discovery(&client)).await?;
    play("controller with finalizer", operator::run(&client)).await?;
    play("log stream", pods::logs(&client, &pod)).await?;
    play("exec", pods::exec(&client, &pod)).await?;
    play("port forward", pods::forward(&client, &pod)).await?;
    play("events", pods::events(&client, &pod)).await?;
    play("eviction", pods::evict(&client, &pod)).await
}

async fn play(name: &'static str, pattern: impl Future<Output = Result<()>>) -> Result<()> {
    let played = tokio::time::timeout(PATIENCE, pattern).await;
    played.with_context(|| format!("{name}: not within {PATIENCE:?}"))?.context(name)?;
    println!("{name}: ok");
    Ok(())
}
