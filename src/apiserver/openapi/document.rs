//! One `/openapi/v3` document: the operations of a group and version and the schemas they need.

use std::{collections::BTreeMap, sync::Arc};

use machinery::kind::Kind;
use serde_json::{Map, Value, json};

use super::{
    operations::{self, Place, gvk},
    registered,
};
use crate::subresources::REVIEWS;

/// What every operation may need.
const COMMON: &[&str] = &["DeleteOptions", "ListMeta", "Patch", "Status", "WatchEvent"];
const SELECTABLE: &str = "x-kubernetes-selectable-fields";
const CONVENTIONS: &str =
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";
const LIST_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";

/// The OpenAPI names of what a document speaks of.
#[derive(Default)]
pub(super) struct Names {
    by_kind: BTreeMap<String, String>,
}

impl Names {
    /// The name of a body that belongs to no kind.
    pub(super) fn of(&self, kind: &str) -> String {
        self.by_kind.get(kind).cloned().unwrap_or_default()
    }

    /// The name of a kind's objects.
    pub(super) fn own(&self, kind: &Kind) -> String {
        self.of(&kind.kind)
    }

    /// The name of a kind's lists.
    pub(super) fn list(&self, kind: &Kind) -> String {
        let own = self.own(kind);
        own.rsplit_once('.').map_or_else(
            || kind.list_kind.clone(),
            |(before, _)| format!("{before}.{}", kind.list_kind),
        )
    }

    /// The name of the body of a part of a kind's objects.
    pub(super) fn body(&self, kind: &Kind, body: &str) -> String {
        if kind.kind == body { self.own(kind) } else { self.of(body) }
    }
}

/// The group and version of a body that belongs to no kind.
fn home(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "APIGroup" | "APIGroupList" | "APIResourceList" | "APIVersions" | "DeleteOptions"
        | "Status" | "WatchEvent" => ("", "v1"),
        "Scale" => ("autoscaling", "v1"),
        "Eviction" => ("policy", "v1"),
        "TokenRequest" => ("authentication.k8s.io", "v1"),
        other => (REVIEWS.iter().find(|review| review.kind == other)?.group, "v1"),
    })
}

/// Tells whether a definition is Kubernetes' own.
fn is_built_in(name: &str) -> bool {
    ["api", "apimachinery", "apiextensions-apiserver", "kube-aggregator"].iter().any(|part| {
        name.strip_prefix("io.k8s.").is_some_and(|rest| rest.starts_with(&format!("{part}.")))
    })
}

/// What a built-in definition is where it is an object of its own.
fn served_as(name: &str) -> Option<Value> {
    let mut parts = name.rsplit('.');
    let (kind, version, package) = (parts.next()?, parts.next()?, parts.next()?);
    if package == "meta" {
        return home(kind).map(|(group, version)| gvk(group, version, kind));
    }
    let package = if package == "core" { "" } else { package };
    let found = api::registry().iter().find(|one| {
        one.kind == kind && one.version == version && one.group.split('.').next() == Some(package)
    });
    if let Some(found) = found {
        return Some(gvk(&found.group, version, kind));
    }
    home(kind)
        .filter(|(group, _)| group.split('.').next() == Some(package))
        .map(|(group, version)| gvk(group, version, kind))
}

/// A document being made.
#[derive(Default)]
pub(super) struct Builder {
    names: Names,
    schemas: Map<String, Value>,
    paths: Map<String, Value>,
}

impl Builder {
    /// The document of a group and version; `kinds` are those that it serves.
    pub(super) fn of_version(group: &str, version: &str, kinds: &[Arc<Kind>]) -> Value {
        let mut it = Self::default();
        for body in COMMON {
            it.body(body);
        }
        for kind in kinds {
            it.kind(kind);
        }
        let custom = kinds.iter().any(|kind| kind.custom.is_some());
        if custom {
            registered::all()
                .for_each(|(group, version)| it.also_of("DeleteOptions", group, version));
        } else {
            for name in ["DeleteOptions", "WatchEvent"] {
                it.also_of(name, group, version);
            }
        }
        let reviews: Vec<Kind> = REVIEWS
            .iter()
            .filter(|review| review.group == group && version == "v1")
            .map(crate::subresources::Review::as_kind)
            .collect();
        for review in &reviews {
            it.body(&review.kind);
        }
        let root = if group.is_empty() { "/api/".into() } else { format!("/apis/{group}/") };
        let id = format!("get{}APIResources", operations::camel(group, version));
        let tag = operations::tag(group, version);
        if !custom {
            let about = ("get available resources", id.as_str(), tag.as_str());
            it.page(&format!("{root}{version}/"), about, "APIResourceList");
        }
        for kind in kinds.iter().map(AsRef::as_ref).chain(&reviews) {
            let place = Place { kind, names: &it.names };
            place.describe(&mut it.paths);
        }
        it.finish()
    }

    /// The document of one page that answers with a body: path, (words, id, tag), body.
    pub(super) fn of_page(path: &str, about: (&str, &str, &str), body: &str) -> Value {
        let mut it = Self::default();
        it.page(path, about, body);
        it.finish()
    }

