//! A pod that names its node runs there or nowhere.

use k8s_openapi::api::core::v1::Pod;

use super::{Plugin, Refusal};
use crate::nodes::NodeInfo;

#[derive(Debug)]
pub(super) struct NodeName;

impl Plugin for NodeName {
    fn filter(&self, pod: &Pod, node: &NodeInfo) -> Result<(), Refusal> {
        let wanted = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref());
        match wanted.filter(|name| !name.is_empty()) {
            Some(name) if name != node.name() => {
                Err(Refusal::firm("node(s) didn't match the requested node name"))
            }
            _ => Ok(()),
        }
    }
}
