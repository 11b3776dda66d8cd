//! Pages of deployments, replica sets, stateful sets, daemon sets, jobs and cron jobs.

use client::{ListOptions, escape};
use serde_json::Value;

use super::{
    Page, Subject, events,
    page::{controller, items, shown, time, title_bool},
    selector_text, template,
};
use crate::{report::CliError, verbs::resource};

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or(0)
}

pub(super) async fn deployment(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    let (metadata, spec, status) = (&object["metadata"], &object["spec"], &object["status"]);
    page.text(0, "Name", &metadata["name"]);
    page.text(0, "Namespace", &metadata["namespace"]);
    page.field(0, "CreationTimestamp", time(&metadata["creationTimestamp"]));
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
    page.field(0, "Selector", selector_text(&spec["selector"]));
    page.field(
        0,
        "Replicas",
        format!(
            "{} desired | {} updated | {} total | {} available | {} unavailable",
            number(&spec["replicas"]),
            number(&status["updatedReplicas"]),
            number(&status["replicas"]),
            number(&status["availableReplicas"]),
            number(&status["unavailableReplicas"])
        ),
    );
    page.text(0, "StrategyType", &spec["strategy"]["type"]);
    page.field(0, "MinReadySeconds", number(&spec["minReadySeconds"]).to_string());
    let rolling = &spec["strategy"]["rollingUpdate"];
    if rolling.is_object() {
        let (unavailable, surge) = (shown(&rolling["maxUnavailable"]), shown(&rolling["maxSurge"]));
        let text = format!("{unavailable} max unavailable, {surge} max surge");
        page.field(0, "RollingUpdateStrategy", text);
    }
    template::template_of(page, &spec["template"]);
    if !items(&status["conditions"]).is_empty() {
        page.line(0, "Conditions:");
        page.line(1, "Type\tStatus\tReason");
        page.line(1, "----\t------\t------");
        for one in items(&status["conditions"]) {
            let (kind, state) = (shown(&one["type"]), shown(&one["status"]));
            page.line(1, format!("{kind} \t{state}\t{}", shown(&one["reason"])));
        }
    }
    replica_sets(page, subject).await;
    events::add(page, subject).await;
    Ok(())
}

const REVISION: &str = "deployment.kubernetes.io/revision";

async fn replica_sets(page: &mut Page, subject: &Subject<'_>) {
    let info = subject.info;
    let object = &info.object;
    let place = resource("apps/v1", "ReplicaSet", "replicasets", true);
    let Ok(api) = subject.cx.api(&place, info.namespace.as_deref()).await else { return };
    let options = ListOptions::labels(selector_text(&object["spec"]["selector"]));
    // Without the right to list them the page says that there are none.
    let list = api.list(&options).await.unwrap_or_default();
    let uid = &object["metadata"]["uid"];
    let ours = |set: &&Value| {
        items(&set["metadata"]["ownerReferences"])
            .iter()
            .any(|owner| owner["controller"] == true && &owner["uid"] == uid)
    };
    let mut sets: Vec<&Value> = items(&list["items"]).iter().filter(ours).collect();
    sets.sort_by_key(|set| shown(&set["metadata"]["creationTimestamp"]));
    let revision = |object: &Value| shown(&object["metadata"]["annotations"][REVISION]);
    let now = revision(object);
    let (new, old): (Vec<&Value>, Vec<&Value>) =
        sets.into_iter().partition(|set| revision(set) == now);
    let text = |sets: &[&Value]| -> String {
        let texts: Vec<String> = sets
            .iter()
            .map(|set| {
                let (there, wanted) =
                    (number(&set["status"]["replicas"]), number(&set["spec"]["replicas"]));
                format!("{} ({there}/{wanted} replicas created)", shown(&set["metadata"]["name"]))
            })
            .collect();
        if texts.is_empty() { "<none>".to_owned() } else { texts.join(", ") }
    };
    if old.is_empty() && new.is_empty() {
        return;
    }
    page.field(0, "OldReplicaSets", text(&old));
    page.field(0, "NewReplicaSet", text(&new));
}

/// How many pods of a selector are in which phase: `1 Running / 0 Waiting / ...`.
async fn pods_status(subject: &Subject<'_>, selector: &str) -> Option<String> {
    let info = subject.info;
    let namespace = info.namespace.as_deref().unwrap_or("default");
    let path = format!("/api/v1/namespaces/{namespace}/pods?labelSelector={}", escape(selector));
    let list: Value = subject.cx.client().await.ok()?.get_json(&path).await.ok()?;
    let uid = &info.object["metadata"]["uid"];
    let mut counts = [0; 4];
    for pod in items(&list["items"]) {
        let owned = items(&pod["metadata"]["ownerReferences"])
            .iter()
            .any(|owner| owner["controller"] == true && &owner["uid"] == uid);
        if !owned {
            continue;
        }
        let slot = match pod["status"]["phase"].as_str().unwrap_or_default() {
            "Running" => 0,
            "Pending" => 1,
            "Succeeded" => 2,
            "Failed" => 3,
            _ => continue,
        };
        counts[slot] += 1;
    }
    let [running, waiting, succeeded, failed] = counts;
    Some(format!("{running} Running / {waiting} Waiting / {succeeded} Succeeded / {failed} Failed"))
}

