//! `LimitRanger`: containers get a namespace's usual requests and limits, and stay within its
//! bounds. Source: `plugin/pkg/admission/limitranger`.

use std::collections::BTreeSet;

use machinery::{meta, quantity::Quantity, status::Status};
use serde_json::Value;

use super::Operation;

/// Fills in what a new pod's containers leave out.
pub(super) async fn complete(operation: &Operation<'_>, pod: &mut Value) -> Result<(), Status> {
    if !operation.creates("", "pods") {
        return Ok(());
    }
    let limits = limits(operation, meta::namespace(pod)).await?;
    let mut told = Vec::new();
    for item in limits.iter().filter(|item| item["type"] == "Container") {
        for (list, what) in [("containers", "container"), ("initContainers", "init container")] {
            let spec = meta::object_at(pod, "spec");
            let containers = spec.get_mut(list).and_then(Value::as_array_mut);
            for container in containers.into_iter().flatten() {
                told.extend(complete_container(item, container, what));
            }
        }
    }
    if !told.is_empty() {
        let words = format!("LimitRanger plugin set: {}", told.join("; "));
        let metadata = meta::metadata_mut(pod);
        let slot = metadata.entry("annotations").or_insert_with(|| serde_json::json!({}));
        meta::put(slot, "kubernetes.io/limit-ranger", words);
    }
    Ok(())
}

/// Fills in a container; tells what.
fn complete_container(item: &Value, container: &mut Value, what: &str) -> Vec<String> {
    let name = meta::text(container, "/name").to_owned();
    let mut told = Vec::new();
    for (side, from, word) in
        [("requests", "defaultRequest", "request"), ("limits", "default", "limit")]
    {
        let filled = fill(container, side, &item[from]);
        if !filled.is_empty() {
            told.push(format!("{} {word} for {what} {name}", filled.join(", ")));
        }
    }
    told
}

/// Takes the usual amounts for what the container does not say; returns what was taken.
fn fill(container: &mut Value, side: &str, usual: &Value) -> Vec<String> {
    let Some(usual) = usual.as_object().filter(|usual| !usual.is_empty()) else {
        return Vec::new();
    };
    let resources = meta::object_at(container, "resources");
    let amounts = meta::as_object(resources.entry(side).or_insert_with(|| serde_json::json!({})));
    let mut filled = Vec::new();
    for (resource, amount) in usual {
        if !amounts.contains_key(resource) {
            amounts.insert(resource.clone(), amount.clone());
            filled.push(resource.clone());
        }
    }
    if amounts.is_empty() {
        resources.remove(side);
    }
    filled
}

/// Refuses pods and claims that leave a namespace's bounds.
pub(super) async fn check(operation: &Operation<'_>, object: &Value) -> Result<(), Status> {
    let kind = operation.kind;
    let claim = match (kind.group.as_str(), kind.plural.as_str(), operation.old) {
        ("", "pods", None) => false,
        ("", "persistentvolumeclaims", _) => true,
        _ => return Ok(()),
    };
    let mut errors = Vec::new();
    for item in limits(operation, meta::namespace(object)).await? {
        match (item["type"].as_str().unwrap_or_default(), claim) {
            ("PersistentVolumeClaim", true) => {
                check_item(&item, &Amounts::of(&object["spec"]), &mut errors);
            }
            ("Container", false) => {
                for container in containers(object) {
                    check_item(&item, &Amounts::of(container), &mut errors);
                }
            }
            ("Pod", false) => check_item(&item, &Amounts::of_pod(object), &mut errors),
            _ => {}
        }
    }
    let why = match errors.as_slice() {
        [] => return Ok(()),
        [one] => one.clone(),
        many => format!("[{}]", many.join(", ")),
    };
    Err(Status::forbidden(kind.resource(), meta::name(object), &why))
}

async fn limits(operation: &Operation<'_>, namespace: &str) -> Result<Vec<Value>, Status> {
    let ranges = operation.server.registry.objects("", "limitranges", namespace).await?;
    Ok(ranges.iter().flat_map(|range| meta::items(range, "/spec/limits").to_vec()).collect())
}

fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    let lists = ["/spec/containers", "/spec/initContainers"];
    lists.into_iter().flat_map(|list| meta::items(pod, list))
}

/// Requests and limits of a container, a claim, or a whole pod.
struct Amounts {
    requests: Vec<(String, Quantity)>,
    limits: Vec<(String, Quantity)>,
}

fn amounts(holder: &Value, side: &str) -> Vec<(String, Quantity)> {
    let pointer = format!("/resources/{side}");
    meta::strings(holder, &pointer)
        .filter_map(|(resource, amount)| Some((resource.to_owned(), amount.parse().ok()?)))
        .collect()
}

impl Amounts {
    fn of(holder: &Value) -> Self {
        Self { requests: amounts(holder, "requests"), limits: amounts(holder, "limits") }
    }

