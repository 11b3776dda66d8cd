//! Servers that have a say in where pods go: they refuse nodes, rate them, choose who leaves, and bind.
//! Source: `pkg/scheduler/extender.go` and `k8s.io/kube-scheduler/extender/v1`.
//!
//! An extender that fails stops the pod it was asked about, unless it may be ignored. Ratings that fail
//! count nothing.

mod server;
mod wire;

use std::collections::HashMap;

use k8s_openapi::api::core::v1::{Container, Pod};
use serde_json::{Value, json};

use self::{
    server::Server,
    wire::{Filtered, Names, Rated, Victims},
};
use crate::{
    config::{ConfigError, ExtenderSettings},
    cycle::{Added, Fitting},
    plugins::Refusal,
    preemption::Candidate,
};

/// Extenders rate from 0 to 10, plugins to 100.
const SCALE: i64 = crate::plugins::MAX_SCORE / 10;

/// The extenders, in the order in which they are asked.
#[derive(Debug, Default)]
pub(crate) struct Extenders(Vec<Extender>);

/// One server, and what it is asked.
#[derive(Debug)]
struct Extender {
    settings: ExtenderSettings,
    server: Server,
}

/// A pod as extenders are told of it: the whole object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) pod: &'a Pod,
    pub(crate) whole: &'a Value,
}

impl Extenders {
    /// Makes ready to ask; nobody is asked yet. Errors: certificates that cannot be read.
    pub(crate) async fn open(settings: &[ExtenderSettings]) -> Result<Self, ConfigError> {
        let mut all = Vec::new();
        for one in settings {
            let server = Server::open(one).await.map_err(ConfigError::new)?;
            all.push(Extender { settings: one.clone(), server });
        }
        Ok(Self(all))
    }

    fn of<'a>(&'a self, pod: &'a Pod) -> impl Iterator<Item = &'a Extender> {
        self.0.iter().filter(|one| one.is_interested(pod))
    }

    /// Tells whether anybody has a say in where a pod goes.
    pub(crate) fn concern(&self, pod: &Pod) -> bool {
        self.of(pod).next().is_some()
    }

    /// Takes away the nodes that extenders refuse. Errors: the words of one that must not be ignored.
    pub(crate) async fn filter(
        &self,
        asked: Asked<'_>,
        mut fitting: Fitting,
    ) -> Result<Fitting, String> {
        for one in self.of(asked.pod).filter(|one| !one.settings.filter_verb.is_empty()) {
            if fitting.nodes.is_empty() {
                break;
            }
            match one.filter(asked, &fitting).await {
                Ok(filtered) => filtered.apply(&mut fitting),
                Err(words) => one.ignore(words)?,
            }
        }
        Ok(fitting)
    }

    /// What extenders add to the scores of nodes.
    pub(crate) async fn scores(&self, asked: Asked<'_>, fitting: &Fitting) -> Added {
        let mut added = Added::new();
        if fitting.nodes.len() < 2 {
            return added;
        }
        for one in self.of(asked.pod).filter(|one| !one.settings.prioritize_verb.is_empty()) {
            let verb = &one.settings.prioritize_verb;
            match one.server.ask::<Vec<Rated>>(verb, &one.question(asked, fitting)).await {
                Ok(rated) => {
                    for Rated { host, score } in rated {
                        *added.entry(host).or_default() += score * one.settings.weight * SCALE;
                    }
                }
                Err(error) => tracing::warn!(%error, "an extender does not rate nodes"),
            }
        }
        added
    }

    /// Lets extenders choose among nodes that could be cleared, and who leaves them.
    pub(crate) async fn preempt(
        &self,
        asked: Asked<'_>,
        mut candidates: Vec<Candidate>,
        find: impl Fn(&str, &str) -> Option<std::sync::Arc<Pod>>,
    ) -> Result<Vec<Candidate>, String> {
        for one in self.of(asked.pod).filter(|one| !one.settings.preempt_verb.is_empty()) {
            if candidates.is_empty() {
                break;
            }
            match one.preempt(asked, &candidates, &find).await {
                Ok(chosen) => candidates = chosen,
                Err(words) => one.ignore(words)?,
            }
        }
        Ok(candidates)
    }

