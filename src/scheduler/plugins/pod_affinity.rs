//! Pods that want to be near others or away from them.
//! Source: Kubernetes documentation, "Inter-pod affinity and anti-affinity", and
//! `framework/plugins/interpodaffinity`.

use std::{fmt, sync::Arc};

use client::SharedCache;
use k8s_openapi::api::core::v1::{
    Namespace, Pod, PodAffinity, PodAntiAffinity, WeightedPodAffinityTerm,
};

use super::{
    Change, MAX_SCORE, Plugin, Refusal, Round,
    terms::{AnyNamespaces, Counts, Term, add, count, domain, sum},
};
use crate::{
    config::PodAffinityArguments,
    nodes::{NodeInfo, is_choosy},
};

pub(crate) struct InterPodAffinity {
    namespaces: AnyNamespaces,
    arguments: PodAffinityArguments,
}

impl fmt::Debug for InterPodAffinity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InterPodAffinity")
    }
}

impl InterPodAffinity {
    /// A plugin that knows these namespaces.
    pub(crate) fn new(
        namespaces: SharedCache<Namespace>,
        arguments: &PodAffinityArguments,
    ) -> Self {
        Self { namespaces: Arc::new(namespaces), arguments: arguments.clone() }
    }
}

fn together(pod: &Pod) -> Option<&PodAffinity> {
    pod.spec.as_ref()?.affinity.as_ref()?.pod_affinity.as_ref()
}

fn apart(pod: &Pod) -> Option<&PodAntiAffinity> {
    pod.spec.as_ref()?.affinity.as_ref()?.pod_anti_affinity.as_ref()
}

fn weighted(
    terms: Option<&Vec<WeightedPodAffinityTerm>>,
    pod: &Pod,
    sign: i64,
) -> Vec<(Term, i64)> {
    let terms = terms.into_iter().flatten();
    terms
        .map(|one| (Term::read(&one.pod_affinity_term, pod), sign * i64::from(one.weight)))
        .collect()
}

/// Everything that a pod would rather have near or far, with its weight.
fn preferred(pod: &Pod) -> Vec<(Term, i64)> {
    let near = together(pod)
        .and_then(|it| it.preferred_during_scheduling_ignored_during_execution.as_ref());
    let far =
        apart(pod).and_then(|it| it.preferred_during_scheduling_ignored_during_execution.as_ref());
    let mut all = weighted(near, pod, 1);
    all.extend(weighted(far, pod, -1));
    all
}

fn near(pod: &Pod) -> Vec<Term> {
    let terms = together(pod)
        .and_then(|it| it.required_during_scheduling_ignored_during_execution.as_ref());
    Term::read_all(terms, pod)
}

fn far(pod: &Pod) -> Vec<Term> {
    let terms =
        apart(pod).and_then(|it| it.required_during_scheduling_ignored_during_execution.as_ref());
    Term::read_all(terms, pod)
}

/// What the pods that run mean for one that does not.
#[derive(Clone)]
struct State {
    pod: Arc<Pod>,
    namespaces: AnyNamespaces,
    arguments: PodAffinityArguments,
    near: Vec<Term>,
    far: Vec<Term>,
    wishes: Vec<(Term, i64)>,
    /// Pods that all near terms mean.
    liked: Counts,
    /// Pods that far terms mean.
    disliked: Counts,
    /// Pods that keep this one away.
    keeping_off: Counts,
    /// Whether the pod is one that it wants to be near itself.
    likes_itself: bool,
    weights: Counts,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InterPodAffinity")
    }
}

impl Plugin for InterPodAffinity {
    fn prepare(&self, pod: &Arc<Pod>, nodes: &[Arc<NodeInfo>]) -> Option<Box<dyn Round>> {
        let namespaces = &*self.namespaces;
        let near = near(pod);
        let mut state = State {
            likes_itself: near.iter().all(|term| term.means(pod, namespaces)),
            near,
            far: far(pod),
            wishes: preferred(pod),
            pod: Arc::clone(pod),
            namespaces: Arc::clone(&self.namespaces),
            arguments: self.arguments.clone(),
            liked: Counts::new(),
            disliked: Counts::new(),
            keeping_off: Counts::new(),
            weights: Counts::new(),
        };
        // Of pods without terms of their own only those matter that this one's terms mean.
        let looks = is_choosy(pod);
        for info in nodes.iter().filter(|info| looks || info.choosy > 0) {
            for other in info.running.iter().filter(|other| looks || is_choosy(other)) {
                state.weigh(other, info);
                state.count(other, info, Change::Comes);
            }
        }
        Some(Box::new(state))
    }
}

