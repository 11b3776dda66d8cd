//! Patches: strategic merges and lists of JSON operations, and what each is applied to.
//! Source: kustomize, `api/internal/builtins/PatchTransformer.go` and its neighbours.

use std::sync::Arc;

use machinery::{meta, schema::Schema, yaml};
use serde_json::Value;

use super::{
    Built,
    document::{Patch, PatchOptions},
    fault,
    loader::Loader,
    overlay,
    resource::{Resource, Resources, read_objects},
    selector::Selector,
    within,
};

/// A patch that was read.
#[derive(Debug)]
pub(super) struct Loaded {
    what: What,
    target: Option<Selector>,
    options: PatchOptions,
    /// How errors call it.
    source: String,
}

#[derive(Debug)]
enum What {
    Merges(Vec<Resource>),
    Operations(Value),
}

/// Reads an entry of `patches`.
pub(super) fn read(patch: &Patch, loader: &Loader) -> Built<Loaded> {
    let inline = patch.inline.trim();
    let (text, source) = match (inline.is_empty(), patch.path.is_empty()) {
        (true, true) => {
            return Err(fault(format!("must specify one of patch and path in\n{}", shown(patch))));
        }
        (false, false) => {
            return Err(fault(format!(
                "patch and path can't be set at the same time\n{}",
                shown(patch)
            )));
        }
        (false, true) => (inline.to_owned(), format!("[patch: {inline:?}]")),
        (true, false) => {
            let what = format!("failed to get the patch file from path({})", patch.path);
            let text = within(&what, || loader.text(&patch.path))?;
            (text, format!("[path: {:?}]", patch.path))
        }
    };
    // What begins as a list of JSON has to be JSON.
    let operations = if text.starts_with('[') {
        serde_json::from_str(&text).ok()
    } else {
        yaml::parse(&text).ok()
    };
    let operations = operations.filter(|read: &Value| read.is_array());
    let what = match operations {
        Some(operations) => What::Operations(operations),
        None => What::Merges(
            read_objects(&text)
                .map_err(|_| fault(format!("unable to parse SM or JSON patch from {source}")))?,
        ),
    };
    Ok(Loaded { what, target: patch.target.clone(), options: patch.options, source })
}

/// An entry as errors about it show it.
pub(super) fn shown(patch: &Patch) -> String {
    let mut fields = serde_json::Map::new();
    for (name, text) in [("patch", &patch.inline), ("path", &patch.path)] {
        if !text.is_empty() {
            fields.insert(name.into(), text.as_str().into());
        }
    }
    if let Some(target) = &patch.target {
        let parts = [
            ("annotationSelector", &target.annotations),
            ("group", &target.group),
            ("kind", &target.kind),
            ("labelSelector", &target.labels),
            ("name", &target.name),
            ("namespace", &target.namespace),
            ("version", &target.version),
        ];
        let said = parts.into_iter().filter(|(_, text)| !text.is_empty());
        let said = said.map(|(name, text)| (name.to_owned(), Value::from(text.as_str())));
        fields.insert("target".into(), Value::Object(said.collect()));
    }
    yaml::to_string(&fields.into())
}

/// Reads `patchesStrategicMerge`: paths, or patches themselves.
pub(super) fn read_merges(entries: &[String], loader: &Loader) -> Built<Vec<Loaded>> {
    let mut found = Vec::new();
    for entry in entries {
        // What reads as objects is a patch; all else is a path.
        let objects = match read_objects(entry) {
            Ok(objects) if !objects.is_empty() => objects,
            _ => read_objects(&loader.text(entry)?)?,
        };
        let source = format!("[path: {entry:?}]");
        let options = PatchOptions::default();
        found.push(Loaded { what: What::Merges(objects), target: None, options, source });
    }
    Ok(found)
}

/// Reads an entry of `patchesJson6902`.
pub(super) fn read_operations(patch: &Patch, loader: &Loader) -> Built<Loaded> {
    if patch.target.as_ref().is_none_or(|target| target.name.is_empty()) {
        return Err(fault("must specify the target name"));
    }
    let text = match (patch.path.is_empty(), patch.inline.is_empty()) {
        (true, true) => return Err(fault("empty file path and empty jsonOp")),
        (false, false) => return Err(fault("must specify a file path or jsonOp, not both")),
        (false, true) => loader.text(&patch.path)?,
        (true, false) => patch.inline.clone(),
    };
    let operations = yaml::parse(&text).map_err(|error| fault(error.to_string()))?;
    if operations.as_array().is_none_or(Vec::is_empty) {
        return Err(fault(format!(
            "patch appears to be empty; file={}, JsonOp={text}",
            patch.path
        )));
    }
    Ok(Loaded {
        what: What::Operations(operations),
        target: patch.target.clone(),
        options: PatchOptions::default(),
        source: format!("[patch: {text:?}]"),
    })
}

impl Loaded {
    /// Applies the patch to what it is about.
    pub(super) fn apply(&self, found: &mut Resources) -> Built<()> {
        match (&self.what, &self.target) {
            (What::Operations(operations), Some(target)) => operate(found, operations, target),
            (What::Operations(_), None) => {
                Err(fault(format!("must specify a target for JSON patch {}", self.source)))
            }
            (What::Merges(patches), Some(target)) => {
                let [patch] = patches.as_slice() else {
                    return Err(fault(format!(
                        "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to \
                         set `patches.target` field: {}",
                        self.source
                    )));
                };
                for index in found.selected(target)? {
                    self.merge(found, index, patch)?;
                }
                found.0.retain(|one| !one.is_gone());
                Ok(())
            }
            (What::Merges(patches), None) => {
                for patch in patches {
                    let id = patch.id();
                    let what = format!("no resource matches strategic merge patch \"{id}\"");
                    let index = within(&what, || found.one_called(&id))?;
                    self.merge(found, index, patch)?;
                }
                found.0.retain(|one| !one.is_gone());
                Ok(())
            }
        }
    }

    fn merge(&self, found: &mut Resources, index: usize, patch: &Resource) -> Built<()> {
        let Some(one) = found.0.get_mut(index) else { return Ok(()) };
        let before = one.id();
        if self.options.allow_name_change || self.options.allow_kind_change {
            one.remember();
        }
        let schema = schema_of(&one.object);
        let under = std::mem::take(&mut one.object);
        let mut patch = patch.object.clone();
        if self.target.is_some() {
            // A patch with a target needs no names of its own.
            if let Some(fields) = patch.as_object_mut() {
                fields.insert("apiVersion".into(), under["apiVersion"].clone());
            }
        }
        let Some(merged) = overlay::merge(Some(under), Some(&patch), schema.as_deref())? else {
            return Ok(());
        };
        one.object = merged;
        if !self.options.allow_kind_change {
            one.object["kind"] = before.kind.into();
        }
        if !self.options.allow_name_change {
            one.set_name(&before.name);
        }
        let metadata = meta::metadata_mut(&mut one.object);
        if before.namespace.is_empty() {
            metadata.remove("namespace");
        } else {
            metadata.insert("namespace".into(), before.namespace.into());
        }
        Ok(())
    }
}

fn operate(found: &mut Resources, operations: &Value, target: &Selector) -> Built<()> {
    for index in found.selected(target)? {
        if let Some(one) = found.0.get_mut(index) {
            one.remember();
            machinery::patch::apply_json_patch(&mut one.object, operations)
                .map_err(|error| fault(error.to_string()))?;
        }
    }
    Ok(())
}

fn schema_of(object: &Value) -> Option<Arc<Schema>> {
    crate::merge::schema_of(meta::text(object, "/apiVersion"), meta::text(object, "/kind"))
}
