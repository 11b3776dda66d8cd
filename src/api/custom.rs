//! The kinds that a `CustomResourceDefinition` defines, one for each version that it serves.

use std::sync::Arc;

use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use machinery::{
    age,
    jsonpath::{JsonPath, text_of},
    kind::{Change, Conversion, Custom, Kind, Rules, Scale, Scope},
    meta, names,
    structural::{self, Structure},
    version::rank,
};
use serde_json::{Map, Value, json};

use crate::{
    counts,
    rules::ObjectRules,
    schema::{openapi_definitions, schema_of, words_of},
};

/// The verbs of custom resources, in the order in which discovery lists them.
const VERBS: [&str; 8] =
    ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const DEFAULT_COLUMN: (&str, &str, &str) = ("Age", "date", ".metadata.creationTimestamp");

/// The kinds of a definition whose names were accepted; none before that.
pub fn kinds(definition: &Value) -> Vec<Kind> {
    let stored = versions(definition).find(|version| version["storage"] == true);
    let Some(stored) = stored.and_then(|version| version["name"].as_str()) else {
        return Vec::new();
    };
    let served = versions(definition).filter(|version| version["served"] == true);
    served.map(|version| kind(definition, version, stored)).collect()
}

fn versions(definition: &Value) -> impl Iterator<Item = &Value> {
    meta::items(definition, "/spec/versions").iter()
}

fn words(object: &Value, pointer: &str) -> Vec<String> {
    let words = meta::items(object, pointer).iter();
    words.filter_map(|word| Some(word.as_str()?.to_owned())).collect()
}

fn kind(definition: &Value, version: &Value, stored: &str) -> Kind {
    let text = |pointer: &str| meta::text(definition, pointer);
    let (group, plural) = (text("/spec/group"), text("/spec/names/plural"));
    let name = meta::text(version, "/name");
    let metadata = schema_of::<ObjectMeta>()();
    let document = &version["schema"]["openAPIV3Schema"];
    let structure = Arc::new(structural::read(document, metadata.as_ref().clone()));
    let schema = Arc::new(structure.schema.clone());
    let schema = Box::new(move || Arc::clone(&schema));
    let mut kind = Kind::new(group, name, text("/spec/names/kind"), plural, schema)
        .only_verbs(&VERBS)
        .conditional_update()
        .generation()
        .named(names::dns_subdomain);
    text("/status/acceptedNames/singular").clone_into(&mut kind.singular);
    text("/spec/names/listKind").clone_into(&mut kind.list_kind);
    kind.short_names = words(definition, "/status/acceptedNames/shortNames");
    kind.categories = words(definition, "/status/acceptedNames/categories");
    if text("/spec/scope") == "Cluster" {
        kind.scope = Scope::Cluster;
    }
    kind = with_subresources(kind, version);
    kind = with_versions(kind, &structure, stored);
    kind = with_columns(kind, version);
    for field in meta::items(version, "/selectableFields") {
        let path = meta::text(field, "/jsonPath").to_owned();
        let road = pointer(&path);
        let value = move |object: &Value| object.pointer(&road).map(text_of).unwrap_or_default();
        kind = kind.selectable(path.trim_start_matches('.'), value);
    }
    if version["deprecated"] == true {
        let usual = || deprecation(definition, name);
        kind.deprecation =
            Some(version["deprecationWarning"].as_str().map_or_else(usual, str::to_owned));
    }
    kind = kind.warns(finalizers);
    let checked = Arc::clone(&structure);
    let rules = Arc::new(ObjectRules::read(document));
    let on_status = Arc::clone(&rules);
    let scale = kind.scale.clone().map(|scale| (version.clone(), scale));
    kind = kind.validate(move |change, errors| {
        checked.check(change.new, change.old, errors);
        if let Some((version, scale)) = &scale {
            counts::check(version, scale, change, errors);
        }
        if errors.is_empty() {
            checked.check_lists(change.new, errors);
        }
        rules.check(change, errors);
    });
    kind.custom = Some(Arc::new(Custom {
        definition: meta::name(definition).to_owned(),
        versions: versions(definition)
            .map(|version| meta::text(version, "/name").to_owned())
            .collect(),
        structure,
        ending: meta::is_deleting(definition),
        conversion: conversion(definition, stored),
        rules: Rules(Box::new(move |change, errors| on_status.check(change, errors))),
    }));
    documented(kind, version)
}

