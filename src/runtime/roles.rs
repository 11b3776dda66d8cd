//! The hidden roles of the one program: shim, pause and the demo application's commands.
//!
//! Entered before anything else is set up, so that they stay small.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::{demo, shim};

pub(crate) const SHIM: &str = "shim";
pub(crate) const PAUSE: &str = "pause";

/// Runs the role that this process was started for; `None` if it is none of ours.
pub fn enter() -> Option<i32> {
    let mut args = std::env::args_os();
    let name = args.next()?;
    let rest: Vec<OsString> = args.collect();
    match (rest.first().and_then(|role| role.to_str()), rest.get(1)) {
        (Some(SHIM), Some(folder)) => Some(ended(SHIM, shim::run(Path::new(folder)))),
        (Some(PAUSE), Some(folder)) => Some(ended(PAUSE, shim::pause::run(Path::new(folder)))),
        _ => demo::enter(Path::new(&name).file_name().and_then(OsStr::to_str)?, &rest),
    }
}

fn ended(role: &str, result: std::io::Result<()>) -> i32 {
    let Err(error) = result else { return 0 };
    // Nobody is left to tell if this fails too.
    drop(writeln!(std::io::stderr(), "{role}: {error}"));
    1
}

/// The program that shims and pause processes are started from: this very one.
pub(crate) fn program() -> PathBuf {
    PathBuf::from("/proc/self/exe")
}
