//! Changes in a folder, by inotify: nobody looks at files in vain.

use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::Path;

use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Watches what happens to the files of one folder.
#[derive(Debug)]
pub struct FolderWatch(AsyncFd<OwnedFd>);

impl FolderWatch {
    /// Watches from now on: files written, made, renamed, removed. Needs a tokio runtime.
    pub fn new(folder: &Path) -> io::Result<Self> {
        let inotify = Inotify::init(InitFlags::IN_NONBLOCK | InitFlags::IN_CLOEXEC)?;
        let what = AddWatchFlags::IN_MODIFY
            | AddWatchFlags::IN_CREATE
            | AddWatchFlags::IN_MOVE
            | AddWatchFlags::IN_DELETE
            | AddWatchFlags::IN_DELETE_SELF;
        inotify.add_watch(folder, what)?;
        let fd = OwnedFd::from(inotify);
        // SAFETY: the descriptor is owned by what it is registered in, and never taken out of it.
        let watched = unsafe { AsyncFd::register_with_interest(fd, Interest::READABLE) };
        Ok(Self(watched.map_err(|refused| io::Error::other(refused.to_string()))?))
    }

    /// Waits until something has happened since the last call, then forgets it. Safe to cancel.
    pub async fn changed(&mut self) -> io::Result<()> {
        let mut ready = self.0.readable().await?;
        let mut events = [0_u8; 4096];
        let drained = ready.try_io(|fd| {
            loop {
                match nix::unistd::read(fd.get_ref().as_fd(), &mut events) {
                    Ok(_) => {}
                    Err(nix::errno::Errno::EAGAIN) => return Err(io::ErrorKind::WouldBlock.into()),
                    Err(error) => return Err::<(), io::Error>(error.into()),
                }
            }
        });
        match drained {
            // Empty again: the next call waits.
            Err(_would_block) => Ok(()),
            Ok(result) => result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_write_is_noticed_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut watch = FolderWatch::new(folder.path()).unwrap();
        std::fs::write(folder.path().join("a"), "1").unwrap();
        watch.changed().await.unwrap();
        let quiet = std::time::Duration::from_millis(20);
        assert!(tokio::time::timeout(quiet, watch.changed()).await.is_err(), "nothing new");
        std::fs::rename(folder.path().join("a"), folder.path().join("b")).unwrap();
        watch.changed().await.unwrap();
    }
}
