//! How long a pod may keep devices with `NoExecute` taints. No clock, no I/O.

use std::{collections::HashMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::{
    core::v1::Pod,
    resource::v1::{DeviceTaint, DeviceToleration, ResourceClaim, ResourceSlice},
};

use crate::pods;

/// A device: driver, pool and name.
type Device<'a> = (&'a str, &'a str, &'a str);

/// What becomes of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// No device drives it away.
    Stay,
    /// It may stay so long.
    Until(Duration),
    /// It has to go now.
    Go,
}

/// The taints that drive pods away, by device; of a pool only the newest slices count.
pub(super) fn driving(slices: &[Arc<ResourceSlice>]) -> HashMap<Device<'_>, Vec<&DeviceTaint>> {
    let mut newest: HashMap<(&str, &str), i64> = HashMap::new();
    for slice in slices {
        let spec = &slice.spec;
        let known = newest.entry((&spec.driver, &spec.pool.name)).or_insert(spec.pool.generation);
        *known = (*known).max(spec.pool.generation);
    }
    let current = |slice: &&Arc<ResourceSlice>| {
        let (spec, pool) = (&slice.spec, &slice.spec.pool);
        newest.get(&(spec.driver.as_str(), pool.name.as_str())) == Some(&pool.generation)
    };
    let mut taints: HashMap<Device<'_>, Vec<&DeviceTaint>> = HashMap::new();
    for slice in slices.iter().filter(current) {
        let (driver, pool) = (slice.spec.driver.as_str(), slice.spec.pool.name.as_str());
        for device in slice.spec.devices.iter().flatten() {
            let driving = device.taints.iter().flatten().filter(|one| one.effect == "NoExecute");
            let driving: Vec<&DeviceTaint> = driving.collect();
            if !driving.is_empty() {
                taints.insert((driver, pool, &device.name), driving);
            }
        }
    }
    taints
}

fn tolerates(toleration: &DeviceToleration, taint: &DeviceTaint) -> bool {
    let same = |given: &Option<String>, of: &str| {
        given.as_deref().is_none_or(|it| it.is_empty() || it == of)
    };
    let exists = toleration.operator.as_deref() == Some("Exists");
    let value = taint.value.as_deref().unwrap_or_default();
    let equal = toleration.value.as_deref().unwrap_or_default() == value;
    same(&toleration.effect, &taint.effect)
        && same(&toleration.key, &taint.key)
        && (exists || equal)
}

/// When a taint drives a pod away that has such tolerations; `None`: never.
fn end(taint: &DeviceTaint, tolerations: &[DeviceToleration], now: Timestamp) -> Option<Timestamp> {
    let since = taint.time_added.as_ref().map_or(now, |time| time.0);
    let matching: Vec<_> = tolerations.iter().filter(|one| tolerates(one, taint)).collect();
    if matching.is_empty() {
        return Some(since);
    }
    let seconds = matching.iter().filter_map(|one| one.toleration_seconds).min()?;
    Some(since.saturating_add(SignedDuration::from_secs(seconds.max(0))).unwrap_or(Timestamp::MAX))
}