    fn page(&mut self, path: &str, (words, id, tag): (&str, &str, &str), body: &str) {
        self.body(body);
        let schema = if body.is_empty() {
            json!({"type": "string"})
        } else {
            json!({"$ref": format!("#/components/schemas/{}", self.names.of(body))})
        };
        let media: &[&str] = match (body, tag) {
            ("", "openid") => &["application/jwk-set+json"],
            ("" | "Info", _) => &["application/json"],
            _ => &["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"],
        };
        let content: Map<String, Value> =
            media.iter().map(|it| ((*it).to_owned(), json!({"schema": schema}))).collect();
        let operation = json!({
            "description": words, "operationId": id, "tags": [tag],
            "responses": {
                "200": {"description": "OK", "content": content},
                "401": {"description": "Unauthorized"},
            },
        });
        self.paths.insert(path.to_owned(), json!({"get": operation}));
    }

    /// Adds the definitions of a body.
    fn body(&mut self, kind: &str) {
        let Some((name, definitions)) = api::body_documents(kind) else { return };
        self.names.by_kind.insert(kind.to_owned(), name.clone());
        self.take(definitions);
    }

    /// Says that a body is one of this group and version, too.
    fn also_of(&mut self, body: &str, group: &str, version: &str) {
        let name = self.names.of(body);
        let Some(list) = self
            .schemas
            .get_mut(&name)
            .and_then(|schema| schema["x-kubernetes-group-version-kind"].as_array_mut())
        else {
            return;
        };
        let own = gvk(group, version, body);
        if !list.contains(&own) {
            list.push(own);
        }
    }

    /// Adds the definitions of a kind, of its lists, and of what its subresources take.
    fn kind(&mut self, kind: &Kind) {
        let (name, definitions) = kind.documents();
        self.take(definitions);
        if let Some(schema) = self.schemas.get_mut(&name) {
            schema["x-kubernetes-group-version-kind"] =
                json!([gvk(&kind.group, &kind.version, &kind.kind)]);
        }
        self.names.by_kind.insert(kind.kind.clone(), name.clone());
        if kind.verbs.contains(&"list") {
            let mut list = list_schema(kind, &name);
            if let Some(fields) = self.schemas.get(&name).and_then(|schema| schema.get(SELECTABLE))
            {
                list[SELECTABLE] = fields.clone();
            }
            self.schemas.insert(self.names.list(kind), list);
        }
        let scale = kind.scale.is_some().then_some("Scale");
        let others = kind.subresources.iter().map(|sub| sub.kind).filter(|one| *one != kind.kind);
        for body in scale.into_iter().chain(others) {
            self.body(body);
        }
    }

    fn take(&mut self, definitions: Map<String, Value>) {
        let unknown = definitions.into_iter().filter(|(name, _)| !self.schemas.contains_key(name));
        let mut new: Map<String, Value> = unknown.collect();
        for (name, schema) in &mut new {
            point_to_components(schema);
            if let Some(gvk) = served_as(name) {
                schema["x-kubernetes-group-version-kind"] = json!([gvk]);
            }
        }
        let (built_in, custom): (Map<_, _>, Map<_, _>) =
            new.into_iter().partition(|(name, _)| is_built_in(name));
        let mut new = built_in;
        api::publish(&mut new);
        self.schemas.extend(custom);
        self.schemas.extend(new);
    }

    fn finish(mut self) -> Value {
        let mut reached = Map::new();
        let mut open: Vec<String> = Vec::new();
        self.paths.values().for_each(|item| references(item, &mut open));
        while let Some(name) = open.pop() {
            if let Some(schema) = self.schemas.remove(&name) {
                references(&schema, &mut open);
                reached.insert(name, schema);
            }
        }
        let mut components = json!({"securitySchemes": {"BearerToken": {
            "type": "apiKey", "in": "header", "name": "authorization",
            "description": "Bearer Token authentication",
        }}});
        if !reached.is_empty() {
            components["schemas"] = reached.into();
        }
        json!({
            "openapi": "3.0.0",
            "info": {"title": "Kubernetes", "version": "1.36"},
            "paths": self.paths,
            "components": components,
        })
    }
}

fn list_schema(kind: &Kind, name: &str) -> Value {
    let mut metadata = json!({
        "description": format!("Standard list metadata. More info: {CONVENTIONS}#types-kinds"),
        "allOf": [{"$ref": format!("#/components/schemas/{LIST_META}")}],
    });
    if kind.custom.is_none() {
        metadata["default"] = json!({});
    }
    json!({
        "description": format!("{} is a list of {}", kind.list_kind, kind.kind),
        "type": "object",
        "required": ["items"],
        "properties": {
            "apiVersion": {"type": "string", "description": api::words_of("apiVersion")},
            "kind": {"type": "string", "description": api::words_of("kind")},
            "metadata": metadata,
            "items": {
                "type": "array", "description": format!("List of {}. More info: {CONVENTIONS}", kind.plural),
                "items": {"$ref": format!("#/components/schemas/{name}")},
            },
        },
        "x-kubernetes-group-version-kind": [gvk(&kind.group, &kind.version, &kind.list_kind)],
    })
}

fn point_to_components(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields.iter_mut() {
                if key == "$ref"
                    && let Some(name) = value.as_str().and_then(|text| text.rsplit('/').next())
                {
                    *value = format!("#/components/schemas/{name}").into();
                } else {
                    point_to_components(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(point_to_components),
        _ => {}
    }
}

/// Collects the names that a document refers to.
fn references(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value.as_str() {
                    Some(text) if key == "$ref" => {
                        names.extend(text.rsplit('/').next().map(str::to_owned));
                    }
                    _ => references(value, names),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, names)),
        _ => {}
    }
}
