//! What many kinds check alike. Source: `k8s.io/apimachinery/pkg/apis/meta/v1/validation` and
//! `k8s.io/apimachinery/pkg/api/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
    quantity::Quantity,
    selector::LabelSelector,
};
use serde_json::{Value, json};

pub(crate) use crate::addresses::{
    IP_WORDS, address_warning, canonical_cidr, cidr, ip, ip_problem, parse_cidr, range_warning,
};

pub(crate) const NEGATIVE: &str = "must be greater than or equal to 0";
pub(crate) const PORT_RANGE: &str = "must be between 1 and 65535, inclusive";
pub(crate) const PERCENT_WORDS: &str = "a valid percent string must be a numeric string followed \
     by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/// What is wrong with a name.
pub(crate) type NameRule = fn(&str) -> Vec<String>;

/// Refuses a negative number.
pub(crate) fn not_negative(parent: &Value, field: &str, at: &Path, errors: &mut Errors) {
    if let Some(value) = parent.get(field).and_then(Value::as_i64)
        && value < 0
    {
        errors.invalid(&at.child(field), &json!(value), NEGATIVE);
    }
}

/// Refuses negative counts in a status, and counts that are greater than those they are part of:
/// part, whole, and how the whole is named.
pub(crate) fn status_counts(
    status: &Value,
    counts: &[&str],
    parts: &[(&str, &str, &str)],
    errors: &mut Errors,
) {
    let at = Path::new("status");
    for field in counts {
        not_negative(status, field, &at, errors);
    }
    let count = |field: &str| meta::number(status, &format!("/{field}")).unwrap_or(0);
    for (part, whole, named) in parts {
        if count(part) > count(whole) {
            let why = format!("cannot be greater than {named}");
            errors.invalid(&at.child(part), &json!(count(part)), why);
        }
    }
}

/// Refuses that the count of collisions falls.
pub(crate) fn collisions_kept(change: &Change<'_>, errors: &mut Errors) {
    let of = |object: &Value| meta::number(object, "/status/collisionCount");
    let Some(before) = change.old.and_then(of) else { return };
    let now = of(change.new).unwrap_or(0);
    if now < before {
        let at = Path::new("status").child("collisionCount");
        errors.invalid(&at, &json!(now), "cannot be decremented");
    }
}

/// Checks with `check` once for a new object, and twice for a change: of these kinds Kubernetes
/// checks a change both as if the object were new and as an update, and says all twice.
pub(crate) fn twice_if_changed(
    change: &Change<'_>,
    errors: &mut Errors,
    check: impl Fn(&mut Errors),
) {
    check(errors);
    if change.old.is_some() {
        check(errors);
    }
}

/// Refuses text that is not there.
pub(crate) fn required(parent: &Value, field: &str, at: &Path, errors: &mut Errors) -> bool {
    let given = parent.get(field).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    if !given {
        errors.required(&at.child(field), "");
    }
    given
}

/// Refuses a word that is not among `known`; a missing one is left to others.
pub(crate) fn one_of(parent: &Value, field: &str, known: &[&str], at: &Path, errors: &mut Errors) {
    let Some(value) = parent.get(field).filter(|value| !value.is_null()) else { return };
    if !known.iter().any(|one| value == one) {
        errors.not_supported(&at.child(field), value, known);
    }
}

/// Refuses a word that is not among `known`, and that there is none.
pub(crate) fn supported(
    parent: &Value,
    field: &str,
    known: &[&str],
    at: &Path,
    errors: &mut Errors,
) {
    let word = parent.get(field).and_then(Value::as_str).unwrap_or_default();
    if !known.contains(&word) {
        errors.not_supported(&at.child(field), &json!(word), known);
    }
}

/// Refuses a word that is missing or not among `known`.
pub(crate) fn required_one_of(
    parent: &Value,
    field: &str,
    known: &[&str],
    at: &Path,
    errors: &mut Errors,
) {
    if required(parent, field, at, errors) {
        one_of(parent, field, known, at, errors);
    }
}

/// Refuses text that breaks the rule of a name.
pub(crate) fn named(value: &Value, rule: NameRule, path: &Path, errors: &mut Errors) {
    for why in rule(value.as_str().unwrap_or_default()) {
        errors.invalid(path, value, why);
    }
}

/// Refuses a field that changed.
pub(crate) fn immutable(new: &Value, old: &Value, field: &str, at: &Path, errors: &mut Errors) {
    if new.get(field) != old.get(field) {
        let value = new.get(field).unwrap_or(&Value::Null);
        errors.immutable(&at.child(field), value);
    }
}

/// Refuses a selector that changed.
pub(crate) fn immutable_selector(new: &Value, old: &Value, at: &Path, errors: &mut Errors) {
    if new.get("selector") != old.get("selector") {
        let selector = new.get("selector").filter(|selector| !selector.is_null());
        let shown = selector.map_or_else(|| "null".to_owned(), shown_selector);
        errors.invalid_shown(&at.child("selector"), &shown, "field is immutable");
    }
}

