//! Tables and properties of allocation.

use std::{collections::BTreeMap, sync::Arc};

use k8s_openapi::api::{
    core::v1::Node,
    resource::v1::{AllocationResult, DeviceClass, ResourceClaim, ResourceSlice},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    Classes, Denied, Known, Selector, Taken,
    allocate::allocate,
    pending::{self, Pending},
};

fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn node(name: &str) -> Node {
    read(json!({"metadata": {"name": name, "labels": {"zone": name}}}))
}

fn slice(name: &str, spec: &Value) -> Arc<ResourceSlice> {
    let mut whole = json!({"metadata": {"name": name}, "spec": {
        "driver": "d.io", "nodeName": "n", "pool":
        {"name": "p", "generation": 1, "resourceSliceCount": 1}}});
    machinery::patch::apply_merge_patch(&mut whole["spec"], spec);
    Arc::new(read(whole))
}

fn gpus(names: &[&str]) -> Arc<ResourceSlice> {
    let devices: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
    slice("s", &json!({"devices": devices}))
}

fn claim(devices: &Value) -> Arc<ResourceClaim> {
    Arc::new(read(json!({
        "metadata": {"namespace": "ns", "name": "c", "uid": "u"}, "spec": {"devices": devices}})))
}

/// A claim with one request of class `any`.
fn one(more: &Value) -> Arc<ResourceClaim> {
    let mut exactly = json!({"deviceClassName": "any"});
    machinery::patch::apply_merge_patch(&mut exactly, more);
    claim(&json!({"requests": [{"name": "r", "exactly": exactly}]}))
}

fn classes() -> Classes {
    let class: DeviceClass = read(json!({"metadata": {"name": "any"}, "spec": {
        "config": [{"opaque": {"driver": "d.io", "parameters": {"of": "class"}}}]}}));
    BTreeMap::from([("any".to_owned(), Arc::new(class))])
}

fn try_all(
    claims: &[Arc<ResourceClaim>],
    slices: &[Arc<ResourceSlice>],
    taken: &Taken,
) -> Result<Vec<AllocationResult>, Denied> {
    let judge =
        |text: &str, driver: &str, device: &_| Selector::compile(text)?.chooses(driver, device);
    let classes = classes();
    allocate(claims, &node("n"), &Known { slices, classes: &classes, taken, judge: &judge })
}

/// Devices by request, or why there are none.
fn told(claims: &[Arc<ResourceClaim>], slices: &[Arc<ResourceSlice>], taken: &Taken) -> String {
    match try_all(claims, slices, taken) {
        Ok(all) => {
            let results = all.iter().flat_map(|it| it.devices.iter());
            let results = results.flat_map(|devices| devices.results.iter().flatten());
            let words: Vec<String> =
                results.map(|it| format!("{}={}", it.request, it.device)).collect();
            words.join(" ")
        }
        Err(Denied::Nothing) => "nothing".into(),
        Err(Denied::Wrong(words)) => words,
    }
}

#[test]
fn requests_get_devices() {
    let two = [gpus(&["a", "b"])];
    let free = Taken::default();
    for (case, claim, want) in [
        ("one", one(&json!({})), "r=a"),
        ("two", one(&json!({"count": 2})), "r=a r=b"),
        ("three", one(&json!({"count": 3})), "nothing"),
        ("all", one(&json!({"allocationMode": "All"})), "r=a r=b"),
        (
            "too many",
            one(&json!({"count": 33})),
            "claim ns/c: number of requested devices 33 exceeds the claim limit of 32",
        ),
        (
            "no class",
            one(&json!({"deviceClassName": "none"})),
            "claim ns/c, request r: could not retrieve device class none: \
             deviceclass.resource.k8s.io \"none\" not found",
        ),
        (
            "an expression",
            one(&json!({"selectors": [{"cel": {"expression": "device.driver == 'other.io'"}}]})),
            "nothing",
        ),
        (
            "the second way",
            claim(&json!({"requests": [{"name": "r", "firstAvailable": [
                {"name": "many", "deviceClassName": "any", "count": 5},
                {"name": "few", "deviceClassName": "any"}]}]})),
            "r/few=a",
        ),
        (
            "back from the first way",
            claim(&json!({"requests": [
                {"name": "r", "firstAvailable": [
                    {"name": "two", "deviceClassName": "any", "count": 2},
                    {"name": "one", "deviceClassName": "any"}]},
                {"name": "q", "exactly": {"deviceClassName": "any"}}]})),
            "r/one=a q=b",
        ),
    ] {
        assert_eq!(told(&[claim], &two, &free), want, "{case}");
    }
}

