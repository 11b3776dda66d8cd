//! The API server against answers recorded from genuine Kubernetes 1.36.2.
//!
//! The recorded cases stand beside the project (`../shared/golden`); where they are absent the
//! test says so and is left out, which CI treats as a failure. The floors are what passes today:
//! they only ever rise.
#![expect(clippy::panic, clippy::print_stderr, reason = "a test speaks and fails by panicking")]

mod aggregation;
mod attachments;
mod beyond;
mod certificates;
mod completion;
mod controllers;
mod openapi;
mod plugins;
mod policies;
mod preferences;
mod proxying;
mod quotas;
mod requests;
mod server;
mod services;
mod upkeep;
mod webhooks;

use std::{
    env,
    process::{Command, Stdio},
};

use server::{PORT, TOKEN, serve};
use support::{Cluster, alone};

/// Cases that must pass, by group.
const FLOORS: [(&str, usize); 12] = [
    ("discovery", 50),
    ("defaulting", 104),
    ("crud", 55),
    ("patch", 70),
    ("table", 87),
    ("watch", 25),
    ("validation", 186),
    ("subresources", 51),
    ("crd", 62),
    ("rbac", 30),
    ("admission", 42),
    ("misc", 49),
];
#[test]
fn recorded_answers_are_given_again() {
    let Some(golden) = support::golden() else {
        assert!(env::var_os("CI").is_none(), "../shared/golden is absent");
        eprintln!("left out: ../shared/golden is absent");
        return;
    };
    alone("recorded_answers_are_given_again", || {
        let mut short = Vec::new();
        for (group, floor) in FLOORS {
            let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
            let server = serve(&cluster);
            let output = Command::new("python3")
                .arg(golden.join("api/replay.py"))
                .args(["--server", &format!("https://127.0.0.1:{PORT}"), "--token", TOKEN])
                .args(["--max-diffs", "3", "--group", group])
                .stdin(Stdio::null())
                .output();
            let Ok(output) = output else { panic!("{output:?}") };
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let last = text.lines().last().unwrap_or_default();
            let passed = last.split(' ').next().and_then(|count| count.parse::<usize>().ok());
            // Shown in the log, so that floors can rise.
            eprintln!("{group}: {last}");
            if passed.is_none_or(|passed| passed < floor) {
                eprintln!("{text}");
                short.push(format!("{group}: {last:?}, must pass {floor}"));
            }
            drop(server);
        }
        assert!(short.is_empty(), "{short:?}");
    });
}