/// Decides over a pod that uses these claims.
pub(super) fn fate(
    pod: &Pod,
    claims: &[Arc<ResourceClaim>],
    taints: &HashMap<Device<'_>, Vec<&DeviceTaint>>,
    now: Timestamp,
) -> Fate {
    let ended = matches!(pods::phase(pod), "Succeeded" | "Failed");
    if pod.metadata.deletion_timestamp.is_some() || ended || pods::node_name(pod).is_empty() {
        return Fate::Stay;
    }
    let is_user = |claim: &&Arc<ResourceClaim>| {
        let users = claim.status.iter().flat_map(|status| status.reserved_for.iter().flatten());
        users.into_iter().any(|user| user.uid == pods::uid(pod))
    };
    let results = claims.iter().filter(is_user).flat_map(|claim| {
        let allocation = claim.status.as_ref().and_then(|status| status.allocation.as_ref());
        let devices = allocation.and_then(|it| it.devices.as_ref());
        devices.into_iter().flat_map(|devices| devices.results.iter().flatten())
    });
    let ends = results.flat_map(|result| {
        let tainted =
            taints.get(&(result.driver.as_str(), result.pool.as_str(), result.device.as_str()));
        let tolerations = result.tolerations.as_deref().unwrap_or_default();
        tainted.into_iter().flatten().filter_map(move |taint| end(taint, tolerations, now))
    });
    match ends.min() {
        None => Fate::Stay,
        Some(end) => match Duration::try_from(end.duration_since(now)) {
            Ok(left) if !left.is_zero() => Fate::Until(left),
            _ => Fate::Go,
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn slice(generation: i64, taints: &Value) -> Arc<ResourceSlice> {
        let devices = json!([{"name": "x", "taints": taints}, {"name": "y"}]);
        let pool = json!({"name": "p", "generation": generation, "resourceSliceCount": 1});
        let slice = json!({"spec": {"driver": "d", "pool": pool, "devices": devices}});
        Arc::new(serde_json::from_value(slice).unwrap())
    }

    fn claim(device: &str, tolerations: &Value) -> Arc<ResourceClaim> {
        let results = json!([{"request": "r", "driver": "d", "pool": "p", "device": device,
            "tolerations": tolerations}]);
        let claim = json!({"spec": {}, "status": {"allocation": {"devices": {"results": results}},
            "reservedFor": [{"resource": "pods", "name": "p", "uid": "1"}]}});
        Arc::new(serde_json::from_value(claim).unwrap())
    }

    #[test]
    fn pods_leave_tainted_devices_in_time() {
        let taint = json!([{"key": "k", "value": "v", "effect": "NoExecute",
            "timeAdded": "2026-01-01T00:00:00Z"}]);
        let soft = json!([{"key": "k", "effect": "NoSchedule"}]);
        let exists = |seconds: Value| json!([{"operator": "Exists", "tolerationSeconds": seconds}]);
        let none = json!([]);
        let slices = |taints: &Value| vec![slice(2, taints)];
        let renewed = vec![slice(1, &taint), slice(2, &none)];
        for (case, slices, device, tolerations, want) in [
            ("tainted", slices(&taint), "x", none.clone(), Fate::Go),
            ("another device", slices(&taint), "y", none.clone(), Fate::Stay),
            ("not driven away", slices(&soft), "x", none.clone(), Fate::Stay),
            ("tolerated", slices(&taint), "x", exists(Value::Null), Fate::Stay),
            (
                "for a time",
                slices(&taint),
                "x",
                exists(json!(60)),
                Fate::Until(Duration::from_secs(50)),
            ),
            ("for too short", slices(&taint), "x", exists(json!(5)), Fate::Go),
            (
                "another key",
                slices(&taint),
                "x",
                json!([{"key": "o", "operator": "Exists"}]),
                Fate::Go,
            ),
            ("the value", slices(&taint), "x", json!([{"key": "k", "value": "v"}]), Fate::Stay),
            ("another value", slices(&taint), "x", json!([{"key": "k", "value": "w"}]), Fate::Go),
            ("an old slice", renewed, "x", none.clone(), Fate::Stay),
        ] {
            let taints = driving(&slices);
            let claims = [claim(device, &tolerations)];
            let now = "2026-01-01T00:00:10Z".parse().unwrap();
            let told = |more: &Value| {
                let mut pod = json!({"metadata": {"name": "p", "uid": "1"},
                    "spec": {"nodeName": "n", "containers": []}});
                machinery::patch::apply_merge_patch(&mut pod, more);
                fate(&serde_json::from_value(pod).unwrap(), &claims, &taints, now)
            };
            assert_eq!(told(&json!({})), want, "{case}");
            for harmless in [
                json!({"metadata": {"uid": "2"}}),
                json!({"status": {"phase": "Succeeded"}}),
                json!({"spec": {"nodeName": null}}),
            ] {
                assert_eq!(told(&harmless), Fate::Stay, "{case}: {harmless}");
            }
        }
    }
}
