//! Kustomizations: resources, generators and transformers of a folder, as kustomize builds them.
//!
//! Built: resources (files and folders), components, generators of config maps and secrets, patches, namespace,
//! names, labels, annotations, replicas, images. Refused with a word: plugins, helm, addresses.

mod generate;
mod names;
mod transform;

use std::path::{Path, PathBuf};

use machinery::yaml;
use serde_json::Value;

use crate::report::{CliError, io_words};

/// One object on its way: what it was called first, and whether its name gets a hash.
#[derive(Debug, Clone)]
struct Resource {
    object: Value,
    first_name: String,
    hashed: bool,
}

impl Resource {
    fn new(object: Value) -> Self {
        let first_name = text(&object["metadata"]["name"]);
        Self { object, first_name, hashed: false }
    }

    fn kind(&self) -> &str {
        self.object["kind"].as_str().unwrap_or_default()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Deeper nests of folders are taken for circles.
const DEEPEST: usize = 50;

const FIELDS: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "resources",
    "bases",
    "components",
    "configMapGenerator",
    "secretGenerator",
    "generatorOptions",
    "namespace",
    "namePrefix",
    "nameSuffix",
    "commonLabels",
    "labels",
    "commonAnnotations",
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "images",
    "replicas",
    "sortOptions",
    "buildMetadata",
    "crds",
    "configurations",
    "generators",
    "transformers",
    "validators",
    "replacements",
    "vars",
    "openapi",
    "helmCharts",
    "helmGlobals",
    "helmChartInflationGenerator",
];

/// What we do not build.
const REFUSED: &[&str] = &[
    "generators",
    "transformers",
    "validators",
    "replacements",
    "vars",
    "helmCharts",
    "helmChartInflationGenerator",
];

/// Builds the kustomization of a folder.
pub(crate) fn build(folder: &str) -> Result<Vec<Value>, CliError> {
    let path = Path::new(folder);
    if let Err(error) = std::fs::symlink_metadata(path) {
        let place = std::env::current_dir().unwrap_or_default().join(path);
        let why = io_words(&error);
        return Err(CliError::plain(format!(
            "must build at directory: not a valid directory: evalsymlink failure on '{folder}' : lstat {}: {why}",
            place.display()
        )));
    }
    let mut found = accumulate(path, 0)?;
    names::add_hashes(&mut found);
    names::fix_references(&mut found);
    found.sort_by_key(|resource| rank(resource.kind()));
    Ok(found.into_iter().map(|resource| resource.object).collect())
}

/// The order in which kubectl's kustomize puts kinds.
fn rank(kind: &str) -> (usize, String) {
    const FIRST: &[&str] = &[
        "Namespace",
        "ResourceQuota",
        "StorageClass",
        "CustomResourceDefinition",
        "ServiceAccount",
        "PodSecurityPolicy",
        "Role",
        "ClusterRole",
        "RoleBinding",
        "ClusterRoleBinding",
        "ConfigMap",
        "Secret",
        "Endpoints",
        "Service",
        "LimitRange",
        "PriorityClass",
        "PersistentVolume",
        "PersistentVolumeClaim",
        "Deployment",
        "StatefulSet",
        "CronJob",
        "PodDisruptionBudget",
    ];
    const LAST: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
    if let Some(at) = FIRST.iter().position(|known| *known == kind) {
        return (at, String::new());
    }
    if let Some(at) = LAST.iter().position(|known| *known == kind) {
        return (FIRST.len() + 1 + at, String::new());
    }
    (FIRST.len(), kind.to_owned())
}

fn read(path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path)
        .map_err(|error| CliError::plain(format!("open {}: {}", path.display(), io_words(&error))))
}

/// The kustomization document of a folder.
fn document(folder: &Path) -> Result<Value, CliError> {
    const NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
    let found: Vec<PathBuf> =
        NAMES.iter().map(|name| folder.join(name)).filter(|path| path.is_file()).collect();
    let place = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    // Dots and a slash at the end are no part of the place.
    let place: PathBuf = place.components().collect();
    let path = match found.as_slice() {
        [path] => path,
        [] => {
            return Err(CliError::plain(format!(
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '{}'",
                place.display()
            )));
        }
        _ => {
            let text = format!("Found multiple kustomization files under: {}", place.display());
            return Err(CliError::plain(text));
        }
    };
    let body = read(path)?;
    let document = yaml::parse(&body)
        .map_err(|error| CliError::plain(format!("invalid Kustomization: {error}")))?;
    if document.is_null() {
        return Err(CliError::plain("kustomization.yaml is empty"));
    }
    for field in document.as_object().into_iter().flatten().map(|(field, _)| field) {
        if !FIELDS.contains(&field.as_str()) {
            let text = format!("invalid Kustomization: json: unknown field {field:?}");
            return Err(CliError::plain(text));
        }
        if REFUSED.contains(&field.as_str()) {
            let text = format!("kustomization field {field:?} is not implemented yet in kanoe");
            return Err(CliError::plain(text));
        }
    }
    Ok(document)
}