#[test]
fn what_is_taken_is_given_to_administrators_alone() {
    let given = try_all(&[one(&json!({}))], &[gpus(&["a"])], &Taken::default()).unwrap();
    let taken = pending::taken(given.iter());
    assert_eq!(told(&[one(&json!({}))], &[gpus(&["a"])], &taken), "nothing");
    let admin = one(&json!({"adminAccess": true}));
    assert_eq!(told(std::slice::from_ref(&admin), &[gpus(&["a"])], &taken), "r=a");
    let given = try_all(&[admin], &[gpus(&["a"])], &taken).unwrap();
    assert!(pending::taken(given.iter()).whole.is_empty(), "administrators hold nothing");
    assert_eq!(told(&[one(&json!({"allocationMode": "All"}))], &[gpus(&["a"])], &taken), "nothing");
}

#[test]
fn only_whole_pools_of_the_newest_generation_count() {
    let pool = |generation: i64, count: i64| json!({"pool": {"name": "p", "generation": generation, "resourceSliceCount": count}});
    let of = |name: &str, device: &str, more: &Value| {
        let mut spec = json!({"devices": [{"name": device}]});
        machinery::patch::apply_merge_patch(&mut spec, more);
        slice(name, &spec)
    };
    let all = one(&json!({"allocationMode": "All"}));
    let elsewhere = json!({"nodeName": "m"});
    for (case, slices, claim, want) in [
        (
            "old and new",
            vec![of("s", "a", &pool(1, 1)), of("t", "b", &pool(2, 1))],
            one(&json!({})),
            "r=b",
        ),
        ("incomplete", vec![of("s", "a", &pool(1, 2))], one(&json!({})), "nothing"),
        (
            "all of an incomplete one",
            vec![of("s", "a", &pool(1, 2))],
            Arc::clone(&all),
            "claim ns/c, request r: asks for all devices, but resource pool d.io/p is currently \
             being updated",
        ),
        (
            "doubled",
            vec![of("s", "a", &pool(1, 2)), of("t", "a", &pool(1, 2))],
            one(&json!({})),
            "invalid resource pools were encountered",
        ),
        ("elsewhere", vec![of("s", "a", &elsewhere)], Arc::clone(&all), "nothing"),
        (
            "everywhere",
            vec![of("s", "a", &json!({"nodeName": null, "allNodes": true}))],
            Arc::clone(&all),
            "r=a",
        ),
        (
            "by device",
            vec![slice(
                "s",
                &json!({"nodeName": null, "perDeviceNodeSelection": true, "devices": [
                {"name": "a", "nodeName": "m"}, {"name": "b", "nodeName": "n"}]}),
            )],
            all,
            "r=b",
        ),
    ] {
        assert_eq!(told(&[claim], &slices, &Taken::default()), want, "{case}");
    }
}

