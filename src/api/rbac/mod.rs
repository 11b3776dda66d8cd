//! The group rbac.authorization.k8s.io: roles and who has them.

use jiff::Timestamp;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use machinery::{
    field::{Errors, Path},
    kind::{Change, Column, Kind},
    meta, names,
};
use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::check;
use crate::parts::{
    AGE, NAME, age_cell, items_mut, kind as build, name_cell, of_field, text, wide,
};

/// The group's name.
pub const GROUP: &str = "rbac.authorization.k8s.io";

pub(crate) fn kinds() -> Vec<Kind> {
    vec![
        binding::<ClusterRoleBinding>("ClusterRoleBinding", "clusterrolebindings")
            .cluster()
            .table(OF_CLUSTER, binding_cells),
        role::<ClusterRole>("ClusterRole", "clusterroles").cluster(),
        binding::<RoleBinding>("RoleBinding", "rolebindings"),
        role::<Role>("Role", "roles"),
    ]
}

fn base<T: JsonSchema>(kind: &str, plural: &str) -> Kind {
    build::<T>(GROUP, "v1", kind, plural).named(names::path_segment).creates_on_update()
}

fn role<T: JsonSchema>(kind: &str, plural: &str) -> Kind {
    const COLUMNS: &[Column] = &[
        NAME,
        Column {
            data_type: "date",
            ..of_field("Created At", "v1.ObjectMeta", "creationTimestamp")
        },
    ];
    base::<T>(kind, plural)
        .defaults(|object| {
            let rules = meta::as_object(object).entry("rules").or_insert(Value::Null);
            if rules.as_array().is_some_and(Vec::is_empty) {
                *rules = Value::Null;
            }
        })
        .validate(check_rules)
        .table(COLUMNS, |object, _now| {
            vec![name_cell(object), meta::text(object, "/metadata/creationTimestamp").into()]
        })
}

const OF_CLUSTER: &[Column] = &[
    NAME,
    text(
        "Role",
        "RoleRef can only reference a ClusterRole in the global namespace. If the RoleRef cannot be \
         resolved, the Authorizer must return an error.",
    ),
    AGE,
    wide(text("Users", "Users in the clusterRoleBinding")),
    wide(text("Groups", "Groups in the clusterRoleBinding")),
    wide(text("ServiceAccounts", "ServiceAccounts in the clusterRoleBinding")),
];

fn binding<T: JsonSchema>(kind: &str, plural: &str) -> Kind {
    const COLUMNS: &[Column] = &[
        NAME,
        text(
            "Role",
            "RoleRef can reference a Role in the current namespace or a ClusterRole in the global \
             namespace. If the RoleRef cannot be resolved, the Authorizer must return an error.",
        ),
        AGE,
        wide(text("Users", "Users in the roleBinding")),
        wide(text("Groups", "Groups in the roleBinding")),
        wide(text("ServiceAccounts", "ServiceAccounts in the roleBinding")),
    ];
    base::<T>(kind, plural)
        .defaults(fill_binding)
        .validate(check_binding)
        .table(COLUMNS, binding_cells)
}

fn binding_cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let subjects = |kind: &str| -> String {
        let of_kind = meta::items(object, "/subjects")
            .iter()
            .filter(|subject| meta::text(subject, "/kind") == kind)
            .map(|subject| match (kind, meta::text(subject, "/namespace")) {
                ("ServiceAccount", namespace) => {
                    format!("{namespace}/{}", meta::text(subject, "/name"))
                }
                _ => meta::text(subject, "/name").to_owned(),
            });
        of_kind.collect::<Vec<_>>().join(", ")
    };
    let role =
        format!("{}/{}", meta::text(object, "/roleRef/kind"), meta::text(object, "/roleRef/name"));
    vec![
        name_cell(object),
        role.into(),
        age_cell(object, now),
        subjects("User").into(),
        subjects("Group").into(),
        subjects("ServiceAccount").into(),
    ]
}

