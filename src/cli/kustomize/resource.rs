//! One object on its way through a build, and the names it has gone by.
//! Source: kustomize, `api/resource/resource.go` and `kyaml/resid`.

use std::{collections::VecDeque, fmt};

use machinery::meta;
use serde_json::{Map, Value};

use super::{Built, fault, origin::Origin, selector::Selector};

/// Where objects that are in no namespace are said to be.
const NOWHERE: &str = "_non_namespaceable_";
const LOCAL: &str = "config.kubernetes.io/local-config";

/// What tells an object from others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Id {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) namespace: String,
}

impl Id {
    /// What an object says of itself.
    pub(super) fn of(object: &Value) -> Self {
        let (group, version) = group_version(meta::text(object, "/apiVersion"));
        Self {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: meta::text(object, "/kind").to_owned(),
            name: meta::name(object).to_owned(),
            namespace: meta::text(object, "/metadata/namespace").to_owned(),
        }
    }

    /// A built-in kind that lives in no namespace.
    pub(super) fn is_cluster_scoped(&self) -> bool {
        api::lookup(&self.group, &self.version, &self.kind)
            .is_some_and(|kind| !kind.is_namespaced())
    }

    /// The namespace that is meant, said or not.
    pub(super) fn effective_namespace(&self) -> &str {
        if self.is_cluster_scoped() {
            return NOWHERE;
        }
        if self.namespace.is_empty() { "default" } else { &self.namespace }
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.is_same_but_namespace(other)
            && self.effective_namespace() == other.effective_namespace()
    }

    pub(super) fn is_same_but_namespace(&self, other: &Self) -> bool {
        self.name == other.name
            && (&self.group, &self.version, &self.kind)
                == (&other.group, &other.version, &other.kind)
    }

    /// The kind as errors show it: `Deployment.v1.apps`.
    pub(super) fn kind_words(&self) -> String {
        let or =
            |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.into() };
        let (kind, version) = (or(&self.kind, "[noKind]"), or(&self.version, "[noVer]"));
        format!("{kind}.{version}.{}", or(&self.group, "[noGrp]"))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or =
            |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.into() };
        let (name, namespace) = (or(&self.name, "[noName]"), or(&self.namespace, "[noNs]"));
        write!(f, "{}/{name}.{namespace}", self.kind_words())
    }
}

/// The parts of an `apiVersion`.
pub(super) fn group_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

/// What a generator does with an object of its name that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Behavior {
    #[default]
    Unspecified,
    Create,
    Replace,
    Merge,
}

impl Behavior {
    pub(super) fn read(word: &str) -> Self {
        match word {
            "create" => Self::Create,
            "replace" => Self::Replace,
            "merge" => Self::Merge,
            _ => Self::Unspecified,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Create => "create",
            Self::Replace => "replace",
            Self::Merge => "merge",
        }
    }
}

/// One object, and what is remembered of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Resource {
    /// The object; null once a patch has deleted it.
    pub(super) object: Value,
    /// What it was called before, oldest first.
    pub(super) past: Vec<Id>,
    pub(super) prefixes: Vec<String>,
    pub(super) suffixes: Vec<String>,
    /// Its name ends with a hash of its content.
    pub(super) hashed: bool,
    pub(super) behavior: Behavior,
    /// The variables that are read from it.
    pub(super) variables: Vec<String>,
    pub(super) origin: Origin,
}

impl Resource {
    pub(super) fn new(object: Value) -> Self {
        Self { object, ..Self::default() }
    }

    pub(super) fn id(&self) -> Id {
        Id::of(&self.object)
    }

    pub(super) fn first_id(&self) -> Id {
        self.past.first().cloned().unwrap_or_else(|| self.id())
    }

    /// All that it was and is called.
    pub(super) fn ids(&self) -> Vec<Id> {
        let mut ids = self.past_ids();
        ids.push(self.id());
        ids
    }

    /// What it was called before; its group and version are those of now.
    pub(super) fn past_ids(&self) -> Vec<Id> {
        let now = self.id();
        let like_now = |past: &Id| Id {
            group: now.group.clone(),
            version: now.version.clone(),
            ..past.clone()
        };
        self.past.iter().map(like_now).collect()
    }

