//! A port of the host belongs to one pod.

use k8s_openapi::api::core::v1::Pod;

use super::{Plugin, Refusal};
use crate::nodes::{NodeInfo, host_ports};

#[derive(Debug)]
pub(super) struct NodePorts;

impl Plugin for NodePorts {
    fn filter(&self, pod: &Pod, node: &NodeInfo) -> Result<(), Refusal> {
        let taken = host_ports(pod).iter().any(|(address, protocol, number)| {
            node.ports.iter().any(|(other, other_protocol, other_number)| {
                let overlap = address == other || address == "0.0.0.0" || other == "0.0.0.0";
                overlap && protocol == other_protocol && number == other_number
            })
        });
        if taken {
            let words = "node(s) didn't have free ports for the requested pod ports";
            return Err(Refusal::soft(vec![words.into()]));
        }
        Ok(())
    }
}
