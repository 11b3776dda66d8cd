//! Cordoned nodes take only pods that tolerate it.

use k8s_openapi::api::core::v1::{Pod, Taint};
use machinery::well_known;

use super::{Plugin, Refusal, taints::tolerates};
use crate::nodes::NodeInfo;

#[derive(Debug)]
pub(super) struct NodeUnschedulable;

impl Plugin for NodeUnschedulable {
    fn filter(&self, pod: &Pod, node: &NodeInfo) -> Result<(), Refusal> {
        let cordoned = node.node.spec.as_ref().and_then(|spec| spec.unschedulable) == Some(true);
        let taint = Taint {
            key: well_known::TAINT_UNSCHEDULABLE.into(),
            effect: "NoSchedule".into(),
            ..Taint::default()
        };
        if cordoned && !tolerates(pod, &taint) {
            return Err(Refusal::firm("node(s) were unschedulable"));
        }
        Ok(())
    }
}
