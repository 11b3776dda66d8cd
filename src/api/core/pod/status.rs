//! What must hold of the status that is reported of a pod.
//! Source: `k8s.io/kubernetes/pkg/apis/core/validation`.

use std::net::IpAddr;

use machinery::{
    field::{Errors, Path},
    kind::Change,
    meta, names,
};
use serde_json::{Value, json};

use super::annotations;
use crate::{check, core::shown};

const IDS: &str = "must be between 0 and 2147483647, inclusive";

/// Checks a report.
pub(super) fn check(change: &Change<'_>, errors: &mut Errors) {
    let Some(old) = change.old else { return };
    let new = change.new;
    annotations::check_update(new, old, errors);
    let (at, status) = (Path::new("status"), &new["status"]);
    check_conditions(status, &at, errors);
    check_nominated(new, old, &at, errors);
    check_generation(status, &at, errors);
    if meta::text(old, "/status/qosClass") != meta::text(status, "/qosClass") {
        let class = json!(meta::text(status, "/qosClass"));
        errors.immutable(&at.child("qosClass"), &class);
    }
    for (list, specs) in [
        ("containerStatuses", "containers"),
        ("initContainerStatuses", "initContainers"),
        ("ephemeralContainerStatuses", ""),
    ] {
        check_ends(list, specs, (new, old), &at.child(list), errors);
        check_users(status, list, &new["spec"], &at.child(list), errors);
    }
    check_claims(new, &at.child("resourceClaimStatuses"), errors);
    check_addresses(status, "podIPs", &at, errors);
    if let Some(first) = meta::items(status, "/hostIPs").first()
        && meta::text(first, "/ip") != meta::text(status, "/hostIP")
    {
        let path = at.child("hostIPs").index(0).child("ip");
        errors.invalid(&path, &json!(meta::text(first, "/ip")), "must be equal to `hostIP`");
    }
    check_addresses(status, "hostIPs", &at, errors);
}

fn check_conditions(status: &Value, at: &Path, errors: &mut Errors) {
    for (index, condition) in meta::items(status, "/conditions").iter().enumerate() {
        let path = at.child("conditions").index(index);
        check_generation(condition, &path, errors);
        let kind = meta::text(condition, "/type");
        if !matches!(kind, "PodScheduled" | "Ready" | "Initialized") {
            check::named(&json!(kind), names::qualified_name, &path.child("Type"), errors);
        }
    }
}

fn check_generation(of: &Value, at: &Path, errors: &mut Errors) {
    if let Some(seen) = meta::number(of, "/observedGeneration").filter(|seen| *seen < 0) {
        let path = at.child("observedGeneration");
        errors.invalid(&path, &json!(seen), "must be a non-negative integer");
    }
}

fn check_nominated(new: &Value, old: &Value, at: &Path, errors: &mut Errors) {
    let of = |pod: &'_ Value| meta::text(pod, "/status/nominatedNodeName").to_owned();
    let name = of(new);
    if name.is_empty() || name == of(old) {
        return;
    }
    let path = at.child("nominatedNodeName");
    check::named(&json!(name), names::dns_subdomain, &path, errors);
    if !meta::text(old, "/spec/nodeName").is_empty() {
        errors.forbidden(&path, "may not be set on pods that are already bound to a node");
    }
}

/// What has ended stays so, unless it is to be restarted.
fn check_ends(
    list: &str,
    specs: &str,
    (new, old): (&Value, &Value),
    at: &Path,
    errors: &mut Errors,
) {
    let all = |pod: &'_ Value| meta::items(pod, &format!("/status/{list}")).to_vec();
    let spec = &old["spec"];
    let restarts_all = all_may_restart(spec) && !specs.is_empty();
    let after = all(new);
    for (index, status) in all(old).iter().enumerate() {
        let Some(code) = meta::number(status, "/state/terminated/exitCode") else { continue };
        let name = meta::text(status, "/name");
        let revived = after.iter().find(|one| {
            meta::text(one, "/name") == name && one.pointer("/state/terminated").is_none()
        });
        let container = meta::items(spec, &format!("/{specs}"))
            .iter()
            .find(|one| meta::text(one, "/name") == name);
        let may = restarts_all || container.is_some_and(|one| restarts(one, spec, code));
        if revived.is_some() && !may {
            let why = "may not be transitioned to non-terminated state";
            errors.forbidden(&at.index(index).child("state"), why);
        }
    }
}

/// Tells whether a container can have all others start again.
fn all_may_restart(spec: &Value) -> bool {
    let lists = ["/containers", "/initContainers"];
    let all = lists.iter().flat_map(|list| meta::items(spec, list));
    all.flat_map(|one| meta::items(one, "/restartPolicyRules"))
        .any(|rule| rule["action"] == "RestartAllContainers")
}

