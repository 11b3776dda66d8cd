//! The managers of an object's fields, `metadata.managedFields`, through updates and applies.
//! Source: `structured-merge-diff/merge`, `k8s.io/apimachinery/pkg/util/managedfields`.

use std::{borrow::Cow, sync::Arc};

use serde_json::{Map, Value, json};

use super::{
    compare::{Comparison, compare},
    merge::{MergeError, merge},
    path::PathElement,
    remove::remove,
    set::Set,
    shape::field_set,
};
use crate::schema::Schema;

/// Most managers that updates make; the oldest become one. Source: `DefaultMaxUpdateManagers`.
const MOST_UPDATERS: usize = 10;
/// The manager of fields that were there before the first apply.
const BEFORE_FIRST_APPLY: &str = "before-first-apply";
/// The manager of fields that too many updaters had.
const ANCIENT: &str = "ancient-changes";
/// Fields that the server keeps: nobody owns them.
const KEPT: [&str; 12] = [
    "apiVersion",
    "kind",
    "metadata",
    "metadata.name",
    "metadata.namespace",
    "metadata.creationTimestamp",
    "metadata.selfLink",
    "metadata.uid",
    "metadata.clusterName",
    "metadata.generation",
    "metadata.managedFields",
    "metadata.resourceVersion",
];

/// What a manager did to own fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// It applied its configuration.
    Apply,
    /// It wrote in any other way.
    Update,
}

impl Operation {
    fn word(self) -> &'static str {
        match self {
            Self::Apply => "Apply",
            Self::Update => "Update",
        }
    }
}

/// One entry of `managedFields`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The manager's name.
    pub manager: String,
    /// What it did.
    pub operation: Operation,
    /// The version in whose terms its fields are named.
    pub api_version: String,
    /// The subresource through which it wrote; empty for the object itself.
    pub subresource: String,
    /// When it last took a field, in RFC 3339; empty where unknown.
    pub time: String,
    /// Its fields.
    pub fields: Set,
}

impl Entry {
    fn is_same_manager(&self, other: &Self) -> bool {
        self.manager == other.manager
            && self.operation == other.operation
            && self.api_version == other.api_version
            && self.subresource == other.subresource
    }

    fn parse(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        let operation = match text("operation") {
            "Apply" => Operation::Apply,
            "Update" => Operation::Update,
            _ => return None,
        };
        if text("fieldsType") != "FieldsV1" {
            return None;
        }
        let fields = match value.get("fieldsV1") {
            None | Some(Value::Null) => Set::default(),
            Some(written) => Set::parse(written)?,
        };
        Some(Self {
            manager: text("manager").to_owned(),
            operation,
            api_version: text("apiVersion").to_owned(),
            subresource: text("subresource").to_owned(),
            time: text("time").to_owned(),
            fields,
        })
    }

    fn written(&self) -> Value {
        let mut entry = Map::new();
        let mut put = |key: &str, text: &str| {
            if !text.is_empty() {
                entry.insert(key.to_owned(), text.into());
            }
        };
        put("manager", &self.manager);
        put("operation", self.operation.word());
        put("apiVersion", &self.api_version);
        put("time", &self.time);
        put("subresource", &self.subresource);
        entry.insert("fieldsType".into(), "FieldsV1".into());
        entry.insert("fieldsV1".into(), self.fields.written());
        entry.into()
    }
}

/// Other versions of a kind: a manager's fields are named in the version that it used.
pub trait Versions {
    /// The object in a version, and that version's schema; `None` where there is no such version.
    fn at<'a>(&self, api_version: &str, object: &'a Value)
    -> Option<(Cow<'a, Value>, Arc<Schema>)>;
}

/// In whose terms a write is looked at.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// The versions of the kind.
    pub versions: &'a dyn Versions,
    /// Fields that this endpoint does not write.
    pub ignored: &'a Set,
}

impl std::fmt::Debug for Terms<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Terms(ignoring {})", self.ignored.written())
    }
}

/// A field that somebody else manages with another value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Who manages it.
    pub with: Entry,
    /// The field, as `.spec.replicas`.
    pub field: String,
}

/// Why a configuration cannot be applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Others manage fields that it sets to other values.
    #[error("{} conflicts with other managers", .0.len())]
    Conflicts(Vec<Conflict>),
    /// It and the object cannot be merged.
    #[error(transparent)]
    Merge(#[from] MergeError),
}

/// What an apply comes to: the object without `managedFields`, and its managers.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The object.
    pub object: Value,
    /// Who manages its fields.
    pub managers: ManagedFields,
}

/// The managers of one object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ManagedFields(Vec<Entry>);

