//! Nodes that have a pod's images already start it sooner.
//! Source: `framework/plugins/imagelocality`.

use k8s_openapi::api::core::v1::Pod;

use super::{MAX_SCORE, Plugin};
use crate::nodes::NodeInfo;

/// Images smaller than this altogether are no reason to go anywhere.
const SMALL_BYTES: i64 = 23 << 20;
/// What one container's image is worth at most.
const LARGE_BYTES: i64 = 1000 << 20;

#[derive(Debug)]
pub(super) struct ImageLocality;

/// An image as nodes call it: with a tag.
fn tagged(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    if name.contains([':', '@']) { image.to_owned() } else { format!("{image}:latest") }
}

impl Plugin for ImageLocality {
    fn scores(&self, pod: &Pod, nodes: &[&NodeInfo]) -> Vec<i64> {
        let Some(spec) = &pod.spec else { return Vec::new() };
        let all = spec.containers.iter().chain(spec.init_containers.iter().flatten());
        let images: Vec<String> = all.filter_map(|it| it.image.as_deref()).map(tagged).collect();
        let total = i64::try_from(nodes.len()).unwrap_or(i64::MAX).max(1);
        let mut sums = vec![0; nodes.len()];
        let mut any = false;
        for image in &images {
            let here = nodes.iter().filter(|node| node.images.contains_key(image)).count();
            any |= here > 0;
            // An image that few nodes have does not draw all pods to them.
            let here = i64::try_from(here).unwrap_or(i64::MAX);
            for (sum, node) in sums.iter_mut().zip(nodes) {
                let size = node.images.get(image).copied().unwrap_or(0);
                *sum += size.saturating_mul(here) / total;
            }
        }
        if !any {
            return Vec::new();
        }
        let most = LARGE_BYTES * i64::try_from(images.len()).unwrap_or(1);
        let rate = |sum: i64| {
            MAX_SCORE * (sum.clamp(SMALL_BYTES, most) - SMALL_BYTES) / (most - SMALL_BYTES)
        };
        sums.into_iter().map(rate).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;

    #[test]
    fn large_images_that_are_here_count() {
        let node = |size: i64| {
            let images = json!([{"names": ["big:latest"], "sizeBytes": size}]);
            let node = json!({"metadata": {"name": "a"}, "status": {"images": images}});
            NodeInfo::new(Arc::new(serde_json::from_value(node).unwrap()))
        };
        let pod = json!({"spec": {"containers": [{"name": "c", "image": "big"}]}});
        let pod: Pod = serde_json::from_value(pod).unwrap();
        let (small, large) = (node(1 << 20), node(3000 << 20));
        assert_eq!(ImageLocality.scores(&pod, &[&small, &large]), [0, 100]);
        let other: Pod = serde_json::from_value(json!({"spec": {"containers": []}})).unwrap();
        assert!(ImageLocality.scores(&other, &[&small, &large]).is_empty());
    }
}
