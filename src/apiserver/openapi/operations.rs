//! The operations of a kind: its paths, what they take and what they answer.
//! Source: kube-apiserver's `endpoints/installer.go` and `endpoints/openapi`.

use machinery::kind::Kind;
use serde_json::{Map, Value, json};

use super::{document::Names, parameters};

pub(super) const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

/// One kind in its group and version.
pub(super) struct Place<'a> {
    pub(super) kind: &'a Kind,
    pub(super) names: &'a Names,
}

/// What one operation says of itself.
pub(super) struct Operation<'a> {
    /// The verb that its id begins with, and the rest behind the group and version.
    pub(super) id: (&'a str, String),
    pub(super) action: &'a str,
    pub(super) gvk: Value,
    pub(super) words: String,
    pub(super) parameters: Vec<Value>,
    pub(super) body: Option<Value>,
    pub(super) responses: Value,
}

/// `apps/v1` as operations' ids spell it: `AppsV1`.
pub(super) fn camel(group: &str, version: &str) -> String {
    let group = match group.trim_end_matches(".k8s.io") {
        "" => "core",
        other => other,
    };
    group.split(['.', '-']).chain([version]).map(capital).collect()
}

/// `apps/v1` as tags spell it: `apps_v1`.
pub(super) fn tag(group: &str, version: &str) -> String {
    let name = camel(group, "");
    let mut letters = name.chars();
    let name: String =
        letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    if version.is_empty() { name } else { format!("{name}_{version}") }
}

pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(super) fn article(kind: &str) -> &'static str {
    if kind.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" }
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// A gvk as operations and schemas carry it.
pub(super) fn gvk(group: &str, version: &str, kind: &str) -> Value {
    json!({"group": group, "version": version, "kind": kind})
}

