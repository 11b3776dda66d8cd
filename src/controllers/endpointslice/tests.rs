//! Tables of how slices change, and histories in which pods come and go.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{reconcile::MAX_ENDPOINTS, *};

fn service(more: &Value) -> Service {
    let mut object = json!({
        "metadata": {"name": "s", "namespace": "n", "uid": "u", "labels": {"a": "1"}},
        "spec": {"selector": {"a": "1"}, "ports": [{"port": 80, "targetPort": "web"}],
            "clusterIP": "10.96.0.9", "ipFamilies": ["IPv4"]},
    });
    machinery::patch::apply_merge_patch(&mut object, more);
    serde_json::from_value(object).unwrap()
}

fn pod(number: usize, more: &Value) -> Arc<Pod> {
    let mut object = json!({
        "metadata": {"name": format!("p{number}"), "namespace": "n", "uid": format!("p{number}")},
        "spec": {"nodeName": "node", "containers": [
            {"name": "c", "ports": [{"name": "web", "containerPort": 8080}]}]},
        "status": {"phase": "Running", "podIP": address(number),
            "conditions": [{"type": "Ready", "status": "True"}]},
    });
    machinery::patch::apply_merge_patch(&mut object, more);
    Arc::new(serde_json::from_value(object).unwrap())
}

fn address(number: usize) -> String {
    format!("10.0.{}.{}", number / 250, number % 250 + 1)
}

fn plan(service: &Service, pods: &[Arc<Pod>], slices: &[Arc<EndpointSlice>]) -> Plan {
    let zones = BTreeMap::from([("node".to_owned(), Some("here".to_owned()))]);
    reconcile(&Observed { service, pods, zones: &zones, slices })
}

/// What the server makes of a plan.
fn apply(plan: Plan, slices: &[Arc<EndpointSlice>], made: &mut usize) -> Vec<Arc<EndpointSlice>> {
    let name = |slice: &EndpointSlice| slice.metadata.name.clone().unwrap_or_default();
    let mut all: BTreeMap<_, _> =
        slices.iter().map(|slice| (name(slice), Arc::clone(slice))).collect();
    for slice in plan.delete {
        all.remove(&name(&slice));
    }
    for slice in plan.update {
        all.insert(name(&slice), Arc::new(slice));
    }
    for mut slice in plan.create {
        *made += 1;
        slice.metadata.name = Some(format!("s-{made:03}"));
        all.insert(name(&slice), Arc::new(slice));
    }
    all.into_values().collect()
}

fn size(slice: &EndpointSlice) -> usize {
    slice.endpoints.as_ref().map_or(0, Vec::len)
}

/// Sizes of slices that come, change and go.
fn told(plan: &Plan) -> String {
    let sizes = |slices: Vec<&EndpointSlice>| {
        let sizes: Vec<_> = slices.into_iter().map(|slice| size(slice).to_string()).collect();
        sizes.join(" ")
    };
    format!(
        "create [{}] update [{}] delete [{}]",
        sizes(plan.create.iter().collect()),
        sizes(plan.update.iter().collect()),
        sizes(plan.delete.iter().map(|slice| &**slice).collect())
    )
}

/// Slices with so many pods each, in their order.
fn filled(service: &Service, sizes: &[usize]) -> (Vec<Arc<Pod>>, Vec<Arc<EndpointSlice>>) {
    let (mut pods, mut slices, mut made) = (Vec::new(), Vec::new(), 0);
    for size in sizes {
        let own: Vec<_> = (0..*size).map(|at| pod(pods.len() + at, &json!({}))).collect();
        let alone = plan(service, &own, &[]);
        slices.extend(apply(alone, &[], &mut made));
        pods.extend(own);
    }
    (pods, slices)
}

#[test]
fn slices_are_kept_filled_and_used_again() {
    let service = service(&json!({}));
    let none = json!({});
    for (case, sizes, gone, come, want) in [
        ("two that say nobody", [0, 0], 0..0, 0, "create [] update [0] delete [0]"),
        ("nothing new", [70, 40], 0..0, 0, "create [] update [] delete []"),
        ("the fuller one that has room", [70, 40], 0..0, 20, "create [] update [90] delete []"),
        ("the one that has room", [70, 40], 0..0, 50, "create [] update [90] delete []"),
        ("none has room", [70, 40], 0..0, 80, "create [80] update [] delete []"),
        ("more than a slice", [70, 40], 0..0, 150, "create [100] update [90] delete []"),
        ("where something changes anyway", [70, 40], 0..1, 30, "create [] update [99] delete []"),
        ("emptied", [70, 40], 0..70, 0, "create [] update [] delete [70]"),
        ("emptied and used again", [70, 40], 0..70, 80, "create [] update [80] delete []"),
        ("all gone", [70, 40], 0..110, 0, "create [] update [0] delete [40]"),
    ] {
        let (mut pods, slices) = filled(&service, &sizes);
        pods.drain(gone);
        pods.extend((500..500 + come).map(|number| pod(number, &none)));
        assert_eq!(told(&plan(&service, &pods, &slices)), want, "{case}");
    }
}

