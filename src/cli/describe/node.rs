//! The page of a node, with its pods and what they ask for.

use std::collections::BTreeMap;

use client::escape;
use machinery::quantity::Quantity;
use serde_json::Value;

use super::{
    Page, Subject, events,
    page::{items, pairs, shown, time},
};
use crate::report::CliError;

pub(super) async fn describe(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let node = &subject.info.object;
    let (metadata, spec, status) = (&node["metadata"], &node["spec"], &node["status"]);
    page.text(0, "Name", &metadata["name"]);
    page.field(0, "Roles", roles(metadata));
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
    page.field(0, "CreationTimestamp", time(&metadata["creationTimestamp"]));
    let mut taints: Vec<&Value> = items(&spec["taints"]).iter().collect();
    taints.sort_by_key(|taint| (shown(&taint["effect"]), shown(&taint["key"])));
    page.multi("Taints", taints.into_iter().map(taint).collect());
    page.field(0, "Unschedulable", (spec["unschedulable"] == true).to_string());
    lease(page, subject).await;
    conditions(page, &status["conditions"]);
    page.line(0, "Addresses:");
    for address in items(&status["addresses"]) {
        page.text(1, &shown(&address["type"]), &address["address"]);
    }
    for (title, field) in [("Capacity", "capacity"), ("Allocatable", "allocatable")] {
        if status[field].is_object() {
            page.line(0, format!("{title}:"));
            for (name, value) in pairs(&status[field]) {
                page.field(1, &name, value);
            }
        }
    }
    slices(page, subject).await;
    system(page, &status["nodeInfo"]);
    if spec["podCIDR"].is_string() {
        page.text(0, "PodCIDR", &spec["podCIDR"]);
        let all: Vec<String> = items(&spec["podCIDRs"]).iter().map(shown).collect();
        page.field(0, "PodCIDRs", all.join(","));
    }
    if spec["providerID"].is_string() {
        page.text(0, "ProviderID", &spec["providerID"]);
    }
    pods(page, subject).await;
    events::add(page, subject).await;
    Ok(())
}

fn roles(metadata: &Value) -> String {
    let mut found: Vec<String> = pairs(&metadata["labels"])
        .into_iter()
        .filter_map(|(key, value)| match key.strip_prefix("node-role.kubernetes.io/") {
            Some(role) if !role.is_empty() => Some(role.to_owned()),
            _ if key == "kubernetes.io/role" && !value.is_empty() => Some(value),
            _ => None,
        })
        .collect();
    found.sort();
    if found.is_empty() { "<none>".to_owned() } else { found.join(",") }
}

fn taint(taint: &Value) -> String {
    let (key, value, effect) =
        (shown(&taint["key"]), shown(&taint["value"]), shown(&taint["effect"]));
    if value.is_empty() { format!("{key}:{effect}") } else { format!("{key}={value}:{effect}") }
}

async fn lease(page: &mut Page, subject: &Subject<'_>) {
    let path = format!(
        "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{}",
        escape(&subject.info.name)
    );
    let Ok(client) = subject.cx.client().await else { return };
    let lease = match client.get_json::<Value>(&path).await {
        Ok(lease) => lease,
        Err(error) => return page.field(0, "Lease", format!("Failed to get lease: {error}")),
    };
    let or_unset = |text: String| if text.is_empty() { "<unset>".to_owned() } else { text };
    page.line(0, "Lease:");
    page.field(1, "HolderIdentity", or_unset(shown(&lease["spec"]["holderIdentity"])));
    page.field(1, "AcquireTime", or_unset(time(&lease["spec"]["acquireTime"])));
    page.field(1, "RenewTime", or_unset(time(&lease["spec"]["renewTime"])));
}