    /// Remembers what it is called, before that changes.
    pub(super) fn remember(&mut self) {
        let mut id = self.id();
        let namespace = id.effective_namespace().to_owned();
        id.namespace = namespace;
        self.past.push(id);
    }

    pub(super) fn is_gone(&self) -> bool {
        self.object.as_object().is_none_or(Map::is_empty)
    }

    pub(super) fn set_name(&mut self, name: &str) {
        meta::metadata_mut(&mut self.object).insert("name".into(), name.into());
    }

    /// The object with kustomize's notes on its past, as its errors show it.
    pub(super) fn shown(&self) -> String {
        let mut object = self.object.clone();
        let mut note = |name: &str, parts: Vec<&str>| {
            let key = format!("internal.config.kubernetes.io/{name}");
            object["metadata"]["annotations"][key] = parts.join(",").into();
        };
        note("previousKinds", self.past.iter().map(|id| id.kind.as_str()).collect());
        note("previousNames", self.past.iter().map(|id| id.name.as_str()).collect());
        note("previousNamespaces", self.past.iter().map(|id| id.namespace.as_str()).collect());
        object.to_string()
    }

    /// Not meant for the cluster.
    pub(super) fn is_local(&self) -> bool {
        let said = self.object["metadata"]["annotations"].get(LOCAL);
        said.is_some_and(|value| value != "false")
    }
}

/// Objects in their order; no two are called the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Resources(pub(super) Vec<Resource>);

impl Resources {
    /// Adds an object that must not be there.
    pub(super) fn append(&mut self, one: Resource) -> Built<()> {
        let id = one.id();
        if self.0.iter().any(|there| there.id().is_same(&id)) {
            return Err(fault(format!("may not add resource with an already registered id: {id}")));
        }
        self.0.push(one);
        Ok(())
    }

    pub(super) fn append_all(&mut self, more: Self) -> Built<()> {
        more.0.into_iter().try_for_each(|one| self.append(one))
    }

    /// Those that are or were called so.
    pub(super) fn called(&self, is_meant: impl Fn(&Id) -> bool) -> Vec<usize> {
        let known = self.0.iter().enumerate().filter(|(_, one)| !one.is_gone());
        known.filter(|(_, one)| one.ids().iter().any(&is_meant)).map(|(index, _)| index).collect()
    }

    /// The one that is or was called so.
    pub(super) fn one_called(&self, id: &Id) -> Built<usize> {
        let found = self.called(|own| own.is_same(id));
        let count = match found.as_slice() {
            [one] => return Ok(*one),
            [] => "no matches",
            _ => "multiple matches",
        };
        Err(fault(format!("{count} for Id {id}; failed to find unique target for patch {id}")))
    }

    /// Those that a patch or a replacement names.
    pub(super) fn selected(&self, selector: &Selector) -> Built<Vec<usize>> {
        let test = selector.compile()?;
        let mut found = Vec::new();
        for (index, one) in self.0.iter().enumerate() {
            let (now, first) = (one.id(), one.first_id());
            let place = |id: &Id| id.effective_namespace().to_owned();
            if (test.namespace(&place(&first)) || test.namespace(&place(&now)))
                && (test.name(&first.name) || test.name(&now.name))
                && test.kind(&now)
                && selector.fits_metadata(&one.object)?
            {
                found.push(index);
            }
        }
        Ok(found)
    }

    /// Adds what a generator made, or lays it over what is there, as it says.
    pub(super) fn absorb(&mut self, made: Resource) -> Built<()> {
        let id = made.id();
        let shown = || {
            format!(
                "id resid.ResId{{Gvk:resid.Gvk{{Group:{:?}, Version:{:?}, Kind:{:?}, \
                 isClusterScoped:false}}, Name:{:?}, Namespace:{:?}}}",
                id.group, id.version, id.kind, id.name, id.namespace
            )
        };
        let found = self.called(|own| own.is_same(&id));
        let overlays = matches!(made.behavior, Behavior::Merge | Behavior::Replace);
        match found.as_slice() {
            [] if overlays => {
                Err(fault(format!("{} does not exist; cannot merge or replace", shown())))
            }
            [] => self.append(made),
            [index] if overlays => {
                if let Some(old) = self.0.get_mut(*index) {
                    *old = overlaid(old, made);
                }
                Ok(())
            }
            [_] => Err(fault(format!(
                "{} exists; can not use behavior: '{}', behavior must be merge or replace",
                shown(),
                made.behavior.word()
            ))),
            _ => Err(fault(format!("found multiple objects that could accept merge of {id}"))),
        }
    }
}

