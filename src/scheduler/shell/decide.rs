//! The decision for one pod, on what is known now.

use std::sync::{Arc, atomic::Ordering};

use client::{DynamicApi, Resource};
use k8s_openapi::api::core::v1::Pod;

use super::{Decision, Desk, Nominated, Shell, lock};
use crate::{
    cycle::{Added, Cycle, Luck, Unschedulable},
    extenders::Asked,
    preemption::{self, Candidate, Preemption},
};

impl Shell {
    /// Decides for a pod. Errors: the pod cannot be read.
    pub(super) async fn decide(&self, pod: &Arc<Pod>, desk: &Desk) -> client::Result<Decision> {
        let (nodes, nominated) = {
            let ledger = lock(&self.ledger);
            (ledger.snapshot(), ledger.nominated())
        };
        let tie = rand::random::<u32>() as usize;
        let luck = Luck { tie, start: self.start.load(Ordering::Relaxed) };
        let cycle = match Cycle::begin(pod, &nodes, &nominated, &desk.profile.plugins) {
            Ok(cycle) => cycle.looking_for(desk.profile.share),
            Err(refused) => {
                let preempts = desk.profile.preemption.is_some();
                let useless = || preemption::useless(pod, nodes.len());
                return Ok(told(&refused, if preempts { useless() } else { Preemption::Off }));
            }
        };
        if self.extenders.concern(pod) {
            return self.decide_with_extenders(&cycle, desk, luck).await;
        }
        let fitting = cycle.promised().unwrap_or_else(|| cycle.fitting(luck));
        self.advance(luck, fitting.seen, nodes.len());
        Ok(match cycle.pick(fitting, &Added::new(), luck) {
            Ok(node) => Decision::Place(node),
            Err(refused) => {
                let candidates = self.candidates(&cycle, &refused, desk, luck);
                told(&refused, candidates.map_or_else(|it| it, preemption::choose))
            }
        })
    }

    async fn decide_with_extenders(
        &self,
        cycle: &Cycle<'_>,
        desk: &Desk,
        luck: Luck,
    ) -> client::Result<Decision> {
        let pod = cycle.pod;
        let namespace = pod.metadata.namespace.as_deref();
        let api = DynamicApi::new(&self.client, &Resource::of::<Pod>(), namespace);
        // What the cache shows is not the whole pod.
        let whole = api.get(pod.metadata.name.as_deref().unwrap_or_default()).await?;
        let asked = Asked { pod, whole: &whole };
        let promised = match cycle.promised() {
            // Where an extender fails on it, the others are looked at.
            Some(promised) => self.extenders.filter(asked, promised).await.ok(),
            None => None,
        };
        let fitting = match promised.filter(|promised| !promised.nodes.is_empty()) {
            Some(promised) => promised,
            None => match self.extenders.filter(asked, cycle.fitting(luck)).await {
                Ok(fitting) => fitting,
                Err(words) => return Ok(Decision::Fail(words)),
            },
        };
        self.advance(luck, fitting.seen, cycle.nodes.len());
        let added = self.extenders.scores(asked, &fitting).await;
        let refused = match cycle.pick(fitting, &added, luck) {
            Ok(node) => return Ok(Decision::Place(node)),
            Err(refused) => refused,
        };
        let candidates = match self.candidates(cycle, &refused, desk, luck) {
            Ok(candidates) => candidates,
            Err(nothing) => return Ok(told(&refused, nothing)),
        };
        let find = |node: &str, uid: &str| {
            let node = cycle.nodes.iter().find(|one| one.name() == node)?;
            let is_it = |pod: &&Arc<Pod>| pod.metadata.uid.as_deref() == Some(uid);
            node.running.iter().find(is_it).cloned()
        };
        Ok(match self.extenders.preempt(asked, candidates, find).await {
            Ok(chosen) => told(&refused, preemption::choose(chosen)),
            Err(words) => Decision::Fail(words),
        })
    }

    /// The next decision begins behind the nodes that this one has looked at.
    fn advance(&self, luck: Luck, seen: usize, nodes: usize) {
        self.start.store((luck.start + seen) % nodes.max(1), Ordering::Relaxed);
    }

    fn candidates(
        &self,
        cycle: &Cycle<'_>,
        refused: &Unschedulable,
        desk: &Desk,
        luck: Luck,
    ) -> Result<Vec<Candidate>, Preemption> {
        let Some(arguments) = &desk.profile.preemption else { return Err(Preemption::Off) };
        preemption::candidates(cycle, refused, &self.budgets.list(), luck.tie, arguments)
    }
}

/// What follows from a refusal and the attempt to make room.
fn told(refused: &Unschedulable, preempted: Preemption) -> Decision {
    let none = || Nominated::Becomes(String::new());
    let (message, nominated, victims) = match preempted {
        Preemption::Wait(Candidate { node, victims, .. }) => {
            (refused.message(None), Nominated::Becomes(node), victims)
        }
        Preemption::Hopeless(words) => (refused.message(Some(&words)), none(), Vec::new()),
        Preemption::NotNow(words) => (refused.message(Some(&words)), Nominated::Stays, Vec::new()),
        Preemption::Off => (refused.message(None), Nominated::Stays, Vec::new()),
    };
    Decision::Refuse { message, nominated, victims }
}