fn conditions(page: &mut Page, conditions: &Value) {
    if items(conditions).is_empty() {
        return;
    }
    page.line(0, "Conditions:");
    page.line(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage");
    page.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for one in items(conditions) {
        page.line(
            1,
            format!(
                "{} \t{} \t{} \t{} \t{} \t{}",
                shown(&one["type"]),
                shown(&one["status"]),
                time(&one["lastHeartbeatTime"]),
                time(&one["lastTransitionTime"]),
                shown(&one["reason"]),
                shown(&one["message"])
            ),
        );
    }
}

/// The devices that only this node has, by driver and pool; ten pools at most.
async fn slices(page: &mut Page, subject: &Subject<'_>) {
    const SHOWN: usize = 10;
    let path = format!(
        "/apis/resource.k8s.io/v1/resourceslices?fieldSelector={}",
        escape(&format!("spec.nodeName={}", subject.info.name))
    );
    let Ok(client) = subject.cx.client().await else { return };
    // Without the right to list them, or where they are not served, the page has none.
    let list: Value = client.get_json(&path).await.unwrap_or_default();
    let mut pools: BTreeMap<String, (String, String, usize, usize)> = BTreeMap::new();
    for slice in items(&list["items"]) {
        let spec = &slice["spec"];
        let (driver, pool) = (shown(&spec["driver"]), shown(&spec["pool"]["name"]));
        let key = format!("{driver}/{pool}");
        let (_, _, count, devices) = pools.entry(key).or_insert((driver, pool, 0, 0));
        *count += 1;
        *devices += items(&spec["devices"]).len();
    }
    if pools.is_empty() {
        return;
    }
    page.line(0, "Node-Local ResourceSlices:");
    page.line(1, "Driver\tPool\tSlices\tDevices");
    page.line(1, "------\t----\t------\t-------");
    for (driver, pool, count, devices) in pools.values().take(SHOWN) {
        page.line(1, format!("{driver}\t{pool}\t{count}\t{devices}"));
    }
    if pools.len() > SHOWN {
        page.line(1, format!("...and {} more pools", pools.len() - SHOWN));
    }
}

fn system(page: &mut Page, info: &Value) {
    page.line(0, "System Info:");
    for (title, field) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
    ] {
        page.text(1, title, &info[field]);
    }
}

/// Where the resources of containers are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Read {
    /// What they are meant to have.
    Spec,
    /// That, or what they have, whichever is more: a resize may be under way.
    Status,
}

/// What a pod asks for of one resource: what it says of itself, or else its containers, and what its
/// runtime takes. Source: `k8s.io/component-helpers/resource`.
fn asked(pod: &Value, kind: &str, name: &str, from: Read) -> Quantity {
    let spec = &pod["spec"];
    let own = read(&spec["resources"][kind][name]);
    let asked = own.unwrap_or_else(|| of_containers(pod, kind, name, from));
    match read(&spec["overhead"][name]) {
        // What has no limit gets none by this.
        Some(overhead) if kind == "requests" || asked.milli_value() > 0 => asked.plus(overhead),
        _ => asked,
    }
}

fn read(value: &Value) -> Option<Quantity> {
    value.as_str()?.parse().ok()
}

/// What a container has of one resource by its status, where that says so; and whether that is all it
/// gets, since its node cannot give it what its spec says.
fn had(pod: &Value, container: &Value, kind: &str, name: &str) -> Option<(Quantity, bool)> {
    let lists = ["containerStatuses", "initContainerStatuses"];
    let mut all = lists.iter().flat_map(|list| items(&pod["status"][*list]));
    let status = all.find(|one| one["name"] == container["name"])?;
    let resources = Some(&status["resources"]).filter(|resources| resources.is_object())?;
    let given = Some(&status["allocatedResources"][name]).filter(|_| kind == "requests");
    let values = [Some(&resources[kind][name]), given];
    let values = values.into_iter().flatten().filter_map(read);
    let most = values.fold(Quantity::whole(0), larger);
    let stuck = items(&pod["status"]["conditions"])
        .iter()
        .any(|one| one["type"] == "PodResizePending" && one["reason"] == "Infeasible");
    Some((most, stuck))
}

fn larger(a: Quantity, b: Quantity) -> Quantity {
    if b.milli_value() > a.milli_value() { b } else { a }
}

