//! Our kubectl against transcripts recorded with genuine kubectl 1.36.2 on genuine Kubernetes.
//!
//! The transcripts stand beside the project (`../shared/golden/cli`); where they are absent the test
//! says so and is left out, which CI treats as a failure. The floor is what passes, less the few
//! that race with controllers: it only ever rises.
#![expect(clippy::panic, clippy::print_stderr, reason = "a test speaks and fails by panicking")]

mod differential;
mod news;
#[path = "../api/server.rs"]
mod server;
mod talk;

use std::{
    env, fs,
    os::unix::fs::symlink,
    process::{Command, Stdio},
};

use server::{PORT, TOKEN, serve};
use support::{Cluster, alone};

/// Transcripts that must be matched.
const FLOOR: usize = 803;

/// A kubeconfig with one context for the server, as the transcripts' had.
fn kubeconfig(cluster: &Cluster) -> String {
    let path = cluster.folder().join("kubeconfig");
    let authority = cluster.home().join("pki/ca.crt");
    let text = format!(
        "apiVersion: v1\nkind: Config\n\
         clusters: [{{name: test, cluster: {{server: 'https://127.0.0.1:{PORT}', \
         certificate-authority: {}}}}}]\n\
         users: [{{name: test, user: {{token: {TOKEN}}}}}]\n\
         contexts: [{{name: test, context: {{cluster: test, user: test}}}}]\n\
         current-context: test\n",
        authority.display()
    );
    fs::write(&path, text).unwrap_or_else(|error| panic!("{error}"));
    path.display().to_string()
}

#[test]
fn recorded_transcripts_are_played_again() {
    let Some(golden) = support::golden() else {
        assert!(env::var_os("CI").is_none(), "../shared/golden is absent");
        eprintln!("left out: ../shared/golden is absent");
        return;
    };
    alone("recorded_transcripts_are_played_again", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let kubectl = cluster.folder().join("kubectl");
        let linked = symlink(env!("CARGO_BIN_EXE_kanoe"), &kubectl);
        linked.unwrap_or_else(|error| panic!("{error}"));
        let report = cluster.folder().join("report");
        let output = Command::new("python3")
            .arg(golden.join("cli/play.py"))
            .arg("--cli")
            .arg(&kubectl)
            .args(["--kubeconfig", &kubeconfig(&cluster), "-q", "--report"])
            .arg(&report)
            .env("HOME", cluster.folder())
            .env("KANOE_HOME", cluster.folder().join("other"))
            .stdin(Stdio::null())
            .output();
        let Ok(output) = output else { panic!("{output:?}") };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let last = text.lines().last().unwrap_or_default();
        let passed = last.split(' ').next().and_then(|count| count.parse::<usize>().ok());
        // Shown in the log, so that the floor can rise.
        eprintln!("{text}");
        // Whatever a transcript booted, as one does that names no server, goes with the test.
        drop(
            cluster
                .command(&["cluster", "delete"])
                .env("KANOE_HOME", cluster.folder().join("other"))
                .output(),
        );
        if passed.is_none_or(|passed| passed < FLOOR) {
            let report = fs::read_to_string(&report).unwrap_or_default();
            panic!("{last:?}, must pass {FLOOR}:\n{report}");
        }
    });
}
