//! The quality of service that a pod's requests and limits earn it.
//! Source: the Kubernetes documentation, "Pod Quality of Service Classes".

use machinery::{meta, quantity::Quantity};
use serde_json::Value;

/// The classes, from the first to be evicted to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QosClass {
    /// Nothing is requested.
    BestEffort,
    /// Something is requested.
    Burstable,
    /// Every container is limited, and requests all of it.
    Guaranteed,
}

impl QosClass {
    /// The word in `status.qosClass`.
    pub fn word(self) -> &'static str {
        match self {
            Self::BestEffort => "BestEffort",
            Self::Burstable => "Burstable",
            Self::Guaranteed => "Guaranteed",
        }
    }
}

/// The class of a pod.
pub fn qos_class(pod: &Value) -> QosClass {
    let whole = &pod["spec"];
    let given = |side: &str| {
        let amounts = whole.pointer(&format!("/resources/{side}")).and_then(Value::as_object);
        amounts.is_some_and(|amounts| !amounts.is_empty())
    };
    if given("requests") || given("limits") {
        return class_of(std::iter::once(whole));
    }
    let containers = meta::items(pod, "/spec/containers");
    let all = containers.iter().chain(meta::items(pod, "/spec/initContainers"));
    let class = class_of(all);
    match class {
        QosClass::Guaranteed if containers.is_empty() => QosClass::Burstable,
        class => class,
    }
}

fn class_of<'a>(all: impl Iterator<Item = &'a Value>) -> QosClass {
    let mut any = false;
    let mut guaranteed = true;
    for container in all {
        for resource in ["cpu", "memory"] {
            let request = amount(container, "requests", resource);
            let limit = amount(container, "limits", resource);
            any |= request.is_some() || limit.is_some();
            guaranteed &= limit.is_some() && request.is_none_or(|request| Some(request) == limit);
        }
    }
    match (any, guaranteed) {
        (false, _) => QosClass::BestEffort,
        (true, true) => QosClass::Guaranteed,
        (true, false) => QosClass::Burstable,
    }
}

fn amount(container: &Value, side: &str, resource: &str) -> Option<Quantity> {
    let text = container.get("resources")?.get(side)?.get(resource)?.as_str()?;
    text.parse().ok().filter(|amount: &Quantity| !amount.is_zero())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn classes_follow_requests_and_limits() {
        let both = json!({"limits": {"cpu": "1", "memory": "1Gi"}});
        for (resources, class) in [
            (json!({}), QosClass::BestEffort),
            (json!({"requests": {"cpu": "1"}}), QosClass::Burstable),
            (both, QosClass::Guaranteed),
            (json!({"limits": {"cpu": "1"}}), QosClass::Burstable),
        ] {
            let pod = json!({"spec": {"containers": [{"resources": resources}]}});
            assert_eq!(qos_class(&pod), class, "{pod}");
        }
    }
}
