//! What the expressions of admission may name, and policies ready to be evaluated.
//! Source: `k8s.io/apiserver/pkg/admission/plugin/cel/{compile,composition}.go`.

use std::{collections::BTreeMap, sync::Arc};

use cel::{Names, Object, Program, Type};
use machinery::meta;
use serde_json::Value;

/// Which variables there are beside `object`, `oldObject`, `request` and `namespaceObject`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope {
    /// `params`.
    pub params: bool,
    /// `authorizer` and `authorizer.requestResource`.
    pub authorizer: bool,
    /// The types of mutations: `Object` and `JSONPatch`.
    pub patches: bool,
}

fn object(name: &str, fields: &[(&str, Type)]) -> Type {
    let fields = fields.iter().map(|(name, of)| ((*name).to_owned(), of.clone())).collect();
    Type::Object(Arc::new(Object { name: name.to_owned(), fields, open: false }))
}

fn request_type() -> Type {
    let text = Type::String;
    let kind = object(
        "kubernetes.GroupVersionKind",
        &[("group", text.clone()), ("version", text.clone()), ("kind", text.clone())],
    );
    let resource = object(
        "kubernetes.GroupVersionResource",
        &[("group", text.clone()), ("version", text.clone()), ("resource", text.clone())],
    );
    let user = object(
        "kubernetes.UserInfo",
        &[
            ("username", text.clone()),
            ("uid", text.clone()),
            ("groups", Type::list(text.clone())),
            ("extra", Type::map(text.clone(), Type::list(text.clone()))),
        ],
    );
    object(
        "kubernetes.AdmissionRequest",
        &[
            ("kind", kind.clone()),
            ("resource", resource.clone()),
            ("subResource", text.clone()),
            ("requestKind", kind),
            ("requestResource", resource),
            ("requestSubResource", text.clone()),
            ("name", text.clone()),
            ("namespace", text.clone()),
            ("operation", text),
            ("userInfo", user),
            ("dryRun", Type::Bool),
            ("options", Type::Dyn),
        ],
    )
}

fn namespace_type() -> Type {
    let text = Type::String;
    let texts = Type::list(text.clone());
    let map = Type::map(text.clone(), text.clone());
    let metadata = object(
        "kubernetes.NamespaceMetadata",
        &[
            ("name", text.clone()),
            ("generateName", text.clone()),
            ("namespace", text.clone()),
            ("labels", map.clone()),
            ("annotations", map),
            ("UID", text.clone()),
            ("creationTimestamp", Type::Timestamp),
            ("deletionGracePeriodSeconds", Type::Int),
            ("deletionTimestamp", Type::Timestamp),
            ("generation", Type::Int),
            ("resourceVersion", text.clone()),
            ("finalizers", texts.clone()),
        ],
    );
    let condition = object(
        "kubernetes.NamespaceCondition",
        &[
            ("status", text.clone()),
            ("type", text.clone()),
            ("lastTransitionTime", Type::Timestamp),
            ("message", text.clone()),
            ("reason", text.clone()),
        ],
    );
    let spec = object("kubernetes.NamespaceSpec", &[("finalizers", texts)]);
    let status = object(
        "kubernetes.NamespaceStatus",
        &[("conditions", Type::list(condition)), ("phase", text)],
    );
    object("kubernetes.Namespace", &[("metadata", metadata), ("spec", spec), ("status", status)])
}

/// What expressions of such scope may name.
pub fn names(scope: Scope) -> Names {
    let mut variables: BTreeMap<String, Type> = BTreeMap::new();
    let mut add = |name: &str, of: Type| drop(variables.insert(name.to_owned(), of));
    add("object", Type::Dyn);
    add("oldObject", Type::Dyn);
    add("request", request_type());
    add("namespaceObject", namespace_type());
    if scope.params {
        add("params", Type::Dyn);
    }
    if scope.authorizer {
        add("authorizer", Type::opaque("kubernetes.authorization.Authorizer"));
        let check = Type::opaque("kubernetes.authorization.ResourceCheck");
        add("authorizer.requestResource", check);
    }
    let mut objects = BTreeMap::new();
    if scope.patches {
        let text = Type::String;
        let patch = object(
            "JSONPatch",
            &[("op", text.clone()), ("path", text.clone()), ("from", text), ("value", Type::Dyn)],
        );
        objects.insert("JSONPatch".to_owned(), patch);
    }
    Names { variables, objects, any_object: scope.patches }
}

/// Declares one more variable of a policy: it and the whole of `variables`.
pub fn declare(names: &mut Names, variable: &str, of: &Type) {
    let known = names.variables.get("variables");
    let mut fields = match known {
        Some(Type::Object(object)) => object.fields.clone(),
        _ => BTreeMap::new(),
    };
    fields.insert(variable.to_owned(), of.clone());
    let whole = Object { name: "kubernetes.variables".into(), fields, open: false };
    names.variables.insert("variables".into(), Type::Object(Arc::new(whole)));
    names.variables.insert(format!("variables.{variable}"), of.clone());
}

