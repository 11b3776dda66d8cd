//! The walkthrough, played on a cluster that did not exist a second before.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

use crate::{cargo, root, run, setup};

/// What is shown: a remark, and the command line that follows it.
const STEPS: &[(&str, &str)] = &[
    ("Nothing runs yet: the first command boots a cluster", "kubectl get nodes -o wide"),
    (
        "Deploy an application",
        "kubectl create deployment kubernetes-bootcamp --image=kanoe.local/bootcamp:v1",
    ),
    ("Watch it come", "kubectl rollout status deployment/kubernetes-bootcamp --timeout=60s"),
    ("Look at it", "kubectl get deployments,rs,pods -o wide"),
    ("Look inside", "kubectl exec deploy/kubernetes-bootcamp -- env"),
    (
        "Give it an address",
        "kubectl expose deployment/kubernetes-bootcamp --type=NodePort --port 8080",
    ),
    (
        "Ask it",
        "curl -s --retry 20 --retry-all-errors --retry-delay 0 127.0.0.1:$(kubectl get service kubernetes-bootcamp -o jsonpath='{.spec.ports[0].nodePort}')",
    ),
    ("Scale it", "kubectl scale deployments/kubernetes-bootcamp --replicas=4"),
    ("Wait for all four", "kubectl rollout status deployment/kubernetes-bootcamp --timeout=60s"),
    (
        "Update it",
        "kubectl set image deployments/kubernetes-bootcamp bootcamp=kanoe.local/bootcamp:v2",
    ),
    ("Watch the rollout", "kubectl rollout status deployment/kubernetes-bootcamp --timeout=60s"),
    (
        "Ask again",
        "kubectl exec deploy/kubernetes-bootcamp -- curl -s http://kubernetes-bootcamp:8080",
    ),
    ("Regret it", "kubectl rollout undo deployments/kubernetes-bootcamp"),
    ("And be back", "kubectl rollout status deployment/kubernetes-bootcamp --timeout=60s"),
    ("What happened", "kubectl get events --sort-by=.metadata.creationTimestamp | tail -n 8"),
    ("Clean up", "kubectl delete service,deployment -l app=kubernetes-bootcamp"),
];

/// Builds the release program and plays the steps in namespaces of their own.
pub(crate) fn play() -> Result<()> {
    setup::install(setup::DEMO)?;
    run(cargo().args(["build", "--release", "--quiet"]))?;
    let folder = std::env::temp_dir().join(format!("kanoe-demo-{}", std::process::id()));
    let outcome = play_in(&folder);
    fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    outcome
}

fn play_in(folder: &Path) -> Result<()> {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin)?;
    let program = program()?;
    for name in ["kanoe", "kubectl"] {
        std::os::unix::fs::symlink(&program, bin.join(name))?;
    }
    let mut script = String::from("ip link set lo up\n");
    for (remark, line) in STEPS {
        let shown = line.replace('\'', "'\\''");
        script.push_str("printf '\\n\\033[2m# ");
        script.push_str(remark);
        script.push_str("\\033[0m\\n\\033[1m$ %s\\033[0m\\n' '");
        script.push_str(&shown);
        script.push_str("'\n");
        script.push_str(line);
        script.push_str(" || exit 1\n");
    }
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let inside = |script: &str| {
        let mut command = Command::new("unshare");
        command
            .args(["-n", "-m", "--propagation", "private", "--", "bash", "-c", script])
            .env("PATH", &path)
            .env("KANOE_HOME", folder.join("home"))
            .env("HOME", folder)
            .env_remove("KUBECONFIG")
            .stdin(Stdio::null());
        command
    };
    // One shell for all, since its namespaces end with it.
    let played = inside(&format!("({script}); code=$?; kanoe cluster delete; exit $code")).status();
    let status = played.context("cannot run unshare")?;
    ensure!(status.success(), "the demo failed: {status}");
    Ok(())
}

/// The release program, wherever cargo puts it.
fn program() -> Result<PathBuf> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let candidates = [target.join(triple).join("release/kanoe"), target.join("release/kanoe")];
    let found = candidates.iter().find(|path| path.is_file());
    let found = found.with_context(|| format!("no program at {candidates:?}"))?;
    Ok(found.canonicalize()?)
}