#[test]
fn a_pod_that_changes_changes_its_own_slice() {
    let service = service(&json!({}));
    let (mut pods, slices) = filled(&service, &[100, 10]);
    let waits = json!({"status": {"conditions": [{"type": "Ready", "status": "False"}]}});
    pods[3] = pod(3, &waits);
    let plan = plan(&service, &pods, &slices);
    assert_eq!(told(&plan), "create [] update [100] delete []");
    let changed = &plan.update[0];
    assert_eq!(changed.metadata.name, slices[0].metadata.name);
    let ready = |slice: &EndpointSlice, number: usize| {
        let mut all = slice.endpoints.iter().flatten();
        let one = all.find(|one| one.addresses[0] == address(number)).unwrap();
        one.conditions.as_ref().unwrap().ready
    };
    assert_eq!((ready(changed, 3), ready(changed, 4)), (Some(false), Some(true)));
}

#[test]
fn labels_ports_owners_and_families_decide() {
    let plain = service(&json!({}));
    let (pods, slices) = filled(&plain, &[2]);
    let mut foreign = (*slices[0]).clone();
    foreign.metadata.owner_references.as_mut().unwrap()[0].uid = "former".to_owned();
    let foreign = vec![Arc::new(foreign)];
    let mut sixth = (*slices[0]).clone();
    sixth.address_type = "IPv6".to_owned();
    let sixth = vec![Arc::new(sixth)];
    let labelled = service(&json!({"metadata": {"labels": {"b": "2"}}}));
    let reserved = service(&json!({"metadata": {"labels": {
        "endpointslice.kubernetes.io/managed-by": "me"}}}));
    let other_port = service(&json!({"spec": {"ports": [{"port": 80, "targetPort": 81}]}}));
    let both = service(&json!({"spec": {"ipFamilies": ["IPv4", "IPv6"]}}));
    let turned = service(&json!({"spec": {"ports": [
        {"name": "b", "port": 81, "targetPort": 2}, {"name": "a", "port": 80, "targetPort": 1}]}}));
    let two = service(&json!({"spec": {"ports": [
        {"name": "a", "port": 80, "targetPort": 1}, {"name": "b", "port": 81, "targetPort": 2}]}}));
    let (_, of_two) = filled(&two, &[2]);
    for (case, service, slices, want) in [
        ("a label of the service", &labelled, &slices, "create [] update [2] delete []"),
        ("labels that are not its own", &reserved, &slices, "create [] update [] delete []"),
        ("other ports", &other_port, &slices, "create [] update [2] delete []"),
        ("ports in another order", &turned, &of_two, "create [] update [] delete []"),
        ("of a former service", &plain, &foreign, "create [2] update [] delete [2]"),
        ("of another family", &plain, &sixth, "create [2] update [] delete [2]"),
        ("a second family", &both, &slices, "create [0] update [] delete []"),
    ] {
        assert_eq!(told(&plan(service, &pods, slices)), want, "{case}");
    }
}