/// Compiles an expression whose value is of one of `wanted`; any will do where that is empty.
/// Errors: why it does not compile, in Kubernetes' words.
pub fn compile(source: &str, names: &Names, wanted: &[Type]) -> Result<Program, String> {
    let program = Program::compile(source, names);
    let program = program.map_err(|issues| format!("compilation failed: {issues}"))?;
    let found = program.output();
    if wanted.is_empty() || wanted.contains(found) {
        return Ok(program);
    }
    Err(match wanted {
        [only] => format!("must evaluate to {} but got {}", go_name(only), go_name(found)),
        several => {
            let several: Vec<String> = several.iter().map(go_name).collect();
            format!("must evaluate to one of [{}] but got {}", several.join(" "), go_name(found))
        }
    })
}

fn go_name(of: &Type) -> String {
    match of {
        Type::Null => "null_type".into(),
        other => other.to_string(),
    }
}

/// An expression of a policy.
pub type Compiled = Result<Program, String>;

/// A validation of a policy.
#[derive(Debug)]
pub struct Validation {
    /// What must hold.
    pub program: Compiled,
    /// What is told if it does not.
    pub message: Option<Program>,
    /// The validation as given.
    pub given: Value,
}

/// A policy ready to be evaluated.
#[derive(Debug)]
pub struct Policy {
    /// The object as it is.
    pub object: Value,
    /// `matchConditions`: name, expression as given, and compiled.
    pub conditions: Vec<(String, String, Compiled)>,
    /// `variables` by name, in their order.
    pub variables: Vec<(String, Compiled)>,
    /// `validations`.
    pub validations: Vec<Validation>,
    /// `auditAnnotations`: their expressions.
    pub annotations: Vec<(String, Compiled)>,
    /// `mutations`: type, expression, and compiled.
    pub mutations: Vec<(String, String, Compiled)>,
}

/// Compiles match conditions, of policies and of webhooks.
pub fn conditions(of: &Value, names: &Names) -> Vec<(String, String, Compiled)> {
    let conditions = meta::items(of, "/matchConditions").iter();
    conditions
        .map(|one| {
            let source = meta::text(one, "/expression");
            let compiled = compile(source, names, &[Type::Bool]);
            (meta::text(one, "/name").to_owned(), source.to_owned(), compiled)
        })
        .collect()
}

impl Policy {
    /// Compiles a `ValidatingAdmissionPolicy` or a `MutatingAdmissionPolicy`. Cost: O(its text).
    pub fn compile(object: &Value) -> Self {
        let spec = &object["spec"];
        let params = spec.get("paramKind").is_some_and(|it| !it.is_null());
        let patches = spec.get("mutations").is_some();
        let scope = Scope { params, authorizer: true, patches };
        let conditions = conditions(spec, &names(scope));
        let mut with = names(scope);
        let mut without = names(Scope { authorizer: false, ..scope });
        let mut variables = Vec::new();
        for one in meta::items(spec, "/variables") {
            let (name, source) = (meta::text(one, "/name"), meta::text(one, "/expression"));
            let compiled = compile(source, &with, &[]);
            let of = compiled.as_ref().map_or(Type::Dyn, |program| program.output().clone());
            declare(&mut with, name, &of);
            declare(&mut without, name, &of);
            variables.push((name.to_owned(), compiled));
        }
        let validations = meta::items(spec, "/validations").iter().map(|one| Validation {
            program: compile(meta::text(one, "/expression"), &with, &[Type::Bool]),
            message: compile(meta::text(one, "/messageExpression"), &without, &[Type::String]).ok(),
            given: one.clone(),
        });
        let annotations = meta::items(spec, "/auditAnnotations").iter().map(|one| {
            let source = meta::text(one, "/valueExpression");
            let compiled = compile(source, &without, &[Type::String, Type::Null]);
            (meta::text(one, "/key").to_owned(), compiled)
        });
        let mutations = meta::items(spec, "/mutations").iter().map(|one| {
            let kind = meta::text(one, "/patchType").to_owned();
            let source = mutation_source(one).to_owned();
            let compiled = compile(&source, &with, &[mutation_type(&kind, &with)]);
            (kind, source, compiled)
        });
        Self {
            object: object.clone(),
            conditions,
            validations: validations.collect(),
            annotations: annotations.collect(),
            mutations: mutations.collect(),
            variables,
        }
    }
}

/// The expression of a mutation.
pub(super) fn mutation_source(mutation: &Value) -> &str {
    let at =
        if mutation["patchType"] == "JSONPatch" { "/jsonPatch" } else { "/applyConfiguration" };
    meta::text(mutation, &format!("{at}/expression"))
}

/// The type that a mutation's expression has.
pub(super) fn mutation_type(kind: &str, names: &Names) -> Type {
    if kind == "JSONPatch" {
        let patch = names.objects.get("JSONPatch").cloned();
        return Type::list(patch.unwrap_or(Type::Dyn));
    }
    let object = Object { name: "Object".into(), fields: BTreeMap::new(), open: true };
    Type::Object(Arc::new(object))
}
