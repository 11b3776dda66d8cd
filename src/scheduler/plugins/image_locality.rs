//! Nodes that have a pod's images already start it sooner.

use k8s_openapi::api::core::v1::Pod;

use super::{MAX_SCORE, Plugin};
use crate::nodes::NodeInfo;

#[derive(Debug)]
pub(super) struct ImageLocality;

impl Plugin for ImageLocality {
    fn score(&self, pod: &Pod, node: &NodeInfo) -> i64 {
        let Some(spec) = &pod.spec else { return 0 };
        let images = spec.containers.iter().filter_map(|container| container.image.as_ref());
        let here = images.filter(|image| node.images.contains(*image)).count();
        let all = spec.containers.len().max(1);
        i64::try_from(here).unwrap_or(0) * MAX_SCORE / i64::try_from(all).unwrap_or(1)
    }
}