fn fill_binding(object: &mut Value) {
    let fields = meta::as_object(object);
    {
        let role = meta::as_object(fields.entry("roleRef").or_insert(Value::Null));
        for field in ["kind", "name"] {
            meta::set_default(role, field, "");
        }
        if role.get("apiGroup").and_then(Value::as_str).is_none_or(str::is_empty) {
            role.insert("apiGroup".into(), GROUP.into());
        }
    }
    for subject in items_mut(fields, "subjects") {
        let subject = meta::as_object(subject);
        let group = match subject.get("kind").and_then(Value::as_str) {
            Some("User" | "Group") => GROUP,
            _ => continue,
        };
        meta::set_default(subject, "apiGroup", group);
    }
}

fn check_rules(change: &Change<'_>, errors: &mut Errors) {
    for (index, rule) in meta::items(change.new, "/rules").iter().enumerate() {
        let path = Path::new("rules").index(index);
        if meta::items(rule, "/verbs").is_empty() {
            errors.required(&path.child("verbs"), "verbs must contain at least one value");
        }
        let resources = !meta::items(rule, "/resources").is_empty();
        let groups = !meta::items(rule, "/apiGroups").is_empty();
        let urls = meta::items(rule, "/nonResourceURLs");
        if !urls.is_empty() {
            if !meta::namespace(change.new).is_empty() {
                let why = "namespaced rules cannot apply to non-resource URLs";
                errors.invalid(&path.child("nonResourceURLs"), &json!(urls), why);
            }
            if groups || resources || !meta::items(rule, "/resourceNames").is_empty() {
                let why = "rules cannot apply to both regular resources and non-resource URLs";
                errors.invalid(&path.child("nonResourceURLs"), &json!(urls), why);
            }
            continue;
        }
        if !groups {
            let why = "resource rules must supply at least one api group";
            errors.required(&path.child("apiGroups"), why);
        }
        if !resources {
            let why = "resource rules must supply at least one resource";
            errors.required(&path.child("resources"), why);
        }
    }
}

fn check_binding(change: &Change<'_>, errors: &mut Errors) {
    let role = &change.new["roleRef"];
    let path = Path::new("roleRef");
    if role["apiGroup"] != json!(GROUP) {
        errors.not_supported(&path.child("apiGroup"), &role["apiGroup"], &[GROUP]);
    }
    let kinds: &[&str] = if meta::namespace(change.new).is_empty() {
        &["ClusterRole"]
    } else {
        &["Role", "ClusterRole"]
    };
    if !kinds.iter().any(|kind| role["kind"] == *kind) {
        errors.not_supported(&path.child("kind"), &role["kind"], kinds);
    }
    if meta::text(role, "/name").is_empty() {
        errors.required(&path.child("name"), "");
    }
    for (index, subject) in meta::items(change.new, "/subjects").iter().enumerate() {
        check_subject(subject, &Path::new("subjects").index(index), errors);
    }
    if let Some(old) = change.old
        && old["roleRef"] != *role
    {
        let shown = check::ordered(&[
            ("APIGroup", check::or_null(role.get("apiGroup"))),
            ("Kind", check::or_null(role.get("kind"))),
            ("Name", check::or_null(role.get("name"))),
        ]);
        errors.invalid_shown(&path, &shown, "cannot change roleRef");
    }
}

fn check_subject(subject: &Value, path: &Path, errors: &mut Errors) {
    if meta::text(subject, "/name").is_empty() {
        errors.required(&path.child("name"), "");
    }
    let kinds = ["ServiceAccount", "User", "Group"];
    let kind = &subject["kind"];
    match kind.as_str() {
        Some("ServiceAccount") => {
            for why in names::dns_subdomain(meta::text(subject, "/name")) {
                errors.invalid(&path.child("name"), &subject["name"], why);
            }
            if meta::text(subject, "/namespace").is_empty() {
                errors.required(&path.child("namespace"), "");
            }
        }
        Some("User" | "Group") => {
            if subject["apiGroup"] != json!(GROUP) {
                errors.not_supported(&path.child("apiGroup"), &subject["apiGroup"], &[GROUP]);
            }
        }
        _ => errors.not_supported(&path.child("kind"), kind, &kinds),
    }
}
