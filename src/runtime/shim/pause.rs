//! The pause process: it holds a pod's namespaces, sees nothing of the host, and waits.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::mount::{MntFlags, umount2};
use nix::sched::{CloneFlags, setns, unshare};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{Gid, Uid, chdir, pivot_root, setgroups, setresgid, setresuid};

use super::{READY, SANDBOX};
use crate::spec::{Network, ProcessView, SandboxSpec};

/// The user that owns nothing, as the usual pause image has it.
const NOBODY: u32 = 65_535;

/// Starts the pause process of the pod in `folder` and waits until its namespaces stand.
pub(super) fn spawn(folder: &Path, sandbox: &SandboxSpec) -> io::Result<i32> {
    let own_view = File::open("/proc/self/ns/pid")?;
    let shared = sandbox.processes == ProcessView::Pod;
    if shared {
        // The next child becomes number 1 of the new view; ours stays as it is.
        unshare(CloneFlags::CLONE_NEWPID)?;
    }
    let spawned = Command::new(crate::roles::program())
        .arg0("kanoe")
        .args([crate::roles::PAUSE.as_ref(), folder])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn();
    if shared {
        setns(own_view, CloneFlags::CLONE_NEWPID)?;
    }
    let mut child = spawned?;
    let mut word = Vec::new();
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_end(&mut word)?;
    }
    if word != READY {
        return Err(io::Error::other("the pause process did not start"));
    }
    i32::try_from(child.id()).map_err(io::Error::other)
}

/// Is the pause process: enters and makes the namespaces, shuts itself in, waits for a signal.
pub(crate) fn run(folder: &Path) -> io::Result<()> {
    let sandbox: SandboxSpec = serde_json::from_slice(&std::fs::read(folder.join(SANDBOX))?)?;
    let mut mask = SigSet::empty();
    for signal in [Signal::SIGCHLD, Signal::SIGTERM, Signal::SIGINT] {
        mask.add(signal);
    }
    mask.thread_block()?;
    enter_namespaces(&sandbox)?;
    shut_in(folder)?;
    io::stdout().write_all(READY)?;
    io::stdout().flush()?;
    let nowhere = nix::unistd::pipe()?;
    nix::unistd::dup2_stdout(nowhere.1)?;

    loop {
        if mask.wait()? != Signal::SIGCHLD {
            return Ok(());
        }
        // As number 1 of a shared view it inherits orphans.
        while waitpid(None, Some(WaitPidFlag::WNOHANG)).is_ok_and(|status| status.pid().is_some()) {
        }
    }
}

fn enter_namespaces(sandbox: &SandboxSpec) -> io::Result<()> {
    if let Network::Namespace(path) = &sandbox.network {
        setns(File::open(path)?, CloneFlags::CLONE_NEWNET)?;
    }
    let mut new = CloneFlags::CLONE_NEWNS;
    new.set(CloneFlags::CLONE_NEWIPC, !sandbox.host_ipc);
    new.set(CloneFlags::CLONE_NEWUTS, !sandbox.hostname.is_empty());
    unshare(new)?;
    if !sandbox.hostname.is_empty() {
        nix::unistd::sethostname(&sandbox.hostname)?;
    }
    for (name, value) in &sandbox.sysctls {
        let path = Path::new("/proc/sys").join(name.replace('.', "/"));
        std::fs::write(&path, value)
            .map_err(|error| io::Error::other(format!("cannot set sysctl {name}: {error}")))?;
    }
    Ok(())
}

/// Leaves the host's files behind: the root becomes an empty read-only one. Then no right is left.
fn shut_in(folder: &Path) -> io::Result<()> {
    sys::mount::make_private(Path::new("/"))?;
    let root = folder.join("pause");
    std::fs::create_dir_all(&root)?;
    sys::mount::tmpfs(&root, "ro,size=4k,nr_inodes=1")?;
    chdir(&root)?;
    pivot_root(".", ".")?;
    umount2(".", MntFlags::MNT_DETACH)?;
    chdir("/")?;
    setgroups(&[])?;
    setresgid(Gid::from_raw(NOBODY), Gid::from_raw(NOBODY), Gid::from_raw(NOBODY))?;
    setresuid(Uid::from_raw(NOBODY), Uid::from_raw(NOBODY), Uid::from_raw(NOBODY))?;
    nix::sys::prctl::set_no_new_privs()?;
    // Without the shim nobody would ever end it. Changing users forgets this, hence last.
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
    Ok(())
}
