//! The operations of subresources that are more than a part of their object: what is created through
//! them, read from them as text, or passed through them.

use machinery::kind::Subresource;
use serde_json::{Map, Value, json};

use super::{
    operations::{Operation, PROTOBUF, Place, Scope, any_body, article, capital, gvk},
    parameters::{self, own_query},
};

impl Place<'_> {
    /// Adds the paths of a subresource.
    pub(super) fn subresource(&self, paths: &mut Map<String, Value>, sub: &Subresource) {
        let path = format!("{}/{{name}}/{}", self.collection(), sub.name);
        if sub.kind.ends_with("Options") {
            self.connections(paths, &path, sub);
            return;
        }
        let group = if sub.version.is_empty() { self.kind.group.as_str() } else { sub.group };
        let version = if sub.version.is_empty() { &self.kind.version } else { sub.version };
        let of = (group, version, sub.kind);
        let mut item = Map::new();
        for verb in sub.verbs {
            match *verb {
                "create" => item.insert("post".into(), self.create_part(sub, of)),
                "update" => item.insert("put".into(), self.on_object("put", sub.name, of)),
                "get" if !sub.options.is_empty() => {
                    item.insert("get".into(), self.read_stream(sub, of))
                }
                method => item.insert(method.into(), self.on_object(method, sub.name, of)),
            };
        }
        self.add(paths, &path, item, Scope::Object);
    }

    fn create_part(&self, sub: &Subresource, of: (&str, &str, &str)) -> Value {
        let schema = self.names.body(self.kind, sub.kind);
        let kind = &self.kind.kind;
        self.operation(Operation {
            id: ("create", format!("{}{}", self.scoped(""), capital(sub.name))),
            action: "post",
            gvk: gvk(of.0, of.1, of.2),
            words: format!("create {} of {} {kind}", sub.name, article(kind)),
            parameters: parameters::WRITE.iter().map(|it| parameters::query(it)).collect(),
            body: Some(any_body(&schema, true)),
            responses: self.responses(&["200", "201", "202"], &schema, false),
        })
    }

    /// A subresource that is read as text.
    fn read_stream(&self, sub: &Subresource, of: (&str, &str, &str)) -> Value {
        let text = json!({"schema": {"type": "string"}});
        let content = json!({
            "application/json": text, PROTOBUF: text, "application/yaml": text, "text/plain": text,
        });
        self.operation(Operation {
            id: ("read", format!("{}{}", self.scoped(""), capital(sub.name))),
            action: "get",
            gvk: gvk(of.0, of.1, of.2),
            words: format!("read {} of the specified {}", sub.name, self.kind.kind),
            parameters: options(sub),
            body: None,
            responses: json!({
                "200": {"description": "OK", "content": content},
                "401": {"description": "Unauthorized"},
            }),
        })
    }

    /// A subresource that requests are passed through.
    fn connections(&self, paths: &mut Map<String, Value>, path: &str, sub: &Subresource) {
        let passes = sub.name == "proxy";
        let methods: &[&str] = if passes {
            &["delete", "get", "head", "options", "patch", "post", "put"]
        } else {
            &["get", "post"]
        };
        let suffixes: &[&str] = if passes { &["", "WithPath"] } else { &[""] };
        for suffix in suffixes {
            let mut item = Map::new();
            for method in methods {
                let id = format!("{}{}{suffix}", self.scoped(&capital(method)), capital(sub.name));
                // The method stands behind the group and version, before the scope.
                let operation = self.operation(Operation {
                    id: ("connect", id),
                    action: "connect",
                    gvk: gvk("", "v1", sub.kind),
                    words: format!(
                        "connect {} requests to {} of {}",
                        method.to_uppercase(),
                        sub.name,
                        self.kind.kind
                    ),
                    parameters: options(sub),
                    body: None,
                    responses: json!({
                        "200": {"description": "OK", "content": {"*/*": {"schema": {"type": "string"}}}},
                        "401": {"description": "Unauthorized"},
                    }),
                });
                item.insert((*method).to_owned(), operation);
            }
            if suffix.is_empty() {
                self.add(paths, path, item, Scope::Connection);
            } else {
                self.add(paths, &format!("{path}/{{path}}"), item, Scope::Below);
            }
        }
    }
}

fn options(sub: &Subresource) -> Vec<Value> {
    sub.options.iter().map(|(name, data_type, words)| own_query(name, data_type, words)).collect()
}
