//! The demo application's image: made from our own program, so that it needs no registry.
//!
//! It holds the tutorial's little server and as many commands as looking around in it takes. They are
//! this same program under other names, as busybox does it.

mod image;
mod programs;
mod server;
mod shell;

use std::ffi::OsString;

/// The registry whose images are made here instead of pulled.
pub const REGISTRY: &str = "kanoe.local";
/// The server's name, as a program and as an image.
const SERVER: &str = "bootcamp";

/// Commands in the image beside the server.
const PROGRAMS: [&str; 11] =
    ["bash", "cat", "curl", "echo", "env", "false", "hostname", "ls", "sh", "sleep", "true"];

/// Runs the command that this process was started as; `None` if it is none of the image's.
pub(crate) fn enter(name: &str, args: &[OsString]) -> Option<i32> {
    let args: Vec<String> = args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    match name {
        SERVER => Some(server::run(&args)),
        "sh" | "bash" => Some(shell::run(name, &args)),
        _ if PROGRAMS.contains(&name) => Some(programs::run(name, &args)),
        _ => None,
    }
}