/// Refuses numbers that are no ports.
pub(crate) fn port(value: &Value, path: &Path, errors: &mut Errors) {
    if !value.as_i64().is_some_and(|number| (1..=65535).contains(&number)) {
        let shown = if value.is_null() { json!(0) } else { value.clone() };
        errors.invalid(path, &shown, PORT_RANGE);
    }
}

/// Refuses what is neither a port's number nor its name.
pub(crate) fn port_or_name(value: &Value, path: &Path, errors: &mut Errors) {
    if value.is_string() {
        named(value, names::port_name, path, errors);
    } else {
        port(value, path, errors);
    }
}

/// Refuses labels with bad keys or values.
pub(crate) fn labels(parent: &Value, pointer: &str, path: &Path, errors: &mut Errors) {
    for (key, value) in meta::strings(parent, pointer) {
        named(&json!(key), names::qualified_name, path, errors);
        named(&json!(value), names::label_value, path, errors);
    }
}

/// Refuses annotations with bad keys, or too many of them.
pub(crate) fn annotations(object: &Value, path: &Path, errors: &mut Errors) {
    const MOST_BYTES: usize = 256 * 1024;
    let mut bytes = 0;
    for (key, value) in meta::strings(object, "/metadata/annotations") {
        for why in names::qualified_name(&key.to_lowercase()) {
            errors.invalid(path, &json!(key), why);
        }
        bytes += key.len() + value.len();
    }
    if bytes > MOST_BYTES {
        errors.too_long(path, MOST_BYTES);
    }
}

/// Refuses metadata of a claim's template that no claim could have, or that it does not take from
/// it. Source: `ValidateTemplateObjectMeta`.
pub(crate) fn claim_metadata(template: &Value, at: &Path, errors: &mut Errors) {
    annotations(template, &at.child("annotations"), errors);
    labels(template, "/metadata/labels", &at.child("labels"), errors);
    for (field, value) in template["metadata"].as_object().into_iter().flatten() {
        let known = matches!(field.as_str(), "annotations" | "labels");
        if !known && !value.is_null() {
            errors.forbidden(&at.child(field), "cannot be set");
        }
    }
}

/// A selector as Go writes it.
pub(crate) fn shown_selector(selector: &Value) -> String {
    let text = |value: Option<&Value>| value.map(Value::to_string);
    let expressions = selector.get("matchExpressions").map(|list| {
        let shown: Vec<String> = meta::items(list, "")
            .iter()
            .map(|it| {
                ordered(&[
                    ("key", text(it.get("key"))),
                    ("operator", text(it.get("operator"))),
                    ("values", text(it.get("values"))),
                ])
            })
            .collect();
        format!("[{}]", shown.join(","))
    });
    ordered(&[
        ("matchLabels", text(selector.get("matchLabels"))),
        ("matchExpressions", expressions),
    ])
}

/// Refuses a label selector that cannot be read.
pub(crate) fn selector(selector: &Value, at: &Path, errors: &mut Errors) {
    labels(selector, "/matchLabels", &at.child("matchLabels"), errors);
    for (index, it) in meta::items(selector, "/matchExpressions").iter().enumerate() {
        let path = at.child("matchExpressions").index(index);
        let values = meta::items(it, "/values");
        match meta::text(it, "/operator") {
            "In" | "NotIn" => {
                if values.is_empty() {
                    let why = "must be specified when `operator` is 'In' or 'NotIn'";
                    errors.required(&path.child("values"), why);
                }
            }
            "Exists" | "DoesNotExist" => {
                if !values.is_empty() {
                    let why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                    errors.forbidden(&path.child("values"), why);
                }
            }
            _ => {
                let why = "not a valid selector operator";
                errors.invalid(&path.child("operator"), &it["operator"], why);
            }
        }
        named(&it["key"], names::qualified_name, &path.child("key"), errors);
        for (at, value) in values.iter().enumerate() {
            named(value, names::label_value, &path.child("values").index(at), errors);
        }
    }
}

/// Reads a label selector; `None` where it is not a good one.
pub(crate) fn read_selector(object: &Value) -> Option<LabelSelector> {
    let mut errors = Errors::default();
    selector(object, &Path::default(), &mut errors);
    errors.is_empty().then(|| LabelSelector::from_object(object)).flatten()
}

/// Refuses a share of pods that is neither a whole number from 0 nor a percentage.
pub(crate) fn share(parent: &Value, field: &str, at: &Path, errors: &mut Errors) -> Option<i64> {
    let value = parent.get(field)?;
    if let Some(number) = value.as_i64() {
        not_negative(parent, field, at, errors);
        return Some(number);
    }
    let text = value.as_str()?;
    percent(text).or_else(|| {
        errors.invalid(&at.child(field), value, PERCENT_WORDS);
        Some(text.parse().unwrap_or(0))
    })
}

/// The number of a percentage: `25%`.
pub(crate) fn percent(text: &str) -> Option<i64> {
    let digits = text.strip_suffix('%')?;
    let fits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| digits.parse().unwrap_or(i64::MAX))
}