/// The sum of a pod's containers, or what its start takes at most.
fn of_containers(pod: &Value, kind: &str, name: &str, from: Read) -> Quantity {
    let of = |container: &Value| -> Quantity {
        let meant = read(&container["resources"][kind][name]).unwrap_or(Quantity::whole(0));
        match had(pod, container, kind, name).filter(|_| from == Read::Status) {
            Some((has, true)) => has,
            Some((has, false)) => larger(meant, has),
            None => meant,
        }
    };
    let spec = &pod["spec"];
    let sum = items(&spec["containers"]).iter().map(of).fold(Quantity::whole(0), Quantity::plus);
    // Init containers that go on running count from their start.
    let (mut running, mut most) = (Quantity::whole(0), Quantity::whole(0));
    for container in items(&spec["initContainers"]) {
        let now = running.plus(of(container));
        if container["restartPolicy"] == "Always" {
            running = now;
        }
        most = larger(most, now);
    }
    larger(sum.plus(running), most)
}

/// Hundredths of what a node has; `None` where it does not say what that is.
fn share(part: Quantity, whole: &Value) -> Option<i64> {
    let whole = whole.as_str().and_then(|text| text.parse::<Quantity>().ok())?.milli_value();
    (whole > 0).then(|| part.milli_value().saturating_mul(100) / whole)
}

/// What Go makes of a division by zero, and kubectl shows of a pod on a node that says nothing.
const NO_SHARE: i64 = i64::MIN;

async fn pods(page: &mut Page, subject: &Subject<'_>) {
    let fields =
        format!("spec.nodeName={},status.phase!=Succeeded,status.phase!=Failed", subject.info.name);
    let path = format!("/api/v1/pods?fieldSelector={}", escape(&fields));
    let Ok(client) = subject.cx.client().await else { return };
    // Without the right to list pods the page has none.
    let list: Value = client.get_json(&path).await.unwrap_or_default();
    let pods = items(&list["items"]);
    let allocatable = &subject.info.object["status"]["allocatable"];
    page.field(0, "Non-terminated Pods", format!("({} in total)", pods.len()));
    page.line(
        1,
        "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge",
    );
    page.line(
        1,
        "---------\t----\t\t------------\t----------\t---------------\t-------------\t---",
    );
    let now = lifecycle::clock::now();
    for pod in pods {
        let cell = |kind: &str, name: &str| {
            let quantity = asked(pod, kind, name, Read::Status);
            let share = share(quantity, &allocatable[name]).unwrap_or(NO_SHARE);
            format!("{quantity} ({share}%)")
        };
        let created = shown(&pod["metadata"]["creationTimestamp"]);
        page.line(
            1,
            format!(
                "{}\t{}\t\t{}\t{}\t{}\t{}\t{}",
                shown(&pod["metadata"]["namespace"]),
                shown(&pod["metadata"]["name"]),
                cell("requests", "cpu"),
                cell("limits", "cpu"),
                cell("requests", "memory"),
                cell("limits", "memory"),
                machinery::age::since(&created, now)
            ),
        );
    }
    allocated(page, pods, allocatable);
}

fn allocated(page: &mut Page, pods: &[Value], allocatable: &Value) {
    page.line(0, "Allocated resources:");
    page.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)");
    page.line(1, "Resource\tRequests\tLimits");
    page.line(1, "--------\t--------\t------");
    let mut names = vec!["cpu".to_owned(), "memory".to_owned(), "ephemeral-storage".to_owned()];
    for (name, _) in pairs(allocatable) {
        if !names.contains(&name) && name != "pods" {
            names.push(name);
        }
    }
    for name in names {
        let sum = |kind: &str| {
            let each = pods.iter().map(|pod| asked(pod, kind, &name, Read::Spec));
            each.fold(Quantity::whole(0), Quantity::plus)
        };
        let (requests, limits) = (sum("requests"), sum("limits"));
        if matches!(name.as_str(), "cpu" | "memory" | "ephemeral-storage")
            || name.starts_with("hugepages-")
        {
            let whole = &allocatable[&name];
            page.line(
                1,
                format!(
                    "{name}\t{requests} ({}%)\t{limits} ({}%)",
                    share(requests, whole).unwrap_or(0),
                    share(limits, whole).unwrap_or(0)
                ),
            );
        } else {
            page.line(1, format!("{name}\t{requests}\t{limits}"));
        }
    }
}
