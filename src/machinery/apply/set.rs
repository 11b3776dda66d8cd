//! Sets of fields as trees, and their written form, `fieldsV1`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::path::{Path, PathElement};
use crate::schema::Schema;

/// A set of fields. A field in it says nothing of the fields below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Set {
    members: BTreeSet<PathElement>,
    children: BTreeMap<PathElement, Set>,
}

impl Set {
    /// The set of these roads, each with its steps joined by dots; field names only.
    pub fn of_fields(roads: &[&str]) -> Self {
        let mut set = Self::default();
        for road in roads {
            let path: Path = road.split('.').map(|name| PathElement::Field(name.into())).collect();
            set.insert(&path);
        }
        set
    }

    /// Tells whether no field is in the set.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && self.children.values().all(Self::is_empty)
    }

    /// Adds the field at the end of a road; the root itself is no field.
    pub fn insert(&mut self, path: &[PathElement]) {
        match path {
            [] => {}
            [last] => {
                self.members.insert(last.clone());
            }
            [first, rest @ ..] => self.children.entry(first.clone()).or_default().insert(rest),
        }
    }

    /// Removes the field at the end of a road.
    pub fn remove(&mut self, path: &[PathElement]) {
        match path {
            [] => {}
            [last] => {
                self.members.remove(last);
            }
            [first, rest @ ..] => {
                if let Some(child) = self.children.get_mut(first) {
                    child.remove(rest);
                    if child.is_empty() {
                        self.children.remove(first);
                    }
                }
            }
        }
    }

    /// Adds a member and what is below it.
    pub(super) fn put(&mut self, element: PathElement, member: bool, below: Self) {
        if !below.is_empty() {
            self.children.insert(element.clone(), below);
        }
        if member {
            self.members.insert(element);
        }
    }

    /// Tells whether the field one step away is in the set.
    pub fn has(&self, element: &PathElement) -> bool {
        self.members.contains(element)
    }

    /// What is in the set below one step.
    pub fn below(&self, element: &PathElement) -> Option<&Self> {
        self.children.get(element).filter(|child| !child.is_empty())
    }

    /// The fields of either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut all = self.clone();
        all.extend(other);
        all
    }

    fn extend(&mut self, other: &Self) {
        self.members.extend(other.members.iter().cloned());
        for (element, child) in &other.children {
            self.children.entry(element.clone()).or_default().extend(child);
        }
    }

    /// The fields of both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let members = self.members.intersection(&other.members).cloned().collect();
        let children = self.children.iter().filter_map(|(element, child)| {
            let both = child.intersection(other.children.get(element)?);
            (!both.is_empty()).then(|| (element.clone(), both))
        });
        Self { members, children: children.collect() }
    }

    /// The fields of this set that are not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let members = self.members.difference(&other.members).cloned().collect();
        let children = self.children.iter().filter_map(|(element, child)| {
            let rest = match other.children.get(element) {
                Some(gone) => child.difference(gone),
                None => child.clone(),
            };
            (!rest.is_empty()).then(|| (element.clone(), rest))
        });
        Self { members, children: children.collect() }
    }

    /// The fields of this set that are neither in the other nor below one of its fields.
    #[must_use]
    pub fn outside(&self, other: &Self) -> Self {
        let members = self.members.difference(&other.members).cloned().collect();
        let children = self.children.iter().filter_map(|(element, child)| {
            if other.members.contains(element) {
                return None;
            }
            let rest = match other.children.get(element) {
                Some(gone) => child.outside(gone),
                None => child.clone(),
            };
            (!rest.is_empty()).then(|| (element.clone(), rest))
        });
        Self { members, children: children.collect() }
    }

    /// The set with every field of a struct that lies on one of its roads.
    #[must_use]
    pub fn with_named_fields(&self, schema: &Schema) -> Self {
        let mut members = self.members.clone();
        let mut children = BTreeMap::new();
        for (element, child) in &self.children {
            let below = match (element, schema) {
                (PathElement::Field(name), Schema::Object(link)) => {
                    let field = link.definition().fields.get(name);
                    if field.is_some() {
                        members.insert(element.clone());
                    }
                    field
                }
                (PathElement::Field(_), Schema::Map(value, _)) => Some(value.as_ref()),
                (PathElement::Field(_), _) => None,
                (_, Schema::List(item, _)) => Some(item.as_ref()),
                _ => None,
            };
            let child = child.with_named_fields(below.unwrap_or(&Schema::Untyped));
            children.insert(element.clone(), child);
        }
        Self { members, children }
    }

    /// All roads: at each level the fields themselves, then what is below.
    pub fn paths(&self) -> Vec<Path> {
        let mut all = Vec::new();
        self.walk(&mut Vec::new(), &mut all);
        all
    }

    fn walk(&self, road: &mut Path, all: &mut Vec<Path>) {
        for element in &self.members {
            let mut path = road.clone();
            path.push(element.clone());
            all.push(path);
        }
        for (element, child) in &self.children {
            road.push(element.clone());
            child.walk(road, all);
            road.pop();
        }
    }

    /// Reads `fieldsV1`. `None`: it is none.
    pub fn parse(written: &Value) -> Option<Self> {
        let fields = written.as_object()?;
        let mut set = Self::default();
        for (text, below) in fields {
            if text == "." {
                continue;
            }
            let element = PathElement::parse(text)?;
            let fields = below.as_object()?;
            let member = fields.is_empty() || fields.contains_key(".");
            set.put(element, member, Self::parse(below)?);
        }
        Some(set)
    }

    /// The set as `fieldsV1`.
    pub fn written(&self) -> Value {
        let mut fields = Map::new();
        for element in &self.members {
            fields.insert(element.written(), Value::Object(Map::new()));
        }
        for (element, child) in self.children.iter().filter(|(_, child)| !child.is_empty()) {
            let mut below = match child.written() {
                Value::Object(below) => below,
                _ => Map::new(),
            };
            if self.members.contains(element) {
                below.insert(".".into(), Value::Object(Map::new()));
            }
            fields.insert(element.written(), below.into());
        }
        fields.into()
    }
}