/// What is said of a deprecated version: which newer one is not.
fn deprecation(definition: &Value, name: &str) -> String {
    let text = |pointer: &str| meta::text(definition, pointer);
    let (group, kind) = (text("/spec/group"), text("/spec/names/kind"));
    let newer = versions(definition)
        .filter(|one| one["served"] == true && one["deprecated"] != true)
        .map(|one| meta::text(one, "/name"))
        .filter(|other| rank(other) > rank(name))
        .max_by_key(|other| rank(other));
    let instead = newer.map(|newer| format!("; use {group}/{newer} {kind}")).unwrap_or_default();
    format!("{group}/{name} {kind} is deprecated{instead}")
}

/// Warns of new finalizers whose names others may have, too.
/// Source: `customresource/validator.go` of k8s.io/apiextensions-apiserver.
fn finalizers(change: &Change<'_>) -> Vec<String> {
    let before: Vec<&str> = change.old.into_iter().flat_map(meta::finalizers).collect();
    let mut new: Vec<&str> =
        meta::finalizers(change.new).filter(|one| !before.contains(one)).collect();
    new.sort_unstable();
    new.dedup();
    let usual = |name: &&str| {
        name.contains('/') || matches!(*name, "orphan" | "foregroundDeletion" | "kubernetes")
    };
    new.iter()
        .filter(|name| !usual(name))
        .map(|name| {
            let what = if name.contains('.') { " including a path (/)" } else { "" };
            format!(
                "metadata.finalizers: {name:?}: prefer a domain-qualified finalizer name{what} to avoid \
                 accidental conflicts with other finalizer writers"
            )
        })
        .collect()
}

/// The webhook between the versions of a definition, if it names one.
fn conversion(definition: &Value, stored: &str) -> Option<Conversion> {
    let conversion = &definition["spec"]["conversion"];
    if conversion["strategy"] != "Webhook" {
        return None;
    }
    let webhook = &conversion["webhook"];
    let mut versions = meta::items(webhook, "/conversionReviewVersions").iter();
    let known = versions.find(|one| *one == "v1" || *one == "v1beta1");
    Some(Conversion {
        client: webhook["clientConfig"].clone(),
        review_version: known.and_then(|one| Some(one.as_str()?.to_owned())),
        stored: format!("{}/{stored}", meta::text(definition, "/spec/group")),
    })
}

fn with_subresources(mut kind: Kind, version: &Value) -> Kind {
    let of = |pointer: &str| version.pointer(pointer).filter(|it| it.is_object());
    if of("/subresources/status").is_some() {
        kind = kind.status();
        kind.status_metadata_kept = true;
    }
    if let Some(scale) = of("/subresources/scale") {
        let road = |key: &str| pointer(meta::text(scale, key)).into();
        kind = kind.scaled(Scale {
            replicas: road("/specReplicasPath"),
            observed: road("/statusReplicasPath"),
            selector: road("/labelSelectorPath"),
        });
    }
    kind
}

/// Objects are stored in one version and seen in any; what a version does not know is not seen.
fn with_versions(kind: Kind, structure: &Arc<Structure>, stored: &str) -> Kind {
    let (own, stored) = (kind.api_version(), format!("{}/{stored}", kind.group));
    let structure = Arc::clone(structure);
    let filling = Arc::clone(&structure);
    // Objects were filled in by the version in which they are stored.
    let fills = own == stored;
    kind.defaults(move |object| filling.fill(object)).converted(
        move |object| meta::put(object, "apiVersion", stored.as_str()),
        move |object| {
            meta::put(object, "apiVersion", own.as_str());
            structure.prune(object);
            if fills {
                structure.fill(object);
            }
        },
    )
}

/// `.spec.replicas` as a JSON pointer.
fn pointer(path: &str) -> String {
    let path = path.trim_start_matches('.');
    if path.is_empty() { String::new() } else { format!("/{}", path.replace('.', "/")) }
}

struct Cell {
    path: Option<JsonPath>,
    data_type: String,
}

