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
        .validate(check_role)
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

fn check_role(change: &Change<'_>, errors: &mut Errors) {
    check::twice_if_changed(change, errors, |errors| {
        check_rules(change.new, errors);
        if let Some(rule) = change.new.get("aggregationRule") {
            check_aggregation(rule, errors);
        }
    });
}

fn check_rules(role: &Value, errors: &mut Errors) {
    for (index, rule) in meta::items(role, "/rules").iter().enumerate() {
        let path = Path::new("rules").index(index);
        if meta::items(rule, "/verbs").is_empty() {
            errors.required(&path.child("verbs"), "verbs must contain at least one value");
        }
        let resources = !meta::items(rule, "/resources").is_empty();
        let groups = !meta::items(rule, "/apiGroups").is_empty();
        let urls = meta::items(rule, "/nonResourceURLs");
        if !urls.is_empty() {
            if !meta::namespace(role).is_empty() {
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

fn check_aggregation(rule: &Value, errors: &mut Errors) {
    let at = Path::new("aggregationRule").child("clusterRoleSelectors");
    let selectors = meta::items(rule, "/clusterRoleSelectors");
    if selectors.is_empty() {
        let why = "at least one clusterRoleSelector required if aggregationRule is non-nil";
        errors.required(&at, why);
    }
    for (index, selector) in selectors.iter().enumerate() {
        let path = at.index(index);
        check::selector(selector, &path, errors);
        if check::read_selector(selector).is_none() {
            // What Kubernetes shows here is what it could not read, which is nothing.
            errors.invalid_shown(&path, "null", "invalid label selector.");
        }
    }
}

fn check_binding(change: &Change<'_>, errors: &mut Errors) {
    check::twice_if_changed(change, errors, |errors| check_bound(change.new, errors));
    let role = &change.new["roleRef"];
    if let Some(old) = change.old
        && old["roleRef"] != *role
    {
        let shown = check::ordered(&[
            ("APIGroup", check::or_null(role.get("apiGroup"))),
            ("Kind", check::or_null(role.get("kind"))),
            ("Name", check::or_null(role.get("name"))),
        ]);
        errors.invalid_shown(&Path::new("roleRef"), &shown, "cannot change roleRef");
    }
}

fn check_bound(binding: &Value, errors: &mut Errors) {
    let role = &binding["roleRef"];
    let path = Path::new("roleRef");
    let namespaced = !meta::namespace(binding).is_empty();
    if role["apiGroup"] != json!(GROUP) {
        errors.not_supported(&path.child("apiGroup"), &role["apiGroup"], &[GROUP]);
    }
    let kinds: &[&str] = if namespaced { &["Role", "ClusterRole"] } else { &["ClusterRole"] };
    if !kinds.iter().any(|kind| role["kind"] == *kind) {
        errors.not_supported(&path.child("kind"), &role["kind"], kinds);
    }
    if check::required(role, "name", &path, errors) {
        check::named(&role["name"], names::path_segment, &path.child("name"), errors);
    }
    for (index, subject) in meta::items(binding, "/subjects").iter().enumerate() {
        check_subject(subject, namespaced, &Path::new("subjects").index(index), errors);
    }
}

fn check_subject(subject: &Value, namespaced: bool, path: &Path, errors: &mut Errors) {
    let named = check::required(subject, "name", path, errors);
    let kind = meta::text(subject, "/kind");
    let group = meta::text(subject, "/apiGroup");
    match kind {
        "ServiceAccount" => {
            if named {
                check::named(&subject["name"], names::dns_subdomain, &path.child("name"), errors);
            }
            if !group.is_empty() {
                errors.not_supported(&path.child("apiGroup"), &json!(group), &[""]);
            }
            if !namespaced && meta::text(subject, "/namespace").is_empty() {
                errors.required(&path.child("namespace"), "");
            }
        }
        "User" | "Group" => {
            if group != GROUP {
                errors.not_supported(&path.child("apiGroup"), &json!(group), &[GROUP]);
            }
        }
        _ => {
            let kinds = ["ServiceAccount", "User", "Group"];
            errors.not_supported(&path.child("kind"), &json!(kind), &kinds);
        }
    }
}
