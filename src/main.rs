//! Picks the role by name and argument: cli, cluster, node, shim or pause. No logic.

mod launcher;
mod settings;

use std::{env, process::ExitCode, sync::Arc};

fn main() -> ExitCode {
    // The small roles come first: they must not pay for what they do not use.
    if let Some(code) = runtime::roles::enter() {
        return ExitCode::from(u8::try_from(code).unwrap_or(1));
    }
    let launcher = Arc::new(launcher::Kanoe::default());
    ExitCode::from(cli::run(env::args_os().collect(), launcher))
}
