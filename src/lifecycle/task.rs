//! Named tasks with an owner and an end.

use std::future::Future;

use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::StopToken;

/// A running task. Dropping it aborts it; [`Task::ended`] waits for its own end.
#[derive(Debug)]
pub struct Task {
    name: &'static str,
    handle: JoinHandle<()>,
}

impl Task {
    /// The name that logs show.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Waits until the task has ended. A panic inside it is logged, not passed on.
    pub async fn ended(mut self) {
        if let Err(error) = (&mut self.handle).await
            && error.is_panic()
        {
            tracing::error!(task = self.name, "task panicked");
        }
    }

    /// Tells whether the task has ended by itself.
    pub fn is_finished(&self) -> bool {
        self.handle.is_finished()
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.handle.abort();
    }
}

/// Spawns `work` under a name; it is dropped at its next await point once `stop` is cancelled.
///
/// Work that must drain before it ends selects on `stop` itself and is spawned with a token of
/// its own. Cost: one tokio task.
#[expect(clippy::disallowed_methods, reason = "this is the one place that spawns")]
pub fn spawn<F>(name: &'static str, stop: &StopToken, work: F) -> Task
where
    F: Future<Output = ()> + Send + 'static,
{
    let stop = stop.clone();
    let span = tracing::debug_span!("task", name);
    let handle = tokio::spawn(
        async move {
            stop.run_until_cancelled(work).await;
        }
        .instrument(span),
    );
    Task { name, handle }
}

/// Tasks that come and go, such as connections, and end together.
#[derive(Debug, Clone)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: StopToken,
}

impl Tasks {
    /// A group whose tasks are dropped at their next await point once `stop` is cancelled.
    pub fn new(stop: &StopToken) -> Self {
        Self { tracker: TaskTracker::new(), stop: stop.clone() }
    }

    /// Spawns `work` into the group.
    pub fn spawn<F>(&self, name: &'static str, work: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let stop = self.stop.clone();
        let span = tracing::debug_span!("task", name);
        self.tracker.spawn(
            async move {
                stop.run_until_cancelled(work).await;
            }
            .instrument(span),
        );
    }

    /// Waits until every task of the group has ended.
    pub async fn ended(&self) {
        self.tracker.close();
        self.tracker.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_ends_with_its_stop_token() {
        let stop = StopToken::new();
        let task = spawn("test/forever", &stop, std::future::pending());
        assert!(!task.is_finished());
        stop.cancel();
        task.ended().await;
    }
}
