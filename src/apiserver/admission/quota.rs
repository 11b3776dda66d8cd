//! `ResourceQuota`: what a namespace may have altogether, counted as objects are made.
//! Source: `plugin/pkg/admission/resourcequota`, `pkg/quota/v1/evaluator`.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use machinery::{kind::Kind, meta, quantity::Quantity, status::Status};
use serde_json::Value;

use super::Operation;

pub(crate) type Amounts = BTreeMap<String, Quantity>;

/// Who creates objects in namespaces with quotas, one at a time in each.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>);

/// The right to count and create.
pub(crate) type Turn = tokio::sync::OwnedMutexGuard<()>;

impl Turns {
    async fn take(&self, namespace: &str) -> Turn {
        let gate = {
            let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            gates.retain(|_, gate| gate.strong_count() > 0);
            let known = gates.get(namespace).and_then(Weak::upgrade);
            let gate = known.unwrap_or_default();
            gates.insert(namespace.to_owned(), Arc::downgrade(&gate));
            gate
        };
        gate.lock_owned().await
    }
}

/// Refuses what would exceed a quota, or does not say how much of it it needs. Other control planes on
/// the same store count for themselves.
///
/// Cost: O(objects of the kind in the namespace), where a quota counts it.
pub(super) async fn check(
    operation: &Operation<'_>,
    object: &Value,
) -> Result<Option<Turn>, Status> {
    let namespace = meta::namespace(object);
    if namespace.is_empty() || operation.old.is_some() && !may_grow(operation.kind) {
        return Ok(None);
    }
    let registry = &operation.server.registry;
    let quotas = registry.objects("", "resourcequotas", namespace).await?;
    if quotas.is_empty() {
        return Ok(None);
    }
    let turn = operation.server.quota_turns.take(namespace).await;
    within(operation, object, &quotas).await?;
    Ok(Some(turn))
}

/// Tells whether changes of a kind's objects may use more than before.
fn may_grow(kind: &Kind) -> bool {
    kind.group.is_empty() && matches!(kind.plural.as_str(), "services" | "persistentvolumeclaims")
}

async fn within(operation: &Operation<'_>, object: &Value, quotas: &[Value]) -> Result<(), Status> {
    let kind = operation.kind;
    let refused = |why: String| Err(Status::forbidden(kind.resource(), meta::name(object), &why));
    let mine: Vec<(&Value, Amounts)> = quotas
        .iter()
        .filter(|quota| matches(quota, kind, object))
        .map(|quota| (quota, amounts(quota, "/spec/hard")))
        .collect();
    for (quota, hard) in &mine {
        if let Some(missing) = missing(kind, object, hard) {
            let name = meta::name(quota);
            return refused(format!("failed quota: {name}: must specify {missing}"));
        }
    }
    for (quota, hard) in &mine {
        let asked = more(operation, quota, usage(kind, object));
        if let Some(why) = too_much(operation, object, (quota, hard, &asked)).await? {
            return refused(why);
        }
    }
    Ok(())
}

/// What an object asks for beyond what it has already.
fn more(operation: &Operation<'_>, quota: &Value, mut asked: Amounts) -> Amounts {
    let zero = Quantity::whole(0);
    let kind = operation.kind;
    if let Some(old) = operation.old.filter(|old| matches(quota, kind, old)) {
        for (key, amount) in usage(kind, old) {
            if let Some(more) = asked.get_mut(&key) {
                *more = more.minus(amount).max(zero);
            }
        }
    }
    asked.retain(|_, amount| *amount > zero);
    asked
}

/// How what is asked for exceeds a quota, if it does.
async fn too_much(
    operation: &Operation<'_>,
    object: &Value,
    (quota, hard, asked): (&Value, &Amounts, &Amounts),
) -> Result<Option<String>, Status> {
    let (kind, registry) = (operation.kind, &operation.server.registry);
    let relevant: Vec<&String> = hard.keys().filter(|key| asked.contains_key(*key)).collect();
    if relevant.is_empty() {
        return Ok(None);
    }
    let (group, plural) = &kind.storage;
    let others = registry.objects(group, plural, meta::namespace(object)).await?;
    let counted = others.iter().filter(|one| matches(quota, kind, one) && !has_ended(kind, one));
    let used = counted.fold(Amounts::new(), |mut sum, one| {
        for (key, amount) in usage(kind, one) {
            let total = sum.entry(key).or_insert_with(|| Quantity::whole(0));
            *total = total.plus(amount);
        }
        sum
    });
    let zero = Quantity::whole(0);
    let too_much: Vec<&String> = relevant
        .into_iter()
        .filter(|key| {
            let used = used.get(*key).copied().unwrap_or(zero);
            used.plus(asked[*key]) > hard[*key]
        })
        .collect();
    if too_much.is_empty() {
        return Ok(None);
    }
    let list = |of: &dyn Fn(&String) -> Quantity| {
        let parts: Vec<String> = too_much.iter().map(|key| format!("{key}={}", of(key))).collect();
        parts.join(",")
    };
    Ok(Some(format!(
        "exceeded quota: {}, requested: {}, used: {}, limited: {}",
        meta::name(quota),
        list(&|key| asked[key]),
        list(&|key| used.get(key).copied().unwrap_or(zero)),
        list(&|key| hard[key]),
    )))
}

