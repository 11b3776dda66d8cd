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
    for [resource, urls, names, verbs] in rows_of(items(&object["rules"])) {
        page.line(1, format!("{resource}\t{urls}\t{names}\t{verbs}"));
    }
}

/// One rule for one resource of one group, or for URLs.
#[derive(Debug, PartialEq)]
struct Row {
    verbs: Vec<String>,
    group: String,
    resource: String,
    names: Vec<String>,
    urls: Vec<String>,
}

impl Row {
    /// What rules are sorted by: the text that Go makes of them.
    fn key(&self) -> String {
        let list = |list: &[String]| format!("[{}]", list.join(" "));
        let (verbs, names, urls) = (list(&self.verbs), list(&self.names), list(&self.urls));
        format!("{verbs},[{}],[{}],{names},{urls}", self.group, self.resource)
    }
}

/// Rules broken down, verbs of the same resource together, in kubectl's order:
/// resource, URLs, names, verbs.
pub(crate) fn rows_of(rules: &[Value]) -> Vec<[String; 4]> {
    let words = |rule: &Value, field: &str| -> Vec<String> {
        items(&rule[field]).iter().map(shown).collect()
    };
    let mut rows: Vec<Row> = Vec::new();
    for rule in rules {
        let (verbs, names) = (words(rule, "verbs"), words(rule, "resourceNames"));
        for resource in words(rule, "resources") {
            for group in words(rule, "apiGroups") {
                let same = rows.iter_mut().find(|row| {
                    row.resource == resource && row.group == group && row.names == names
                });
                match same {
                    Some(row) => row.verbs.extend(
                        verbs
                            .iter()
                            .filter(|verb| !row.verbs.contains(verb))
                            .cloned()
                            .collect::<Vec<_>>(),
                    ),
                    None => rows.push(Row {
                        verbs: verbs.clone(),
                        group,
                        resource: resource.clone(),
                        names: names.clone(),
                        urls: Vec::new(),
                    }),
                }
            }
        }
        for url in words(rule, "nonResourceURLs") {
            rows.push(Row {
                verbs: verbs.clone(),
                group: String::new(),
                resource: String::new(),
                names: Vec::new(),
                urls: vec![url],
            });
        }
    }
    rows.sort_by_key(Row::key);
    let cells = |row: Row| {
        let list = |list: Vec<String>| format!("[{}]", list.join(" "));
        [combined(&row.resource, &row.group), list(row.urls), list(row.names), list(row.verbs)]
    };
    rows.into_iter().map(cells).collect()
}

/// A resource with its group, which stands before the subresource: `deployments.apps/scale`.
fn combined(resource: &str, group: &str) -> String {
    let (plural, rest) = resource.split_once('/').map_or((resource, None), |(a, b)| (a, Some(b)));
    let dot = if group.is_empty() { "" } else { "." };
    let slash = if rest.is_some() { "/" } else { "" };
    format!("{plural}{dot}{group}{slash}{}", rest.unwrap_or_default())
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
