//! Policies in CEL that change or refuse objects, and where they hold.

use jiff::Timestamp;
use k8s_openapi::api::admissionregistration::v1::{
    MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding,
};
use machinery::{
    kind::{Column, Kind},
    meta,
};
use schemars::JsonSchema;
use serde_json::Value;

use super::{GROUP, compile, fill_match, fill_scopes, mutating, validate};
use crate::parts::{AGE, NAME, age_cell, kind as build, name_cell, number, or_unset, text};

pub(super) fn kinds() -> Vec<Kind> {
    vec![
        policy::<MutatingAdmissionPolicy>("MutatingAdmissionPolicy", "mutatingadmissionpolicies")
            .validate(mutating::check)
            .validate(compile::check_policy)
            .table(MUTATING, |object, now| policy_cells(object, "/spec/mutations", now)),
        binding::<MutatingAdmissionPolicyBinding>(
            "MutatingAdmissionPolicyBinding",
            "mutatingadmissionpolicybindings",
        )
        .validate(mutating::check_binding),
        policy::<ValidatingAdmissionPolicy>(
            "ValidatingAdmissionPolicy",
            "validatingadmissionpolicies",
        )
        .status()
        .validate(validate::check_validating)
        .validate_status(mutating::check_status)
        .validate(compile::check_policy)
        .table(VALIDATING, |object, now| policy_cells(object, "/spec/validations", now)),
        binding::<ValidatingAdmissionPolicyBinding>(
            "ValidatingAdmissionPolicyBinding",
            "validatingadmissionpolicybindings",
        )
        .validate(validate::check_actions),
    ]
}

fn policy<T: JsonSchema>(kind: &str, plural: &str) -> Kind {
    build::<T>(GROUP, "v1", kind, plural).defaults(|object| {
        let spec = meta::object_at(object, "spec");
        meta::set_default(spec, "failurePolicy", "Fail");
        fill_resources(spec.get_mut("matchConstraints"));
    })
}

fn binding<T: JsonSchema>(kind: &str, plural: &str) -> Kind {
    build::<T>(GROUP, "v1", kind, plural)
        .defaults(|object| {
            fill_resources(meta::object_at(object, "spec").get_mut("matchResources"));
        })
        .validate(validate::check_binding)
        .table(BINDING, binding_cells)
}

fn fill_resources(target: Option<&mut Value>) {
    let Some(target) = target else { return };
    let target = meta::as_object(target);
    fill_match(target);
    fill_scopes(target, "resourceRules");
    fill_scopes(target, "excludeResourceRules");
}

const PARAM_KIND: Column =
    text("ParamKind", "ParamKind specifies the kind of resources used to parameterize this policy");
const VALIDATING: &[Column] = &[
    NAME,
    number(text(
        "Validations",
        "Validations indicates the number of validation rules defined in this configuration",
    )),
    PARAM_KIND,
    AGE,
];
const MUTATING: &[Column] = &[
    NAME,
    number(text(
        "Mutations",
        "Mutation indicates the number of mutations rules defined in this configuration",
    )),
    PARAM_KIND,
    AGE,
];
const BINDING: &[Column] = &[
    NAME,
    text(
        "PolicyName",
        "PolicyName indicates the policy definition which the policy binding binded to",
    ),
    text("ParamRef", "ParamRef indicates the param resource which sets the configration param"),
    AGE,
];

fn policy_cells(object: &Value, rules: &str, now: Timestamp) -> Vec<Value> {
    let kind = object.pointer("/spec/paramKind").map_or_else(String::new, |kind| {
        format!("{}/{}", meta::text(kind, "/apiVersion"), meta::text(kind, "/kind"))
    });
    vec![
        name_cell(object),
        meta::items(object, rules).len().into(),
        or_unset(&kind),
        age_cell(object, now),
    ]
}

fn binding_cells(object: &Value, now: Timestamp) -> Vec<Value> {
    let parameter = object.pointer("/spec/paramRef").map_or_else(String::new, |parameter| {
        let name = meta::text(parameter, "/name");
        match meta::text(parameter, "/namespace") {
            "" if name.is_empty() => "*".to_owned(),
            "" => name.to_owned(),
            namespace => format!("{namespace}/{name}"),
        }
    });
    vec![
        name_cell(object),
        meta::text(object, "/spec/policyName").into(),
        or_unset(&parameter),
        age_cell(object, now),
    ]
}
