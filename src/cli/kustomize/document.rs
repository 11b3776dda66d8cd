//! The kustomization file: its fields, what is checked in them, and how they are told from wrong ones.
//! Source: kustomize, `api/types/kustomization.go`.

use std::collections::BTreeMap;

use machinery::json::kind_of;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{Built, fault, fields::Field, replace::ReplacementField, selector::Selector};

/// Texts by name.
pub(super) type Pairs = BTreeMap<String, String>;

/// A `kustomization.yaml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Kustomization {
    pub(super) api_version: String,
    pub(super) kind: String,
    metadata: Value,
    pub(super) openapi: Pairs,
    pub(super) resources: Vec<String>,
    bases: Option<Vec<String>>,
    pub(super) components: Vec<String>,
    pub(super) crds: Vec<String>,
    pub(super) configurations: Vec<String>,
    pub(super) config_map_generator: Vec<Generator>,
    pub(super) secret_generator: Vec<Generator>,
    pub(super) generator_options: Option<Options>,
    pub(super) generators: Vec<String>,
    pub(super) transformers: Vec<String>,
    pub(super) validators: Vec<String>,
    pub(super) namespace: String,
    pub(super) name_prefix: String,
    pub(super) name_suffix: String,
    pub(super) common_labels: Option<Pairs>,
    pub(super) labels: Vec<Labels>,
    pub(super) common_annotations: Pairs,
    pub(super) patches: Vec<Patch>,
    pub(super) patches_strategic_merge: Option<Vec<String>>,
    #[serde(rename = "patchesJson6902")]
    pub(super) patches_json: Option<Vec<Patch>>,
    pub(super) images: Vec<Image>,
    image_tags: Option<Vec<Image>>,
    pub(super) replicas: Vec<Replica>,
    pub(super) replacements: Vec<ReplacementField>,
    pub(super) vars: Option<Vec<Var>>,
    pub(super) sort_options: Option<SortOptions>,
    pub(super) build_metadata: Vec<String>,
    pub(super) helm_globals: Value,
    pub(super) helm_charts: Vec<Value>,
    pub(super) helm_chart_inflation_generator: Vec<Value>,
}

/// A generator of a config map or a secret.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Generator {
    pub(super) name: String,
    pub(super) namespace: String,
    pub(super) behavior: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) literals: Vec<String>,
    pub(super) files: Vec<String>,
    pub(super) envs: Vec<String>,
    pub(super) env: String,
    pub(super) options: Option<Options>,
}

/// What generated objects have in common.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Options {
    pub(super) labels: Pairs,
    pub(super) annotations: Pairs,
    pub(super) disable_name_suffix_hash: bool,
    pub(super) immutable: bool,
}

/// Labels, and where they go.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Labels {
    pub(super) pairs: Pairs,
    pub(super) include_selectors: bool,
    pub(super) include_templates: bool,
    pub(super) fields: Vec<Field>,
}

/// A patch and its targets.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Patch {
    pub(super) path: String,
    #[serde(rename = "patch")]
    pub(super) inline: String,
    pub(super) target: Option<Selector>,
    pub(super) options: PatchOptions,
}

/// What a patch may change that others may not.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct PatchOptions {
    pub(super) allow_name_change: bool,
    pub(super) allow_kind_change: bool,
}

/// A change of an image's name, tag or digest.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Image {
    pub(super) name: String,
    pub(super) new_name: String,
    pub(super) new_tag: String,
    pub(super) tag_suffix: String,
    pub(super) digest: String,
}

/// How many there shall be of something.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Replica {
    pub(super) name: String,
    pub(super) count: i64,
}

/// A variable, and the field that has its value.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Var {
    pub(super) name: String,
    #[serde(alias = "objRef")]
    pub(super) objref: ObjectReference,
    #[serde(alias = "fieldRef")]
    pub(super) fieldref: FieldReference,
}

/// The object of a variable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct ObjectReference {
    pub(super) api_version: String,
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) namespace: String,
}

/// The field of a variable.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct FieldReference {
    #[serde(alias = "fieldPath")]
    pub(super) fieldpath: String,
}

impl Default for FieldReference {
    fn default() -> Self {
        Self { fieldpath: "metadata.name".into() }
    }
}

/// The order of what is built.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct SortOptions {
    pub(super) order: String,
    pub(super) legacy_sort_options: Option<LegacySort>,
}

/// Kinds that come first and last.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct LegacySort {
    pub(super) order_first: Vec<String>,
    pub(super) order_last: Vec<String>,
}

const COMPONENT: &str = "Component";

impl Kustomization {
    pub(super) fn is_component(&self) -> bool {
        self.kind == COMPONENT
    }

    /// Reads a file's text. Also returns what to warn of.
    pub(super) fn read(body: &str, root: &str) -> Built<(Self, Vec<String>)> {
        let document = machinery::yaml::parse(body)
            .map_err(|error| fault(format!("invalid Kustomization: {error}")))?;
        let is_one = document.is_object() || document.is_null();
        let read = if is_one { decode(&document) } else { Err(fault("")) };
        let mut read: Self = read.map_err(|error: crate::report::CliError| {
            let why = wrong_type(&document).unwrap_or_else(|| error.to_string());
            fault(format!("invalid Kustomization: {why}"))
        })?;
        let warnings = read.warnings();
        if is_empty(&document) {
            return Err(fault("kustomization.yaml is empty"));
        }
        read.check(root)?;
        read.resources.extend(read.bases.take().unwrap_or_default());
        read.images.extend(read.image_tags.take().unwrap_or_default());
        for generator in read.config_map_generator.iter_mut().chain(&mut read.secret_generator) {
            if !generator.env.is_empty() {
                generator.envs.push(std::mem::take(&mut generator.env));
            }
        }
        Ok((read, warnings))
    }

