//! All components in one process: configuration, certificates, home directory, start and stop
//! order; and the work of our own commands.
//!
//! Invariants: one process a home, by a lock · everything a cluster makes is named after its id,
//! so that `delete` finds it · components start in order and stop in reverse.

mod audit;
mod authentication;
mod authorization;
mod certificates;
mod cleanup;
mod components;
mod config;
mod doctor;
mod elected;
mod error;
mod home;
mod images;
mod keep;
mod keys;
mod launch;
mod ranges;
mod run;
mod server;
mod signing;
mod with;

pub use audit::AuditWebhookSettings;
pub use config::{Settings, default_home};
pub use doctor::{Finding, examine};
pub use error::ClusterError;
pub use home::Home;
pub use images::{Progress, list_images, load_images, pull_images, remove_images};
pub use launch::{Boot, Summary, connect, delete, last_settings, start_resident, status, stop};
pub use run::{Cluster, run_foreground};
pub use server::ServerSettings;
pub use with::with_cluster;
