//! Pages of roles and their bindings.

use serde_json::Value;

use super::{
    Page, Subject,
    page::{items, shown},
};

pub(super) fn role(page: &mut Page, subject: &Subject<'_>) {
    let object = &subject.info.object;
    page.text(0, "Name", &object["metadata"]["name"]);
    page.labels("Labels", &object["metadata"]["labels"]);
    page.annotations("Annotations", &object["metadata"]["annotations"]);
    page.line(0, "PolicyRule:");
    page.line(1, "Resources\tNon-Resource URLs\tResource Names\tVerbs");
    page.line(1, "---------\t-----------------\t--------------\t-----");
    let mut rows = Vec::new();
    for rule in items(&object["rules"]) {
        rows.extend(rows_of(rule));
    }
    rows.sort();
    for (resource, urls, names, verbs) in rows {
        page.line(1, format!("{resource}\t{urls}\t{names}\t{verbs}"));
    }
}

/// One row for each resource of each group.
pub(super) fn rows_of(rule: &Value) -> Vec<(String, String, String, String)> {
    let list = |field: &str| {
        if rule[field].is_null() { "[]".to_owned() } else { shown(&rule[field]) }
    };
    let (urls, names, verbs) = (list("nonResourceURLs"), list("resourceNames"), list("verbs"));
    let mut rows = Vec::new();
    for resource in items(&rule["resources"]) {
        let resource = shown(resource);
        for group in items(&rule["apiGroups"]) {
            let group = shown(group);
            let name =
                if group.is_empty() { resource.clone() } else { format!("{resource}.{group}") };
            rows.push((name, urls.clone(), names.clone(), verbs.clone()));
        }
    }
    if rows.is_empty() {
        rows.push((String::new(), urls, names, verbs));
    }
    rows
}

pub(super) fn binding(page: &mut Page, subject: &Subject<'_>) {
    let object = &subject.info.object;
    page.text(0, "Name", &object["metadata"]["name"]);
    page.labels("Labels", &object["metadata"]["labels"]);
    page.annotations("Annotations", &object["metadata"]["annotations"]);
    page.line(0, "Role:");
    page.text(1, "Kind", &object["roleRef"]["kind"]);
    page.text(1, "Name", &object["roleRef"]["name"]);
    page.line(0, "Subjects:");
    page.line(1, "Kind\tName\tNamespace");
    page.line(1, "----\t----\t---------");
    for one in items(&object["subjects"]) {
        let (kind, name) = (shown(&one["kind"]), shown(&one["name"]));
        page.line(1, format!("{kind}\t{name}\t{}", shown(&one["namespace"])));
    }
}
