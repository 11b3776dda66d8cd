//! The group apps: Deployment and ReplicaSet.

pub mod deployment;
pub mod replicaset;
mod template;

use machinery::kind::Kind;

pub(crate) fn kinds() -> Vec<Kind> {
    vec![deployment::kind(), replicaset::kind()]
}
