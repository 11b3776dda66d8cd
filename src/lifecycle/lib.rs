//! How every part of kanoe starts, keeps time and ends.
//!
//! A [`Component`] starts from a [`Context`] and answers with [`Running`] when it is ready. Tasks
//! are spawned by name with [`spawn`] and end when their [`StopToken`] is cancelled; dropping a
//! [`Task`] cancels it. Knows nothing of Kubernetes.

mod backoff;
pub mod clock;
mod component;
mod task;

pub use backoff::Backoff;
pub use component::{Component, ComponentError, Running};
pub use task::{Task, Tasks, spawn};
pub use tokio_util::sync::CancellationToken as StopToken;