/// The selector of a workload as text, plain maps too.
fn selector_of(spec: &Value) -> String {
    let selector = &spec["selector"];
    if selector.get("matchLabels").is_some() || selector.get("matchExpressions").is_some() {
        return selector_text(selector);
    }
    selector_text(&serde_json::json!({"matchLabels": selector}))
}

pub(super) async fn replica_set(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    let (metadata, spec, status) = (&object["metadata"], &object["spec"], &object["status"]);
    page.text(0, "Name", &metadata["name"]);
    page.text(0, "Namespace", &metadata["namespace"]);
    let selector = selector_of(spec);
    page.field(0, "Selector", &selector);
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
    if let Some(owner) = controller(object) {
        page.field(0, "Controlled By", owner);
    }
    let (there, wanted) = (number(&status["replicas"]), number(&spec["replicas"]));
    page.field(0, "Replicas", format!("{there} current / {wanted} desired"));
    if let Some(text) = pods_status(subject, &selector).await {
        page.field(0, "Pods Status", text);
    }
    template::template_of(page, &spec["template"]);
    plain_conditions(page, &status["conditions"]);
    events::add(page, subject).await;
    Ok(())
}

fn plain_conditions(page: &mut Page, conditions: &Value) {
    if items(conditions).is_empty() {
        return;
    }
    page.line(0, "Conditions:");
    page.line(1, "Type\tStatus\tReason");
    page.line(1, "----\t------\t------");
    for one in items(conditions) {
        let (kind, state) = (shown(&one["type"]), shown(&one["status"]));
        page.line(1, format!("{kind} \t{state}\t{}", shown(&one["reason"])));
    }
}

pub(super) async fn stateful_set(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    let (metadata, spec, status) = (&object["metadata"], &object["spec"], &object["status"]);
    page.text(0, "Name", &metadata["name"]);
    page.text(0, "Namespace", &metadata["namespace"]);
    page.field(0, "CreationTimestamp", time(&metadata["creationTimestamp"]));
    let selector = selector_of(spec);
    page.field(0, "Selector", &selector);
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
    let (wanted, there) = (number(&spec["replicas"]), number(&status["replicas"]));
    page.field(0, "Replicas", format!("{wanted} desired | {there} total"));
    page.text(0, "Update Strategy", &spec["updateStrategy"]["type"]);
    let partition = &spec["updateStrategy"]["rollingUpdate"]["partition"];
    if partition.is_number() {
        page.text(1, "Partition", partition);
    }
    if let Some(text) = pods_status(subject, &selector).await {
        page.field(0, "Pods Status", text);
    }
    template::template_of(page, &spec["template"]);
    claims(page, &spec["volumeClaimTemplates"]);
    events::add(page, subject).await;
    Ok(())
}

fn claims(page: &mut Page, claims: &Value) {
    if items(claims).is_empty() {
        return page.field(0, "Volume Claims", "<none>");
    }
    page.line(0, "Volume Claims:");
    for claim in items(claims) {
        page.text(1, "Name", &claim["metadata"]["name"]);
        page.text(1, "StorageClass", &claim["spec"]["storageClassName"]);
        page.labels("  Labels", &claim["metadata"]["labels"]);
        page.annotations("  Annotations", &claim["metadata"]["annotations"]);
        let storage = &claim["spec"]["resources"]["requests"]["storage"];
        page.field(
            1,
            "Capacity",
            if storage.is_null() { "<default>".to_owned() } else { shown(storage) },
        );
        page.text(1, "Access Modes", &claim["spec"]["accessModes"]);
    }
}

pub(super) async fn daemon_set(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    let (metadata, spec, status) = (&object["metadata"], &object["spec"], &object["status"]);
    page.text(0, "Name", &metadata["name"]);
    page.text(0, "Namespace", &metadata["namespace"]);
    let selector = selector_of(spec);
    page.field(0, "Selector", &selector);
    page.labels("Node-Selector", &spec["template"]["spec"]["nodeSelector"]);
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
    for (title, field) in [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ] {
        page.line(0, format!("{title}: {}", number(&status[field])));
    }
    if let Some(text) = pods_status(subject, &selector).await {
        page.field(0, "Pods Status", text);
    }
    template::template_of(page, &spec["template"]);
    events::add(page, subject).await;
    Ok(())
}