impl Place<'_> {
    /// Adds the paths of the kind to a document.
    pub(super) fn describe(&self, paths: &mut Map<String, Value>) {
        let collection = self.collection();
        let kind = self.kind;
        self.add(paths, &collection, self.collection_operations(), Scope::Collection);
        let object = format!("{collection}/{{name}}");
        self.add(paths, &object, self.object_operations(), Scope::Object);
        if kind.has_status {
            self.part(paths, "status", (&kind.group, &kind.version, &kind.kind));
        }
        if kind.scale.is_some() {
            self.part(paths, "scale", ("autoscaling", "v1", "Scale"));
        }
        for sub in &kind.subresources {
            self.subresource(paths, sub);
        }
        self.across_namespaces(paths);
        self.watches(paths);
    }

    fn root(&self) -> String {
        match self.kind.group.as_str() {
            "" => format!("/api/{}", self.kind.version),
            group => format!("/apis/{group}/{}", self.kind.version),
        }
    }

    pub(super) fn collection(&self) -> String {
        let (root, plural) = (self.root(), &self.kind.plural);
        if self.kind.is_namespaced() {
            format!("{root}/namespaces/{{namespace}}/{plural}")
        } else {
            format!("{root}/{plural}")
        }
    }

    fn has(&self, verb: &str) -> bool {
        self.kind.verbs.contains(&verb)
    }

    fn own_gvk(&self) -> Value {
        gvk(&self.kind.group, &self.kind.version, &self.kind.kind)
    }

    /// `NamespacedPod`, `Node`.
    pub(super) fn scoped(&self, middle: &str) -> String {
        let scope = if self.kind.is_namespaced() { "Namespaced" } else { "" };
        format!("{middle}{scope}{}", self.kind.kind)
    }

    /// What answers are written as.
    fn media(&self, streams: bool) -> Vec<&'static str> {
        let custom = self.kind.custom.is_some();
        let all = [
            ("application/json", true),
            ("application/json;stream=watch", streams && !custom),
            (PROTOBUF, !custom),
            ("application/vnd.kubernetes.protobuf;stream=watch", streams && !custom),
            ("application/yaml", true),
        ];
        all.into_iter().filter_map(|(media, given)| given.then_some(media)).collect()
    }

    pub(super) fn responses(&self, codes: &[&str], schema: &str, streams: bool) -> Value {
        let content: Map<String, Value> = self
            .media(streams)
            .into_iter()
            .map(|media| (media.to_owned(), json!({"schema": reference(schema)})))
            .collect();
        let mut responses = Map::new();
        for code in codes {
            let words = match *code {
                "200" => "OK",
                "201" => "Created",
                _ => "Accepted",
            };
            responses.insert((*code).to_owned(), json!({"description": words, "content": content}));
        }
        responses.insert("401".into(), json!({"description": "Unauthorized"}));
        responses.into()
    }

    pub(super) fn operation(&self, it: Operation<'_>) -> Value {
        let version = camel(&self.kind.group, &self.kind.version);
        let mut operation = json!({
            "description": it.words,
            "operationId": format!("{}{version}{}", it.id.0, it.id.1),
            "responses": it.responses,
            "tags": [tag(&self.kind.group, &self.kind.version)],
            "x-kubernetes-action": it.action,
            "x-kubernetes-group-version-kind": it.gvk,
        });
        if !it.parameters.is_empty() {
            operation["parameters"] = it.parameters.into();
        }
        if let Some(body) = it.body {
            operation["requestBody"] = body;
        }
        operation
    }

    fn collection_operations(&self) -> Map<String, Value> {
        let mut item = Map::new();
        let kind = &self.kind.kind;
        let query = |names: &[&str]| names.iter().map(|name| parameters::query(name)).collect();
        if self.has("deletecollection") {
            let operation = self.operation(Operation {
                id: ("delete", self.scoped("Collection")),
                action: "deletecollection",
                gvk: self.own_gvk(),
                words: format!("delete collection of {kind}"),
                parameters: query(parameters::DELETE_COLLECTION),
                body: Some(any_body(&self.names.of("DeleteOptions"), false)),
                responses: self.responses(&["200"], &self.names.of("Status"), false),
            });
            item.insert("delete".into(), operation);
        }
        if self.has("list") {
            item.insert("get".into(), self.list(self.scoped(""), parameters::LIST));
        }
        if self.has("create") {
            let operation = self.operation(Operation {
                id: ("create", self.scoped("")),
                action: "post",
                gvk: self.own_gvk(),
                words: format!("create {} {kind}", article(kind)),
                parameters: query(parameters::WRITE),
                body: Some(any_body(&self.names.own(self.kind), true)),
                responses: self.responses(
                    &["200", "201", "202"],
                    &self.names.own(self.kind),
                    false,
                ),
            });
            item.insert("post".into(), operation);
        }
        item
    }

    fn list(&self, id: String, names: &[&str]) -> Value {
        let watched = if self.has("watch") { "list or watch" } else { "list" };
        self.operation(Operation {
            id: ("list", id),
            action: "list",
            gvk: self.own_gvk(),
            words: format!("{watched} objects of kind {}", self.kind.kind),
            parameters: names.iter().map(|name| parameters::query(name)).collect(),
            body: None,
            responses: self.responses(&["200"], &self.names.list(self.kind), true),
        })
    }

    fn object_operations(&self) -> Map<String, Value> {
        let own = (self.kind.group.as_str(), self.kind.version.as_str(), self.kind.kind.as_str());
        let mut item = Map::new();
        let (kind, schema) = (&self.kind.kind, self.names.own(self.kind));
        if self.has("delete") {
            let status = self.names.of("Status");
            let whole = self.kind.returns_deleted || self.kind.graceful;
            let answer = if whole { &schema } else { &status };
            let operation = self.operation(Operation {
                id: ("delete", self.scoped("")),
                action: "delete",
                gvk: self.own_gvk(),
                words: format!("delete {} {kind}", article(kind)),
                parameters: parameters::DELETE.iter().map(|it| parameters::query(it)).collect(),
                body: Some(any_body(&self.names.of("DeleteOptions"), false)),
                responses: self.responses(&["200", "202"], answer, false),
            });
            item.insert("delete".into(), operation);
        }
        for (method, verb) in [("get", "get"), ("patch", "patch"), ("put", "update")] {
            if self.has(verb) {
                item.insert(method.into(), self.on_object(method, "", own));
            }
        }
        item
    }

    /// Reading, replacing and patching an object or a part of it.
    pub(super) fn on_object(&self, method: &str, part: &str, of: (&str, &str, &str)) -> Value {
        let schema = self.names.body(self.kind, of.2);
        let (verb, words, parameters, body, codes): (_, _, _, _, &[&str]) = match method {
            "get" => ("read", "read", &[][..], None, &["200"]),
            "put" => (
                "replace",
                "replace",
                parameters::WRITE,
                Some(any_body(&schema, true)),
                &["200", "201"],
            ),
            _ => {
                let patch = self.patch_body();
                ("patch", "partially update", parameters::PATCH, Some(patch), &["200", "201"])
            }
        };
        let what = if part.is_empty() { String::new() } else { format!("{part} of ") };
        self.operation(Operation {
            id: (verb, format!("{}{}", self.scoped(""), capital(part))),
            action: method,
            gvk: gvk(of.0, of.1, of.2),
            words: format!("{words} {what}the specified {}", self.kind.kind),
            parameters: parameters.iter().map(|name| parameters::query(name)).collect(),
            body,
            responses: self.responses(codes, &schema, false),
        })
    }

    fn patch_body(&self) -> Value {
        let schema = reference(&self.names.of("Patch"));
        let strategic = self.kind.custom.is_none();
        let mut content = Map::new();
        for (media, given) in [
            ("application/apply-patch+yaml", true),
            ("application/json-patch+json", true),
            ("application/merge-patch+json", true),
            ("application/strategic-merge-patch+json", strategic),
        ] {
            if given {
                content.insert(media.into(), json!({"schema": schema}));
            }
        }
        json!({"content": content, "required": true})
    }

    fn part(&self, paths: &mut Map<String, Value>, name: &str, of: (&str, &str, &str)) {
        let path = format!("{}/{{name}}/{name}", self.collection());
        let operations = ["get", "patch", "put"]
            .into_iter()
            .map(|method| (method.to_owned(), self.on_object(method, name, of)))
            .collect();
        self.add(paths, &path, operations, Scope::Object);
    }

    fn across_namespaces(&self, paths: &mut Map<String, Value>) {
        if !self.kind.is_namespaced() || !self.has("list") {
            return;
        }
        let id = format!("{}ForAllNamespaces", self.kind.kind);
        let item = Map::from_iter([("get".to_owned(), self.list(id, parameters::LIST))]);
        let path = format!("{}/{}", self.root(), self.kind.plural);
        self.add(paths, &path, item, Scope::Everywhere);
    }

    /// The old paths of watches.
    fn watches(&self, paths: &mut Map<String, Value>) {
        if !self.has("watch") || self.kind.custom.is_some() {
            return;
        }
        let (root, kind) = (self.root(), &self.kind.kind);
        let own = self.collection().replacen(&root, &format!("{root}/watch"), 1);
        let list = format!("{}List", self.scoped(""));
        self.watch(paths, &own, (list, "watchlist"), Scope::Collection);
        self.watch(paths, &format!("{own}/{{name}}"), (self.scoped(""), "watch"), Scope::Object);
        if self.kind.is_namespaced() {
            let path = format!("{root}/watch/{}", self.kind.plural);
            let id = format!("{kind}ListForAllNamespaces");
            self.watch(paths, &path, (id, "watchlist"), Scope::Everywhere);
        }
    }

    fn watch(
        &self,
        paths: &mut Map<String, Value>,
        path: &str,
        (id, action): (String, &str),
        scope: Scope,
    ) {
        let (words, instead) = match action {
            "watch" => (
                "changes to an object",
                ", filtered to a single item with the 'fieldSelector' parameter",
            ),
            _ => ("individual changes to a list", ""),
        };
        let operation = self.operation(Operation {
            id: ("watch", id),
            action,
            gvk: self.own_gvk(),
            words: format!(
                "watch {words} of {}. deprecated: use the 'watch' parameter with a list operation \
                 instead{instead}.",
                self.kind.kind
            ),
            parameters: parameters::LIST.iter().map(|it| parameters::query(it)).collect(),
            body: None,
            responses: self.responses(&["200"], &self.names.of("WatchEvent"), true),
        });
        self.add(paths, path, Map::from_iter([("get".to_owned(), operation)]), scope);
    }

    pub(super) fn add(
        &self,
        paths: &mut Map<String, Value>,
        path: &str,
        mut item: Map<String, Value>,
        scope: Scope,
    ) {
        if item.is_empty() {
            return;
        }
        let mut shared = Vec::new();
        if matches!(scope, Scope::Object | Scope::Connection | Scope::Below) {
            let words = format!("name of the {}", self.kind.kind);
            let subject = path.split("/{name}/").nth(1).and_then(|rest| {
                let name = rest.split('/').next()?;
                let sub = self.kind.subresources.iter().find(|one| one.name == name)?;
                Some(format!("name of the {}", sub.kind))
            });
            shared.push(parameters::path("name", subject.as_ref().unwrap_or(&words)));
        }
        if self.kind.is_namespaced() && scope != Scope::Everywhere {
            let words = "object name and auth scope, such as for teams and projects";
            shared.push(parameters::path("namespace", words));
        }
        if scope == Scope::Below {
            shared.push(parameters::path("path", "path to the resource"));
        }
        if !matches!(scope, Scope::Connection | Scope::Below) {
            shared.push(parameters::query("pretty"));
        }
        parameters::hoist(&mut item, shared);
        paths.insert(path.to_owned(), item.into());
    }
}

/// What a path stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// A collection in its namespace, or of the cluster.
    Collection,
    /// An object or a part of it.
    Object,
    /// A collection over all namespaces.
    Everywhere,
    /// A subresource that requests are passed through.
    Connection,
    /// The paths below that.
    Below,
}

/// A body in any language that the server reads.
pub(super) fn any_body(schema: &str, required: bool) -> Value {
    let mut body = json!({"content": {"*/*": {"schema": reference(schema)}}});
    if required {
        body["required"] = true.into();
    }
    body
}