fn with_columns(mut kind: Kind, version: &Value) -> Kind {
    let usual = json!([{
        "name": DEFAULT_COLUMN.0, "type": DEFAULT_COLUMN.1, "jsonPath": DEFAULT_COLUMN.2,
        "description": described("creationTimestamp"),
    }]);
    let given = meta::items(version, "/additionalPrinterColumns");
    let given = if given.is_empty() { meta::items(&usual, "") } else { given };
    let mut columns = vec![json!({
        "name": "Name", "type": "string", "format": "name", "priority": 0,
        "description": described("name"),
    })];
    let mut cells = Vec::new();
    for column in given {
        let path = meta::text(column, "/jsonPath");
        let usual = format!("Custom resource definition column (in JSONPath format): {path}");
        let description = column["description"].as_str().unwrap_or(&usual);
        columns.push(json!({
            "name": column["name"], "type": column["type"], "description": description,
            "format": meta::text(column, "/format"),
            "priority": meta::number(column, "/priority").unwrap_or(0),
        }));
        cells.push(Cell {
            path: JsonPath::parse(&format!("{{{path}}}"), true, false).ok(),
            data_type: meta::text(column, "/type").to_owned(),
        });
    }
    kind.own_columns = Some(columns);
    kind.table(&[], move |object, now| {
        let name = std::iter::once(meta::name(object).into());
        name.chain(cells.iter().map(|cell| shown(cell, object, now))).collect()
    })
}

fn described(field: &str) -> String {
    let definitions = openapi_definitions::<ObjectMeta>();
    let metadata = definitions.values().find(|it| it["properties"].get(field).is_some());
    let words = metadata.and_then(|it| it["properties"][field]["description"].as_str());
    words.unwrap_or_default().to_owned()
}

/// Source: `apiextensions-apiserver/pkg/registry/customresource/tableconvertor`.
fn shown(cell: &Cell, object: &Value, now: Timestamp) -> Value {
    let found = cell.path.as_ref().and_then(|path| path.find(object).ok());
    let Some(first) = found.as_ref().and_then(|found| found.first()) else { return Value::Null };
    let value = first.get();
    match (cell.data_type.as_str(), value) {
        (_, Value::Null) => Value::Null,
        ("string", _) => {
            let all = found.iter().flatten().map(|one| text_of(one.get())).collect::<Vec<_>>();
            all.join(" ").into()
        }
        ("date", Value::String(time)) => match time.parse::<Timestamp>() {
            Ok(_) => age::since(time, now).into(),
            Err(_) => "<invalid>".into(),
        },
        ("integer", Value::Number(number)) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64().map_or(Value::Null, |it| it.trunc().into()),
        },
        ("number", Value::Number(_)) | ("boolean", Value::Bool(_)) => value.clone(),
        _ => Value::Null,
    }
}

/// Publishes the version's schema, with what every object has.
fn documented(kind: Kind, version: &Value) -> Kind {
    let reversed: Vec<&str> = kind.group.rsplit('.').collect();
    let name = format!("{}.{}.{}", reversed.join("."), kind.version, kind.kind);
    let document = kind.custom.as_ref().map(|custom| custom.structure.document.clone());
    let mut document = document.unwrap_or_default();
    publish(&mut document);
    let selectable: Vec<Value> = meta::items(version, "/selectableFields")
        .iter()
        .map(|field| json!({"fieldPath": meta::text(field, "/jsonPath").trim_start_matches('.')}))
        .collect();
    if !selectable.is_empty() {
        document["x-kubernetes-selectable-fields"] = selectable.into();
    }
    kind.documented(move || {
        let mut document = document.clone();
        let mut definitions = openapi_definitions::<ObjectMeta>();
        let properties = meta::object_at(&mut document, "properties");
        for field in ["apiVersion", "kind"] {
            let words = words_of(field);
            properties.insert(field.into(), json!({"type": "string", "description": words}));
        }
        let metadata = definitions.keys().find(|name| name.ends_with("v1.ObjectMeta")).cloned();
        if let Some(metadata) = metadata {
            let reference = json!([{"$ref": format!("#/definitions/{metadata}")}]);
            let words = words_of("metadata");
            properties.insert("metadata".into(), json!({"allOf": reference, "description": words}));
        }
        definitions.insert(name.clone(), document);
        (name.clone(), definitions.into_iter().collect::<Map<_, _>>())
    })
}

/// Says in a schema what its extensions mean.
fn publish(schema: &mut Value) {
    let Some(fields) = schema.as_object_mut() else { return };
    if fields.get("x-kubernetes-int-or-string") == Some(&Value::Bool(true)) {
        let either = json!([{"type": "integer"}, {"type": "string"}]);
        fields.entry("anyOf").or_insert(either);
    }
    let properties = fields.get_mut("properties").and_then(Value::as_object_mut);
    properties.into_iter().flat_map(Map::values_mut).for_each(publish);
    for below in ["items", "additionalProperties"] {
        fields.get_mut(below).into_iter().for_each(publish);
    }
}
