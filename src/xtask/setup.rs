//! Installs the programs of the machine that are missing, with the distribution's own installer.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{has, run};

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
    ("openssl", "openssl"),
    ("docker-registry", "docker-registry"),
    ("busybox", "busybox-static"),
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
