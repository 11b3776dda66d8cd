//! Clients that were written for Kubernetes, against our server: kube-rs and the Python client.
//!
//! `cargo xtask setup` builds and installs them below `target/clients`; where one is absent its test says
//! so and is left out, which CI treats as a failure. Needs root, as pods run.
#![expect(clippy::panic, clippy::print_stderr, reason = "a test speaks and fails by panicking")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use support::{Cluster, alone};

/// What `cargo xtask setup` has made; `None` if it has not.
fn installed(name: &str) -> Option<PathBuf> {
    let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target"));
    let found = target.join("clients").join(name);
    if found.exists() {
        return Some(found);
    }
    assert!(env::var_os("CI").is_none(), "{} is absent: cargo xtask setup", found.display());
    eprintln!("left out: {} is absent: cargo xtask setup", found.display());
    None
}

/// Plays a client's program against a cluster that runs the demo application.
fn play(program: &mut Command) {
    let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
    cluster.ok("create deployment app --image=kanoe.local/bootcamp:v1");
    cluster.ok("rollout status deployment/app --timeout=60s");
    let config = cluster.folder().join("kubeconfig");
    fs::write(&config, cluster.ok("cluster kubeconfig")).unwrap_or_else(|error| panic!("{error}"));
    let name = cluster.ok("get pods -l app=app -o name");
    program.arg(name.trim().trim_start_matches("pod/"));
    program.env("KUBECONFIG", config).stdin(Stdio::null());
    let status = program.status().unwrap_or_else(|error| panic!("{error}"));
    assert!(status.success(), "{program:?}: {status}\n{}", cluster.log());
    cluster.delete();
}

#[test]
fn kube_rs_plays_its_patterns() {
    let Some(program) = installed("bin/kube-patterns") else { return };
    alone("kube_rs_plays_its_patterns", || play(&mut Command::new(&program)));
}

#[test]
fn the_python_client_plays_its_patterns() {
    let Some(packages) = installed("python") else { return };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/patterns.py");
    alone("the_python_client_plays_its_patterns", || {
        play(Command::new("python3").arg(&script).env("PYTHONPATH", &packages));
    });
}