impl ManagedFields {
    /// Reads `managedFields`. `None`: an entry is none.
    pub fn parse(list: &[Value]) -> Option<Self> {
        list.iter().map(Entry::parse).collect::<Option<Vec<_>>>().map(Self)
    }

    /// The managers of a write that may bring `managedFields` of its own: those of `new` where they
    /// are good, none where it clears them, else those of `live`.
    pub fn of_write(live: &Value, new: &Value, subresource: &str) -> Self {
        let list = |object: &Value| crate::meta::items(object, "/metadata/managedFields").to_vec();
        let of_live = || Self::parse(&list(live)).unwrap_or_default();
        if !subresource.is_empty() {
            return of_live();
        }
        let given = list(new);
        if matches!(given.as_slice(), [Value::Object(only)] if only.is_empty()) {
            return Self::default();
        }
        match Self::parse(&given) {
            Some(managers) if !managers.0.is_empty() => managers,
            _ => of_live(),
        }
    }

    /// Tells whether nobody manages anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The managers as `managedFields`, in Kubernetes' order.
    pub fn written(&self) -> Vec<Value> {
        let mut entries: Vec<&Entry> = self.0.iter().collect();
        entries.sort_by(|left, right| {
            let order = |it: &Entry| {
                (it.operation, it.time.clone(), it.manager.clone(), it.api_version.clone())
            };
            order(left).cmp(&order(right)).then_with(|| left.subresource.cmp(&right.subresource))
        });
        entries.into_iter().map(Entry::written).collect()
    }

    /// Notes that `author` (with its time, without fields) changed `live` to `new`.
    pub fn update(&mut self, terms: Terms<'_>, [live, new]: [&Value; 2], author: Entry) {
        let Terms { versions, ignored } = terms;
        let Some((_, schema)) = versions.at(&author.api_version, new) else { return };
        let changes = compare(&schema, live, new).outside(ignored);
        let changed = Changed { objects: [live, new], changes: &changes, ignored };
        // An update always wins: there are no conflicts to tell of.
        drop(self.settle(versions, &changed, &author, Force::Yes));
        let taken = changes.modified.union(&changes.added).difference(&Set::of_fields(&KEPT));
        if taken.is_empty() {
            return;
        }
        match self.0.iter_mut().find(|entry| entry.is_same_manager(&author)) {
            Some(entry) => {
                entry.fields = entry.fields.union(&taken);
                entry.time = author.time;
            }
            None => self.0.push(Entry { fields: taken, ..author }),
        }
        self.cap();
    }

    /// Applies `config` of `author` to `live`.
    ///
    /// Errors: conflicts with other managers unless `force`; lists that cannot be merged.
    pub fn apply(
        mut self,
        terms: Terms<'_>,
        [live, config]: [&Value; 2],
        author: &Entry,
        force: Force,
    ) -> Result<Applied, Refusal> {
        let Terms { versions, ignored } = terms;
        let Some((_, schema)) = versions.at(&author.api_version, live) else {
            return Ok(Applied { object: live.clone(), managers: self });
        };
        if self.0.is_empty() && !crate::meta::uid(live).is_empty() {
            let before = Entry {
                manager: BEFORE_FIRST_APPLY.into(),
                operation: Operation::Update,
                fields: Set::default(),
                ..author.clone()
            };
            self.update(terms, [&json!({}), live], before);
        }
        let merged = merge(&schema, live, config)?;
        let at = self.0.iter().position(|entry| entry.is_same_manager(author));
        let last = at.map(|at| self.0.remove(at));
        let fields = field_set(&schema, config).outside(ignored).difference(&Set::of_fields(&KEPT));
        self.0.push(Entry { fields, ..author.clone() });
        let object = match &last {
            Some(last) => self.pruned(versions, &author.api_version, merged, &last.fields),
            None => merged,
        };
        let changes = compare(&schema, live, &object).outside(ignored);
        let changed = Changed { objects: [live, &object], changes: &changes, ignored };
        self.settle(versions, &changed, author, force).map_err(Refusal::Conflicts)?;
        if object == *live
            && let Some(entry) = self.0.iter_mut().find(|entry| entry.is_same_manager(author))
        {
            entry.time = last.map(|last| last.time).unwrap_or_default();
        }
        Ok(Applied { object, managers: self })
    }