    /// The sum over containers, or the greatest init container where that is more.
    fn of_pod(pod: &Value) -> Self {
        let total = |side: &str| {
            let of = |list: &str| -> Vec<Vec<(String, Quantity)>> {
                meta::items(pod, list).iter().map(|one| amounts(one, side)).collect()
            };
            let (main, init) = (of("/spec/containers"), of("/spec/initContainers"));
            let all: BTreeSet<&String> =
                main.iter().chain(&init).flatten().map(|(resource, _)| resource).collect();
            let find = |list: &[(String, Quantity)], resource: &str| {
                list.iter().find(|(one, _)| one == resource).map(|(_, amount)| *amount)
            };
            let sum = |resource: &str| {
                let main = main.iter().filter_map(|one| find(one, resource));
                let main = main.reduce(Quantity::plus);
                let init = init.iter().filter_map(|one| find(one, resource)).max();
                main.max(init)
            };
            all.into_iter()
                .filter_map(|resource| Some((resource.clone(), sum(resource)?)))
                .collect::<Vec<_>>()
        };
        Self { requests: total("requests"), limits: total("limits") }
    }

    fn request(&self, resource: &str) -> Option<Quantity> {
        self.requests.iter().find(|(one, _)| one == resource).map(|(_, amount)| *amount)
    }

    fn limit(&self, resource: &str) -> Option<Quantity> {
        self.limits.iter().find(|(one, _)| one == resource).map(|(_, amount)| *amount)
    }
}

fn check_item(item: &Value, found: &Amounts, errors: &mut Vec<String>) {
    let what = item["type"].as_str().unwrap_or_default();
    let claim = what == "PersistentVolumeClaim";
    for (resource, least) in bounds(item, "min") {
        let rule = format!("minimum {resource} usage per {what} is {least}");
        match (found.request(&resource), found.limit(&resource)) {
            (None, _) => errors.push(format!("{rule}.  No request is specified")),
            (_, Some(limit)) if limit < least => {
                errors.push(format!("{rule}, but limit is {limit}"));
            }
            (Some(request), _) if request < least => {
                errors.push(format!("{rule}, but request is {request}"));
            }
            _ => {}
        }
    }
    for (resource, most) in bounds(item, "max") {
        let rule = format!("maximum {resource} usage per {what} is {most}");
        match (found.request(&resource), found.limit(&resource)) {
            (None, _) if claim => errors.push(format!("{rule}.  No request is specified")),
            (_, None) if !claim => errors.push(format!("{rule}.  No limit is specified")),
            (_, Some(limit)) if limit > most => {
                errors.push(format!("{rule}, but limit is {limit}"));
            }
            (Some(request), _) if request > most => {
                errors.push(format!("{rule}, but request is {request}"));
            }
            _ => {}
        }
    }
    for (resource, most) in bounds(item, "maxLimitRequestRatio") {
        let rule = format!("{resource} max limit to request ratio per {what} is {most}, but");
        let positive = |amount: Option<Quantity>| amount.filter(|amount| !amount.is_zero());
        match (positive(found.request(&resource)), positive(found.limit(&resource))) {
            (None, _) => errors.push(format!("{rule} no request is specified or request is 0")),
            (_, None) => errors.push(format!("{rule} no limit is specified or limit is 0")),
            (Some(request), Some(limit)) => {
                let ratio = ratio(limit, request);
                if ratio > ratio_of(most) {
                    errors.push(format!("{rule} provided ratio is {ratio:.6}"));
                }
            }
        }
    }
}

fn bounds(item: &Value, field: &str) -> Vec<(String, Quantity)> {
    meta::strings(item, &format!("/{field}"))
        .filter_map(|(resource, amount)| Some((resource.to_owned(), amount.parse().ok()?)))
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a ratio is shown with six digits")]
fn ratio(limit: Quantity, request: Quantity) -> f64 {
    limit.milli_value() as f64 / request.milli_value() as f64
}

fn ratio_of(most: Quantity) -> f64 {
    ratio(most, Quantity::whole(1))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bounds_are_told_in_kubernetes_words() {
        let item = json!({"type": "Container", "max": {"cpu": "1"}, "min": {"cpu": "50m"},
            "maxLimitRequestRatio": {"cpu": "10"}});
        let said = |resources: Value| {
            let mut errors = Vec::new();
            check_item(&item, &Amounts::of(&json!({"resources": resources})), &mut errors);
            errors
        };
        assert_eq!(
            said(json!({"requests": {"cpu": "1"}, "limits": {"cpu": "2"}})),
            ["maximum cpu usage per Container is 1, but limit is 2"]
        );
        assert_eq!(
            said(json!({"requests": {"cpu": "60m"}, "limits": {"cpu": "1"}})),
            ["cpu max limit to request ratio per Container is 10, but provided ratio is 16.666667"]
        );
        assert_eq!(said(json!({"requests": {"cpu": "1"}, "limits": {"cpu": "1"}})), [""; 0]);
    }

    #[test]
    fn a_pod_asks_for_its_containers_or_its_greatest_init_container() {
        let cpu = |amount: &str| json!({"resources": {"limits": {"cpu": amount}}});
        let pod =
            json!({"spec": {"containers": [cpu("1"), cpu("500m")], "initContainers": [cpu("2")]}});
        let limit = Amounts::of_pod(&pod).limit("cpu").map(|amount| amount.to_string());
        assert_eq!(limit.as_deref(), Some("2"));
    }
}