/// Refuses a percentage above 100.
pub(crate) fn at_most_all(parent: &Value, field: &str, at: &Path, errors: &mut Errors) {
    let Some(text) = parent.get(field).and_then(Value::as_str) else { return };
    if percent(text).is_some_and(|it| it > 100) {
        errors.invalid(&at.child(field), &json!(text), "must not be greater than 100%");
    }
}

/// The amount at a key, if it is one.
pub(crate) fn amount(value: &Value) -> Option<Quantity> {
    value.as_str()?.parse().ok()
}

/// Refuses a negative amount.
pub(crate) fn amount_not_negative(value: &Value, path: &Path, errors: &mut Errors) {
    if amount(value).is_some_and(Quantity::is_negative) {
        errors.invalid(path, value, NEGATIVE);
    }
}

/// An object in the order of Go's struct; what has no value is left out.
pub(crate) fn ordered(fields: &[(&str, Option<String>)]) -> String {
    let written: Vec<String> = fields
        .iter()
        .filter_map(|(name, value)| Some(format!("{}:{}", json!(name), value.as_ref()?)))
        .collect();
    format!("{{{}}}", written.join(","))
}

/// A value as JSON, `null` where there is none.
#[expect(clippy::unnecessary_wraps, reason = "a field of `ordered` may be left out")]
pub(crate) fn or_null(value: Option<&Value>) -> Option<String> {
    Some(value.map_or_else(|| "null".to_owned(), Value::to_string))
}

/// Refuses URLs of webhooks that are not plain HTTPS.
pub(crate) fn webhook_url(url: &Value, path: &Path, errors: &mut Errors) {
    let text = url.as_str().unwrap_or_default();
    let form = "; desired format: https://host[:port]/path";
    let Some((scheme, rest)) = text.split_once("://") else {
        let why = format!("'https' is the only allowed URL scheme{form}");
        errors.invalid(path, url, why);
        if !text.contains('/') || text.starts_with('/') {
            errors.invalid(path, url, format!("host must be specified{form}"));
        }
        return;
    };
    if scheme != "https" {
        errors.invalid(path, url, format!("'https' is the only allowed URL scheme{form}"));
    }
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, tail) = rest.split_at(host_end);
    if host.is_empty() {
        errors.invalid(path, url, format!("host must be specified{form}"));
    }
    if host.contains('@') {
        let why = "user information is not permitted in the URL";
        errors.invalid(path, &json!(host.split('@').next()), why);
    }
    if let Some((_, fragment)) = tail.split_once('#') {
        errors.invalid(path, &json!(fragment), "fragments are not permitted in the URL");
    }
    let query = tail.split('#').next().unwrap_or_default().split_once('?');
    if let Some((_, query)) = query {
        errors.invalid(path, &json!(query), "query parameters are not permitted in the URL");
    }
}

/// Refuses references of webhooks to services that cannot be followed.
pub(crate) fn webhook_service(service: &Value, at: &Path, errors: &mut Errors) {
    for (field, words) in
        [("name", "service name is required"), ("namespace", "service namespace is required")]
    {
        if meta::text(service, &format!("/{field}")).is_empty() {
            errors.required(&at.child(field), words);
        }
    }
    if let Some(number) = meta::number(service, "/port")
        && !(1..=65535).contains(&number)
    {
        let why = format!("port is not valid: {PORT_RANGE}");
        errors.invalid(&at.child("port"), &json!(number), why);
    }
    let Some(path) = service.get("path").and_then(Value::as_str) else { return };
    let at = at.child("path");
    if path == "/" || path.is_empty() {
        return;
    }
    if path == "//" {
        errors.invalid(&at, &json!(path), "segment[0] may not be empty");
        return;
    }
    if !path.starts_with('/') {
        errors.invalid(&at, &json!(path), "must start with a '/'");
    }
    let trimmed = path.strip_prefix('/').unwrap_or(path);
    let trimmed = trimmed.strip_suffix('/').unwrap_or(trimmed);
    for (index, step) in trimmed.split('/').enumerate() {
        if step.is_empty() {
            errors.invalid(&at, &json!(path), format!("segment[{index}] may not be empty"));
            continue;
        }
        for why in names::dns_subdomain(step) {
            errors.invalid(&at, &json!(path), format!("segment[{index}]: {why}"));
        }
    }
}

/// Refuses what is not a domain, a slash and a path: `example.com/path`.
pub fn domain_path(text: &str, path: &Path, errors: &mut Errors) {
    if text.is_empty() {
        errors.required(path, "");
        return;
    }
    let (domain, rest) = text.split_once('/').unwrap_or((text, ""));
    if rest.is_empty() {
        let why = "must be a domain-prefixed path (such as \"acme.io/foo\")";
        errors.invalid(path, &json!(text), why);
        return;
    }
    for why in names::dns_subdomain(domain) {
        errors.invalid(path, &json!(domain), why);
    }
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&byte);
    if !rest.bytes().all(fits) {
        let why = "Invalid path (e.g. 'my/path', or 'my/path.txt')";
        errors.invalid(path, &json!(rest), why);
    }
}
