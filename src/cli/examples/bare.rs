//! The CLI alone: no embedded cluster to fall back to.

use std::{future::Future, pin::Pin, sync::Arc};

use cli::{LaunchError, Launcher, OwnCommand, Reach};
use client::Transport;

struct Nobody;

type Outcome<'a, T> = Pin<Box<dyn Future<Output = Result<T, LaunchError>> + Send + 'a>>;

impl Launcher for Nobody {
    fn reach(&self, _: Reach) -> Outcome<'_, Transport> {
        Box::pin(async { Err("no cluster is configured".into()) })
    }

    fn finish(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {})
    }

    fn execute(&self, _: OwnCommand) -> Outcome<'_, u8> {
        Box::pin(async { Err("no cluster here".into()) })
    }
}

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(cli::run(std::env::args_os().collect(), Arc::new(Nobody)))
}
