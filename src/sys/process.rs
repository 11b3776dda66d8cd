//! Processes known by descriptor, so that a number used again is never mistaken for them.

use std::io;
use std::os::fd::{AsFd as _, AsRawFd as _, FromRawFd as _, OwnedFd};

use nix::libc;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// The signal that asks a process to end.
pub const TERMINATE: i32 = libc::SIGTERM;

/// Leaves the caller's session and terminal for a session of its own.
///
/// Errors: `EPERM` for the leader of a process group.
pub fn new_session() -> io::Result<()> {
    nix::unistd::setsid()?;
    Ok(())
}

/// Lets this process pass over the terminal's interrupt, and only it: a signal that is caught is as
/// usual again in every program that it starts, while one that is blocked or ignored stays so.
///
/// Errors: none for a signal that exists.
pub fn pass_over_interrupt() -> io::Result<()> {
    extern "C" fn nothing(_: libc::c_int) {}
    let action = SigAction::new(SigHandler::Handler(nothing), SaFlags::SA_RESTART, SigSet::empty());
    // SAFETY: the handler does nothing, so it is safe whenever it runs.
    unsafe { sigaction(Signal::SIGINT, &action) }?;
    Ok(())
}

/// The user that this process acts as.
pub fn effective_user() -> u32 {
    nix::unistd::geteuid().as_raw()
}

/// A process held by descriptor: it can be waited for and signalled without a race on its number.
#[derive(Debug)]
pub struct PidFd(OwnedFd);

impl PidFd {
    /// Opens the process that has this number now.
    ///
    /// Errors: `ESRCH` where there is none.
    pub fn open(pid: i32) -> io::Result<Self> {
        let flags: libc::c_uint = 0;
        // SAFETY: pidfd_open takes two integers, touches no memory of ours.
        let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, flags) };
        let fd = i32::try_from(fd).map_err(|_| io::ErrorKind::InvalidData)?;
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the kernel just made this descriptor for us; nobody else owns it.
        Ok(Self(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// Waits until the process has ended. It need not be our child; its exit code is not ours then.
    pub async fn ended(&self) -> io::Result<()> {
        let interest = Interest::READABLE;
        // SAFETY: the descriptor is borrowed from `self`, which outlives `watched`.
        let watched = unsafe { AsyncFd::register_with_interest(self.0.as_fd(), interest) }
            .map_err(|refused| io::Error::other(refused.to_string()))?;
        watched.readable().await?.retain_ready();
        Ok(())
    }

    /// Sends a signal.
    pub fn signal(&self, signal: i32) -> io::Result<()> {
        let (info, flags): (*const libc::siginfo_t, libc::c_uint) = (std::ptr::null(), 0);
        let fd = self.0.as_raw_fd();
        // SAFETY: a null siginfo is allowed and means what kill(2) sends; the rest are integers.
        let answer = unsafe { libc::syscall(libc::SYS_pidfd_send_signal, fd, signal, info, flags) };
        if answer < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }
}

/// Whether a process with this number exists and has not ended.
pub fn alive(pid: i32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    // The name stands in parentheses and may hold anything; the state follows the last of them.
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    !matches!(state, None | Some('Z' | 'X'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_killed_process_is_noticed() {
        let mut child = std::process::Command::new("sleep").arg("100").spawn().unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        let held = PidFd::open(pid).unwrap();
        assert!(alive(pid));
        held.signal(libc::SIGKILL).unwrap();
        held.ended().await.unwrap();
        assert!(!alive(pid));
        child.wait().unwrap();
        assert_eq!(PidFd::open(pid).unwrap_err().raw_os_error(), Some(libc::ESRCH));
    }
}
