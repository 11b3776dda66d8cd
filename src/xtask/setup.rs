//! Installs the programs of the machine that are missing, with the distribution's own installer.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{cargo, has, run};

/// A program and the Debian package that brings it.
pub(crate) type Needed = (&'static str, &'static str);

/// What the demo needs.
pub(crate) const DEMO: &[Needed] = &[
    ("runc", "runc"),
    ("nft", "nftables"),
    ("ip", "iproute2"),
    ("unshare", "util-linux"),
    ("curl", "curl"),
];

/// What the tests need beside that.
pub(crate) const TESTS: &[Needed] = &[
    ("runc", "runc"),
    ("nft", "nftables"),
    ("ip", "iproute2"),
    ("unshare", "util-linux"),
    ("curl", "curl"),
    ("python3", "python3"),
    ("pip3", "python3-pip"),
    ("openssl", "openssl"),
    ("docker-registry", "docker-registry"),
    ("busybox", "busybox-static"),
    ("etcd", "etcd-server"),
    ("zsh", "zsh"),
    ("fish", "fish"),
];

/// Installs what is missing of `needed`.
pub(crate) fn install(needed: &[Needed]) -> Result<()> {
    let missing: Vec<&str> = needed
        .iter()
        .filter(|(program, _)| !has(program) && !has(&format!("../sbin/{program}")))
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !has("apt-get") {
        bail!("install these by your own means: {}", missing.join(" "));
    }
    run(Command::new("apt-get").args(["update", "-qq"]))?;
    run(Command::new("apt-get")
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(missing)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

/// The Python client that tests/clients plays with, and its version.
const PYTHON: &str = "kubernetes==37.0.2";

/// Builds and installs the clients of tests/clients below target/clients; neither is of the product.
pub(crate) fn clients() -> Result<()> {
    let folder = crate::root().join("target/clients");
    if !folder.join("python/kubernetes").is_dir() {
        run(Command::new("python3")
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-compile",
                "--disable-pip-version-check",
            ])
            .args(["--target", "target/clients/python", PYTHON]))?;
    }
    run(cargo()
        .args(["install", "--quiet", "--debug", "--locked", "--force", "--no-track"])
        .args(["--path", "tests/clients/kube-rs", "--root", "target/clients"])
        .args(["--target-dir", "target/clients"]))
}
