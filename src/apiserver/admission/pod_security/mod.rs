//! `PodSecurity`: what a namespace's labels demand of its pods, enforced, warned of or noted.
//! Source: `k8s.io/pod-security-admission/admission`.

mod checks;
mod standard;

use machinery::{
    field::{Errors, Path},
    meta,
    status::Status,
};
use serde_json::{Value, json};

use super::Operation;
use crate::audit;
use standard::{Demand, Level, Version, Violation, violations};

const PREFIX: &str = "pod-security.kubernetes.io/";
/// Where the pod templates of workloads stand.
const TEMPLATES: [&str; 3] = ["/spec/jobTemplate/spec/template", "/spec/template", "/template"];
/// Workloads, by their groups.
const WORKLOADS: [&str; 3] = ["", "apps", "batch"];
/// Subresources that change a pod's containers.
const CONTAINERS: [&str; 3] = ["", "ephemeralcontainers", "resize"];
/// Most pods that are looked at when a namespace becomes stricter.
const MOST_PODS: usize = 3000;

/// What a namespace demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Policy {
    enforce: Demand,
    audit: Demand,
    warn: Demand,
}

/// Reads a namespace's labels; what is wrong with them is an error, and the strictest is enforced.
/// Source: `PolicyToEvaluate` of k8s.io/pod-security-admission.
fn policy(namespace: &Value, errors: &mut Errors) -> Policy {
    let free = Demand::latest(Level::Privileged);
    let mut policy = Policy { enforce: free, audit: free, warn: free };
    let read = |mode: &str, demand: &mut Demand, otherwise: Level, errors: &mut Errors| {
        let at = |label: &str| Path::new("metadata").child("labels").key(label);
        let (level, version) = (format!("{PREFIX}{mode}"), format!("{PREFIX}{mode}-version"));
        if let Some(word) = meta::label(namespace, &level) {
            demand.level = Level::parse(word).unwrap_or_else(|| {
                let why = "must be one of privileged, baseline, restricted";
                errors.invalid(&at(&level), &json!(word), why);
                otherwise
            });
        }
        if let Some(word) = meta::label(namespace, &version) {
            demand.version = Version::parse(word).unwrap_or_else(|| {
                errors.invalid(&at(&version), &json!(word), "must be \"latest\" or \"v1.x\"");
                Version::Latest
            });
        }
    };
    read("enforce", &mut policy.enforce, Level::Restricted, errors);
    read("audit", &mut policy.audit, Level::Privileged, errors);
    read("warn", &mut policy.warn, Level::Privileged, errors);
    let given = |label: &str| meta::label(namespace, &format!("{PREFIX}{label}"));
    let enforces = given("enforce").is_some_and(|word| Level::parse(word).is_some());
    // Without a label of its own, what is enforced is warned of.
    if given("warn").is_none() && enforces && policy.enforce.level > policy.warn.level {
        policy.warn.level = policy.enforce.level;
        if given("warn-version").is_none() {
            policy.warn.version = policy.enforce.version;
        }
    }
    policy
}