#[test]
fn pods_become_endpoints() {
    let plain = service(&json!({}));
    let publishes = service(&json!({"spec": {"publishNotReadyAddresses": true}}));
    let headless = service(&json!({"spec": {"clusterIP": "None"}}));
    let ends = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
    let ended = json!({"status": {"phase": "Succeeded"}});
    let lost = json!({"spec": {"nodeName": "nowhere"}});
    let nameless = json!({"status": {"podIP": ""}});
    let sidecar = json!({"spec": {"containers": [], "initContainers": [{"name": "c",
        "restartPolicy": "Always", "ports": [{"name": "web", "containerPort": 9}]}]}});
    let waits = json!({"status": {"conditions": []}});
    let named = json!({"spec": {"hostname": "h", "subdomain": "s"}});
    for (case, service, more, want) in [
        ("ready", &plain, &json!({}), "10.0.0.1 8080 true true false here"),
        ("waiting", &plain, &waits, "10.0.0.1 8080 false false false here"),
        ("waiting, but published", &publishes, &waits, "10.0.0.1 8080 true false false here"),
        ("ending", &plain, &ends, "10.0.0.1 8080 false true true here"),
        ("ended", &plain, &ended, ""),
        ("without address", &plain, &nameless, ""),
        ("of a node that is not there", &plain, &lost, ""),
        ("the same, but published", &publishes, &lost, "10.0.0.1 8080 true true false"),
        ("a sidecar's port", &plain, &sidecar, "10.0.0.1 9 true true false here"),
        ("named", &headless, &named, "10.0.0.1 8080 true true false here h"),
    ] {
        let plan = plan(service, &[pod(0, more)], &[]);
        let slice = &plan.create[0];
        let words = slice.endpoints.iter().flatten().map(|one| {
            let conditions = one.conditions.as_ref().unwrap();
            let flags = [conditions.ready, conditions.serving, conditions.terminating];
            let flags = flags.map(|flag| flag.unwrap().to_string()).join(" ");
            let port = slice.ports.as_ref().unwrap()[0].port.unwrap();
            let rest = [one.zone.as_deref(), one.hostname.as_deref()];
            let rest: Vec<_> = rest.into_iter().flatten().collect();
            format!("{} {port} {flags} {}", one.addresses[0], rest.join(" ")).trim_end().to_owned()
        });
        assert_eq!(words.collect::<Vec<_>>().join(", "), want, "{case}");
        let labels = slice.metadata.labels.as_ref().unwrap();
        assert_eq!(labels.contains_key(well_known::HEADLESS), case == "named", "{case}");
    }
}

#[test]
fn endpoints_are_hinted_where_near_ones_are_preferred() {
    let plain = service(&json!({}));
    let (pods, slices) = filled(&plain, &[1]);
    let hinted = |near: &str, slices: &[Arc<EndpointSlice>]| {
        let asks = service(&json!({"spec": {"trafficDistribution": near}}));
        let plan = plan(&asks, &pods, slices);
        let slice = plan.update.into_iter().next();
        let hints = slice.as_ref().map(|one| one.endpoints.as_ref().unwrap()[0].hints.clone());
        (serde_json::to_value(hints).unwrap(), slice.map(Arc::new))
    };
    let zone = json!({"forZones": [{"name": "here"}]});
    let (hints, near) = hinted("PreferClose", &slices);
    assert_eq!(hints, zone);
    let near = [near.unwrap()];
    assert_eq!(hinted("PreferSameZone", &near), (Value::Null, None), "they are there");
    let both = json!({"forNodes": [{"name": "node"}], "forZones": [{"name": "here"}]});
    assert_eq!(hinted("PreferSameNode", &near).0, both);
    let back = plan(&plain, &pods, &near);
    assert_eq!(back.update[0].endpoints.as_ref().unwrap()[0].hints, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever pods come, change and go: one pass makes slices right, a second has nothing to do, and no
    /// more slices change than have to.
    #[test]
    fn one_pass_is_enough(turns in prop::collection::vec(
        (prop::collection::btree_set(0..350usize, 0..350), 0..3u8), 1..6)) {
        let service = service(&json!({}));
        let (mut slices, mut made) = (Vec::new(), 0);
        for (numbers, kind) in turns {
            let ready = if kind == 0 { "False" } else { "True" };
            let port = if kind == 2 { 9090 } else { 8080 };
            let more = json!({
                "status": {"conditions": [{"type": "Ready", "status": ready}]},
                "spec": {"containers": [
                    {"name": "c", "ports": [{"name": "web", "containerPort": port}]}]},
            });
            let pods: Vec<_> = numbers.iter().map(|number| pod(*number, &more)).collect();
            let first = plan(&service, &pods, &slices);
            prop_assert!(first.create.is_empty() || first.delete.is_empty(), "{}", told(&first));
            slices = apply(first, &slices, &mut made);
            prop_assert_eq!(plan(&service, &pods, &slices), Plan::default());
            prop_assert!(!slices.is_empty());
            let mut told = Vec::new();
            for slice in &slices {
                prop_assert!(size(slice) <= MAX_ENDPOINTS);
                told.extend(slice.endpoints.iter().flatten().map(|one| one.addresses[0].clone()));
            }
            told.sort();
            let mut want: Vec<_> = numbers.iter().map(|number| address(*number)).collect();
            want.sort();
            prop_assert_eq!(told, want);
        }
    }
}
