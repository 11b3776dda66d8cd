//! Work inside another namespace, on a thread of its own so that no other thread changes place.

use std::fs::File;
use std::io;
use std::path::Path;

use nix::mount::MsFlags;
use nix::sched::{CloneFlags, setns, unshare};

/// Makes a network namespace and keeps it alive under `path` (a bind mount, as `ip netns` does).
///
/// Blocks: for the milliseconds the kernel takes. `path` must not exist; its folder must.
pub fn create_network(path: &Path) -> io::Result<()> {
    File::create_new(path)?;
    let place = path.to_owned();
    let made = on_own_thread(move || {
        unshare(CloneFlags::CLONE_NEWNET)?;
        let nothing: Option<&str> = None;
        let own = "/proc/thread-self/ns/net";
        nix::mount::mount(Some(own), &place, nothing, MsFlags::MS_BIND, nothing)?;
        Ok(())
    });
    if made.is_err() {
        // The empty file is ours; should it stay, the next attempt's error says so.
        drop(std::fs::remove_file(path));
    }
    made
}

/// Runs `work` inside the network namespace kept at `path`.
///
/// Sockets made there stay there, wherever they are used afterwards. Blocks: as long as `work` does.
pub fn in_network<T: Send + 'static>(
    path: &Path,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let namespace = File::open(path)?;
    on_own_thread(move || {
        setns(namespace, CloneFlags::CLONE_NEWNET)?;
        work()
    })
}

fn on_own_thread<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let thread = std::thread::Builder::new().name("namespace".to_owned()).spawn(work)?;
    thread.join().unwrap_or_else(|_| Err(io::Error::other("the thread in the namespace panicked")))
}
