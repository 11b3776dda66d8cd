//! OCI images, bundles, runc, shim and streams. Knows no Kubernetes.
//!
//! [`Runtime`] makes pod sandboxes and adopts those that an earlier process left running;
//! [`image::Store`] holds images; [`roles::enter`] is what `main` calls first. Containers belong to
//! their shims, never to this process: it may die at any instant and nothing of theirs is lost.

pub mod demo;
mod error;
mod files;
pub mod image;
pub mod mounts;
pub mod roles;
mod sandbox;
mod seccomp;
mod session;
mod shim;
pub mod spec;
mod wire;

#[cfg(test)]
mod fuzz_tests;

use std::io;
use std::path::{Path, PathBuf};

use lifecycle::StopToken;
use rand::Rng as _;

pub use self::error::RuntimeError;
pub use self::sandbox::{Sandbox, SandboxState};
pub use self::session::{Session, SessionEvent, SessionInput, SessionOutput};
pub use self::shim::log::rotated as rotated_logs;
pub use self::shim::protocol::{ContainerState, ExecRequest, Exit};
use self::spec::SandboxSpec;
pub use sys::{cgroup::Usage, watch::FolderWatch};

/// Makes and finds the sandboxes below one folder.
#[derive(Debug, Clone)]
pub struct Runtime {
    pods: PathBuf,
    program: PathBuf,
    pub(crate) cgroups: sys::cgroup::Layout,
    pub(crate) grantable: Vec<String>,
    pub(crate) lowest_oom_score: i32,
    pub(crate) stop: StopToken,
}

impl Runtime {
    /// Opens the runtime whose pods stand in `pods`; `program` is the kanoe that shims are run from.
    ///
    /// Connections to shims end with `stop`; the shims do not.
    pub fn open(pods: &Path, program: &Path, stop: StopToken) -> Result<Self, RuntimeError> {
        let folder = |source| RuntimeError::Folder { path: pods.to_owned(), source };
        std::fs::create_dir_all(pods).map_err(folder)?;
        let cgroups = sys::cgroup::Layout::detect().map_err(RuntimeError::ControlGroups)?;
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let own_score = std::fs::read_to_string("/proc/self/oom_score_adj").unwrap_or_default();
        let grantable = capabilities_of(&status);
        let may_lower = grantable.iter().any(|name| name == "SYS_RESOURCE");
        let own_score: i32 = own_score.trim().parse().unwrap_or(0);
        let lowest_oom_score = if may_lower { -1000 } else { own_score };
        let program = program.to_owned();
        Ok(Self { pods: pods.to_owned(), program, cgroups, grantable, lowest_oom_score, stop })
    }

    /// Makes a sandbox: its control group, its shim, its pause process and their namespaces.
    pub async fn create_sandbox(&self, spec: SandboxSpec) -> Result<Sandbox, RuntimeError> {
        files::plain_name(&spec.id).map_err(RuntimeError::Name)?;
        Sandbox::create(self, self.pods.join(&spec.id), &self.program, spec).await
    }

    /// Finds every sandbox that stands below the folder, whether its shim answers or not.
    ///
    /// A folder that holds no complete sandbox is removed: its creation was interrupted.
    pub async fn adopt(&self) -> Result<Vec<Sandbox>, RuntimeError> {
        let folder = |source| RuntimeError::Folder { path: self.pods.clone(), source };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.pods).map_err(folder)? {
            let path = entry.map_err(folder)?.path();
            match Sandbox::adopt(self, path.clone()).await {
                Ok(sandbox) => found.push(sandbox),
                Err(error) => {
                    tracing::warn!(path = %path.display(), %error, "removing a broken sandbox");
                    sandbox::remove_folder(&path).map_err(folder)?;
                }
            }
        }
        Ok(found)
    }

    /// Removes a control group, and those below it, once their last processes have been collected.
    pub async fn remove_group(&self, group: &str) -> Result<(), RuntimeError> {
        // Version 1 has no event for an emptied group: wait a little, doubling, up to a second.
        let mut wait = std::time::Duration::from_millis(1);
        loop {
            match self.cgroups.remove(group) {
                Err(error) if error.kind() == io::ErrorKind::ResourceBusy && wait.as_secs() < 1 => {
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
                other => return other.map_err(RuntimeError::ControlGroups),
            }
        }
    }

    /// Every capability that this machine can give.
    pub fn capabilities(&self) -> &[String] {
        &self.grantable
    }
}

/// A new name for a sandbox or container: 64 hexadecimal digits.
pub fn new_id() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    image::hex(&bytes)
}

/// Names of the capabilities in a `/proc/PID/status` text's permitted set.
fn capabilities_of(status: &str) -> Vec<String> {
    let line = status.lines().find_map(|line| line.strip_prefix("CapPrm:"));
    let mask = line.and_then(|hex| u64::from_str_radix(hex.trim(), 16).ok()).unwrap_or(0);
    let held = |(bit, _): &(usize, &&str)| mask & (1 << *bit) != 0;
    CAPABILITIES.iter().enumerate().filter(held).map(|(_, name)| (*name).to_owned()).collect()
}

/// The kernel's capabilities by number (linux/capability.h).
const CAPABILITIES: [&str; 41] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_names_its_capabilities() {
        let all_but_resource = capabilities_of("Name:\tx\nCapPrm:\t000001fffeffffff\n");
        assert_eq!(all_but_resource.len(), 40);
        assert!(!all_but_resource.contains(&"SYS_RESOURCE".to_owned()));
        assert_eq!(capabilities_of("CapPrm:\t0000000000000001"), ["CHOWN"]);
    }

    #[test]
    fn names_are_long_and_differ() {
        let (one, other) = (new_id(), new_id());
        assert_eq!(one.len(), 64);
        assert_ne!(one, other);
    }
}
