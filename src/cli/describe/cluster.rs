//! Pages of namespaces, quotas, limits, priority classes and disruption budgets.

use serde_json::Value;

use super::{
    Page, Subject, events,
    page::{items, pairs, shown},
    selector_text,
};
use crate::report::CliError;

pub(super) async fn namespace(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    page.text(0, "Name", &object["metadata"]["name"]);
    page.labels("Labels", &object["metadata"]["labels"]);
    page.annotations("Annotations", &object["metadata"]["annotations"]);
    page.text(0, "Status", &object["status"]["phase"]);
    if !items(&object["status"]["conditions"]).is_empty() {
        page.line(0, "Conditions:");
        page.line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage");
        page.line(1, "----\t------\t------------------\t------\t-------");
        for one in items(&object["status"]["conditions"]) {
            let cells = ["type", "status", "lastTransitionTime", "reason", "message"];
            let cells: Vec<String> = cells.iter().map(|field| shown(&one[*field])).collect();
            page.line(1, cells.join("\t"));
        }
    }
    let list = async |plural: &str| -> Vec<Value> {
        let path = format!("/api/v1/namespaces/{}/{plural}", subject.info.name);
        let Ok(client) = subject.cx.client().await else { return Vec::new() };
        // Without the right to list them the page says that there are none.
        let found: Value = client.get_json(&path).await.unwrap_or_default();
        items(&found["items"]).to_vec()
    };
    quotas_of_namespace(page, &list("resourcequotas").await);
    limits_of_namespace(page, &list("limitranges").await);
    Ok(())
}

fn quotas_of_namespace(page: &mut Page, quotas: &[Value]) {
    if quotas.is_empty() {
        return page.raw("\nNo resource quota.\n");
    }
    page.raw("\nResource Quotas\n");
    for quota in quotas {
        page.line(1, format!("Name:\t{}", shown(&quota["metadata"]["name"])));
        page.line(1, "Resource\tUsed\tHard");
        page.line(1, "--------\t---\t---");
        quota_rows(page, quota, 1);
    }
}

fn quota_rows(page: &mut Page, quota: &Value, level: usize) {
    for (name, hard) in pairs(&quota["status"]["hard"]) {
        page.line(level, format!("{name}\t{}\t{hard}", shown(&quota["status"]["used"][&name])));
    }
}

fn limits_of_namespace(page: &mut Page, ranges: &[Value]) {
    if ranges.is_empty() {
        return page.raw("\nNo LimitRange resource.\n");
    }
    page.raw("\nResource Limits\n");
    limit_head(page, " ");
    for range in ranges {
        limit_rows(page, range, " ");
    }
}

fn limit_head(page: &mut Page, space: &str) {
    page.line(0, format!("{space}Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio"));
    page.line(0, format!("{space}----\t--------\t---\t---\t---------------\t-------------\t-----------------------"));
}

fn limit_rows(page: &mut Page, range: &Value, space: &str) {
    const COLUMNS: [&str; 5] = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"];
    for limit in items(&range["spec"]["limits"]) {
        let mut names: Vec<String> = COLUMNS
            .iter()
            .flat_map(|column| pairs(&limit[*column]))
            .map(|(name, _)| name)
            .collect();
        names.sort();
        names.dedup();
        for name in names {
            let cells = COLUMNS.iter().map(|column| match &limit[*column][&name] {
                Value::Null => "-".to_owned(),
                value => shown(value),
            });
            let cells: Vec<String> = cells.collect();
            page.line(0, format!("{space}{}\t{name}\t{}", shown(&limit["type"]), cells.join("\t")));
        }
    }
}

pub(super) fn limits(page: &mut Page, subject: &Subject<'_>) {
    let object = &subject.info.object;
    page.text(0, "Name", &object["metadata"]["name"]);
    page.text(0, "Namespace", &object["metadata"]["namespace"]);
    limit_head(page, "");
    limit_rows(page, object, "");
}

pub(super) fn quota(page: &mut Page, subject: &Subject<'_>) {
    let object = &subject.info.object;
    page.text(0, "Name", &object["metadata"]["name"]);
    page.text(0, "Namespace", &object["metadata"]["namespace"]);
    let scopes: Vec<String> = items(&object["spec"]["scopes"]).iter().map(shown).collect();
    if !scopes.is_empty() {
        page.field(0, "Scopes", scopes.join(", "));
    }
    page.line(0, "Resource\tUsed\tHard");
    page.line(0, "--------\t----\t----");
    quota_rows(page, object, 0);
}

pub(super) async fn priority_class(page: &mut Page, subject: &Subject<'_>) -> Result<(), CliError> {
    let object = &subject.info.object;
    page.text(0, "Name", &object["metadata"]["name"]);
    page.text(0, "Value", &object["value"]);
    page.field(0, "GlobalDefault", (object["globalDefault"] == true).to_string());
    page.text(0, "PreemptionPolicy", &object["preemptionPolicy"]);
    page.text(0, "Description", &object["description"]);
    let annotations: Vec<String> = pairs(&object["metadata"]["annotations"])
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let annotations = annotations.join(",");
    page.field(0, "Annotations", if annotations.is_empty() { "<none>" } else { &annotations });
    events::add(page, subject).await;
    Ok(())
}

pub(super) async fn disruption_budget(
    page: &mut Page,
    subject: &Subject<'_>,
) -> Result<(), CliError> {
    let object = &subject.info.object;
    let (spec, status) = (&object["spec"], &object["status"]);
    page.text(0, "Name", &object["metadata"]["name"]);
    page.text(0, "Namespace", &object["metadata"]["namespace"]);
    if spec["minAvailable"].is_null() {
        page.text(0, "Max unavailable", &spec["maxUnavailable"]);
    } else {
        page.text(0, "Min available", &spec["minAvailable"]);
    }
    if spec["selector"].is_object() {
        page.field(0, "Selector", selector_text(&spec["selector"]));
    } else {
        page.field(0, "Selector", "<unset>");
    }
    page.line(0, "Status:");
    let number = |field: &str| status[field].as_i64().unwrap_or(0).to_string();
    page.field(2, "Allowed disruptions", number("disruptionsAllowed"));
    page.field(2, "Current", number("currentHealthy"));
    page.field(2, "Desired", number("desiredHealthy"));
    page.field(2, "Total", number("expectedPods"));
    events::add(page, subject).await;
    Ok(())
}