    /// Has an extender bind a pod; `None`: nobody does that for this one.
    pub(crate) async fn bind(&self, pod: &Pod, node: &str) -> Option<Result<(), String>> {
        let one = self.of(pod).find(|one| !one.settings.bind_verb.is_empty())?;
        let meta = &pod.metadata;
        let question = json!({
            "PodName": meta.name, "PodNamespace": meta.namespace, "PodUID": meta.uid, "Node": node,
        });
        let answer: Result<wire::Bound, String> =
            one.server.ask(&one.settings.bind_verb, &question).await;
        let bound = answer.and_then(|bound| match bound.error {
            words if words.is_empty() => Ok(()),
            words => Err(words),
        });
        match bound {
            Ok(()) => Some(Ok(())),
            // Somebody has to bind the pod.
            Err(words) => match one.ignore(words) {
                Ok(()) => None,
                Err(words) => Some(Err(words)),
            },
        }
    }
}

impl Extender {
    fn is_interested(&self, pod: &Pod) -> bool {
        let managed = &self.settings.managed_resources;
        let wants = |container: &Container| {
            let resources = container.resources.as_ref();
            let lists = resources.map(|it| [it.requests.as_ref(), it.limits.as_ref()]);
            let mut names = lists.into_iter().flatten().flatten().flat_map(|list| list.keys());
            names.any(|name| managed.iter().any(|one| one.name == *name))
        };
        let Some(spec) = &pod.spec else { return managed.is_empty() };
        let mut containers = spec.containers.iter().chain(spec.init_containers.iter().flatten());
        managed.is_empty() || containers.any(wants)
    }

    /// Lets a failure pass where this extender may be ignored.
    fn ignore(&self, words: String) -> Result<(), String> {
        if !self.settings.ignorable {
            return Err(words);
        }
        tracing::warn!(words, "an extender fails and is ignored");
        Ok(())
    }

    fn question(&self, asked: Asked<'_>, fitting: &Fitting) -> Value {
        if self.settings.node_cache_capable {
            let names: Vec<&str> = fitting.nodes.iter().map(|node| node.name()).collect();
            return json!({"Pod": asked.whole, "Nodes": null, "NodeNames": names});
        }
        let nodes: Vec<_> = fitting.nodes.iter().map(|node| &*node.node).collect();
        json!({"Pod": asked.whole, "Nodes": {"metadata": {}, "items": nodes}, "NodeNames": null})
    }

    async fn filter(&self, asked: Asked<'_>, fitting: &Fitting) -> Result<Filtered, String> {
        let question = self.question(asked, fitting);
        let filtered: Filtered = self.server.ask(&self.settings.filter_verb, &question).await?;
        if !filtered.error.is_empty() {
            return Err(filtered.error);
        }
        let by_name = filtered.node_names.as_ref().filter(|_| self.settings.node_cache_capable);
        for name in by_name.into_iter().flatten() {
            if !fitting.nodes.iter().any(|node| node.name() == name) {
                return Err(format!(
                    "extender {:?} claims a filtered node {name:?} which is not found in the input \
                     node list",
                    self.settings.url_prefix
                ));
            }
        }
        let names = by_name.cloned().or_else(|| filtered.nodes.as_ref().map(Names::all));
        Ok(Filtered { node_names: Some(names.unwrap_or_default()), ..filtered })
    }

    async fn preempt(
        &self,
        asked: Asked<'_>,
        candidates: &[Candidate],
        find: &impl Fn(&str, &str) -> Option<std::sync::Arc<Pod>>,
    ) -> Result<Vec<Candidate>, String> {
        let question = if self.settings.node_cache_capable {
            json!({"Pod": asked.whole, "NodeNameToVictims": null,
                "NodeNameToMetaVictims": wire::names_of(candidates)})
        } else {
            json!({"Pod": asked.whole, "NodeNameToVictims": wire::whole(candidates),
                "NodeNameToMetaVictims": null})
        };
        let answer: wire::Preempted =
            self.server.ask(&self.settings.preempt_verb, &question).await?;
        let mut chosen = Vec::new();
        for (node, victims) in answer.victims.unwrap_or_default() {
            match self.candidate(&node, victims, find)? {
                Some(candidate) => chosen.push(candidate),
                None if self.settings.ignorable => {}
                None => return Err(format!("expected at least one victim pod on node {node:?}")),
            }
        }
        Ok(chosen)
    }

