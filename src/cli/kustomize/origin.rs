//! Where objects come from, told in annotations by those who ask (`buildMetadata`).
//! Source: kustomize, `api/resource/origin.go`.

use serde_json::Value;

use super::resource::{Resource, Resources};

const ORIGIN: &str = "config.kubernetes.io/origin";
const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";
const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// What kubectl's kustomize calls itself there.
const MANAGER: &str = "kustomize-(devel)";

/// Where an object comes from, and what changed it.
#[derive(Debug, Clone, Default)]
pub(super) struct Origin {
    from: String,
    changed: String,
}

fn joined(place: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in place.split('/').chain(path.split('/')).filter(|part| !["", "."].contains(part)) {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The place of a folder or a file that one at `place` names.
pub(super) fn below(place: &str, path: &str) -> String {
    joined(place, path)
}

/// Notes the file of objects.
pub(super) fn from_file(found: &mut [Resource], place: &str, path: &str) {
    for one in found {
        one.origin.from = format!("path: {}\n", joined(place, path));
    }
}

fn configured(place: &str, file: &str, kind: &str) -> [String; 4] {
    [
        format!("configuredIn: {}", joined(place, file)),
        "configuredBy:".to_owned(),
        "  apiVersion: builtin".to_owned(),
        format!("  kind: {kind}"),
    ]
}

/// Notes the generator of an object.
pub(super) fn from_generator(one: &mut Resource, (place, file): (&str, &str), kind: &str) {
    one.origin.from = configured(place, file, kind).join("\n") + "\n";
}

/// Notes a transformer.
pub(super) fn changed(found: &mut Resources, (place, file): (&str, &str), kind: &str) {
    let lines = configured(place, file, kind).join("\n  ");
    for one in &mut found.0 {
        one.origin.changed.extend(["- ", &lines, "\n"]);
    }
}

/// Tells what is asked for.
pub(super) fn tell(found: &mut Resources, asked: &[String]) {
    let asks = |word: &str| asked.iter().any(|one| one == word);
    for one in &mut found.0 {
        let Origin { from, changed } = one.origin.clone();
        let mut note = |field: &str, key: &str, text: &str| {
            if !text.is_empty() {
                one.object["metadata"][field][key] = Value::from(text);
            }
        };
        if asks("managedByLabel") {
            note("labels", MANAGED_BY, MANAGER);
        }
        if asks("originAnnotations") {
            note("annotations", ORIGIN, &from);
        }
        if asks("transformerAnnotations") {
            note("annotations", TRANSFORMATIONS, &changed);
        }
    }
}
