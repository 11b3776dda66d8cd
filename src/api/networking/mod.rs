//! The group networking.k8s.io: ways in, ways barred, and the cluster's addresses.

pub mod ingress;
mod ingressclass;
pub mod ipaddress;
pub mod networkpolicy;
mod servicecidr;

use machinery::kind::Kind;

/// The group's name.
pub const GROUP: &str = "networking.k8s.io";

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        ingressclass::kind(),
        ingress::kind(),
        ipaddress::kind(),
        networkpolicy::kind(),
        servicecidr::kind(),
    ]
}
