//! What must hold of limits. Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
    quantity::Quantity,
};
use serde_json::{Value, json};

use crate::{check, core::resources};

const TYPES: [&str; 3] = ["Pod", "Container", "PersistentVolumeClaim"];
const PARTS: [&str; 5] = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"];

pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, limit) in meta::items(change.new, "/spec/limits").iter().enumerate() {
        let path = Path::new("spec").child("limits").index(index);
        let of = meta::text(limit, "/type");
        check::named(&limit["type"], names::qualified_name, &path.child("type"), errors);
        if names::qualified_name(of).is_empty() && !of.contains('/') && !TYPES.contains(&of) {
            let why = "must be a standard limit type or fully qualified";
            errors.invalid(&path.child("type"), &limit["type"], why);
        }
        if seen.contains(&of) {
            errors.duplicate(&path.child("type"), &json!(of));
        }
        seen.push(of);
        check_limit(limit, of, &path, errors);
    }
}

fn check_limit(limit: &Value, of: &str, at: &Path, errors: &mut Errors) {
    let mut keys: Vec<&str> = Vec::new();
    for part in PARTS {
        let amounts = limit.get(part).and_then(Value::as_object);
        if of == "Pod" && part.starts_with("default") {
            if amounts.is_some_and(|amounts| !amounts.is_empty()) {
                errors.forbidden(&at.child(part), "may not be specified when `type` is 'Pod'");
            }
            continue;
        }
        for (resource, _) in amounts.into_iter().flatten() {
            let path = at.child(part).key(resource);
            match of {
                "Pod" | "Container" => resources::check_container_name(resource, &path, errors),
                _ => resources::check_name(resource, &path, errors),
            }
            keys.push(resource);
        }
    }
    let storage = |part: &str| limit.get(part).is_some_and(|it| it.get("storage").is_some());
    if of == "PersistentVolumeClaim" && !storage("min") && !storage("max") {
        let why = "either minimum or maximum storage value is required, but neither was provided";
        errors.required(&at.child("limits"), why);
    }
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        check_amounts(limit, key, at, errors);
    }
}

fn check_amounts(limit: &Value, key: &str, at: &Path, errors: &mut Errors) {
    let amount = |part: &str| limit.get(part)?.get(key).and_then(check::amount);
    let [max, min, default, request, ratio] = PARTS.map(amount);
    // The greater one, the lesser one, where it is told, what is shown, and both in words.
    let pairs = [
        (min, max, "min", min, ["min", "max"]),
        (min, request, "defaultRequest", request, ["min", "default request"]),
        (request, max, "defaultRequest", request, ["default request", "max"]),
        (request, default, "defaultRequest", request, ["default request", "default limit"]),
        (min, default, "default", min, ["min", "default"]),
        (default, max, "default", max, ["default", "max"]),
    ];
    for (low, high, part, shown, [low_name, high_name]) in pairs {
        let (Some(low), Some(high), Some(shown)) = (low, high, shown) else { continue };
        if low > high {
            let why = format!("{low_name} value {low} is greater than {high_name} value {high}");
            errors.invalid(&at.child(part).key(key), &json!(shown.to_string()), why);
        }
    }
    if let Some(ratio) = ratio {
        let path = at.child("maxLimitRequestRatio").key(key);
        let shown = json!(ratio.to_string());
        if ratio < Quantity::whole(1) {
            errors.invalid(&path, &shown, format!("ratio {ratio} is less than 1"));
        }
        if let (Some(min), Some(max)) = (min, max) {
            check_ratio(ratio, min, max, (&path, &shown), errors);
        }
    }
    let fixed = resources::is_extended(key) || resources::is_hugepages(key);
    if let (true, Some(default), Some(request)) = (fixed, default, request)
        && default != request
    {
        let why = format!(
            "default value {default} must equal to defaultRequest value {request} in {key}"
        );
        errors.invalid(&at.child("defaultRequest").key(key), &json!(request.to_string()), why);
    }
}

fn check_ratio(
    ratio: Quantity,
    min: Quantity,
    max: Quantity,
    (path, shown): (&Path, &Value),
    errors: &mut Errors,
) {
    #[expect(clippy::cast_precision_loss, reason = "Kubernetes compares these as floats")]
    let float = |amount: Quantity| amount.milli_value() as f64 / 1000.0;
    let most = float(max) / float(min);
    if float(ratio) > most {
        errors.invalid(path, shown, format!("ratio {ratio} is greater than max/min = {most:.6}"));
    }
}