fn words(found: &[Violation]) -> String {
    found.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Refuses pods that their namespace does not bear; warns of others, and of workloads.
pub(super) async fn check(
    operation: &Operation<'_>,
    object: &Value,
) -> Result<Vec<String>, Status> {
    let kind = operation.kind;
    let subresource = operation.author.subresource.as_str();
    if kind.group.is_empty() && kind.plural == "namespaces" {
        return if subresource.is_empty() {
            of_namespace(operation, object).await
        } else {
            Ok(Vec::new())
        };
    }
    let is_pod = kind.group.is_empty() && kind.plural == "pods";
    let looked_at = if is_pod {
        CONTAINERS.contains(&subresource)
            && operation.old.is_none_or(|old| changes_containers(object, old))
    } else {
        subresource.is_empty() && kind.custom.is_none() && WORKLOADS.contains(&kind.group.as_str())
    };
    let template = TEMPLATES.iter().find_map(|road| {
        object.pointer(road).filter(|it| it.pointer("/spec/containers").is_some())
    });
    let pod = if is_pod { Some(object) } else { template };
    let Some(pod) = pod.filter(|_| looked_at) else { return Ok(Vec::new()) };
    let registry = &operation.server.registry;
    let key = registry.key("", "namespaces", "", meta::namespace(object));
    let Some(namespace) = registry.object_at(&key).await? else { return Ok(Vec::new()) };
    let policy = policy(&namespace, &mut Errors::default());
    let mut refused = None;
    if is_pod {
        audit::annotate(format!("{PREFIX}enforce-policy"), policy.enforce.to_string());
        let found = violations(policy.enforce, pod);
        if !found.is_empty() {
            let why = format!("violates PodSecurity \"{}\": {}", policy.enforce, words(&found));
            refused = Some(Status::forbidden(kind.resource(), meta::name(object), &why));
        }
    }
    let would = |demand: Demand| {
        let found = violations(demand, pod);
        (!found.is_empty())
            .then(|| format!("would violate PodSecurity \"{demand}\": {}", words(&found)))
    };
    if let Some(noted) = would(policy.audit) {
        audit::annotate(format!("{PREFIX}audit-violations"), noted);
    }
    refused.map_or_else(|| Ok(would(policy.warn).into_iter().collect()), Err)
}

/// Of changes only those of images and new containers are looked at.
fn changes_containers(new: &Value, old: &Value) -> bool {
    let images = |pod: &Value, list: &str| -> Vec<String> {
        let containers = meta::items(pod, &format!("/spec/{list}")).iter();
        containers.map(|one| meta::text(one, "/image").to_owned()).collect()
    };
    if ["containers", "initContainers"].iter().any(|list| images(new, list) != images(old, list)) {
        return true;
    }
    let before = meta::items(old, "/spec/ephemeralContainers");
    meta::items(new, "/spec/ephemeralContainers").iter().any(|one| {
        let known = before.iter().find(|known| known["name"] == one["name"]);
        known.is_none_or(|known| known["image"] != one["image"])
    })
}

/// Refuses labels that demand what there is not; warns of the pods that a namespace has and would not
/// bear any more.
async fn of_namespace(operation: &Operation<'_>, namespace: &Value) -> Result<Vec<String>, Status> {
    let mut errors = Errors::default();
    let after = policy(namespace, &mut errors);
    let mut before_errors = Errors::default();
    let before = operation.old.map(|old| policy(old, &mut before_errors));
    if !errors.is_empty() && errors.sentence() != before_errors.sentence() {
        let name = meta::name(namespace);
        return Err(Status::invalid(operation.kind.group_kind(), name, &errors));
    }
    let (Some(before), after) = (before.map(|it| it.enforce), after.enforce) else {
        return Ok(Vec::new());
    };
    let relaxed = after.version == before.version && after.level <= before.level;
    if after == before || after.level == Level::Privileged || relaxed {
        return Ok(Vec::new());
    }
    let name = meta::name(namespace);
    let pods = operation.server.registry.objects("", "pods", name).await?;
    Ok(existing(name, after, pods))
}

/// One pod of each controller comes first.
fn prioritized(pods: Vec<Value>) -> Vec<Value> {
    let mut known: Vec<String> = Vec::new();
    let (first, others): (Vec<Value>, Vec<Value>) = pods.into_iter().partition(|pod| {
        let owners = meta::items(pod, "/metadata/ownerReferences").iter();
        let owner = owners.into_iter().find(|one| one["controller"] == true);
        let Some(uid) = owner.map(|owner| meta::text(owner, "/uid").to_owned()) else {
            return true;
        };
        let new = !known.contains(&uid);
        known.push(uid);
        new
    });
    first.into_iter().chain(others).collect()
}

/// What is said of the pods of a namespace that demands more than before.
fn existing(namespace: &str, demand: Demand, pods: Vec<Value>) -> Vec<String> {
    let all = pods.len();
    let mut groups: Vec<(String, String, usize)> = Vec::new();
    for pod in prioritized(pods).iter().take(MOST_PODS) {
        let found = violations(demand, pod);
        if found.is_empty() {
            continue;
        }
        let reasons: Vec<&str> = found.iter().map(|one| one.reason).collect();
        let (name, reasons) = (meta::name(pod).to_owned(), reasons.join(", "));
        match groups.iter_mut().find(|(_, known, _)| *known == reasons) {
            Some((first, _, others)) => {
                *others += 1;
                if name < *first {
                    *first = name;
                }
            }
            None => groups.push((name, reasons, 0)),
        }
    }
    let mut warnings = Vec::new();
    if all > MOST_PODS {
        warnings.push(format!(
            "new PodSecurity enforce level only checked against the first {MOST_PODS} of {all} \
             existing pods"
        ));
    }
    if !groups.is_empty() {
        warnings.push(format!(
            "existing pods in namespace {namespace:?} violate the new PodSecurity enforce level \
             \"{demand}\""
        ));
    }
    let mut told: Vec<String> = groups
        .into_iter()
        .map(|(pod, reasons, others)| match others {
            0 => format!("{pod}: {reasons}"),
            1 => format!("{pod} (and 1 other pod): {reasons}"),
            others => format!("{pod} (and {others} other pods): {reasons}"),
        })
        .collect();
    told.sort();
    warnings.extend(told);
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_demand_and_are_refused() {
        let of = |labels: Value| {
            let mut errors = Errors::default();
            let labels: Value = labels
                .as_object()
                .into_iter()
                .flatten()
                .map(|(key, value)| (format!("{PREFIX}{key}"), value.clone()))
                .collect::<serde_json::Map<_, _>>()
                .into();
            let policy = policy(&json!({"metadata": {"labels": labels}}), &mut errors);
            let shown = [policy.enforce, policy.audit, policy.warn].map(|it| it.to_string());
            (shown.join(" "), errors.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        let free = "privileged:latest";
        for (labels, want, wrong) in [
            (json!({}), format!("{free} {free} {free}"), vec![]),
            (
                json!({"enforce": "baseline", "enforce-version": "v1.20"}),
                format!("baseline:v1.20 {free} baseline:v1.20"),
                vec![],
            ),
            (
                json!({"enforce": "baseline", "warn": "privileged"}),
                format!("baseline:latest {free} {free}"),
                vec![],
            ),
            (
                json!({"enforce": "odd", "warn-version": "2"}),
                format!("restricted:latest {free} {free}"),
                vec![
                    "metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"odd\": must \
                     be one of privileged, baseline, restricted",
                    "metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: \"2\": \
                     must be \"latest\" or \"v1.x\"",
                ],
            ),
        ] {
            let (shown, errors) = of(labels.clone());
            assert_eq!(
                (shown, errors),
                (want, wrong.iter().map(|&it| it.to_owned()).collect()),
                "{labels}"
            );
        }
    }

    #[test]
    fn pods_that_are_there_are_told_of_by_their_reasons() {
        let pod = |name: &str, spec: Value| json!({"metadata": {"name": name}, "spec": spec});
        let pods = vec![
            pod("c", json!({"hostPID": true})),
            pod("b", json!({"hostPID": true})),
            pod("a", json!({"hostNetwork": true, "volumes": [{"name": "h", "hostPath": {}}]})),
            pod("d", json!({})),
        ];
        let told = existing("n", Demand::latest(Level::Baseline), pods);
        let want = [
            "existing pods in namespace \"n\" violate the new PodSecurity enforce level \
             \"baseline:latest\"",
            "a: host namespaces, hostPath volumes",
            "b (and 1 other pod): host namespaces",
        ];
        assert_eq!(told, want);
        // Another label is no change; another image is one.
        let old = json!({"spec": {"containers": [{"image": "a"}], "hostPID": false}});
        for (new, want) in [
            (json!({"spec": {"containers": [{"image": "a"}], "hostPID": true}}), false),
            (json!({"spec": {"containers": [{"image": "b"}]}}), true),
            (
                json!({"spec": {"containers": [{"image": "a"}], "ephemeralContainers": [{"name": "e"}]}}),
                true,
            ),
        ] {
            assert_eq!(changes_containers(&new, &old), want, "{new}");
        }
    }
}