#[test]
fn constraints_taints_and_counters_are_heeded() {
    let device = |name: &str, numa: i64, more: &Value| {
        let mut device = json!({"name": name, "attributes": {"numa": {"int": numa}}});
        machinery::patch::apply_merge_patch(&mut device, more);
        device
    };
    let slices = [slice(
        "s",
        &json!({"devices": [
        device("a", 0, &json!({})), device("b", 1, &json!({})), device("c", 1, &json!({})),
        device("t", 0, &json!({"taints": [{"key": "k", "effect": "NoSchedule"}]}))]}),
    )];
    let pair = |constraint: &str| {
        claim(&json!({"constraints": [{constraint: "d.io/numa"}],
            "requests": [{"name": "r", "exactly": {"deviceClassName": "any", "count": 2}}]}))
    };
    let bears = one(&json!({"count": 4, "tolerations": [{"key": "k", "operator": "Exists"}]}));
    for (case, claim, want) in [
        ("alike", pair("matchAttribute"), "r=b r=c"),
        ("different", pair("distinctAttribute"), "r=a r=b"),
        ("tainted", one(&json!({"count": 4})), "nothing"),
        ("borne", bears, "r=a r=b r=c r=t"),
    ] {
        assert_eq!(told(&[claim], &slices, &Taken::default()), want, "{case}");
    }

    let part = |name: &str, memory: &str| {
        json!({"name": name, "consumesCounters": [
            {"counterSet": "gpu", "counters": {"memory": {"value": memory}}}]})
    };
    let pool = json!({"name": "p", "generation": 1, "resourceSliceCount": 2});
    let slices = [
        slice(
            "s",
            &json!({"pool": pool, "sharedCounters": [
            {"name": "gpu", "counters": {"memory": {"value": "40Gi"}}}]}),
        ),
        slice(
            "t",
            &json!({"pool": pool, "devices": [
            part("whole", "40Gi"), part("half", "20Gi"), part("other", "20Gi")]}),
        ),
    ];
    let two = one(&json!({"count": 2}));
    assert_eq!(told(&[two], &slices, &Taken::default()), "r=half r=other");
    let given = try_all(&[one(&json!({}))], &slices, &Taken::default()).unwrap();
    let taken = pending::taken(given.iter());
    assert_eq!(told(&[one(&json!({}))], &slices, &taken), "nothing", "the whole is taken");
}

#[test]
fn parts_of_devices_are_given_while_there_are_some() {
    let slices = [slice(
        "s",
        &json!({"devices": [{"name": "a", "allowMultipleAllocations": true,
        "capacity": {"memory": {"value": "10Gi"}}}]}),
    )];
    let asks = |amount: &str| one(&json!({"capacity": {"requests": {"memory": amount}}}));
    let mut given = try_all(&[asks("6Gi")], &slices, &Taken::default()).unwrap();
    pending::name_shares(&mut given[0]);
    let result = &given[0].devices.as_ref().unwrap().results.as_ref().unwrap()[0];
    assert_eq!(result.share_id.as_ref().map(String::len), Some(36));
    assert_eq!(result.consumed_capacity.as_ref().unwrap()["memory"].0, "6Gi");
    let taken = pending::taken(given.iter());
    assert_eq!(told(&[asks("6Gi")], &slices, &taken), "nothing");
    assert_eq!(told(&[asks("4Gi")], &slices, &taken), "r=a");
    assert_eq!(told(&[one(&json!({}))], &slices, &Taken::default()), "r=a", "all of it");
}

#[test]
fn allocations_say_what_drivers_must_know() {
    let own =
        json!({"requests": ["r"], "opaque": {"driver": "d.io", "parameters": {"of": "claim"}}});
    let asked = claim(&json!({"config": [own],
        "requests": [{"name": "r", "exactly": {"deviceClassName": "any"}}]}));
    let given = try_all(&[asked], &[gpus(&["a"])], &Taken::default()).unwrap();
    assert_eq!(
        serde_json::to_value(&given[0]).unwrap(),
        json!({
            "devices": {
                "results": [{"request": "r", "driver": "d.io", "pool": "p", "device": "a"}],
                "config": [
                    {"source": "FromClass", "requests": ["r"],
                        "opaque": {"driver": "d.io", "parameters": {"of": "class"}}},
                    {"source": "FromClaim", "requests": ["r"],
                        "opaque": {"driver": "d.io", "parameters": {"of": "claim"}}},
                ],
            },
            "nodeSelector": {"nodeSelectorTerms": [{"matchFields": [
                {"key": "metadata.name", "operator": "In", "values": ["n"]}]}]},
        })
    );
}

