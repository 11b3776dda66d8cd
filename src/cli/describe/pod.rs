//! The page of a pod.

use serde_json::Value;

use super::{
    Page, Subject, events,
    page::{controller, items, shown, time},
    template, volumes,
};
use crate::report::CliError;

pub(super) async fn describe(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let pod = &subject.info.object;
    head(page, pod);
    status(page, pod);
    let (spec, status) = (&pod["spec"], &pod["status"]);
    if let Some(owner) = controller(pod) {
        page.field(0, "Controlled By", owner);
    }
    if status["nominatedNodeName"].is_string() {
        page.text(0, "NominatedNodeName", &status["nominatedNodeName"]);
    }
    if !items(&spec["initContainers"]).is_empty() {
        let with = Some((pod, "initContainerStatuses"));
        template::containers(page, "Init Containers", &spec["initContainers"], with, "");
    }
    template::containers(
        page,
        "Containers",
        &spec["containers"],
        Some((pod, "containerStatuses")),
        "",
    );
    if !items(&spec["ephemeralContainers"]).is_empty() {
        let with = Some((pod, "ephemeralContainerStatuses"));
        template::containers(page, "Ephemeral Containers", &spec["ephemeralContainers"], with, "");
    }
    conditions(page, spec, status);
    volumes::list(page, &spec["volumes"], "");
    if status["qosClass"].is_string() {
        page.text(0, "QoS Class", &status["qosClass"]);
    }
    page.labels("Node-Selectors", &spec["nodeSelector"]);
    template::tolerations(page, "Tolerations", &spec["tolerations"]);
    template::spread(page, &spec["topologySpreadConstraints"], "");
    template::group(page, &spec["schedulingGroup"], "");
    events::add(page, subject).await;
    Ok(())
}

fn head(page: &mut Page, pod: &Value) {
    let (metadata, spec, status) = (&pod["metadata"], &pod["spec"], &pod["status"]);
    page.text(0, "Name", &metadata["name"]);
    page.text(0, "Namespace", &metadata["namespace"]);
    if spec["priority"].is_number() {
        page.text(0, "Priority", &spec["priority"]);
    }
    for (title, field) in [
        ("Priority Class Name", "priorityClassName"),
        ("Runtime Class Name", "runtimeClassName"),
        ("Service Account", "serviceAccountName"),
    ] {
        if spec[field].as_str().is_some_and(|name| !name.is_empty()) {
            page.text(0, title, &spec[field]);
        }
    }
    match spec["nodeName"].as_str().filter(|name| !name.is_empty()) {
        None => page.field(0, "Node", "<none>"),
        Some(node) => page.field(0, "Node", format!("{node}/{}", shown(&status["hostIP"]))),
    }
    if status["startTime"].is_string() {
        page.field(0, "Start Time", time(&status["startTime"]));
    }
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
}

fn status(page: &mut Page, pod: &Value) {
    let (metadata, status) = (&pod["metadata"], &pod["status"]);
    match metadata["deletionTimestamp"].as_str() {
        Some(when) if !matches!(status["phase"].as_str(), Some("Succeeded" | "Failed")) => {
            let lasting = machinery::age::since(when, lifecycle::clock::now());
            page.field(0, "Status", format!("Terminating (lasts {lasting})"));
            let grace = metadata["deletionGracePeriodSeconds"].as_i64().unwrap_or(0);
            page.field(0, "Termination Grace Period", format!("{grace}s"));
        }
        _ => page.text(0, "Status", &status["phase"]),
    }
    for (title, field) in [("Reason", "reason"), ("Message", "message")] {
        if status[field].as_str().is_some_and(|text| !text.is_empty()) {
            page.text(0, title, &status[field]);
        }
    }
    let profile = &pod["spec"]["securityContext"]["seccompProfile"];
    if profile["type"].is_string() {
        page.text(0, "SeccompProfile", &profile["type"]);
    }
    page.text(0, "IP", &status["podIP"]);
    if items(&status["podIPs"]).is_empty() {
        return page.field(0, "IPs", "<none>");
    }
    page.line(0, "IPs:");
    for ip in items(&status["podIPs"]) {
        page.text(1, "IP", &ip["ip"]);
    }
}

fn conditions(page: &mut Page, spec: &Value, status: &Value) {
    if !items(&spec["readinessGates"]).is_empty() {
        page.line(0, "Readiness Gates:");
        page.line(1, "Type\tStatus");
        for gate in items(&spec["readinessGates"]) {
            let kind = &gate["conditionType"];
            let found = items(&status["conditions"]).iter().find(|c| &c["type"] == kind);
            let text = found.map_or("<none>".to_owned(), |c| shown(&c["status"]));
            page.line(1, format!("{} \t{text} ", shown(kind)));
        }
    }
    if items(&status["conditions"]).is_empty() {
        return;
    }
    page.line(0, "Conditions:");
    page.line(1, "Type\tStatus");
    for condition in items(&status["conditions"]) {
        page.line(1, format!("{} \t{} ", shown(&condition["type"]), shown(&condition["status"])));
    }
}
