//! The group apps: what keeps pods of a template running.

pub mod controllerrevision;
pub mod daemonset;
pub mod deployment;
pub mod replicaset;
pub mod statefulset;
pub(crate) mod template;

use machinery::kind::Kind;

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        controllerrevision::kind(),
        daemonset::kind(),
        deployment::kind(),
        replicaset::kind(),
        statefulset::kind(),
    ]
}