#[test]
fn promises_go_when_the_cache_shows_them() {
    let open = one(&json!({}));
    let pod = client::ObjectKey::new("ns", "p");
    let mut pending = Pending::default();
    let promise = |pending: &mut Pending| {
        pending.promise(&open, pod.clone(), AllocationResult::default());
    };
    promise(&mut pending);
    pending.prune(|_, _| Some(Arc::clone(&open)));
    assert!(pending.has("u"), "not written yet");
    pending.forget(&pod);
    assert!(!pending.has("u"));
    promise(&mut pending);
    let mut written = ResourceClaim::clone(&open);
    written.metadata.resource_version = Some("7".into());
    pending.written(&written);
    pending.forget(&pod);
    pending.prune(|_, _| Some(Arc::clone(&open)));
    assert!(pending.has("u"), "what is written stays until it is shown");
    let written = Arc::new(written);
    pending.prune(|_, _| Some(Arc::clone(&written)));
    assert!(!pending.has("u"), "shown, or given back since");
}

proptest! {
    /// Claims come and go; no device is given twice, no counter overdrawn, no capacity exceeded.
    #[test]
    fn nothing_is_given_twice(
        deeds in prop::collection::vec((0_usize..4, 1_i64..4, any::<bool>()), 1..24),
    ) {
        let part = |at: usize| json!({"name": format!("part{at}"), "consumesCounters": [
            {"counterSet": "gpu", "counters": {"memory": {"value": (at + 1).to_string()}}}]});
        let parts: Vec<Value> = (0..4).map(part).collect();
        let mut devices = parts.clone();
        devices.push(json!({"name": "plain"}));
        devices.push(json!({"name": "shared", "allowMultipleAllocations": true,
            "capacity": {"memory": {"value": "4"}}}));
        let pool = json!({"name": "p", "generation": 1, "resourceSliceCount": 2});
        let slices = [
            slice("s", &json!({"pool": pool, "sharedCounters": [
                {"name": "gpu", "counters": {"memory": {"value": "5"}}}]})),
            slice("t", &json!({"pool": pool, "devices": devices})),
        ];
        let mut held: Vec<AllocationResult> = Vec::new();
        for (kind, count, gives_back) in deeds {
            if gives_back && !held.is_empty() {
                held.remove(kind % held.len());
            }
            let wish = if kind == 0 {
                json!({"capacity": {"requests": {"memory": count.to_string()}}})
            } else {
                json!({"count": count})
            };
            let taken = pending::taken(held.iter());
            if let Ok(mut given) = try_all(&[one(&wish)], &slices, &taken) {
                given.iter_mut().for_each(pending::name_shares);
                held.extend(given);
            }
            let results: Vec<_> = held
                .iter()
                .flat_map(|it| it.devices.as_ref().unwrap().results.as_ref().unwrap())
                .collect();
            let mut names: Vec<&str> = results
                .iter()
                .filter(|it| it.device != "shared")
                .map(|it| it.device.as_str())
                .collect();
            let sum: usize = names
                .iter()
                .filter_map(|name| name.strip_prefix("part")?.parse::<usize>().ok())
                .map(|at| at + 1)
                .sum();
            prop_assert!(sum <= 5, "counters: {names:?}");
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            prop_assert_eq!(names.len(), all);
            let shares = results.iter().filter_map(|it| it.consumed_capacity.as_ref());
            let shares: i64 = shares.map(|it| it["memory"].0.parse::<i64>().unwrap()).sum();
            prop_assert!(shares <= 4, "{shares}");
        }
    }
}
