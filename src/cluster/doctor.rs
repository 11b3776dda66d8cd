//! The work of `kanoe doctor`: what this machine has and lacks, and how to mend it.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub subject: &'static str,
    /// What was found.
    pub found: String,
    /// How to mend it; `None` where it is well.
    pub mend: Option<String>,
}

impl Finding {
    fn well(subject: &'static str, found: impl Into<String>) -> Self {
        Self { subject, found: found.into(), mend: None }
    }

    fn ill(subject: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { subject, found: found.into(), mend: Some(mend.into()) }
    }
}

/// Looks at everything that a cluster with a node needs.
pub fn examine() -> Vec<Finding> {
    vec![
        user(),
        program("runc", &["--version"], "install runc (Debian: apt-get install runc)"),
        program("nft", &["--version"], "install nftables (Debian: apt-get install nftables)"),
        filesystem("overlay"),
        cgroups(),
        forwarding(),
        namespaces(),
        ranges(),
    ]
}

fn user() -> Finding {
    match sys::process::effective_user() {
        0 => Finding::well("user", "root"),
        id => Finding::ill(
            "user",
            format!("user {id}"),
            "run as root: an ordinary user gets a control plane whose pods stay Pending",
        ),
    }
}

fn program(name: &'static str, arguments: &[&str], mend: &str) -> Finding {
    let output = Command::new(name).args(arguments).stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            Finding::well(name, text.lines().next().unwrap_or_default())
        }
        Ok(output) => Finding::ill(name, format!("{name} fails: {}", output.status), mend),
        Err(error) => Finding::ill(name, error.to_string(), mend),
    }
}

fn filesystem(name: &'static str) -> Finding {
    let known = fs::read_to_string("/proc/filesystems").unwrap_or_default();
    if known.split_whitespace().any(|word| word == name) {
        return Finding::well("overlayfs", "known to the kernel");
    }
    Finding::ill("overlayfs", "not known to the kernel", "load it: modprobe overlay")
}

fn cgroups() -> Finding {
    match sys::cgroup::Layout::detect() {
        Ok(layout) if layout.is_v2() => Finding::well("cgroups", "version 2"),
        Ok(_) => Finding::well("cgroups", "version 1 or hybrid"),
        Err(error) => {
            let mend = "mount the control groups: mount -t cgroup2 none /sys/fs/cgroup";
            Finding::ill("cgroups", error.to_string(), mend)
        }
    }
}

fn forwarding() -> Finding {
    let path = "/proc/sys/net/ipv4/ip_forward";
    match fs::read_to_string(path) {
        Ok(value) if value.trim() == "1" => Finding::well("forwarding", "on"),
        Ok(_) if fs::OpenOptions::new().write(true).open(path).is_ok() => {
            Finding::well("forwarding", "off; the first boot turns it on")
        }
        _ => Finding::ill(
            "forwarding",
            "off and not ours to change",
            "sysctl -w net.ipv4.ip_forward=1",
        ),
    }
}

fn namespaces() -> Finding {
    let missing: Vec<&str> = ["net", "mnt", "pid", "ipc", "uts", "cgroup"]
        .into_iter()
        .filter(|name| !Path::new("/proc/self/ns").join(name).exists())
        .collect();
    if missing.is_empty() {
        return Finding::well("namespaces", "net, mnt, pid, ipc, uts, cgroup");
    }
    let mend = "use a kernel with namespaces (CONFIG_NAMESPACES)";
    Finding::ill("namespaces", format!("missing: {}", missing.join(", ")), mend)
}

fn ranges() -> Finding {
    match crate::ranges::free() {
        Some((pods, services)) => {
            Finding::well("addresses", format!("pods {pods}, services {services} are free"))
        }
        None => Finding::ill(
            "addresses",
            "every 10.200-244.0.0/16 or 10.96-140.0.0/16 has a route",
            "choose your own: --cluster-cidr and --service-cluster-ip-range",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_is_told_with_its_remedy() {
        let finding = program("kanoe-no-such-program", &[], "install it");
        assert_eq!(finding.mend.as_deref(), Some("install it"));
        assert_eq!(program("true", &[], "install it").mend, None);
    }
}