pub(crate) fn amounts(object: &Value, pointer: &str) -> Amounts {
    meta::strings(object, pointer)
        .filter_map(|(key, amount)| Some((key.to_owned(), amount.parse().ok()?)))
        .collect()
}

fn is_pod(kind: &Kind) -> bool {
    kind.group.is_empty() && kind.plural == "pods"
}

/// Pods that ended need nothing any more.
pub(crate) fn has_ended(kind: &Kind, object: &Value) -> bool {
    is_pod(kind) && matches!(meta::text(object, "/status/phase"), "Succeeded" | "Failed")
}

/// What an object counts for, by the names that quotas use.
pub(crate) fn usage(kind: &Kind, object: &Value) -> Amounts {
    let one = Quantity::whole(1);
    let mut usage = Amounts::new();
    let full = if kind.group.is_empty() {
        kind.plural.clone()
    } else {
        format!("{}.{}", kind.plural, kind.group)
    };
    usage.insert(format!("count/{full}"), one);
    if !kind.group.is_empty() {
        return usage;
    }
    match kind.plural.as_str() {
        "pods" => pod_usage(object, &mut usage),
        "services" => {
            usage.insert("services".into(), one);
            let service_type = meta::text(object, "/spec/type");
            if matches!(service_type, "NodePort" | "LoadBalancer") {
                let ports = i64::try_from(meta::items(object, "/spec/ports").len());
                let ports = ports.unwrap_or(i64::MAX);
                usage.insert("services.nodeports".into(), Quantity::whole(ports));
            }
            if service_type == "LoadBalancer" {
                usage.insert("services.loadbalancers".into(), one);
            }
        }
        "persistentvolumeclaims" => claim_usage(object, &mut usage),
        counted @ ("configmaps" | "secrets" | "replicationcontrollers" | "resourcequotas") => {
            usage.insert(counted.into(), one);
        }
        _ => {}
    }
    usage
}

/// What a claim counts for, of its class, too.
fn claim_usage(claim: &Value, usage: &mut Amounts) {
    let class = meta::annotation(claim, "volume.beta.kubernetes.io/storage-class")
        .unwrap_or_else(|| meta::text(claim, "/spec/storageClassName"));
    let mut names = vec![String::new()];
    if !class.is_empty() {
        names.push(format!("{class}{OF_CLASS}"));
    }
    let storage = meta::text(claim, "/spec/resources/requests/storage").parse::<Quantity>();
    for prefix in names {
        usage.insert(format!("{prefix}persistentvolumeclaims"), Quantity::whole(1));
        if let Ok(storage) = &storage {
            usage.insert(format!("{prefix}requests.storage"), *storage);
        }
    }
}

/// What stands between a storage class and what is counted of it.
pub(crate) const OF_CLASS: &str = ".storageclass.storage.k8s.io/";

fn add(total: &mut Amounts, more: &Amounts) {
    for (key, amount) in more {
        let sum = total.entry(key.clone()).or_insert_with(|| Quantity::whole(0));
        *sum = sum.plus(*amount);
    }
}

/// What a pod needs at once: its containers', and what runs them.
fn needs(pod: &Value, side: &str) -> Amounts {
    let mut total: Amounts = api::core::pod::aggregate(&pod["spec"], side);
    let overhead = amounts(pod, "/spec/overhead");
    if side == "requests" {
        add(&mut total, &overhead);
    } else {
        // Of limits only those that there are grow.
        let known: Amounts =
            overhead.into_iter().filter(|(key, _)| total.contains_key(key)).collect();
        add(&mut total, &known);
    }
    total
}