fn accumulate(folder: &Path, depth: usize) -> Result<Vec<Resource>, CliError> {
    if depth > DEEPEST {
        let text = format!("cycle detected: candidate root '{}'", folder.display());
        return Err(CliError::plain(text));
    }
    let document = document(folder)?;
    let mut found = Vec::new();
    for field in ["resources", "bases"] {
        for name in items(&document[field]).iter().map(text) {
            let outcome = resources_of(&folder.join(&name), &name, depth);
            found.extend(outcome.map_err(|error| {
                CliError::plain(format!(
                    "accumulating resources: accumulation err='accumulating resources from '{name}': {error}'"
                ))
            })?);
        }
    }
    generate::all(&mut found, &document, folder)?;
    for name in items(&document["components"]).iter().map(text) {
        let part = folder.join(&name);
        let component = self::document(&part)?;
        generate::all(&mut found, &component, &part)?;
        transform::all(&mut found, &component, &part)?;
    }
    transform::all(&mut found, &document, folder)?;
    Ok(found)
}

fn resources_of(path: &Path, name: &str, depth: usize) -> Result<Vec<Resource>, CliError> {
    if name.contains("://") || name.starts_with("github.com/") || name.starts_with("git@") {
        return Err(CliError::plain(
            "addresses of kustomizations are not implemented yet in kanoe",
        ));
    }
    if path.is_dir() {
        return accumulate(path, depth + 1);
    }
    let body = read(path)?;
    let mut found = Vec::new();
    for document in yaml::documents(&body) {
        let object = yaml::parse(document).map_err(|error| {
            CliError::plain(format!("MalformedYAMLError: {error} in File: {name}"))
        })?;
        match &object {
            Value::Null => {}
            list if text(&list["kind"]) == "List" => {
                found.extend(items(&list["items"]).iter().cloned().map(Resource::new));
            }
            _ => found.push(Resource::new(object)),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, body: &str) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, body).unwrap();
    }

    #[test]
    fn an_overlay_is_built() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        write(
            at,
            "base/kustomization.yaml",
            "resources: [d.yaml]\nconfigMapGenerator: [{name: c, literals: [a=1]}]\nimages: [{name: nginx, newTag: '2'}]\n",
        );
        write(
            at,
            "base/d.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {selector: {matchLabels: {app: w}}, template: {metadata: {labels: {app: w}}, spec: {containers: [{name: n, image: 'nginx:1', envFrom: [{configMapRef: {name: c}}]}]}}}\n",
        );
        write(
            at,
            "over/kustomization.yaml",
            "resources: [../base]\nnamePrefix: p-\nnamespace: n\nreplicas: [{name: web, count: 3}]\npatches: [{target: {kind: Deployment}, patch: '[{\"op\": \"add\", \"path\": \"/spec/paused\", \"value\": true}]'}]\nlabels: [{pairs: {t: x}, includeSelectors: true}]\n",
        );
        let built = build(&at.join("over").to_string_lossy()).unwrap();
        let [map, deployment] = built.as_slice() else { panic!("{built:?}") };
        let name = map["metadata"]["name"].as_str().unwrap();
        assert!(name.starts_with("p-c-"), "{name}");
        let spec = &deployment["spec"];
        assert_eq!(deployment["metadata"]["name"], "p-web");
        assert_eq!(deployment["metadata"]["namespace"], "n");
        assert_eq!((&spec["replicas"], &spec["paused"]), (&3.into(), &true.into()));
        let container = &spec["template"]["spec"]["containers"][0];
        assert_eq!(container["image"], "nginx:2");
        assert_eq!(container["envFrom"][0]["configMapRef"]["name"], name);
        assert_eq!(spec["selector"]["matchLabels"]["t"], "x");
    }

    #[test]
    fn faults_are_named() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "kustomization.yaml", "bogus: 1\n");
        let error = build(&folder.path().to_string_lossy()).unwrap_err().to_string();
        assert_eq!(error, "invalid Kustomization: json: unknown field \"bogus\"");
    }
}