impl State {
    /// Notes what this pod and one that runs wish of each other.
    fn weigh(&mut self, other: &Pod, info: &NodeInfo) {
        let namespaces = &*self.namespaces;
        let node = &info.node;
        for (term, weight) in self.wishes.iter().filter(|(term, _)| term.means(other, namespaces)) {
            add(&mut self.weights, node, &term.key, *weight);
        }
        if !is_choosy(other) {
            return;
        }
        let hard = i64::from(self.arguments.hard_pod_affinity_weight);
        for term in near(other).iter().filter(|term| hard > 0 && term.means(&self.pod, namespaces))
        {
            add(&mut self.weights, node, &term.key, hard);
        }
        if self.wishes.is_empty() && self.arguments.ignore_preferred_terms_of_existing_pods {
            return;
        }
        for (term, weight) in preferred(other) {
            if term.means(&self.pod, namespaces) {
                add(&mut self.weights, node, &term.key, weight);
            }
        }
    }

    fn is_near(&self, node: &NodeInfo) -> bool {
        if !self.near.iter().all(|term| domain(&node.node, &term.key).is_some()) {
            return false;
        }
        let liked = |term: &Term| count(&self.liked, &node.node, &term.key) > 0;
        // The first of its kind may go anywhere.
        let none = || self.liked.values().flat_map(|values| values.values()).all(|it| *it == 0);
        self.near.iter().all(liked) || none() && self.likes_itself
    }
}

impl Round for State {
    fn filter(&self, node: &NodeInfo) -> Result<(), Refusal> {
        if !self.is_near(node) {
            return Err(Refusal::firm("node(s) didn't match pod affinity rules"));
        }
        if self.far.iter().any(|term| count(&self.disliked, &node.node, &term.key) > 0) {
            let words = "node(s) didn't match pod anti-affinity rules";
            return Err(Refusal::soft(vec![words.into()]));
        }
        if self.keeping_off.keys().any(|key| count(&self.keeping_off, &node.node, key) > 0) {
            let words = "node(s) didn't satisfy existing pods anti-affinity rules";
            return Err(Refusal::soft(vec![words.into()]));
        }
        Ok(())
    }

    fn scores(&self, nodes: &[&NodeInfo]) -> Vec<i64> {
        if self.weights.is_empty() {
            return Vec::new();
        }
        let mut sums: Vec<i64> = nodes.iter().map(|node| sum(&self.weights, &node.node)).collect();
        let least = sums.iter().copied().min().unwrap_or_default();
        let range = sums.iter().copied().max().unwrap_or_default() - least;
        for sum in &mut sums {
            *sum = if range == 0 { 0 } else { (*sum - least) * MAX_SCORE / range };
        }
        sums
    }

    fn count(&mut self, other: &Pod, info: &NodeInfo, change: Change) {
        let (namespaces, node, sign) = (&*self.namespaces, &info.node, change.sign());
        let means = |term: &Term| term.means(other, namespaces);
        if !self.near.is_empty() && self.near.iter().all(means) {
            for term in &self.near {
                add(&mut self.liked, node, &term.key, sign);
            }
        }
        for term in self.far.iter().filter(|term| means(term)) {
            add(&mut self.disliked, node, &term.key, sign);
        }
        if apart(other).is_none() {
            return;
        }
        for term in far(other).iter().filter(|term| term.means(&self.pod, namespaces)) {
            add(&mut self.keeping_off, node, &term.key, sign);
        }
    }

    fn copy(&self) -> Box<dyn Round> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::{Value, json};

    use super::{super::terms::Namespaces, *};
    use crate::cycle::schedule;

    struct Known(HashMap<String, Arc<Namespace>>);

    impl Namespaces for Known {
        fn find(&self, name: &str) -> Option<Arc<Namespace>> {
            self.0.get(name).cloned()
        }
    }

    fn plugin() -> Vec<Box<dyn Plugin>> {
        let labels = json!({"metadata": {"name": "other", "labels": {"team": "x"}}});
        let other = Arc::new(serde_json::from_value(labels).unwrap());
        let known = Known(HashMap::from([("other".to_owned(), other)]));
        let arguments = PodAffinityArguments::default();
        vec![Box::new(InterPodAffinity { namespaces: Arc::new(known), arguments })]
    }

    fn pod(namespace: &str, app: &str, affinity: &Value) -> Arc<Pod> {
        let object = json!({
            "metadata": {"namespace": namespace, "name": app, "labels": {"app": app}},
            "spec": {"containers": [{"name": "c"}], "affinity": affinity},
        });
        Arc::new(serde_json::from_value(object).unwrap())
    }