    /// A node with those who leave it; `None`: nobody does.
    fn candidate(
        &self,
        node: &str,
        victims: Option<Victims>,
        find: &impl Fn(&str, &str) -> Option<std::sync::Arc<Pod>>,
    ) -> Result<Option<Candidate>, String> {
        let Some(victims) = victims.filter(|victims| !victims.pods.is_empty()) else {
            return Ok(None);
        };
        let mut pods = Vec::new();
        for victim in &victims.pods {
            let Some(pod) = find(node, &victim.uid) else {
                return Err(format!(
                    "extender: {} claims to preempt pod (UID: {}) on node: {node}, but the pod is \
                     not found on that node",
                    self.settings.url_prefix, victim.uid
                ));
            };
            pods.push(pod);
        }
        let violations = usize::try_from(victims.violations).unwrap_or(0);
        Ok(Some(Candidate { node: node.to_owned(), victims: pods, violations }))
    }
}

impl Filtered {
    /// Keeps the nodes that are named, and notes why others are not.
    fn apply(self, fitting: &mut Fitting) {
        let names = self.node_names.unwrap_or_default();
        let (kept, gone): (Vec<_>, Vec<_>) =
            fitting.nodes.drain(..).partition(|node| names.iter().any(|name| name == node.name()));
        fitting.nodes = kept;
        let (firm, soft): (HashMap<_, _>, HashMap<_, _>) = (
            self.unresolvable.unwrap_or_default().into_iter().collect(),
            self.failed.unwrap_or_default().into_iter().collect(),
        );
        for node in gone {
            let refusal = match (firm.get(node.name()), soft.get(node.name())) {
                (Some(words), _) => Refusal { reasons: vec![words.clone()], preemptible: false },
                (None, Some(words)) => Refusal { reasons: vec![words.clone()], preemptible: true },
                (None, None) => Refusal { reasons: Vec::new(), preemptible: false },
            };
            fitting.refusals.push((node, refusal));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::nodes::NodeInfo;

    fn node(name: &str) -> Arc<NodeInfo> {
        let node = json!({"metadata": {"name": name}});
        Arc::new(NodeInfo::new(Arc::new(serde_json::from_value(node).unwrap())))
    }

    #[test]
    fn what_an_extender_refuses_is_told() {
        let nodes = vec![node("a"), node("b"), node("c"), node("d")];
        let mut fitting = Fitting { nodes, refusals: Vec::new(), seen: 4 };
        let filtered: Filtered = wire::read(
            br#"{"nodenames": ["b"], "FailedNodes": {"a": "full", "c": "late"},
                "failedAndUnresolvableNodes": {"c": "broken"}}"#,
        )
        .unwrap();
        filtered.apply(&mut fitting);
        let names: Vec<&str> = fitting.nodes.iter().map(|node| node.name()).collect();
        assert_eq!(names, ["b"]);
        let told: Vec<String> = fitting
            .refusals
            .iter()
            .map(|(node, it)| {
                format!("{} {} {}", node.name(), it.reasons.join(","), it.preemptible)
            })
            .collect();
        assert_eq!(told, ["a full true", "c broken false", "d  false"]);
    }

    #[tokio::test]
    async fn extenders_look_at_pods_with_their_resources() {
        let settings = json!({"urlPrefix": "http://127.0.0.1:1", "filterVerb": "filter",
            "managedResources": [{"name": "example.com/gpu"}]});
        let settings = serde_json::from_value(settings).unwrap();
        let extenders = Extenders::open(&[settings]).await.unwrap();
        let pod = |resources: Value| -> Pod {
            let spec = json!({"containers": [{"name": "c", "resources": resources}]});
            serde_json::from_value(json!({ "spec": spec })).unwrap()
        };
        assert!(extenders.concern(&pod(json!({"limits": {"example.com/gpu": "1"}}))));
        assert!(!extenders.concern(&pod(json!({"limits": {"cpu": "1"}}))));
        assert!(!Extenders::default().concern(&pod(json!({}))));
    }
}
