//! The core group, `v1`.

pub mod configmap;
pub mod endpoints;
pub mod event;
pub mod namespace;
pub mod node;
pub mod pod;
pub mod secret;
pub mod service;
pub mod serviceaccount;

use machinery::kind::Kind;

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        configmap::kind(),
        endpoints::kind(),
        event::kind(),
        namespace::kind(),
        node::kind(),
        pod::kind(),
        secret::kind(),
        service::kind(),
        serviceaccount::kind(),
    ]
}