/// What was made over what was there: its name, namespace, past and metadata stay.
fn overlaid(old: &Resource, mut made: Resource) -> Resource {
    for field in ["labels", "annotations"] {
        let merged = both(&old.object["metadata"][field], &made.object["metadata"][field]);
        if !merged.is_empty() {
            made.object["metadata"][field] = merged.into();
        }
    }
    for field in ["name", "namespace"] {
        if let Some(value) = old.object["metadata"].get(field) {
            made.object["metadata"][field] = value.clone();
        }
    }
    if made.behavior == Behavior::Merge {
        for field in ["data", "binaryData"] {
            let merged = both(&old.object[field], &made.object[field]);
            if !merged.is_empty() {
                made.object[field] = merged.into();
            }
        }
    }
    let merges = made.behavior == Behavior::Merge;
    Resource {
        origin: if merges { old.origin.clone() } else { made.origin },
        object: made.object,
        hashed: made.hashed && old.hashed,
        variables: old.variables.clone(),
        behavior: old.behavior,
        past: old.past.clone(),
        prefixes: old.prefixes.clone(),
        suffixes: old.suffixes.clone(),
    }
}

fn both(under: &Value, over: &Value) -> Map<String, Value> {
    let fields = [under, over].into_iter().filter_map(Value::as_object).flatten();
    fields.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The objects of a YAML file: documents, and the items of lists.
pub(super) fn read_objects(body: &str) -> Built<Vec<Resource>> {
    let mut queue = VecDeque::new();
    for document in machinery::yaml::documents(body) {
        let object =
            machinery::yaml::parse_v3(document).map_err(|error| fault(error.to_string()))?;
        check(&object, &mut queue)?;
    }
    let mut found = Vec::new();
    while let Some(object) = queue.pop_front() {
        let items = object.get("items").filter(|_| meta::text(&object, "/kind").ends_with("List"));
        match items {
            Some(Value::Array(items)) => {
                for item in items {
                    check(item, &mut queue)?;
                }
            }
            Some(Value::Null) => {}
            Some(_) => {
                let kind = meta::text(&object, "/kind");
                return Err(fault(format!("expected array in {kind}/items")));
            }
            None => found.push(Resource::new(object)),
        }
    }
    Ok(found)
}

fn check(object: &Value, queue: &mut VecDeque<Value>) -> Built<()> {
    if object.is_null() || object.as_object().is_some_and(Map::is_empty) {
        return Ok(());
    }
    let text = |pointer: &str| meta::text(object, pointer);
    if ["/apiVersion", "/kind"].iter().all(|one| text(one).is_empty())
        && object["metadata"].is_null()
    {
        return Err(fault("missing Resource metadata"));
    }
    let missing = if text("/metadata/name").is_empty() && !text("/kind").ends_with("List") {
        "metadata.name"
    } else if text("/kind").is_empty() {
        "kind"
    } else {
        queue.push_back(object.clone());
        return Ok(());
    };
    Err(fault(format!(
        "missing {missing} in object {{{{{} {}}} {{{{{} {}}} map[{}] map[{}]}}}}",
        text("/apiVersion"),
        text("/kind"),
        text("/metadata/name"),
        text("/metadata/namespace"),
        go_map(&object["metadata"]["labels"]),
        go_map(&object["metadata"]["annotations"]),
    )))
}

/// Texts by name as Go prints them.
fn go_map(value: &Value) -> String {
    let fields = value.as_object().into_iter().flatten();
    let mut shown: Vec<String> = fields
        .map(|(key, value)| format!("{key}:{}", value.as_str().unwrap_or_default()))
        .collect();
    shown.sort();
    shown.join(" ")
}
