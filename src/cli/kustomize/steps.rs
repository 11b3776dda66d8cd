//! The steps of a build: what a kustomization's fields and its `transformers` ask for, one by one.
//! Source: kustomize, `api/internal/target/kusttarget_configplugin.go`.

use machinery::meta;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Built,
    defaults::Config,
    document::{Image, Kustomization, Labels, Options, Pairs, Patch, Replica, decode},
    fault,
    fields::{Field, merge},
    generate,
    loader::Loader,
    patch::{self, Loaded},
    replace::{self, Replacement, ReplacementField},
    resource::{Resource, Resources},
    selector::Selector,
    transform::{self, Namespace, Subjects},
    within,
};

/// One transformer.
#[derive(Debug)]
pub(super) struct Step {
    /// What kustomize calls it.
    pub(super) kind: &'static str,
    what: What,
}

#[derive(Debug)]
enum What {
    Patch(Loaded),
    Namespace { name: String, fields: Vec<Field>, unset_only: bool, subjects: Subjects },
    Prefix(String, Vec<Field>),
    Suffix(String, Vec<Field>),
    Affixes(String, String, Vec<Field>),
    Pairs(Pairs, Vec<Field>),
    Replica(Replica, Vec<Field>),
    Image(Image, Vec<Field>),
    Replacements(Vec<Replacement>),
}

impl Step {
    pub(super) fn apply(&self, found: &mut Resources) -> Built<()> {
        match &self.what {
            What::Patch(loaded) => loaded.apply(found),
            What::Namespace { name, fields, unset_only, subjects } => {
                Namespace { name, fields, unset_only: *unset_only, subjects: *subjects }
                    .apply(found)
            }
            What::Prefix(text, fields) => transform::prefix(found, text, fields),
            What::Suffix(text, fields) => transform::suffix(found, text, fields),
            What::Affixes(before, behind, fields) => {
                transform::prefix(found, before, fields)?;
                transform::suffix(found, behind, fields)
            }
            What::Pairs(pairs, fields) => transform::pairs(found, pairs, fields),
            What::Replica(replica, fields) => transform::replicas(found, replica, fields),
            What::Image(image, fields) => transform::images(found, image, fields),
            What::Replacements(list) => list.iter().try_for_each(|one| one.apply(found)),
        }
    }
}

/// The transformers that a kustomization's own fields ask for, in kustomize's order.
pub(super) fn of(document: &Kustomization, loader: &Loader, config: &Config) -> Built<Vec<Step>> {
    let mut steps = Vec::new();
    let mut add = |kind, what| steps.push(Step { kind, what });
    for loaded in merges(document, loader)? {
        add("PatchStrategicMergeTransformer", What::Patch(loaded));
    }
    for entry in &document.patches {
        let loaded =
            configured("PatchTransformer", &patch::shown(entry), || patch::read(entry, loader))?;
        add("PatchTransformer", What::Patch(loaded));
    }
    if !document.namespace.is_empty() {
        let (name, fields) = (document.namespace.clone(), config.namespace.clone());
        let what = What::Namespace { name, fields, unset_only: false, subjects: Subjects::Default };
        add("NamespaceTransformer", what);
    }
    if !document.name_prefix.is_empty() {
        let what = What::Prefix(document.name_prefix.clone(), config.name_prefix.clone());
        add("PrefixTransformer", what);
    }
    if !document.name_suffix.is_empty() {
        let what = What::Suffix(document.name_suffix.clone(), config.name_suffix.clone());
        add("SuffixTransformer", what);
    }
    for labels in &document.labels {
        add("LabelTransformer", What::Pairs(labels.pairs.clone(), fields_of(labels, config)?));
    }
    if let Some(pairs) = &document.common_labels {
        add("LabelTransformer", What::Pairs(pairs.clone(), config.common_labels.clone()));
    }
    if !document.common_annotations.is_empty() {
        let pairs = document.common_annotations.clone();
        add("AnnotationsTransformer", What::Pairs(pairs, config.common_annotations.clone()));
    }
    for entry in document.patches_json.iter().flatten() {
        let loaded = configured("PatchJson6902Transformer", &patch::shown(entry), || {
            patch::read_operations(entry, loader)
        })?;
        add("PatchJson6902Transformer", What::Patch(loaded));
    }
    for replica in &document.replicas {
        add("ReplicaCountTransformer", What::Replica(replica.clone(), config.replicas.clone()));
    }
    for image in &document.images {
        add("ImageTagTransformer", What::Image(image.clone(), config.images.clone()));
    }
    if !document.replacements.is_empty() {
        let list = replace::read(&document.replacements, loader)?;
        add("ReplacementTransformer", What::Replacements(list));
    }
    Ok(steps)
}

fn merges(document: &Kustomization, loader: &Loader) -> Built<Vec<Loaded>> {
    let Some(entries) = document.patches_strategic_merge.as_ref().filter(|some| !some.is_empty())
    else {
        return Ok(Vec::new());
    };
    let shown = machinery::yaml::to_string(&serde_json::json!({"paths": entries}));
    configured("PatchStrategicMergeTransformer", &shown, || patch::read_merges(entries, loader))
}

/// The faults of a transformer's settings name it and them.
fn configured<T>(kind: &str, shown: &str, read: impl FnOnce() -> Built<T>) -> Built<T> {
    within(&format!("trouble configuring builtin {kind} with config: `\n{shown}`"), read)
}

