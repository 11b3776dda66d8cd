//! What the program hands in: how to reach or boot the embedded cluster, and our own commands' work.

use std::{error::Error, future::Future, pin::Pin};

use client::Transport;

use crate::own::OwnCommand;

/// Why the cluster cannot be reached or a command failed; its words are for the user.
pub type LaunchError = Box<dyn Error + Send + Sync>;

type Outcome<'a, T> = Pin<Box<dyn Future<Output = Result<T, LaunchError>> + Send + 'a>>;

/// How a command wants the embedded cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// Run the control plane inside this process, for this command alone.
    pub in_process: bool,
    /// Only a cluster that runs: none is started.
    pub running_only: bool,
}

/// How to reach or boot the embedded cluster, and who does our own commands.
pub trait Launcher: Send + Sync {
    /// Gives a road to the embedded cluster, booting it if it does not run.
    fn reach(&self, reach: Reach) -> Outcome<'_, Transport>;

    /// Ends what [`Launcher::reach`] began in this process, in order.
    fn finish(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// Does one of our own commands and returns its exit code.
    fn execute(&self, command: OwnCommand) -> Outcome<'_, u8>;
}
