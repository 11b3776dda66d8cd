//! The addresses that a service has in the cluster, and their families.
//! Source: `ValidateServiceClusterIPsRelatedFields`.

use std::net::IpAddr;

use machinery::{
    field::{Errors, Path},
    meta,
};
use serde_json::{Map, Value, json};

use super::validate::is_headless;
use crate::check as common;

const FAMILIES: [&str; 2] = ["IPv4", "IPv6"];
const STACKS: [&str; 3] = ["PreferDualStack", "RequireDualStack", "SingleStack"];
/// Most addresses that a service has: one of each family.
const MOST: usize = 2;
const KEPT: &str = "may not change once set";

/// Makes the one address and the list of them agree, where the user gave or changed only one.
pub(super) fn align(spec: &mut Map<String, Value>, former: Option<&Value>) {
    let one = |spec: &Map<String, Value>| {
        spec.get("clusterIP").and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let address = one(spec);
    let list = spec.get("clusterIPs").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(former) = former.and_then(Value::as_object) else {
        if !address.is_empty() && list.is_empty() {
            spec.insert("clusterIPs".into(), json!([address]));
        }
        return;
    };
    let before = one(former);
    let old_list = former.get("clusterIPs").and_then(Value::as_array);
    if address != before && old_list.is_some_and(|old| *old == list) {
        if address.is_empty() {
            spec.remove("clusterIPs");
        } else {
            spec.insert("clusterIPs".into(), json!([address]));
        }
    } else if address == before && list.is_empty() && !address.is_empty() {
        spec.insert("clusterIPs".into(), former.get("clusterIPs").cloned().unwrap_or_default());
    }
}

/// Checks the addresses that a service asks for.
pub(super) fn check(spec: &Value, former: Option<&Value>, at: &Path, errors: &mut Errors) {
    if meta::text(spec, "/type") == "ExternalName" {
        return;
    }
    let path = at.child("clusterIPs");
    let list = meta::items(spec, "/clusterIPs");
    let shown = json!(list);
    let address = meta::text(spec, "/clusterIP");
    match (address, list.first()) {
        ("", Some(_)) => {
            errors.invalid(&path, &shown, "must be empty when `clusterIP` is not specified");
        }
        ("", None) => {}
        (_, None) => errors.required(&path, ""),
        (_, Some(first)) if first != address => {
            errors.invalid(&path, &shown, "first value must match `clusterIP`");
        }
        _ => {}
    }
    check_families(spec, at, errors);
    let accepted = former.map_or(&[][..], |former| meta::items(former, "/clusterIPs"));
    let mut sound = true;
    for (index, address) in list.iter().enumerate() {
        if index == 0 && address == "None" {
            if list.len() > 1 {
                sound = false;
                errors.invalid(&path, &shown, "'None' must be the first and only value");
            }
            continue;
        }
        let text = address.as_str().unwrap_or_default();
        let problem = common::ip_problem(text).filter(|_| !accepted.contains(address));
        if let Some(why) = problem {
            sound = false;
            errors.invalid(&path.index(index), address, why);
        }
    }
    if list.len() > MOST {
        errors.invalid(&path, &shown, "may only hold up to 2 values");
    }
    if !sound {
        return;
    }
    let parsed: Vec<IpAddr> =
        list.iter().filter_map(|address| address.as_str()?.parse().ok()).collect();
    let both = parsed.iter().any(IpAddr::is_ipv4) && parsed.iter().any(IpAddr::is_ipv6);
    if list.len() > 1 && !both {
        errors.invalid(&path, &shown, "may specify no more than one IP for each IP family");
    }
    for (index, (ip, family)) in parsed.iter().zip(meta::items(spec, "/ipFamilies")).enumerate() {
        let expected = match (ip, family.as_str()) {
            (IpAddr::V6(_), Some("IPv4")) => "IPv4",
            (IpAddr::V4(_), Some("IPv6")) => "IPv6",
            _ => continue,
        };
        let why = format!("expected an {expected} value as indicated by `ipFamilies[{index}]`");
        errors.invalid(&path.index(index), &json!(ip.to_string()), why);
    }
}

fn check_families(spec: &Value, at: &Path, errors: &mut Errors) {
    let families = meta::items(spec, "/ipFamilies");
    for (index, family) in families.iter().enumerate() {
        let path = at.child("ipFamilies").index(index);
        if !FAMILIES.iter().any(|known| family == known) {
            errors.not_supported(&path, family, &FAMILIES);
        }
        if families[..index].contains(family) {
            errors.duplicate(&path, family);
        }
    }
    common::one_of(spec, "ipFamilyPolicy", &STACKS, at, errors);
}

/// What a service has stays, but for the second of two.
pub(super) fn check_update(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let external = |spec: &Value| meta::text(spec, "/type") == "ExternalName";
    if external(old) || external(new) || is_headless(old) && is_headless(new) {
        return;
    }
    check_addresses_kept(old, new, at, errors);
    if !is_headless(old) && !is_headless(new) {
        check_families_kept(old, new, at, errors);
    }
}

fn check_addresses_kept(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let (before, after) = (meta::items(old, "/clusterIPs"), meta::items(new, "/clusterIPs"));
    let shown = json!(after);
    let path = at.child("clusterIPs");
    if before.len() == after.len() {
        for (index, _) in before.iter().zip(after).enumerate().filter(|(_, (was, is))| was != is) {
            errors.invalid(&path.index(index), &shown, KEPT);
        }
        return;
    }
    match (before.first(), after.first()) {
        (Some(_), None) => {
            errors.invalid(&path.index(0), &shown, "primary clusterIP can not be unset");
        }
        (Some(was), Some(now)) if was != now => errors.invalid(&path.index(0), &shown, KEPT),
        _ => {}
    }
    if before.len() > after.len() && after.len() == 1 {
        check_release(new, "clusterIP", at, errors);
    }
}

/// Kubernetes shows all of this at the first family, and addresses for families where the count changes.
fn check_families_kept(old: &Value, new: &Value, at: &Path, errors: &mut Errors) {
    let (before, after) = (meta::items(old, "/ipFamilies"), meta::items(new, "/ipFamilies"));
    let path = at.child("ipFamilies").index(0);
    if before.len() == after.len() {
        for _ in before.iter().zip(after).filter(|(was, is)| was != is) {
            errors.invalid(&path, &json!(after), KEPT);
        }
        return;
    }
    let addresses = meta::items(new, "/clusterIPs");
    if before.len() > after.len() && addresses.is_empty() {
        errors.invalid(&path, &json!(after), "primary ipFamily can not be unset");
    }
    if let (Some(was), Some(now)) = (before.first(), after.first())
        && was != now
    {
        errors.invalid(&path, &json!(addresses), KEPT);
    }
    if before.len() > after.len() && after.len() == 1 {
        check_release(new, "ipFamily", at, errors);
    }
}

fn check_release(new: &Value, what: &str, at: &Path, errors: &mut Errors) {
    if new["ipFamilyPolicy"] != "SingleStack" {
        let why = format!("must be set to 'SingleStack' when releasing the secondary {what}");
        let shown = new.get("ipFamilyPolicy").cloned().unwrap_or_default();
        errors.invalid(&at.child("ipFamilyPolicy"), &shown, why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_is_wrong_with_addresses() {
        for (spec, said) in [
            (json!({"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"]}), "[]"),
            (
                json!({"clusterIP": "None", "clusterIPs": ["None", "10.0.0.1"]}),
                "spec.clusterIPs: Invalid value: [\"None\",\"10.0.0.1\"]: 'None' must be the first \
                 and only value",
            ),
            (
                json!({"clusterIPs": ["10.0.0.1"]}),
                "spec.clusterIPs: Invalid value: [\"10.0.0.1\"]: must be empty when `clusterIP` is \
                 not specified",
            ),
            (
                json!({"ipFamilies": ["IPv4", "IPv4"]}),
                "spec.ipFamilies[1]: Duplicate value: \"IPv4\"",
            ),
            (
                json!({"clusterIP": "::1", "clusterIPs": ["::1"], "ipFamilies": ["IPv4"]}),
                "spec.clusterIPs[0]: Invalid value: \"::1\": expected an IPv4 value as indicated by \
                 `ipFamilies[0]`",
            ),
        ] {
            let mut errors = Errors::default();
            check(&spec, None, &Path::new("spec"), &mut errors);
            assert_eq!(errors.sentence(), said, "{spec}");
        }
    }

    #[test]
    fn aligns_the_one_and_the_list() {
        let old = json!({"clusterIP": "10.0.0.1", "clusterIPs": ["10.0.0.1"]});
        for (new, list) in [
            (json!({"clusterIP": "10.0.0.2", "clusterIPs": ["10.0.0.1"]}), json!(["10.0.0.2"])),
            (json!({"clusterIP": "", "clusterIPs": ["10.0.0.1"]}), Value::Null),
            (json!({"clusterIP": "10.0.0.1"}), json!(["10.0.0.1"])),
        ] {
            let mut new = new.as_object().cloned().unwrap_or_default();
            align(&mut new, Some(&old));
            assert_eq!(new.get("clusterIPs").cloned().unwrap_or_default(), list);
        }
    }
}