fn fields_of(labels: &Labels, config: &Config) -> Built<Vec<Field>> {
    let mut fields = labels.fields.clone();
    merge(&mut fields, &config.labels)?;
    if labels.include_selectors {
        merge(&mut fields, &config.common_labels)?;
        return Ok(fields);
    }
    if labels.include_templates {
        merge(&mut fields, &config.template_labels)?;
    }
    merge(&mut fields, &[Field::new("", "", "metadata/labels", true)])?;
    Ok(fields)
}

/// The settings of transformers and generators that stand in files of their own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Settings {
    metadata: Metadata,
    field_specs: Vec<Field>,
    prefix: String,
    suffix: String,
    labels: Pairs,
    annotations: Pairs,
    replica: Replica,
    image_tag: Image,
    replacements: Vec<ReplacementField>,
    target: Option<Selector>,
    json_op: String,
    unset_only: bool,
    set_role_binding_subjects: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    name: String,
    namespace: String,
}

/// The fields of an object that a type knows.
fn part<T: DeserializeOwned + Default>(object: &Value, fields: &[&str]) -> Built<T> {
    let known = object.as_object().into_iter().flatten();
    let known = known.filter(|(name, _)| fields.contains(&name.as_str()));
    decode(&Value::Object(known.map(|(name, value)| (name.clone(), value.clone())).collect()))
}

/// The transformer that an object of `transformers` describes.
pub(super) fn external(one: &Resource, loader: &Loader) -> Built<Step> {
    let object = &one.object;
    let kind = meta::text(object, "/kind");
    let settings: Settings = decode(object)?;
    let Settings { field_specs: fields, .. } = settings.clone();
    let patch = || part::<Patch>(object, &["path", "patch", "target", "options"]);
    let (kind, what) = match (meta::text(object, "/apiVersion"), kind) {
        ("builtin", "PatchTransformer") => {
            ("PatchTransformer", What::Patch(patch::read(&patch()?, loader)?))
        }
        ("builtin", "PatchJson6902Transformer") => {
            let entry = Patch {
                inline: settings.json_op,
                target: settings.target,
                path: meta::text(object, "/path").to_owned(),
                ..Patch::default()
            };
            let loaded = patch::read_operations(&entry, loader)?;
            ("PatchJson6902Transformer", What::Patch(loaded))
        }
        ("builtin", "NamespaceTransformer") => {
            let subjects = subjects(&settings.set_role_binding_subjects)?;
            let unset_only = settings.unset_only;
            let name = settings.metadata.namespace;
            ("NamespaceTransformer", What::Namespace { name, fields, unset_only, subjects })
        }
        ("builtin", "PrefixTransformer") => {
            ("PrefixTransformer", What::Prefix(settings.prefix, fields))
        }
        ("builtin", "SuffixTransformer") => {
            ("SuffixTransformer", What::Suffix(settings.suffix, fields))
        }
        ("builtin", "PrefixSuffixTransformer") => {
            let (prefix, suffix) = (settings.prefix, settings.suffix);
            ("PrefixSuffixTransformer", What::Affixes(prefix, suffix, fields))
        }
        ("builtin", "LabelTransformer") => {
            ("LabelTransformer", What::Pairs(settings.labels, fields))
        }
        ("builtin", "AnnotationsTransformer") => {
            ("AnnotationsTransformer", What::Pairs(settings.annotations, fields))
        }
        ("builtin", "ReplicaCountTransformer") => {
            ("ReplicaCountTransformer", What::Replica(settings.replica, fields))
        }
        ("builtin", "ImageTagTransformer") => {
            ("ImageTagTransformer", What::Image(settings.image_tag, fields))
        }
        ("builtin", "ReplacementTransformer") => {
            let list = replace::read(&settings.replacements, loader)?;
            ("ReplacementTransformer", What::Replacements(list))
        }
        ("builtin", other) => {
            return Err(fault(format!("the builtin transformer {other:?} is not known to kanoe")));
        }
        (_, kind) => return Err(no_plugins(kind)),
    };
    Ok(Step { kind, what })
}

fn no_plugins(kind: &str) -> crate::report::CliError {
    fault(format!("external plugins disabled; unable to load external plugin '{kind}'"))
}

fn subjects(word: &str) -> Built<Subjects> {
    match word {
        "" | "defaultOnly" => Ok(Subjects::Default),
        "allServiceAccounts" => Ok(Subjects::Accounts),
        "none" => Ok(Subjects::None),
        _ => Err(fault(format!(
            "invalid value {word:?} for setRoleBindingSubjects: must be one of \"defaultOnly\", \
             \"none\" or \"allServiceAccounts\""
        ))),
    }
}

/// What an object of `generators` makes.
pub(super) fn generated(
    one: &Resource,
    loader: &Loader,
    common: Option<&Options>,
) -> Built<Resource> {
    let object = &one.object;
    let (version, kind) = (meta::text(object, "/apiVersion"), meta::text(object, "/kind"));
    let made = match (version, kind) {
        ("builtin", "ConfigMapGenerator") => "ConfigMap",
        ("builtin", "SecretGenerator") => "Secret",
        ("builtin", other) => {
            return Err(fault(format!("the builtin generator {other:?} is not known to kanoe")));
        }
        (_, kind) => return Err(no_plugins(kind)),
    };
    let settings: Settings = decode(object)?;
    let fields = ["behavior", "type", "literals", "files", "envs", "env", "options"];
    let mut generator: super::document::Generator = part(object, &fields)?;
    generator.name = settings.metadata.name;
    generator.namespace = settings.metadata.namespace;
    generate::one(&generator, made, loader, common)
}
