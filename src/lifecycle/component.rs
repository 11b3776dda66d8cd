//! The life of a component: start in order, run, stop in reverse.

use std::{error::Error, fmt, future::Future, pin::Pin};

use crate::{StopToken, Task};

/// A part of the cluster with a name, a place in the start order and an end.
pub trait Component: Send {
    /// The name that logs and errors show.
    fn name(&self) -> &'static str;

    /// The components that must be ready before this one starts.
    fn after(&self) -> &'static [&'static str];

    /// Starts the component; the future ends when it is ready to serve.
    fn start(
        self: Box<Self>,
        stop: StopToken,
    ) -> Pin<Box<dyn Future<Output = Result<Running, ComponentError>> + Send>>;
}

/// A component that is ready: the tasks it owns, which end when its stop token is cancelled.
#[derive(Debug, Default)]
pub struct Running {
    tasks: Vec<Task>,
}

impl Running {
    /// A running component that owns `tasks`.
    pub fn new(tasks: Vec<Task>) -> Self {
        Self { tasks }
    }

    /// Waits until every task has ended.
    pub async fn ended(self) {
        for task in self.tasks {
            task.ended().await;
        }
    }
}

/// Why a component did not start: its name and the cause.
#[derive(Debug)]
pub struct ComponentError {
    component: &'static str,
    source: Box<dyn Error + Send + Sync>,
}

impl ComponentError {
    /// Wraps the cause with the component's name.
    pub fn new(component: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { component, source: source.into() }
    }
}

impl fmt::Display for ComponentError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} did not start", self.component)
    }
}

impl Error for ComponentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
