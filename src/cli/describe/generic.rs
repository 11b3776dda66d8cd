//! The page of kinds that have none of their own: every field, by name.

use serde_json::Value;

use super::{Page, Subject, events, page::shown};

const SKIPPED: [&str; 5] = [
    ".metadata.name",
    ".metadata.namespace",
    ".metadata.labels",
    ".metadata.annotations",
    ".metadata.managedFields",
];

pub(super) async fn describe(
    page: &mut Page,
    subject: &Subject<'_>,
) -> Result<(), crate::report::CliError> {
    let object = &subject.info.object;
    page.text(0, "Name", &object["metadata"]["name"]);
    page.text(0, "Namespace", &object["metadata"]["namespace"]);
    page.labels("Labels", &object["metadata"]["labels"]);
    page.annotations("Annotations", &object["metadata"]["annotations"]);
    fields(page, 0, object, "");
    events::add(page, subject).await;
    Ok(())
}

fn fields(page: &mut Page, level: usize, object: &Value, road: &str) {
    for (name, value) in object.as_object().into_iter().flatten() {
        let place = format!("{road}.{name}");
        if SKIPPED.contains(&place.as_str()) {
            continue;
        }
        match value {
            Value::Object(_) => {
                page.line(level, format!("{}:", label(name)));
                fields(page, level + 1, value, &place);
            }
            Value::Array(list) => {
                page.line(level, format!("{}:", label(name)));
                for item in list {
                    if item.is_object() {
                        fields(page, level + 1, item, &place);
                    } else {
                        page.line(level + 1, shown(item));
                    }
                }
            }
            Value::Null => page.field(level, &label(name), "<nil>"),
            _ => page.field(level, &label(name), shown(value)),
        }
    }
}

/// `dnsPolicy` as `Dns Policy`; names with other signs stay.
fn label(name: &str) -> String {
    if !name.chars().all(|c| c.is_alphabetic() || c == '-') {
        return name.to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    let mut runs = runs(name).into_iter().peekable();
    while let Some(mut word) = runs.next() {
        let shouts =
            word.len() >= 2 && !word.chars().any(|c| c.is_alphabetic() && !c.is_uppercase());
        if let Some(next) = runs.next_if(|next| shouts && next.starts_with(char::is_uppercase)) {
            word.push_str(&next);
        }
        words.push(title(word));
    }
    words.join(" ")
}

/// A name in camel case in its parts, as <https://github.com/fatih/camelcase> does: a capital before
/// small letters goes with them.
fn runs(name: &str) -> Vec<String> {
    let class = |c: char| (c.is_lowercase(), c.is_uppercase());
    let mut runs: Vec<String> = Vec::new();
    let mut before = None;
    for letter in name.chars() {
        match runs.last_mut().filter(|_| before == Some(class(letter))) {
            Some(run) => run.push(letter),
            None => runs.push(letter.to_string()),
        }
        before = Some(class(letter));
    }
    for at in 1..runs.len() {
        if runs[at].starts_with(char::is_lowercase)
            && runs[at - 1].ends_with(char::is_uppercase)
            && let Some(capital) = runs[at - 1].pop()
        {
            runs[at].insert(0, capital);
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn title(word: String) -> String {
    let upper = word.to_uppercase();
    if matches!(upper.as_str(), "API" | "URL" | "UID" | "GUID") {
        return upper;
    }
    if word.to_lowercase() != word {
        return word;
    }
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (name, want) in [
            ("dnsPolicy", "Dns Policy"),
            ("apiVersion", "API Version"),
            ("uid", "UID"),
            ("nonResourceURLs", "Non Resource URLs"),
            ("lastTransitionTime", "Last Transition Time"),
            ("x-kubernetes-map-type", "X - Kubernetes - Map - Type"),
            ("f:x", "f:x"),
            ("podCIDRs", "Pod CIDRs"),
            ("HTTPGet", "HTTPGet"),
            ("externalIPsPolicy", "External I Ps Policy"),
            ("osbName", "Osb Name"),
        ] {
            assert_eq!(label(name), want);
        }
    }
}
