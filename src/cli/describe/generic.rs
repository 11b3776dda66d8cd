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
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let next_lower = letters.get(at + 1).is_some_and(|c| c.is_lowercase());
        let plural = letters.get(at + 1) == Some(&'s')
            && letters.get(at + 2).is_none_or(|c| c.is_uppercase());
        let begins = match before {
            None => true,
            Some(before) if (before == '-') != (*letter == '-') => true,
            Some(before) if before.is_lowercase() => letter.is_uppercase(),
            Some(_) => letter.is_uppercase() && next_lower && !plural,
        };
        match words.last_mut().filter(|_| !begins) {
            Some(word) => word.push(*letter),
            None => words.push(letter.to_string()),
        }
    }
    let title = |word: String| {
        let upper = word.to_uppercase();
        if matches!(upper.as_str(), "API" | "URL" | "UID" | "OSB" | "GUID") {
            return upper;
        }
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect())
            .unwrap_or_default()
    };
    words.into_iter().map(title).collect::<Vec<String>>().join(" ")
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
        ] {
            assert_eq!(label(name), want);
        }
    }
}
