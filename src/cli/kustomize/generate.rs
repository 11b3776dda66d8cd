//! Generators of config maps and secrets.

use std::path::Path;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

use super::{Resource, items, read, text};
use crate::report::CliError;

/// Runs the generators of a kustomization.
pub(super) fn all(
    found: &mut Vec<Resource>,
    document: &Value,
    folder: &Path,
) -> Result<(), CliError> {
    for (field, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
        for generator in items(&document[field]) {
            let made = one(generator, kind, folder, &document["generatorOptions"])?;
            place(found, made, &text(&generator["behavior"]))?;
        }
    }
    Ok(())
}

fn one(generator: &Value, kind: &str, folder: &Path, common: &Value) -> Result<Resource, CliError> {
    let mut texts = Map::new();
    let mut binaries = Map::new();
    for (key, bytes) in data(generator, folder)? {
        if kind == "Secret" {
            texts.insert(key, BASE64_STANDARD.encode(bytes).into());
            continue;
        }
        match String::from_utf8(bytes) {
            Ok(value) => texts.insert(key, value.into()),
            Err(error) => binaries.insert(key, BASE64_STANDARD.encode(error.as_bytes()).into()),
        };
    }
    let mut object =
        json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": generator["name"]}});
    if generator["namespace"].is_string() {
        object["metadata"]["namespace"] = generator["namespace"].clone();
    }
    if !texts.is_empty() {
        object["data"] = texts.into();
    }
    if !binaries.is_empty() {
        object["binaryData"] = binaries.into();
    }
    if kind == "Secret" {
        object["type"] = generator["type"].as_str().unwrap_or("Opaque").into();
    }
    let own = &generator["options"];
    for field in ["labels", "annotations"] {
        for (key, value) in
            [common, own].iter().flat_map(|o| o[field].as_object().into_iter().flatten())
        {
            object["metadata"][field][key] = value.clone();
        }
    }
    let off = |options: &Value| options["disableNameSuffixHash"] == true;
    let mut made = Resource::new(object);
    made.hashed = !off(common) && !off(own);
    Ok(made)
}

fn data(generator: &Value, folder: &Path) -> Result<Vec<(String, Vec<u8>)>, CliError> {
    let mut found = Vec::new();
    for env in items(&generator["envs"]).iter().chain(generator.get("env")).map(text) {
        crate::verbs::from_env_file(&folder.join(env).to_string_lossy(), &mut found)?;
    }
    for source in items(&generator["files"]).iter().map(text) {
        let (key, path) = if let Some((key, path)) = source.split_once('=') {
            (key.to_owned(), path.to_owned())
        } else {
            let name = Path::new(&source).file_name().unwrap_or_default();
            (name.to_string_lossy().into_owned(), source.clone())
        };
        let path = folder.join(path);
        let bytes = std::fs::read(&path).map_err(|_| match read(&path) {
            Err(error) => error,
            Ok(_) => CliError::plain(format!("cannot read {}", path.display())),
        })?;
        found.push((key, bytes));
    }
    for literal in items(&generator["literals"]).iter().map(text) {
        let Some((key, value)) = literal.split_once('=') else {
            return Err(CliError::plain(format!(
                "invalid literal source {literal}, expected key=value"
            )));
        };
        found.push((key.to_owned(), value.trim_matches(['"', '\'']).as_bytes().to_vec()));
    }
    Ok(found)
}

/// Adds what was made, or lays it over what is there.
fn place(found: &mut Vec<Resource>, made: Resource, behavior: &str) -> Result<(), CliError> {
    let there =
        found.iter_mut().find(|one| one.kind() == made.kind() && one.first_name == made.first_name);
    match (there, behavior) {
        (None, "" | "create" | "unspecified") => found.push(made),
        (Some(there), "merge") => {
            for field in ["data", "binaryData"] {
                for (key, value) in made.object[field].as_object().into_iter().flatten() {
                    there.object[field][key] = value.clone();
                }
            }
            there.hashed = made.hashed;
        }
        (Some(there), "replace") => {
            there.object["data"] = made.object["data"].clone();
            there.hashed = made.hashed;
        }
        (there, _) => {
            let state = if there.is_some() { "already registered" } else { "does not exist" };
            return Err(CliError::plain(format!(
                "merging from generator: id {}.v1/{} {state}; behavior: {behavior:?}",
                made.kind(),
                made.first_name
            )));
        }
    }
    Ok(())
}
