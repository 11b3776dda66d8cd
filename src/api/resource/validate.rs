//! What must hold of devices and claims. Source:
//! `k8s.io/kubernetes/pkg/apis/resource/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use crate::{check, core::shown};

const MOST_REQUESTS: usize = 32;
const MOST_SELECTORS: usize = 32;
const MOST_CHOICES: usize = 8;
const MOST_CONSTRAINTS: usize = 32;
const MOST_CONFIGS: usize = 32;
const MOST_USERS: usize = 256;
pub(super) const EFFECTS: [&str; 3] = ["NoExecute", "NoSchedule", "None"];
const MAX_DRIVER: usize = 63;

pub(super) fn check_claim(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    match change.old {
        // What cannot change is not looked at again.
        Some(old) => check_same(&old["spec"], spec, &at, errors),
        None => check_devices(&spec["devices"], &at.child("devices"), errors),
    }
}

/// Checks who has a claim, and what it got. Source: `ValidateResourceClaimStatusUpdate`.
pub(super) fn check_claim_status(change: &Change<'_>, errors: &mut Errors) {
    let at = Path::new("status");
    let status = &change.new["status"];
    let users = meta::items(status, "/reservedFor");
    let path = at.child("reservedFor");
    for (index, user) in within(users, MOST_USERS, &path, errors) {
        for field in ["resource", "name", "uid"] {
            check::required(user, field, &path.index(index), errors);
        }
        if users.iter().take(index).any(|one| one["uid"] == user["uid"]) {
            errors.duplicate(&path.index(index), &json!(meta::text(user, "/uid")));
        }
    }
    if !users.is_empty() && status.get("allocation").is_none() {
        errors.forbidden(&path, "may not be specified when `allocated` is not set");
    }
}

pub(super) fn check_template(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    let Some(old) = change.old else {
        check::claim_metadata(spec, &at.child("metadata"), errors);
        check_devices(&spec["spec"]["devices"], &at.child("spec").child("devices"), errors);
        return;
    };
    if old["spec"] != *spec {
        let inner = shown::shown("ResourceClaimSpec", &spec["spec"]);
        errors.invalid_shown(&at, &format!("{{\"Spec\":{inner}}}"), "field is immutable");
    }
}

fn check_same(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    if old != new {
        errors.invalid_shown(at, &shown::shown("ResourceClaimSpec", new), "field is immutable");
    }
}

fn check_devices(devices: &Value, at: &Path, errors: &mut Errors) {
    let requests = meta::items(devices, "/requests");
    let path = at.child("requests");
    for (index, request) in within(requests, MOST_REQUESTS, &path, errors) {
        check_request(request, &path.index(index), errors);
    }
    check_unique(requests, &path, errors);
    let constraints = meta::items(devices, "/constraints");
    let path = at.child("constraints");
    for (index, constraint) in within(constraints, MOST_CONSTRAINTS, &path, errors) {
        let path = path.index(index);
        check_names(constraint, requests, &path.child("requests"), errors);
        check_constraint(constraint, &path, errors);
    }
    let configs = meta::items(devices, "/config");
    for (index, config) in within(configs, MOST_CONFIGS, &at.child("config"), errors) {
        let path = at.child("config").index(index);
        check_names(config, requests, &path.child("requests"), errors);
        check_config(config, &path, errors);
    }
}