fn pod_usage(pod: &Value, usage: &mut Amounts) {
    usage.insert("pods".into(), Quantity::whole(1));
    for (side, names) in [("requests", true), ("limits", false)] {
        for (key, amount) in needs(pod, side) {
            let plain = matches!(key.as_str(), "cpu" | "memory" | "ephemeral-storage");
            if names && (plain || key.starts_with("hugepages-")) {
                usage.insert(key.clone(), amount);
            }
            usage.insert(format!("{side}.{key}"), amount);
        }
    }
}

/// What a pod must say and does not: `limits.memory for: a; requests.cpu for: a,b`.
fn missing(kind: &Kind, pod: &Value, hard: &Amounts) -> Option<String> {
    if !is_pod(kind) {
        return None;
    }
    let lists = ["/spec/containers", "/spec/initContainers"];
    let mut parts = Vec::new();
    for key in hard.keys() {
        let pointer = match key.as_str() {
            "cpu" | "memory" => format!("/resources/requests/{key}"),
            "requests.cpu" | "requests.memory" | "limits.cpu" | "limits.memory" => {
                format!("/resources/{}", key.replace('.', "/"))
            }
            _ => continue,
        };
        let mut lacking: Vec<&str> = lists
            .iter()
            .flat_map(|list| meta::items(pod, list))
            .filter(|container| container.pointer(&pointer).is_none())
            .map(|container| meta::text(container, "/name"))
            .collect();
        lacking.sort_unstable();
        lacking.dedup();
        if !lacking.is_empty() {
            parts.push(format!("{key} for: {}", lacking.join(",")));
        }
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Tells whether a quota's scopes include an object.
pub(crate) fn matches(quota: &Value, kind: &Kind, object: &Value) -> bool {
    let scopes = meta::items(quota, "/spec/scopes").iter().filter_map(Value::as_str);
    let selected = meta::items(quota, "/spec/scopeSelector/matchExpressions");
    let mut any = false;
    for scope in scopes {
        any = true;
        if !in_scope(scope, object) {
            return false;
        }
    }
    for expression in selected {
        any = true;
        if !in_selected(expression, object) {
            return false;
        }
    }
    !any || is_pod(kind)
}

fn in_scope(scope: &str, pod: &Value) -> bool {
    let best_effort = || api::core::pod::qos_class(pod).word() == "BestEffort";
    let terminating = pod.pointer("/spec/activeDeadlineSeconds").is_some_and(|it| !it.is_null());
    match scope {
        "BestEffort" => best_effort(),
        "NotBestEffort" => !best_effort(),
        "Terminating" => terminating,
        "NotTerminating" => !terminating,
        "PriorityClass" => !meta::text(pod, "/spec/priorityClassName").is_empty(),
        _ => false,
    }
}

fn in_selected(expression: &Value, pod: &Value) -> bool {
    let scope = meta::text(expression, "/scopeName");
    if scope != "PriorityClass" {
        return in_scope(scope, pod);
    }
    let class = meta::text(pod, "/spec/priorityClassName");
    let named = meta::items(expression, "/values").iter().any(|value| value == class);
    match meta::text(expression, "/operator") {
        "In" => named,
        "NotIn" => !named,
        "Exists" => !class.is_empty(),
        "DoesNotExist" => class.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(usage: &Amounts, keys: &[&str]) -> Vec<String> {
        let amount = |key: &&str| usage.get(*key).map(ToString::to_string).unwrap_or_default();
        keys.iter().map(amount).collect()
    }

    #[test]
    fn claims_count_for_their_class_and_pods_for_all_that_runs_at_once() {
        let claim = json!({"spec": {"storageClassName": "fast",
            "resources": {"requests": {"storage": "2Gi"}}}});
        let mut usage = Amounts::new();
        claim_usage(&claim, &mut usage);
        let keys = [
            "requests.storage",
            "fast.storageclass.storage.k8s.io/requests.storage",
            "fast.storageclass.storage.k8s.io/persistentvolumeclaims",
        ];
        assert_eq!(shown(&usage, &keys), ["2Gi", "2Gi", "1"]);

        let of = |cpu: &str| json!({"requests": {"cpu": cpu}, "limits": {"cpu": cpu}});
        let pod = json!({"spec": {
            "containers": [{"resources": of("1")}],
            "initContainers": [
                {"restartPolicy": "Always", "resources": of("1")}, {"resources": of("4")},
            ],
            "overhead": {"cpu": "100m", "memory": "1Mi"},
        }});
        let mut usage = Amounts::new();
        pod_usage(&pod, &mut usage);
        let keys = ["cpu", "requests.cpu", "limits.cpu", "memory", "limits.memory", "pods"];
        assert_eq!(shown(&usage, &keys), ["5100m", "5100m", "5100m", "1Mi", "", "1"]);
    }
}
