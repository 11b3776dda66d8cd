//! What pods ask for and nodes have, in whole units. Source:
//! `k8s.io/component-helpers/resource.PodRequests`.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{Container, Pod},
    apimachinery::pkg::api::resource,
};
use machinery::quantity::Quantity;

/// Amounts by resource name: thousandths for `cpu`, whole units for the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Resources(pub(crate) BTreeMap<String, i64>);

impl Resources {
    /// Reads a list of quantities; what is no quantity counts as nothing.
    pub(crate) fn of(list: Option<&BTreeMap<String, resource::Quantity>>) -> Self {
        let amounts = list.into_iter().flatten().map(|(name, text)| {
            let amount = text.0.parse::<Quantity>().unwrap_or(Quantity::whole(0));
            let amount = if name == "cpu" { amount.milli_value() } else { amount.value() };
            (name.clone(), amount)
        });
        Self(amounts.collect())
    }

    /// The amount of one resource.
    pub(crate) fn get(&self, name: &str) -> i64 {
        self.0.get(name).copied().unwrap_or(0)
    }

    /// Adds all of `other`.
    pub(crate) fn add(&mut self, other: &Self) {
        for (name, amount) in &other.0 {
            *self.0.entry(name.clone()).or_default() += amount;
        }
    }

    /// Takes all of `other` away.
    pub(crate) fn subtract(&mut self, other: &Self) {
        for (name, amount) in &other.0 {
            *self.0.entry(name.clone()).or_default() -= amount;
        }
    }

    /// Raises every amount to that of `other`.
    fn raise(&mut self, other: &Self) {
        for (name, amount) in &other.0 {
            let own = self.0.entry(name.clone()).or_default();
            *own = (*own).max(*amount);
        }
    }
}

/// What a container without requests is taken to need, for scores alone: 100m and 200 MiB.
const TYPICAL: [(&str, i64); 2] = [("cpu", 100), ("memory", 200 << 20)];

/// What a pod asks for: all containers together, or the greediest init container.
pub(crate) fn requests(pod: &Pod) -> Resources {
    sum(pod, &container_requests)
}

/// What a pod is taken to need of processor and memory when nodes are rated.
pub(crate) fn estimate(pod: &Pod) -> Resources {
    let needs = |container: &Container| {
        let mut own = container_requests(container);
        own.0.retain(|name, _| TYPICAL.iter().any(|(typical, _)| typical == name));
        for (name, amount) in TYPICAL {
            own.0.entry(name.to_owned()).or_insert(amount);
        }
        own
    };
    sum(pod, &needs)
}

fn sum(pod: &Pod, needs: &dyn Fn(&Container) -> Resources) -> Resources {
    let Some(spec) = &pod.spec else { return Resources::default() };
    let mut total = Resources::default();
    for container in &spec.containers {
        total.add(&needs(container));
    }
    let mut sidecars = Resources::default();
    let mut peak = Resources::default();
    for container in spec.init_containers.iter().flatten() {
        let own = needs(container);
        if container.restart_policy.as_deref() == Some("Always") {
            sidecars.add(&own);
            total.add(&own);
            peak.raise(&sidecars);
        } else {
            let mut with_sidecars = own;
            with_sidecars.add(&sidecars);
            peak.raise(&with_sidecars);
        }
    }
    total.raise(&peak);
    total.add(&Resources::of(spec.overhead.as_ref()));
    total
}

fn container_requests(container: &Container) -> Resources {
    Resources::of(container.resources.as_ref().and_then(|it| it.requests.as_ref()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn init_containers_count_by_their_peak() {
        let cpu = |amount: &str| json!({"requests": {"cpu": amount}});
        let pod: Pod = serde_json::from_value(json!({"spec": {
            "containers": [{"name": "a", "resources": cpu("100m")}, {"name": "b", "resources": cpu("200m")}],
            "initContainers": [{"name": "i", "resources": cpu("1")},
                {"name": "s", "restartPolicy": "Always", "resources": cpu("50m")}],
        }}))
        .unwrap();
        assert_eq!(requests(&pod).get("cpu"), 1000);
    }
}