/// The items with their places; none, where there are too many.
pub(super) fn within<'a>(
    list: &'a [Value],
    most: usize,
    at: &Path,
    errors: &mut Errors,
) -> impl Iterator<Item = (usize, &'a Value)> + use<'a> {
    let fits = list.len() <= most;
    if !fits {
        errors.too_many(at, list.len(), most);
    }
    list.iter().enumerate().filter(move |_| fits)
}

/// Refuses items with the name of one before them.
pub(super) fn check_unique(list: &[Value], at: &Path, errors: &mut Errors) {
    for (index, item) in list.iter().enumerate() {
        let name = meta::text(item, "/name");
        if list.iter().take(index).any(|one| meta::text(one, "/name") == name) {
            errors.duplicate(&at.index(index), &json!(name));
        }
    }
}

fn check_constraint(constraint: &Value, at: &Path, errors: &mut Errors) {
    let fields = ["matchAttribute", "distinctAttribute"];
    let Some(field) = fields.into_iter().find(|field| constraint.get(*field).is_some()) else {
        let why = "exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but \
                   multiple fields are set";
        return errors.required(at, why);
    };
    check_full_name(&constraint[field], &at.child(field), errors);
}

/// Checks that those named are among the requests, or among the choices of one.
fn check_names(parent: &Value, requests: &[Value], at: &Path, errors: &mut Errors) {
    let given = meta::items(parent, "/requests");
    for (index, name) in given.iter().enumerate() {
        let text = name.as_str().unwrap_or_default();
        let parts: Vec<&str> = text.split('/').collect();
        for part in parts.iter().filter(|_| parts.len() <= 2) {
            if part.is_empty() {
                errors.required(&at.index(index), "");
            } else {
                check::named(&json!(part), names::dns_label, &at.index(index), errors);
            }
        }
        let known = requests.iter().any(|request| {
            let main = meta::text(request, "/name");
            let mut choices = meta::items(request, "/firstAvailable").iter();
            text == main
                || choices.any(|choice| text == format!("{main}/{}", meta::text(choice, "/name")))
        });
        if !known {
            let why = "must be the name of a request in the claim or the name of a request and a \
                       subrequest separated by '/'";
            errors.invalid(&at.index(index), name, why);
        }
        if given.iter().take(index).any(|one| one == name) {
            errors.duplicate(&at.index(index), name);
        }
    }
}

fn check_request(request: &Value, at: &Path, errors: &mut Errors) {
    check_request_name(request, at, errors);
    let exactly = request.get("exactly");
    let choices = meta::items(request, "/firstAvailable");
    match (exactly, choices.is_empty()) {
        (None, true) => {
            let why = "exactly one of `exactly` or `firstAvailable` is required";
            errors.required(at, why);
        }
        (Some(_), false) => {
            let why = "exactly one of `exactly` or `firstAvailable` is required, but multiple \
                       fields are set";
            errors.invalid(at, &Value::Null, why);
        }
        (Some(exactly), true) => check_exact(exactly, &at.child("exactly"), errors),
        (None, false) => {
            let at = at.child("firstAvailable");
            for (index, choice) in within(choices, MOST_CHOICES, &at, errors) {
                let path = at.index(index);
                check_request_name(choice, &path, errors);
                check_exact(choice, &path, errors);
            }
            check_unique(choices, &at, errors);
        }
    }
}

fn check_request_name(request: &Value, at: &Path, errors: &mut Errors) {
    if check::required(request, "name", at, errors) {
        check::named(&request["name"], names::dns_label, &at.child("name"), errors);
    }
}

fn check_exact(request: &Value, at: &Path, errors: &mut Errors) {
    if check::required(request, "deviceClassName", at, errors) {
        let path = at.child("deviceClassName");
        check::named(&request["deviceClassName"], names::dns_subdomain, &path, errors);
    }
    check_selectors(request, at, errors);
    let count = meta::number(request, "/count").unwrap_or(0);
    match meta::text(request, "/allocationMode") {
        "ExactCount" => {
            if count <= 0 {
                errors.invalid(&at.child("count"), &json!(count), "must be greater than zero");
            }
        }
        "All" => {
            if count != 0 {
                let why = "must not be specified when allocationMode is 'All'";
                errors.invalid(&at.child("count"), &json!(count), why);
            }
        }
        _ => {
            let known = ["All", "ExactCount"];
            errors.not_supported(&at.child("allocationMode"), &request["allocationMode"], &known);
        }
    }
    for (index, one) in meta::items(request, "/tolerations").iter().enumerate() {
        check_toleration(one, &at.child("tolerations").index(index), errors);
    }
}

fn check_toleration(toleration: &Value, at: &Path, errors: &mut Errors) {
    if !meta::text(toleration, "/key").is_empty() {
        check::named(&toleration["key"], names::qualified_name, &at.child("key"), errors);
    }
    let value = json!(meta::text(toleration, "/value"));
    match meta::text(toleration, "/operator") {
        "Exists" if value != "" => {
            errors.invalid(&at.child("value"), &value, "must be empty for operator `Exists`");
        }
        "Equal" => check::named(&value, names::label_value, &at.child("value"), errors),
        _ => check::required_one_of(toleration, "operator", &["Equal", "Exists"], at, errors),
    }
    if !meta::text(toleration, "/effect").is_empty() {
        check::one_of(toleration, "effect", &EFFECTS, at, errors);
    }
}

fn check_selectors(parent: &Value, at: &Path, errors: &mut Errors) {
    let selectors = meta::items(parent, "/selectors");
    for (index, selector) in within(selectors, MOST_SELECTORS, &at.child("selectors"), errors) {
        let path = at.child("selectors").index(index).child("cel");
        match selector.get("cel") {
            None => errors.required(&path, ""),
            Some(cel) => {
                check::required(cel, "expression", &path, errors);
            }
        }
    }
}

fn check_config(config: &Value, at: &Path, errors: &mut Errors) {
    let at = at.child("opaque");
    let Some(opaque) = config.get("opaque") else {
        errors.required(&at, "");
        return;
    };
    check_driver(&opaque["driver"], &at.child("driver"), errors);
    match opaque.get("parameters") {
        None | Some(Value::Null) => errors.required(&at.child("parameters"), ""),
        Some(Value::Object(_)) => {}
        Some(_) => {
            let why = "must be a valid JSON object";
            errors.invalid(&at.child("parameters"), &json!("<value omitted>"), why);
        }
    }
}

pub(super) fn check_driver(name: &Value, path: &Path, errors: &mut Errors) {
    let text = name.as_str().unwrap_or_default();
    if text.is_empty() {
        errors.required(path, "");
        return;
    }
    if text.len() > MAX_DRIVER {
        errors.too_long(path, MAX_DRIVER);
    }
    check::named(&json!(text.to_lowercase()), names::dns_subdomain, path, errors);
}

/// Checks the name of an attribute or an amount, which may have a domain.
pub(super) fn check_attribute_name(name: &str, path: &Path, errors: &mut Errors) {
    let parts: Vec<&str> = name.split('/').collect();
    match parts.as_slice() {
        [name] => check_identifier(name, path, errors),
        [domain, name] => {
            if domain.is_empty() {
                errors.invalid(path, &json!(""), "the domain must not be empty");
            } else {
                check_driver(&json!(domain), path, errors);
            }
            if name.is_empty() {
                errors.invalid(path, &json!(""), "the name must not be empty");
            } else {
                check_identifier(name, path, errors);
            }
        }
        // Kubernetes lets names with more slashes through.
        _ => {}
    }
}

fn check_identifier(name: &str, path: &Path, errors: &mut Errors) {
    const LONGEST: usize = 32;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.len() > LONGEST {
        errors.too_long(path, LONGEST);
    }
    if name.is_empty() || name.as_bytes()[0].is_ascii_digit() || !name.bytes().all(fits) {
        let why = "a valid C identifier must start with alphabetic character or '_', followed by a \
                   string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or \
                   'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')";
        errors.invalid(path, &json!(name), why);
    }
}

fn check_full_name(name: &Value, path: &Path, errors: &mut Errors) {
    let text = name.as_str().unwrap_or_default();
    check_attribute_name(text, path, errors);
    if !text.contains('/') {
        let why = "a fully qualified name must be a domain and a name separated by a slash";
        errors.invalid(path, name, why);
    }
}

pub(super) fn check_class(change: &Change<'_>, errors: &mut Errors) {
    let spec = &change.new["spec"];
    let at = Path::new("spec");
    check::twice_if_changed(change, errors, |errors| {
        check_selectors(spec, &at, errors);
        let path = at.child("config");
        for (index, config) in within(meta::items(spec, "/config"), MOST_CONFIGS, &path, errors) {
            check_config(config, &path.index(index), errors);
        }
    });
}