/// Tells whether a container that ended with `code` starts again: by the first rule that speaks of
/// the code, its own policy or its pod's.
fn restarts(container: &Value, spec: &Value, code: i64) -> bool {
    let speaks = |rule: &&Value| {
        let listed = meta::items(rule, "/exitCodes/values").iter().any(|one| *one == code);
        match meta::text(rule, "/exitCodes/operator") {
            "In" => listed,
            "NotIn" => !listed,
            _ => false,
        }
    };
    let own = meta::text(container, "/restartPolicy");
    if !own.is_empty() && meta::items(container, "/restartPolicyRules").iter().any(|it| speaks(&it))
    {
        return true;
    }
    match if own.is_empty() { meta::text(spec, "/restartPolicy") } else { own } {
        "Never" => false,
        "OnFailure" => code != 0,
        _ => true,
    }
}

fn check_users(status: &Value, list: &str, spec: &Value, at: &Path, errors: &mut Errors) {
    let windows = meta::text(spec, "/os/name") == "windows";
    for (index, one) in meta::items(status, &format!("/{list}")).iter().enumerate() {
        let Some(user) = one.pointer("/user/linux") else { continue };
        let at = at.index(index).child("user").child("linux");
        if windows {
            errors.forbidden(&at, "cannot be set for a windows pod");
            continue;
        }
        let fits = |id: i64| (0..=i64::from(i32::MAX)).contains(&id);
        for field in ["uid", "gid"] {
            let id = meta::number(user, &format!("/{field}")).unwrap_or(0);
            if !fits(id) {
                errors.invalid(&at.child(field), &json!(id), IDS);
            }
        }
        for (index, group) in meta::items(user, "/supplementalGroups").iter().enumerate() {
            if !fits(group.as_i64().unwrap_or(0)) {
                errors.invalid(&at.child("supplementalGroups").index(index), group, IDS);
            }
        }
    }
}

fn check_claims(pod: &Value, at: &Path, errors: &mut Errors) {
    let mut seen: Vec<&str> = Vec::new();
    let claims = meta::items(pod, "/spec/resourceClaims");
    for (index, status) in meta::items(pod, "/status/resourceClaimStatuses").iter().enumerate() {
        let (path, name) = (at.index(index), meta::text(status, "/name"));
        if !claims.iter().any(|claim| meta::text(claim, "/name") == name) {
            let why = "must match the name of an entry in `spec.resourceClaims`";
            errors.invalid(&path.child("name"), &json!(name), why);
        }
        if seen.contains(&name) {
            errors.duplicate(&path.child("name"), &json!(name));
        }
        seen.push(name);
        if let Some(claim) = status.get("resourceClaimName") {
            let path = path.child("resourceClaimName");
            check::named(claim, names::dns_subdomain, &path, errors);
        }
    }
}

/// A pod and its host have at most one address of each family.
fn check_addresses(status: &Value, field: &str, at: &Path, errors: &mut Errors) {
    let path = at.child(field);
    let given = meta::items(status, &format!("/{field}"));
    let mut found: Vec<IpAddr> = Vec::new();
    for (index, one) in given.iter().enumerate() {
        let shown = json!(meta::text(one, "/ip"));
        found.extend(check::ip(&shown, &path.index(index), errors));
    }
    if given.len() < 2 || found.len() < given.len() {
        return;
    }
    let both = found.iter().any(IpAddr::is_ipv4) && found.iter().any(IpAddr::is_ipv6);
    if !both || given.len() > 2 {
        let list: Vec<String> = given.iter().map(|one| shown::shown("PodIP", one)).collect();
        let why = "may specify no more than one IP for each IP family";
        errors.invalid_shown(&path, &format!("[{}]", list.join(",")), why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays_so_unless_it_restarts() {
        let pod = |policy: &str, state: Value| {
            json!({"spec": {"restartPolicy": policy, "containers": [{"name": "c"}]},
                "status": {"containerStatuses": [{"name": "c", "state": state}]}})
        };
        let ended = |code: i64| json!({"terminated": {"exitCode": code}});
        for (policy, code, may) in [
            ("Always", 0, true),
            ("OnFailure", 0, false),
            ("OnFailure", 1, true),
            ("Never", 1, false),
        ] {
            let mut errors = Errors::default();
            let (new, old) = (pod(policy, json!({"running": {}})), pod(policy, ended(code)));
            check(&Change { new: &new, old: Some(&old) }, &mut errors);
            assert_eq!(errors.is_empty(), may, "{policy} {code}: {}", errors.sentence());
        }
    }
}