    fn warnings(&self) -> Vec<String> {
        const FIX: &str = "Run 'kustomize edit fix' to update your Kustomization automatically.";
        let old = [
            (self.bases.is_some(), "bases", "resources", ""),
            (self.common_labels.is_some(), "commonLabels", "labels", ""),
            (self.image_tags.is_some(), "imageTags", "images", ""),
            (self.patches_json.is_some(), "patchesJson6902", "patches", ""),
            (self.patches_strategic_merge.is_some(), "patchesStrategicMerge", "patches", ""),
            (self.vars.is_some(), "vars", "replacements", "[EXPERIMENTAL] "),
        ];
        let told = old.into_iter().filter(|(used, ..)| *used).map(|(_, old, new, how)| {
            format!("# Warning: '{old}' is deprecated. Please use '{new}' instead. {how}{FIX}")
        });
        told.collect()
    }

    fn check(&mut self, root: &str) -> Built<()> {
        let mut faults = Vec::new();
        if self.kind.is_empty() {
            self.kind = "Kustomization".into();
        }
        if !["Kustomization", COMPONENT].contains(&self.kind.as_str()) {
            faults.push("kind should be Kustomization or Component".to_owned());
        }
        let version = if self.is_component() { "v1alpha1" } else { "v1beta1" };
        let wanted = format!("kustomize.config.k8s.io/{version}");
        if !self.api_version.is_empty() && self.api_version != wanted {
            faults.push(format!("apiVersion for {} should be {wanted}", self.kind));
        }
        if faults.is_empty() {
            return Ok(());
        }
        let faults = faults.join("\n");
        Err(fault(format!("Failed to read kustomization file under {root}:\n{faults}")))
    }
}

/// Go's words for the first field whose value is of another type.
fn wrong_type(document: &Value) -> Option<String> {
    let Some(fields) = document.as_object() else {
        let word = kind_of(document);
        return Some(format!(
            "json: cannot unmarshal {word} into Go value of type types.Kustomization"
        ));
    };
    fields.iter().find_map(|(name, value)| {
        let alone = serde_json::json!({name: value});
        let error = Kustomization::deserialize(alone).err()?.to_string();
        let wrong = error.strip_prefix("invalid type: ")?;
        let wanted = wrong.rsplit_once(", expected ")?.1;
        let (word, wanted) = match (value, wanted) {
            (Value::Array(items), "a string") if list_type(name).is_some() => {
                (kind_of(items.iter().find(|item| !item.is_string())?), "string".to_owned())
            }
            (Value::Object(fields), "a string") if name == "openapi" || name.starts_with("common") => {
                (kind_of(fields.values().find(|value| !value.is_string())?), "string".to_owned())
            }
            (_, "a string") => (kind_of(value), "string".to_owned()),
            (_, "a sequence") => (kind_of(value), format!("[]{}", list_type(name)?)),
            (_, "a map") => (kind_of(value), "map[string]string".to_owned()),
            _ => return None,
        };
        Some(format!(
            "json: cannot unmarshal {word} into Go struct field Kustomization.{name} of type {wanted}"
        ))
    })
}

/// Go's type of a list's items.
fn list_type(field: &str) -> Option<&'static str> {
    Some(match field {
        "resources" | "bases" | "components" | "crds" | "configurations" | "generators"
        | "transformers" | "validators" | "buildMetadata" => "string",
        "images" | "imageTags" => "types.Image",
        "labels" => "types.Label",
        "patches" | "patchesJson6902" => "types.Patch",
        "patchesStrategicMerge" => "types.PatchStrategicMerge",
        "replicas" => "types.Replica",
        "replacements" => "types.ReplacementField",
        "vars" => "types.Var",
        "configMapGenerator" => "types.ConfigMapArgs",
        "secretGenerator" => "types.SecretArgs",
        "helmCharts" => "types.HelmChart",
        _ => return None,
    })
}

/// Says nothing but what it is.
fn is_empty(document: &Value) -> bool {
    let fields = document.as_object().into_iter().flatten();
    let said = fields.filter(|(key, value)| {
        let nothing = value.is_null() || value.as_str().is_some_and(str::is_empty);
        !nothing && !["apiVersion", "kind"].contains(&key.as_str())
    });
    said.count() == 0
}

/// Reads fields strictly; faults in Go's words.
pub(super) fn decode<T: DeserializeOwned + Default>(value: &Value) -> Built<T> {
    let mut value = value.clone();
    drop_nulls(&mut value);
    if value.is_null() {
        return Ok(T::default());
    }
    T::deserialize(value).map_err(|error| {
        let text = error.to_string();
        let unknown = text.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'));
        match unknown {
            Some((name, _)) => fault(format!("json: unknown field {name:?}")),
            None => fault(format!("json: cannot unmarshal: {text}")),
        }
    })
}

/// Go takes null for a field that is not there.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
