//! Families of a service's addresses: what its writer left open, as the cluster has it, and which
//! addresses that makes necessary. Source: `Allocators.initIPFamilyFields` and `updateClusterIPs`.

use std::net::IpAddr;

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::{Value, json};

use super::{addresses, validate::is_headless};
use crate::networking::ipaddress::family_of;

const SINGLE: &str = "SingleStack";
const PREFER: &str = "PreferDualStack";
const REQUIRE: &str = "RequireDualStack";

fn list(spec: &Value, field: &str) -> Vec<String> {
    let items = spec[field].as_array().into_iter().flatten();
    items.filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

fn is_external(spec: &Value) -> bool {
    spec["type"] == "ExternalName"
}

/// Tells whether both prefer two families and have the same: nothing is added or taken away then,
/// whatever the cluster has become.
fn stays_as_preferred(spec: &Value, former: &Value) -> bool {
    let prefers = |spec: &Value| spec["ipFamilyPolicy"] == PREFER;
    let same = |field| list(spec, field) == list(former, field);
    spec["type"] == former["type"]
        && !is_external(spec)
        && prefers(spec)
        && (prefers(former) || former["ipFamilyPolicy"].is_null())
        && same("clusterIPs")
        && same("ipFamilies")
}

/// Fills in the policy and the families; `configured` are the cluster's, the usual one first.
///
/// Errors: what the addresses have wrong, or what the cluster cannot give.
pub fn settle_families(
    object: &mut Value,
    old: Option<&Value>,
    configured: &[&str],
) -> Result<(), Errors> {
    let former = old.map(|old| &old["spec"]);
    let spec = &object["spec"];
    if is_external(spec) || former.is_some_and(|former| stays_as_preferred(spec, former)) {
        return Ok(());
    }
    let loose = is_headless(spec) && meta::strings(spec, "/selector").next().is_none();
    let policy = match (&spec["ipFamilyPolicy"], former.map(|former| &former["ipFamilyPolicy"])) {
        (Value::Null, Some(before)) if !before.is_null() => before.clone(),
        (Value::Null, _) if loose => REQUIRE.into(),
        (Value::Null, _) => SINGLE.into(),
        (given, _) => given.clone(),
    };
    meta::object_at(object, "spec").insert("ipFamilyPolicy".into(), policy.clone());
    let mut errors = Errors::default();
    addresses::check(&object["spec"], former, &Path::new("spec"), &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let spec = meta::object_at(object, "spec");
    if policy == SINGLE
        && let Some(former) = former
    {
        for field in ["clusterIPs", "ipFamilies"] {
            let given = spec.get(field).cloned().unwrap_or_default();
            if list(&json!({field: given}), field) == list(former, field)
                && let Some(all) = spec.get_mut(field).and_then(Value::as_array_mut)
            {
                all.truncate(1);
            }
        }
    }
    check_policy(&object["spec"], former, &mut errors);
    infer(object, configured, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    complete(object, &policy, loose, configured)
}

fn check_policy(spec: &Value, former: Option<&Value>, errors: &mut Errors) {
    let at = Path::new("spec").child("ipFamilyPolicy");
    let policy = &spec["ipFamilyPolicy"];
    for (field, one, many) in
        [("clusterIPs", "cluster IP", "cluster IPs"), ("ipFamilies", "IP family", "IP families")]
    {
        let count = list(spec, field).len();
        let before = former.map_or(0, |former| list(former, field).len());
        if policy != SINGLE && count != 0 && count < before {
            let why = format!("must be 'SingleStack' to release the secondary {one}");
            errors.invalid(&at, policy, why);
        }
        if policy == SINGLE && count == 2 {
            let why = format!(
                "must be 'RequireDualStack' or 'PreferDualStack' when multiple {many} are specified"
            );
            errors.invalid(&at, policy, why);
        }
    }
}

/// Families that the addresses tell.
fn infer(object: &mut Value, configured: &[&str], errors: &mut Errors) {
    let spec = &object["spec"];
    let addresses = list(spec, "clusterIPs");
    let mut families = list(spec, "ipFamilies");
    let shown = json!(addresses);
    for (index, address) in addresses.iter().enumerate().skip(families.len()) {
        let Ok(address) = address.parse::<IpAddr>() else { break };
        let family = family_of(address);
        if configured.contains(&family) {
            families.push(family.into());
        } else {
            let path = Path::new("spec").child("clusterIPs").index(index);
            errors.invalid(&path, &shown, format!("{family} is not configured on this cluster"));
        }
    }
    put(object, families);
}

fn put(object: &mut Value, families: Vec<String>) {
    if !families.is_empty() {
        meta::object_at(object, "spec").insert("ipFamilies".into(), families.into());
    }
}

fn complete(
    object: &mut Value,
    policy: &Value,
    loose: bool,
    configured: &[&str],
) -> Result<(), Errors> {
    let mut errors = Errors::default();
    let mut families = list(&object["spec"], "ipFamilies");
    if !loose {
        let at = Path::new("spec");
        if policy == REQUIRE && configured.len() < 2 {
            let why = "this cluster is not configured for dual-stack services";
            errors.invalid(&at.child("ipFamilyPolicy"), policy, why);
        }
        for (index, family) in families.iter().enumerate() {
            if !configured.contains(&family.as_str()) {
                let path = at.child("ipFamilies").index(index);
                errors.invalid(&path, &json!(family), "not configured on this cluster");
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    if families.is_empty() {
        families.extend(configured.first().map(|it| (*it).to_owned()));
    }
    if policy != SINGLE && families.len() == 1 && (loose || configured.len() == 2) {
        let other = if families.first().is_some_and(|it| it == "IPv4") { "IPv6" } else { "IPv4" };
        families.push(other.into());
    }
    put(object, families);
    Ok(())
}

/// The addresses that a service needs: each by its place in the lists, and its family.
pub fn addresses_wanted(object: &Value, old: Option<&Value>) -> Vec<(usize, String)> {
    let spec = &object["spec"];
    let first_is_none =
        |spec: &Value| list(spec, "clusterIPs").first().is_some_and(|it| it == "None");
    let families = list(spec, "ipFamilies").into_iter().enumerate();
    if is_external(spec) || first_is_none(spec) && old.is_none() {
        return Vec::new();
    }
    let Some(former) = old.map(|old| &old["spec"]) else { return families.collect() };
    if stays_as_preferred(spec, former) {
        return Vec::new();
    }
    if is_external(former) {
        return if first_is_none(spec) { Vec::new() } else { families.collect() };
    }
    let before = list(former, "ipFamilies").len();
    if first_is_none(former) || before != 1 {
        return Vec::new();
    }
    families.skip(1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: &[&str] = &["IPv4", "IPv6"];

    fn settled(spec: &Value, old: Option<&Value>, configured: &[&str]) -> String {
        let mut object = json!({"spec": spec});
        let old = old.map(|spec| json!({"spec": spec}));
        match settle_families(&mut object, old.as_ref(), configured) {
            Ok(()) => {
                let spec = &object["spec"];
                let wanted: Vec<usize> =
                    addresses_wanted(&object, old.as_ref()).iter().map(|it| it.0).collect();
                format!(
                    "{} {} {wanted:?}",
                    spec["ipFamilyPolicy"].as_str().unwrap_or("-"),
                    list(spec, "ipFamilies").join(",")
                )
            }
            Err(errors) => errors.sentence(),
        }
    }

    #[test]
    fn families_of_new_services() {
        let one: &[&str] = &["IPv4"];
        for (spec, configured, want) in [
            (json!({"type": "ClusterIP"}), BOTH, "SingleStack IPv4 [0]"),
            (json!({"type": "ClusterIP"}), &["IPv6"], "SingleStack IPv6 [0]"),
            (json!({"type": "ExternalName"}), BOTH, "-  []"),
            (json!({"ipFamilyPolicy": PREFER}), BOTH, "PreferDualStack IPv4,IPv6 [0, 1]"),
            (json!({"ipFamilyPolicy": PREFER}), one, "PreferDualStack IPv4 [0]"),
            (
                json!({"ipFamilyPolicy": REQUIRE, "ipFamilies": ["IPv6"]}),
                BOTH,
                "RequireDualStack IPv6,IPv4 [0, 1]",
            ),
            (
                json!({"ipFamilyPolicy": REQUIRE}),
                one,
                "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not \
                 configured for dual-stack services",
            ),
            (
                json!({"ipFamilies": ["IPv6"]}),
                one,
                "spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster",
            ),
            (
                json!({"clusterIP": "fd00::1", "clusterIPs": ["fd00::1"]}),
                one,
                "spec.clusterIPs[0]: Invalid value: [\"fd00::1\"]: IPv6 is not configured on this \
                 cluster",
            ),
            (
                json!({"clusterIP": "fd00::1", "clusterIPs": ["fd00::1"]}),
                BOTH,
                "SingleStack IPv6 [0]",
            ),
            (
                json!({"ipFamilies": ["IPv4", "IPv6"]}),
                BOTH,
                "spec.ipFamilyPolicy: Invalid value: \"SingleStack\": must be 'RequireDualStack' or \
                 'PreferDualStack' when multiple IP families are specified",
            ),
            (
                json!({"clusterIP": "None", "clusterIPs": ["None"]}),
                one,
                "RequireDualStack IPv4,IPv6 []",
            ),
            (
                json!({"clusterIP": "None", "clusterIPs": ["None"], "selector": {"a": "b"}}),
                one,
                "SingleStack IPv4 []",
            ),
        ] {
            assert_eq!(settled(&spec, None, configured), want, "{spec}");
        }
    }

    #[test]
    fn families_of_changed_services() {
        let single = json!({"type": "ClusterIP", "ipFamilyPolicy": SINGLE, "ipFamilies": ["IPv4"],
            "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"]});
        let dual = json!({"type": "ClusterIP", "ipFamilyPolicy": REQUIRE,
            "ipFamilies": ["IPv4", "IPv6"],
            "clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1", "fd00::1"]});
        let external = json!({"type": "ExternalName"});
        for (old, change, want) in [
            (&single, json!({}), "SingleStack IPv4 []"),
            (&single, json!({"ipFamilyPolicy": PREFER}), "PreferDualStack IPv4,IPv6 [1]"),
            (&dual, json!({}), "RequireDualStack IPv4,IPv6 []"),
            (&dual, json!({"ipFamilyPolicy": SINGLE}), "SingleStack IPv4 []"),
            (
                &dual,
                json!({"clusterIPs": ["10.0.0.1"]}),
                "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": must be 'SingleStack' to \
                 release the secondary cluster IP",
            ),
            (&external, json!({"type": "ClusterIP"}), "SingleStack IPv4 [0]"),
        ] {
            let mut new = old.clone();
            machinery::patch::apply_merge_patch(&mut new, &change);
            assert_eq!(settled(&new, Some(old), BOTH), want, "{old} {change}");
        }
    }
}
