//! Histories of pods, nodes and a driver: whatever happens, volumes are where their pods are in the end.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;
use tokio::time::Instant;

use super::*;

const NODES: [&str; 3] = ["n0", "n1", "n2"];
const VOLUMES: [&str; 3] = ["once", "pod", "many"];

/// What happens in a cluster.
#[derive(Debug, Clone)]
enum Move {
    /// A pod comes to a node, with a volume.
    Come(usize, usize, usize),
    Go(usize),
    /// A node's kubelet looks at its pods.
    Look(usize),
    /// A node is lost, or found.
    Turn(usize),
    /// The driver does what it was asked for.
    Drive,
    Sync(usize),
    Wait,
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        3 => (0..6usize, 0..3usize, 0..3usize).prop_map(|(pod, at, of)| Move::Come(pod, at, of)),
        2 => (0..6usize).prop_map(Move::Go),
        3 => (0..3usize).prop_map(Move::Look),
        1 => (0..3usize).prop_map(Move::Turn),
        3 => Just(Move::Drive),
        6 => (0..3usize).prop_map(Move::Sync),
        1 => Just(Move::Wait),
    ]
}

#[derive(Debug, Clone)]
struct World {
    storage: Shelf,
    pods: BTreeMap<usize, Arc<Pod>>,
    nodes: BTreeMap<&'static str, Node>,
    lost: BTreeSet<&'static str>,
    attachments: BTreeMap<String, Arc<VolumeAttachment>>,
    memories: BTreeMap<&'static str, Memory>,
    now: Instant,
}

impl World {
    fn new() -> Self {
        let storage = Shelf::default()
            .with("once", &json!(["ReadWriteOnce"]))
            .with("pod", &json!(["ReadWriteOncePod"]))
            .with("many", &json!(["ReadWriteMany"]));
        Self {
            storage,
            pods: BTreeMap::new(),
            nodes: NODES.into_iter().map(|name| (name, node(name, &json!({})))).collect(),
            lost: BTreeSet::new(),
            attachments: BTreeMap::new(),
            memories: BTreeMap::new(),
            now: Instant::now(),
        }
    }

    fn wanted_on(&self, node: &str) -> BTreeMap<String, Wanted> {
        let pods: Vec<_> =
            self.pods.values().filter(|pod| node_name(pod) == node).cloned().collect();
        wanted(node, self.nodes.get(node), &pods, &self.storage)
    }

    fn elsewhere(&self, unique: &str, node: &str) -> Vec<Elsewhere> {
        let same = |one: &&Arc<VolumeAttachment>| {
            let volume = one.spec.source.persistent_volume_name.as_deref().unwrap_or_default();
            unique_name(DRIVER, volume) == unique && one.spec.node_name != node
        };
        let others = self.attachments.values().filter(same);
        others.map(|one| Elsewhere { attached: is_attached(one), pods: Vec::new() }).collect()
    }

    fn plan(&self, name: &'static str) -> Plan {
        let wanted = self.wanted_on(name);
        let here = self.attachments.values().filter(|one| one.spec.node_name == name);
        let held = held(here.cloned().collect(), |name| self.storage.volume(name));
        let elsewhere = wanted
            .values()
            .map(|it| (it.unique.clone(), self.elsewhere(&it.unique, name)))
            .filter(|(_, others)| !others.is_empty())
            .collect();
        reconcile(&Observed {
            node_name: name,
            node: self.nodes.get(name),
            wanted: &wanted,
            held: &held,
            elsewhere: &elsewhere,
            memory: &self.memories.get(name).cloned().unwrap_or_default(),
            now: self.now,
        })
    }

    /// Does what a plan says; tells whether that was anything.
    fn sync(&mut self, name: &'static str) -> Result<bool, TestCaseError> {
        let plan = self.plan(name);
        let calm = told(&plan).is_empty();
        let node = self.nodes.get_mut(name).unwrap();
        if let Some(list) = plan.attached {
            node.status.get_or_insert_default().volumes_attached = Some(list);
        }
        for detach in plan.detach {
            let well = !self.lost.contains(name);
            prop_assert!(!well || !uses(node, &detach.name), "{} is in use", detach.name);
            let attachment = Arc::make_mut(self.attachments.get_mut(&detach.name).unwrap());
            let time = serde_json::from_value(json!("2026-01-01T00:00:00Z")).unwrap();
            attachment.metadata.deletion_timestamp = Some(time);
        }
        for attach in plan.attach {
            let name = attach.object.metadata.name.clone().unwrap();
            self.attachments.insert(name, Arc::new(attach.object));
        }
        self.memories.insert(name, plan.memory);
        Ok(!calm)
    }

