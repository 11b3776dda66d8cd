//! Which pods a term of affinity means, shared by what keeps pods together, apart and spread.

use std::collections::HashMap;

use k8s_openapi::{
    api::core::v1::{Namespace, Node, Pod, PodAffinityTerm},
    apimachinery::pkg::apis::meta::v1,
};
use machinery::selector::LabelSelector;

/// How many pods, or how much weight, by topology key and its value.
pub(super) type Counts = HashMap<String, HashMap<String, i64>>;

/// Labels of namespaces, for terms that choose by them.
pub(super) trait Namespaces {
    /// The namespace, if it is known.
    fn find(&self, name: &str) -> Option<std::sync::Arc<Namespace>>;
}

impl Namespaces for client::SharedCache<Namespace> {
    fn find(&self, name: &str) -> Option<std::sync::Arc<Namespace>> {
        self.get("", name)
    }
}

/// Namespaces that a round asks.
pub(super) type AnyNamespaces = std::sync::Arc<dyn Namespaces + Send + Sync>;

/// A term, read once for a round.
#[derive(Debug, Clone)]
pub(super) struct Term {
    selector: Option<LabelSelector>,
    /// Namespaces by name; the pod's own where neither names nor a selector are given.
    named: Vec<String>,
    of_namespaces: Option<LabelSelector>,
    pub(super) key: String,
}

/// A selector; one that is absent means nothing, an empty one everything.
pub(super) fn selector_of(selector: Option<&v1::LabelSelector>) -> Option<LabelSelector> {
    LabelSelector::from_object(&serde_json::to_value(selector?).ok()?)
}

/// Whether a selector means an object.
pub(super) fn selects(selector: &LabelSelector, meta: &v1::ObjectMeta) -> bool {
    let labels = meta.labels.as_ref();
    selector.matches(|key| labels?.get(key).map(String::as_str))
}

impl Term {
    /// Reads a term of `owner`.
    pub(super) fn read(term: &PodAffinityTerm, owner: &Pod) -> Self {
        let mut named = term.namespaces.clone().unwrap_or_default();
        if named.is_empty() && term.namespace_selector.is_none() {
            named.extend(owner.metadata.namespace.clone());
        }
        Self {
            selector: selector_of(term.label_selector.as_ref()),
            named,
            of_namespaces: selector_of(term.namespace_selector.as_ref()),
            key: term.topology_key.clone(),
        }
    }

    /// All terms of a list.
    pub(super) fn read_all(terms: Option<&Vec<PodAffinityTerm>>, owner: &Pod) -> Vec<Self> {
        terms.into_iter().flatten().map(|term| Self::read(term, owner)).collect()
    }

    /// Whether the term means a pod.
    pub(super) fn means(&self, pod: &Pod, namespaces: &dyn Namespaces) -> bool {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        let chosen = |selector: &LabelSelector| {
            selector.is_empty()
                || namespaces.find(namespace).is_some_and(|it| selects(selector, &it.metadata))
        };
        let there = self.named.iter().any(|name| name == namespace)
            || self.of_namespaces.as_ref().is_some_and(chosen);
        there && self.selector.as_ref().is_some_and(|selector| selects(selector, &pod.metadata))
    }
}

/// The value that a node has for a topology key.
pub(super) fn domain<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.metadata.labels.as_ref()?.get(key).map(String::as_str)
}

/// Adds to the count of a node's domain, if it has one.
pub(super) fn add(counts: &mut Counts, node: &Node, key: &str, amount: i64) {
    let Some(value) = domain(node, key) else { return };
    let values = match counts.get_mut(key) {
        Some(values) => values,
        None => counts.entry(key.to_owned()).or_default(),
    };
    match values.get_mut(value) {
        Some(known) => *known += amount,
        None => drop(values.insert(value.to_owned(), amount)),
    }
}

/// The count of a node's domain; zero where it has none.
pub(super) fn count(counts: &Counts, node: &Node, key: &str) -> i64 {
    let value = domain(node, key);
    let found = value.and_then(|value| counts.get(key)?.get(value));
    found.copied().unwrap_or_default()
}

/// The counts of a node's domains, over all keys.
pub(super) fn sum(counts: &Counts, node: &Node) -> i64 {
    counts.keys().map(|key| count(counts, node, key)).sum()
}
