//! Pods that fit nowhere, and what could help each of them.
//!
//! Asking costs by those who are helped, not by those who wait: pods that look at nobody are not
//! touched when a pod comes to a node.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use client::ObjectKey;

/// What a pod that waits heeds besides the room on nodes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Heeds {
    /// Where other pods are.
    pub(crate) others: bool,
    /// Claims and volumes.
    pub(crate) storage: bool,
    /// Claims to devices.
    pub(crate) devices: bool,
}

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change<'a> {
    /// There may be room.
    Room,
    /// Pods have come to nodes, or have other labels.
    Neighbours,
    /// Storage of a namespace, or of all.
    Storage(Option<&'a str>),
    /// Claims to devices, devices or their classes.
    Devices,
}

/// The pods that wait.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// With their priority.
    all: HashMap<ObjectKey, i32>,
    by_others: BTreeSet<ObjectKey>,
    by_storage: BTreeSet<ObjectKey>,
    by_devices: BTreeSet<ObjectKey>,
}

impl Waiting {
    /// A pod waits from now on.
    pub(crate) fn insert(&mut self, key: ObjectKey, priority: i32, heeds: Heeds) {
        if heeds.others {
            self.by_others.insert(key.clone());
        }
        if heeds.storage {
            self.by_storage.insert(key.clone());
        }
        if heeds.devices {
            self.by_devices.insert(key.clone());
        }
        self.all.insert(key, priority);
    }

    /// A pod waits no more. Tells whether it did.
    pub(crate) fn remove(&mut self, key: &ObjectKey) -> bool {
        self.by_others.remove(key);
        self.by_storage.remove(key);
        self.by_devices.remove(key);
        self.all.remove(key).is_some()
    }

    /// Takes out those whom a change may help, with their priorities.
    pub(crate) fn helped(&mut self, change: Change<'_>) -> BTreeMap<ObjectKey, i32> {
        let keys: Vec<ObjectKey> = match change {
            Change::Room => self.all.keys().cloned().collect(),
            Change::Neighbours => self.by_others.iter().cloned().collect(),
            Change::Devices => self.by_devices.iter().cloned().collect(),
            Change::Storage(None) => self.by_storage.iter().cloned().collect(),
            Change::Storage(Some(namespace)) => {
                let here = |key: &&ObjectKey| key.namespace == namespace;
                self.by_storage.iter().filter(here).cloned().collect()
            }
        };
        let mut helped = BTreeMap::new();
        for key in keys {
            if let Some(priority) = self.all.get(&key).copied() {
                self.remove(&key);
                helped.insert(key, priority);
            }
        }
        helped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_are_helped_wait_no_more() {
        let key = |name: &str| ObjectKey::new(if name == "far" { "m" } else { "n" }, name);
        let filled = || {
            let mut waiting = Waiting::default();
            waiting.insert(key("plain"), 1, Heeds::default());
            waiting.insert(key("choosy"), 2, Heeds { others: true, ..Heeds::default() });
            waiting.insert(key("claims"), 3, Heeds { others: true, storage: true, devices: true });
            waiting.insert(key("far"), 4, Heeds { storage: true, ..Heeds::default() });
            waiting
        };
        for (case, change, want) in [
            ("room", Change::Room, vec!["far", "choosy", "claims", "plain"]),
            ("neighbours", Change::Neighbours, vec!["choosy", "claims"]),
            ("devices", Change::Devices, vec!["claims"]),
            ("all storage", Change::Storage(None), vec!["far", "claims"]),
            ("a namespace's storage", Change::Storage(Some("n")), vec!["claims"]),
        ] {
            let mut waiting = filled();
            let helped = waiting.helped(change);
            let names: Vec<&str> = helped.keys().map(|key| key.name.as_str()).collect();
            assert_eq!(names, want, "{case}");
            assert!(waiting.helped(change).is_empty(), "{case}: nobody is helped twice");
            assert_eq!(waiting.helped(Change::Room).len(), 4 - want.len(), "{case}");
        }
        let mut waiting = filled();
        assert!(waiting.remove(&key("claims")) && !waiting.remove(&key("claims")));
        assert_eq!(waiting.helped(Change::Neighbours).len(), 1);
    }
}