    /// Takes changed fields from the others and removed ones from all. Errors: changed fields of
    /// others, unless `force`.
    fn settle(
        &mut self,
        versions: &dyn Versions,
        changed: &Changed<'_>,
        author: &Entry,
        force: Force,
    ) -> Result<(), Vec<Conflict>> {
        let [live, new] = changed.objects;
        let mut conflicts = Vec::new();
        let mut kept = Vec::with_capacity(self.0.len());
        let applies = author.operation == Operation::Apply;
        for entry in &self.0 {
            if applies && entry.is_same_manager(author) {
                kept.push(entry.clone());
                continue;
            }
            let own;
            let changes = if entry.api_version == author.api_version {
                changed.changes
            } else {
                // A version that is served no more takes its managers with it.
                let Some((before, schema)) = versions.at(&entry.api_version, live) else {
                    continue;
                };
                let Some((after, _)) = versions.at(&entry.api_version, new) else { continue };
                own = compare(&schema, &before, &after).outside(changed.ignored);
                &own
            };
            let contested = entry.fields.intersection(&changes.modified.union(&changes.added));
            for path in contested.paths() {
                let field = path.iter().map(PathElement::to_string).collect();
                conflicts.push(Conflict { with: entry.clone(), field });
            }
            let fields = entry.fields.difference(&contested).difference(&changes.removed);
            if !fields.is_empty() {
                kept.push(Entry { fields, ..entry.clone() });
            }
        }
        if force == Force::No && !conflicts.is_empty() {
            return Err(conflicts);
        }
        self.0 = kept;
        self.0.retain(|entry| !entry.fields.is_empty());
        Ok(())
    }

    /// The merged object without what the applying manager set last time and no more, as far as
    /// nobody else sets it.
    fn pruned(
        &self,
        versions: &dyn Versions,
        own_version: &str,
        merged: Value,
        last: &Set,
    ) -> Value {
        let Some((_, schema)) = versions.at(own_version, &merged) else { return merged };
        if last.is_empty() {
            return merged;
        }
        let schema = schema.as_ref();
        let mut pruned = remove(schema, &merged, &last.with_named_fields(schema));
        // What others manage, or the new configuration, comes back.
        let mut seen: Vec<&str> = Vec::new();
        for entry in &self.0 {
            let version = entry.api_version.as_str();
            if seen.contains(&version) {
                continue;
            }
            seen.push(version);
            let same = self.0.iter().filter(|it| it.api_version == version);
            let managed = same.fold(Set::default(), |all, it| all.union(&it.fields));
            let Some((whole, schema)) = versions.at(version, &merged) else { continue };
            let Some((part, _)) = versions.at(version, &pruned) else { continue };
            let all = field_set(&schema, &whole).with_named_fields(&schema);
            let there = field_set(&schema, &part).with_named_fields(&schema);
            let wanted = there.union(&managed.with_named_fields(&schema));
            let back = remove(&schema, &whole, &all.difference(&wanted));
            if let Some((back, _)) = versions.at(own_version, &back) {
                pruned = back.into_owned();
            }
        }
        // What the manager did not own last time comes back too.
        let all = field_set(schema, &merged).with_named_fields(schema);
        let there = field_set(schema, &pruned).with_named_fields(schema);
        let gone = all.difference(&there).intersection(&last.with_named_fields(schema));
        remove(schema, &merged, &gone)
    }

    /// Joins the oldest updaters where there are too many.
    fn cap(&mut self) {
        let updaters = |entries: &[Entry]| {
            entries.iter().filter(|it| it.operation == Operation::Update).count()
        };
        let count = updaters(&self.0);
        if count <= MOST_UPDATERS {
            return;
        }
        let mut order: Vec<usize> =
            (0..self.0.len()).filter(|at| self.0[*at].operation == Operation::Update).collect();
        order.sort_by_key(|at| self.0[*at].time.clone());
        let old: Vec<usize> = order.into_iter().take(count - MOST_UPDATERS + 1).collect();
        let mut ancient: Vec<Entry> = Vec::new();
        for at in &old {
            let entry = Entry { manager: ANCIENT.into(), ..self.0[*at].clone() };
            match ancient.iter_mut().find(|it| it.is_same_manager(&entry)) {
                Some(known) => {
                    known.fields = known.fields.union(&entry.fields);
                    known.time = known.time.clone().max(entry.time);
                }
                None => ancient.push(entry),
            }
        }
        let mut at = 0;
        self.0.retain(|_| {
            at += 1;
            !old.contains(&(at - 1))
        });
        self.0.extend(ancient);
    }
}

/// A change that managers must hear of.
struct Changed<'a> {
    objects: [&'a Value; 2],
    changes: &'a Comparison,
    ignored: &'a Set,
}

/// Whether an apply takes fields from other managers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Force {
    /// It takes them.
    Yes,
    /// It is refused.
    No,
}
