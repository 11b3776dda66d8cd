//! Requests and limits in the kernel's units. Source: the kubelet's cgroup conversions.

use api::core::pod::QosClass;
use k8s_openapi::api::core::v1::{Container, Pod, ResourceRequirements};
use machinery::quantity::Quantity;
use runtime::spec::Resources;

/// The kernel's least weight.
const MIN_SHARES: u64 = 2;
/// The kernel's least quota, in microseconds.
const MIN_QUOTA_US: i64 = 1000;

fn amount(container: &Container, side: Side, resource: &str) -> Option<Quantity> {
    let resources = container.resources.as_ref()?;
    side.of(resources)?.get(resource)?.0.parse().ok()
}

#[derive(Clone, Copy)]
enum Side {
    Requests,
    Limits,
}

type Amounts =
    std::collections::BTreeMap<String, k8s_openapi::apimachinery::pkg::api::resource::Quantity>;

impl Side {
    fn of(self, resources: &ResourceRequirements) -> Option<&Amounts> {
        match self {
            Self::Requests => resources.requests.as_ref(),
            Self::Limits => resources.limits.as_ref(),
        }
    }
}

/// Processor weight for thousandths of a core.
fn shares(milli: i64) -> u64 {
    (u64::try_from(milli).unwrap_or(0) * 1024 / 1000).max(MIN_SHARES)
}

/// Microseconds in every 100 ms for thousandths of a core.
fn quota_us(milli: i64) -> i64 {
    (milli * 100).max(MIN_QUOTA_US)
}

/// One container's.
pub(crate) fn of_container(
    container: &Container,
    qos: QosClass,
    node_memory_bytes: i64,
) -> Resources {
    let cpu_limit = amount(container, Side::Limits, "cpu").filter(|limit| !limit.is_zero());
    let cpu = amount(container, Side::Requests, "cpu").or(cpu_limit);
    let memory = amount(container, Side::Limits, "memory").filter(|limit| !limit.is_zero());
    let asked = amount(container, Side::Requests, "memory").or(memory).map_or(0, Quantity::value);
    Resources {
        cpu_shares: Some(cpu.map_or(MIN_SHARES, |cpu| shares(cpu.milli_value()))),
        cpu_quota_us: cpu_limit.map(|limit| quota_us(limit.milli_value())),
        memory_bytes: memory.and_then(|limit| u64::try_from(limit.value()).ok()),
        pids: None,
        oom_score_adj: oom_score_adj(qos, asked, node_memory_bytes),
    }
}

/// The less of its class's guarantee a container has, the earlier it is killed for memory.
fn oom_score_adj(qos: QosClass, asked_bytes: i64, node_bytes: i64) -> i32 {
    match qos {
        QosClass::Guaranteed => -997,
        QosClass::BestEffort => 1000,
        QosClass::Burstable => {
            let share = i128::from(asked_bytes) * 1000 / i128::from(node_bytes.max(1));
            let adjusted = 1000 - i32::try_from(share).unwrap_or(1000);
            adjusted.clamp(3, 999)
        }
    }
}

/// The pod's as a whole: limited only where every container is.
pub(crate) fn of_pod(pod: &Pod) -> Resources {
    let containers = pod.spec.as_ref().map(|spec| spec.containers.as_slice()).unwrap_or_default();
    let sum = |side, resource, unit: fn(Quantity) -> i64| -> Option<i64> {
        containers.iter().map(|c| amount(c, side, resource).map(unit)).sum()
    };
    let requested: i64 = containers
        .iter()
        .filter_map(|c| amount(c, Side::Requests, "cpu").or_else(|| amount(c, Side::Limits, "cpu")))
        .map(Quantity::milli_value)
        .sum();
    let memory = sum(Side::Limits, "memory", Quantity::value);
    Resources {
        cpu_shares: Some(shares(requested)),
        cpu_quota_us: sum(Side::Limits, "cpu", Quantity::milli_value).map(quota_us),
        memory_bytes: memory.and_then(|bytes| u64::try_from(bytes).ok()),
        pids: None,
        oom_score_adj: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn amounts_become_the_kernels() {
        let of = |resources: serde_json::Value| {
            let container: Container =
                serde_json::from_value(json!({ "name": "c", "resources": resources })).unwrap();
            let found = of_container(&container, QosClass::Burstable, 1 << 30);
            (found.cpu_shares, found.cpu_quota_us, found.memory_bytes, found.oom_score_adj)
        };
        for (resources, want) in [
            (json!({}), (Some(2), None, None, 999)),
            (json!({ "requests": { "cpu": "500m" } }), (Some(512), None, None, 999)),
            (
                json!({ "limits": { "cpu": "2", "memory": "512Mi" } }),
                (Some(2048), Some(200_000), Some(512 << 20), 500),
            ),
            (json!({ "limits": { "cpu": "1m" } }), (Some(2), Some(1000), None, 999)),
        ] {
            assert_eq!(of(resources.clone()), want, "{resources}");
        }
    }

    #[test]
    fn a_pod_is_limited_where_all_its_containers_are() {
        let of = |containers: serde_json::Value| {
            let pod = json!({ "spec": { "containers": containers } });
            of_pod(&serde_json::from_value(pod).unwrap()).memory_bytes
        };
        let limited = json!({ "name": "a", "resources": { "limits": { "memory": "1Mi" } } });
        let free = json!({ "name": "b" });
        assert_eq!(of(json!([limited, limited])), Some(2 << 20));
        assert_eq!(of(json!([limited, free])), None);
    }
}