    /// The driver attaches and detaches; tells whether there was anything to do.
    fn drive(&mut self) -> bool {
        let before = self.attachments.clone();
        self.attachments.retain(|_, one| one.metadata.deletion_timestamp.is_none());
        for one in self.attachments.values_mut() {
            Arc::make_mut(one).status.get_or_insert_default().attached = true;
        }
        before != self.attachments
    }

    /// The kubelet of a node that is well takes in use what its pods have, and lets go of the rest.
    fn look(&mut self, name: &'static str) -> bool {
        if self.lost.contains(name) {
            return false;
        }
        let wanted: Vec<String> = self.wanted_on(name).into_values().map(|it| it.unique).collect();
        let status = self.nodes.get_mut(name).unwrap().status.get_or_insert_default();
        let before = status.volumes_in_use.replace(wanted.clone());
        before.unwrap_or_default() != wanted
    }

    fn turn(&mut self, name: &'static str) {
        if !self.lost.remove(name) {
            self.lost.insert(name);
        }
        let ready = if self.lost.contains(name) { "Unknown" } else { "True" };
        let conditions = json!([{"type": "Ready", "status": ready}]);
        let status = self.nodes.get_mut(name).unwrap().status.get_or_insert_default();
        status.conditions = Some(serde_json::from_value(conditions).unwrap());
    }

    fn play(&mut self, next: &Move) -> Result<(), TestCaseError> {
        match *next {
            Move::Come(name, at, of) => {
                let volume = VOLUMES[of];
                self.pods.insert(name, pod(&format!("p{name}"), NODES[at], volume, &json!({})));
            }
            Move::Go(name) => drop(self.pods.remove(&name)),
            Move::Look(at) => drop(self.look(NODES[at])),
            Move::Turn(at) => self.turn(NODES[at]),
            Move::Drive => drop(self.drive()),
            Move::Sync(at) => drop(self.sync(NODES[at])?),
            Move::Wait => self.now += PATIENCE / 2,
        }
        self.check()
    }

    /// Only one node has a volume that is for one.
    fn check(&self) -> Result<(), TestCaseError> {
        for volume in ["once", "pod"] {
            let named = |one: &&Arc<VolumeAttachment>| {
                one.spec.source.persistent_volume_name.as_deref() == Some(volume)
            };
            let has = self.attachments.values().filter(named).count();
            prop_assert!(has <= 1, "{volume} is attached {has} times");
        }
        Ok(())
    }

    /// All nodes are well, and everybody does what there is to do, until nothing is left.
    fn settle(&mut self) -> Result<(), TestCaseError> {
        for name in self.lost.clone() {
            self.turn(name);
        }
        for _ in 0..20 {
            let mut busy = false;
            for name in NODES {
                busy |= self.look(name);
                busy |= self.sync(name)?;
                self.check()?;
            }
            busy |= self.drive();
            if !busy {
                return Ok(());
            }
        }
        Err(TestCaseError::fail(format!("never settles: {self:?}")))
    }
}

proptest! {
    #[test]
    fn volumes_are_where_their_pods_are_in_the_end(history in prop::collection::vec(moves(), 1..80)) {
        let mut world = World::new();
        for next in &history {
            world.play(next)?;
        }
        world.settle()?;
        for volume in VOLUMES {
            let unique = unique_name(DRIVER, volume);
            let wants = |name: &&str| world.wanted_on(name).values().any(|it| it.unique == unique);
            let shows = |name: &&str| {
                let status = world.nodes[*name].status.as_ref();
                let list = status.and_then(|status| status.volumes_attached.as_ref());
                list.into_iter().flatten().any(|one| one.name == unique)
            };
            let wanting: BTreeSet<_> = NODES.into_iter().filter(wants).collect();
            let showing: BTreeSet<_> = NODES.into_iter().filter(shows).collect();
            if volume == "many" {
                prop_assert_eq!(showing, wanting);
            } else {
                prop_assert!(showing.is_subset(&wanting));
                prop_assert_eq!(showing.len(), wanting.len().min(1));
            }
        }
    }
}
