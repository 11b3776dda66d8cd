//! `bench scale`: clusters of many nodes that only one process pretends to have (kwok's idea), filled
//! with pods: how fast they are scheduled, how long the API takes meanwhile, what a pod costs.
//!
//! Everything is bounded: the sizes are given, each has a time limit, and nothing is left behind.

mod fake;
mod measure;
mod server;

use std::{path::PathBuf, process::Command, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use client::Client;
use lifecycle::StopToken;

use self::{
    fake::Fakes,
    measure::{Latencies, Load},
    server::Server,
};
use crate::{cargo, run};

/// Pods for each node.
const PODS_A_NODE: usize = 30;
/// For one size, unless told otherwise.
const TIME_LIMIT: Duration = Duration::from_mins(15);
const USAGE: &str = "usage: cargo xtask bench scale [--program=FILE] [--pods-per-node=30] \
                     [--time-limit=15m] [NODES...] (100 and 1000 where none are given)";

/// What is asked for.
#[derive(Debug)]
struct Asked {
    /// A kanoe; the release build where none is named.
    program: Option<PathBuf>,
    pods_a_node: usize,
    time_limit: Duration,
    sizes: Vec<usize>,
}

/// What one size came to.
#[derive(Debug)]
struct Measured {
    nodes: usize,
    pods: usize,
    load: Load,
    idle_bytes: u64,
    full_bytes: u64,
    latencies: Latencies,
}

/// Measures each size in turn and prints a line for it.
pub(crate) fn scale(words: &[&str]) -> Result<()> {
    let asked = asked(words)?;
    let program = match &asked.program {
        Some(program) => program.clone(),
        None => built()?,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    println!("{}", Measured::HEADER);
    for nodes in &asked.sizes {
        let measured = runtime.block_on(async {
            let limited = one_size(&program, *nodes, &asked);
            let measured = tokio::time::timeout(asked.time_limit, limited).await;
            measured
                .with_context(|| format!("{nodes} nodes take longer than {:?}", asked.time_limit))?
        })?;
        println!("{measured}");
    }
    Ok(())
}

fn asked(words: &[&str]) -> Result<Asked> {
    let (program, pods_a_node) = (None, PODS_A_NODE);
    let mut asked = Asked { program, pods_a_node, time_limit: TIME_LIMIT, sizes: Vec::new() };
    for word in words {
        let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number > 0);
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        match (name, number(value)) {
            ("--program", _) if !value.is_empty() => asked.program = Some(value.into()),
            ("--pods-per-node", Some(pods)) => asked.pods_a_node = pods,
            ("--time-limit", _) => {
                let minutes = value.strip_suffix('m').and_then(number);
                let minutes = minutes.and_then(|minutes| u64::try_from(minutes).ok());
                asked.time_limit = Duration::from_mins(minutes.context(USAGE)?);
            }
            _ => asked.sizes.push(number(word).context(USAGE)?),
        }
    }
    if asked.sizes.is_empty() {
        asked.sizes = vec![100, 1000];
    }
    Ok(asked)
}

/// The release program, built now.
fn built() -> Result<PathBuf> {
    run(cargo().args(["build", "--release", "--quiet"]))?;
    let mut command: Command = cargo();
    let facts = command.args(["metadata", "--format-version=1", "--no-deps"]).output()?;
    ensure!(facts.status.success(), "cargo metadata: {}", facts.status);
    let facts: serde_json::Value = serde_json::from_slice(&facts.stdout)?;
    let target = PathBuf::from(facts["target_directory"].as_str().unwrap_or_default());
    let host = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let found = [target.join(host).join("release/kanoe"), target.join("release/kanoe")];
    match found.into_iter().find(|path| path.is_file()) {
        Some(program) => Ok(program),
        None => bail!("no kanoe below {}", target.display()),
    }
}

async fn one_size(program: &std::path::Path, nodes: usize, asked: &Asked) -> Result<Measured> {
    let server = Server::start(program)?;
    let stop = StopToken::new();
    let _ends = stop.clone().drop_guard();
    let client: Client = server.client()?;
    measure::prepare(&client).await?;
    let fakes = Fakes::start(&client, nodes, &stop).await?;
    let idle_bytes = server.memory_bytes()?;
    let pods = nodes * asked.pods_a_node;
    let latencies = Latencies::default();
    let probe = measure::probe(&client, &latencies, &stop);
    let load = measure::fill(&client, &fakes, pods, &latencies).await?;
    drop(probe);
    let full_bytes = server.memory_bytes()?;
    Ok(Measured { nodes, pods, load, idle_bytes, full_bytes, latencies })
}

impl Measured {
    const HEADER: &'static str = "NODES  PODS    CREATED/S  SCHEDULED/S  RUNNING/S  MEMORY/POD  \
                                  CREATE P50/P99     GET P50/P99        LIST500 P50/P99    PATCH P50/P99";
}

impl std::fmt::Display for Measured {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pods = u32::try_from(self.pods).unwrap_or(u32::MAX);
        let rate = |time: Duration| f64::from(pods) / time.as_secs_f64().max(1e-9);
        let memory = self.full_bytes.saturating_sub(self.idle_bytes) / u64::from(pods).max(1);
        write!(
            out,
            "{:<5}  {:<6}  {:<9.0}  {:<11.0}  {:<9.0}  {:<10}",
            self.nodes,
            self.pods,
            rate(self.load.created),
            rate(self.load.scheduled),
            rate(self.load.running),
            format!("{:.1} KB", f64::from(u32::try_from(memory).unwrap_or(u32::MAX)) / 1024.0),
        )?;
        for kind in ["create", "get", "list", "patch"] {
            write!(out, "  {:<17}", self.latencies.words(kind))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_limits_are_read() {
        let usual = asked(&[]).unwrap();
        assert_eq!((usual.sizes, usual.pods_a_node), (vec![100, 1000], PODS_A_NODE));
        let given = asked(&["--time-limit=2m", "--pods-per-node=5", "--program=/k", "7"]).unwrap();
        assert_eq!((given.sizes, given.pods_a_node), (vec![7], 5));
        assert_eq!(given.time_limit, Duration::from_mins(2));
        for wrong in ["0", "-1", "many", "--time-limit=2", "--pods-per-node=", "--program="] {
            assert!(asked(&[wrong]).is_err(), "{wrong}");
        }
    }
}