    /// Two zones: nodes a and b in one, node c in the other.
    fn nodes(running: &[(&str, Arc<Pod>)]) -> Vec<Arc<NodeInfo>> {
        let mut nodes: Vec<NodeInfo> = [("a", "z1"), ("b", "z1"), ("c", "z2")]
            .into_iter()
            .map(|(name, zone)| {
                let labels = json!({"host": name, "zone": zone});
                let node = json!({"metadata": {"name": name, "labels": labels}});
                NodeInfo::new(Arc::new(serde_json::from_value(node).unwrap()))
            })
            .collect();
        for (name, pod) in running {
            nodes.iter_mut().find(|node| node.name() == *name).unwrap().add(pod);
        }
        nodes.into_iter().map(Arc::new).collect()
    }

    fn required(kind: &str, key: &str, app: &str) -> Value {
        json!({kind: {"requiredDuringSchedulingIgnoredDuringExecution": [
            {"topologyKey": key, "labelSelector": {"matchLabels": {"app": app}}}]}})
    }

    fn outcome(pod: &Arc<Pod>, nodes: &[Arc<NodeInfo>]) -> Vec<String> {
        let chosen = |tie| schedule(pod, nodes, &plugin(), tie).map(|node| node.name().to_owned());
        let mut all: Vec<String> = match chosen(0) {
            Err(refused) => return vec![refused.message(None)],
            Ok(_) => (0..6).filter_map(|tie| chosen(tie).ok()).collect(),
        };
        all.sort();
        all.dedup();
        all
    }

    #[test]
    fn pods_stay_together_and_apart() {
        let plain = |app: &str| pod("n", app, &json!({}));
        let near = required("podAffinity", "zone", "db");
        let far = required("podAntiAffinity", "zone", "web");
        let all = ["a", "b", "c"];
        let running = nodes(&[("a", plain("db"))]);
        assert_eq!(outcome(&pod("n", "web", &near), &running), ["a", "b"]);
        // Another namespace is another matter.
        let told = outcome(&pod("m", "web", &near), &running).concat();
        assert!(told.contains("3 node(s) didn't match pod affinity rules"), "{told}");
        assert_eq!(outcome(&pod("n", "web", &far), &nodes(&[("c", plain("web"))])), ["a", "b"]);
        let full = nodes(&[("a", plain("web")), ("c", plain("web"))]);
        let told = outcome(&pod("n", "web", &far), &full).concat();
        assert!(told.contains("3 node(s) didn't match pod anti-affinity rules"), "{told}");
        // The first of a kind that wants its like goes anywhere.
        let own = required("podAffinity", "zone", "web");
        assert_eq!(outcome(&pod("n", "web", &own), &nodes(&[])), all);
        assert!(outcome(&pod("n", "api", &own), &nodes(&[])).concat().contains("affinity rules"));
    }

    #[test]
    fn those_who_run_may_keep_others_off() {
        let lonely = pod("n", "lonely", &required("podAntiAffinity", "host", "web"));
        let running = nodes(&[("a", Arc::clone(&lonely)), ("b", lonely)]);
        assert_eq!(outcome(&pod("n", "web", &json!({})), &running), ["c"]);
        assert_eq!(outcome(&pod("n", "api", &json!({})), &running), ["a", "b", "c"]);
    }

    #[test]
    fn namespaces_are_chosen_by_their_labels() {
        let mut near = required("podAffinity", "host", "db");
        let term = &mut near["podAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][0];
        term["namespaceSelector"] = json!({"matchLabels": {"team": "x"}});
        let running =
            nodes(&[("b", pod("other", "db", &json!({}))), ("c", pod("n", "db", &json!({})))]);
        assert_eq!(outcome(&pod("n", "web", &near), &running), ["b"]);
    }

    #[test]
    fn wishes_are_weighed() {
        let wish = |kind: &str, app: &str, weight: i32| {
            json!({kind: {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": weight,
                "podAffinityTerm": {"topologyKey": "host", "labelSelector": {"matchLabels": {"app": app}}}}]}})
        };
        let running =
            nodes(&[("a", pod("n", "db", &json!({}))), ("b", pod("n", "web", &json!({})))]);
        assert_eq!(outcome(&pod("n", "x", &wish("podAffinity", "db", 10)), &running), ["a"]);
        assert_eq!(
            outcome(&pod("n", "x", &wish("podAntiAffinity", "db", 10)), &running),
            ["b", "c"]
        );
    }
}
