//! The page of a node, with its pods and what they ask for.

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
        ("Kube-Proxy Version", "kubeProxyVersion"),
    ] {
        if field == "kubeProxyVersion" && shown(&info[field]).is_empty() {
            page.field(1, title, "");
            continue;
        }
        page.text(1, title, &info[field]);
    }
}

/// What a pod asks for of one resource: what it says of itself, or else its containers, and what its
/// runtime takes.
fn asked(pod: &Value, kind: &str, name: &str) -> Quantity {
    let spec = &pod["spec"];
    let read = |value: &Value| value.as_str().and_then(|text| text.parse::<Quantity>().ok());
    let own = read(&spec["resources"][kind][name]);
    let asked = own.unwrap_or_else(|| of_containers(pod, kind, name));
    match read(&spec["overhead"][name]) {
        // What has no limit gets none by this.
        Some(overhead) if kind == "requests" || asked.milli_value() > 0 => asked.plus(overhead),
        _ => asked,
    }
}

/// The sum of a pod's containers, or what its start takes at most.
fn of_containers(pod: &Value, kind: &str, name: &str) -> Quantity {
    let of = |container: &Value| -> Quantity {
        let text = container["resources"][kind][name].as_str().unwrap_or("0");
        text.parse().unwrap_or_else(|_| Quantity::whole(0))
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
        if now.milli_value() > most.milli_value() {
            most = now;
        }
    }
    let sum = sum.plus(running);
    if most.milli_value() > sum.milli_value() { most } else { sum }
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
            let quantity = asked(pod, kind, name);
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
            pods.iter().map(|pod| asked(pod, kind, &name)).fold(Quantity::whole(0), Quantity::plus)
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