fn unset(value: &Value) -> String {
    if value.is_null() { "<unset>".to_owned() } else { shown(value) }
}

pub(super) async fn job(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    let (metadata, spec, status) = (&object["metadata"], &object["spec"], &object["status"]);
    page.text(0, "Name", &metadata["name"]);
    page.text(0, "Namespace", &metadata["namespace"]);
    page.field(0, "Selector", selector_of(spec));
    page.labels("Labels", &metadata["labels"]);
    page.annotations("Annotations", &metadata["annotations"]);
    if let Some(owner) = controller(object) {
        page.field(0, "Controlled By", owner);
    }
    page.field(0, "Parallelism", unset(&spec["parallelism"]));
    page.field(0, "Completions", unset(&spec["completions"]));
    if spec["completionMode"].is_string() {
        page.text(0, "Completion Mode", &spec["completionMode"]);
    }
    page.field(0, "Suspend", (spec["suspend"] == true).to_string());
    page.field(0, "Backoff Limit", unset(&spec["backoffLimit"]));
    if spec["ttlSecondsAfterFinished"].is_number() {
        page.text(0, "TTL Seconds After Finished", &spec["ttlSecondsAfterFinished"]);
    }
    if status["startTime"].is_string() {
        page.field(0, "Start Time", time(&status["startTime"]));
    }
    if status["completionTime"].is_string() {
        page.field(0, "Completed At", time(&status["completionTime"]));
        let end =
            status["completionTime"].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        if let (Some(end), Some(start)) = (end, status["startTime"].as_str()) {
            page.field(0, "Duration", machinery::age::since(start, end));
        }
    }
    if spec["activeDeadlineSeconds"].is_number() {
        page.field(
            0,
            "Active Deadline Seconds",
            format!("{}s", number(&spec["activeDeadlineSeconds"])),
        );
    }
    let (active, ready, succeeded, failed) = (
        number(&status["active"]),
        number(&status["ready"]),
        number(&status["succeeded"]),
        number(&status["failed"]),
    );
    page.field(
        0,
        "Pods Statuses",
        format!("{active} Active ({ready} Ready) / {succeeded} Succeeded / {failed} Failed"),
    );
    if spec["completionMode"] == "Indexed" {
        page.field(0, "Completed Indexes", indexes(&status["completedIndexes"]));
    }
    template::template_of(page, &spec["template"]);
    events::add(page, subject).await;
    Ok(())
}

/// The first of the indexes that are done.
fn indexes(done: &Value) -> String {
    const LONGEST: usize = 50;
    let text = shown(done);
    if text.is_empty() {
        return "<none>".to_owned();
    }
    let Some(end) = text.get(..LONGEST).and_then(|kept| kept.rfind(',')) else { return text };
    text.get(..=end).map_or_else(|| text.clone(), |kept| format!("{kept}..."))
}

pub(super) async fn cron_job(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    let (spec, status) = (&object["spec"], &object["status"]);
    page.head(object);
    page.text(0, "Schedule", &spec["schedule"]);
    page.text(0, "Concurrency Policy", &spec["concurrencyPolicy"]);
    page.field(0, "Suspend", title_bool(spec["suspend"] == true));
    page.field(0, "Time Zone", unset(&spec["timeZone"]));
    page.field(0, "Successful Job History Limit", unset(&spec["successfulJobsHistoryLimit"]));
    page.field(0, "Failed Job History Limit", unset(&spec["failedJobsHistoryLimit"]));
    let deadline = &spec["startingDeadlineSeconds"];
    let deadline =
        if deadline.is_null() { "<unset>".to_owned() } else { format!("{}s", shown(deadline)) };
    page.field(0, "Starting Deadline Seconds", deadline);
    let job = &spec["jobTemplate"]["spec"];
    let selector = if job["selector"].is_null() {
        "<unset>".to_owned()
    } else {
        selector_text(&job["selector"])
    };
    page.field(0, "Selector", selector);
    page.field(0, "Parallelism", unset(&job["parallelism"]));
    page.field(0, "Completions", unset(&job["completions"]));
    template::template_of(page, &job["template"]);
    let last = &status["lastScheduleTime"];
    page.field(
        0,
        "Last Schedule Time",
        if last.is_null() { "<unset>".to_owned() } else { time(last) },
    );
    let active: Vec<String> =
        items(&status["active"]).iter().map(|job| shown(&job["name"])).collect();
    page.field(
        0,
        "Active Jobs",
        if active.is_empty() { "<none>".to_owned() } else { active.join(", ") },
    );
    events::add(page, subject).await;
    Ok(())
}
