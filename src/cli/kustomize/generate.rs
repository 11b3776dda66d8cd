//! Generators of config maps and secrets.
//! Source: kustomize, `api/internal/generators` and `api/kv`.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};

use super::{
    Built,
    document::{Generator, Options},
    fault,
    loader::Loader,
    resource::{Behavior, Resource},
    within,
};

/// Longer texts of base64 are broken into lines of so many characters.
const LINE: usize = 70;

/// Makes the object of a generator.
pub(super) fn one(
    generator: &Generator,
    kind: &str,
    loader: &Loader,
    common: Option<&Options>,
) -> Built<Resource> {
    if generator.name.is_empty() {
        return Err(fault("a configmap must have a name"));
    }
    let mut object =
        json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": generator.name}});
    if !generator.namespace.is_empty() {
        object["metadata"]["namespace"] = generator.namespace.as_str().into();
    }
    if kind == "Secret" {
        let known = if generator.kind.is_empty() { "Opaque" } else { &generator.kind };
        object["type"] = known.into();
    }
    fill(&mut object, pairs(generator, loader)?)?;
    let options = together(generator.options.as_ref(), common);
    for (field, pairs) in [("labels", &options.labels), ("annotations", &options.annotations)] {
        for (key, value) in pairs {
            object["metadata"][field][key] = value.as_str().into();
        }
    }
    if options.immutable {
        object["immutable"] = true.into();
    }
    let mut made = Resource::new(object);
    made.hashed = !options.disable_name_suffix_hash;
    made.behavior = Behavior::read(&generator.behavior);
    Ok(made)
}

/// A generator's own options; the common ones where it says nothing.
fn together(own: Option<&Options>, common: Option<&Options>) -> Options {
    let mut options = own.cloned().unwrap_or_default();
    let Some(common) = common else { return options };
    for (key, value) in &common.labels {
        options.labels.entry(key.clone()).or_insert_with(|| value.clone());
    }
    for (key, value) in &common.annotations {
        options.annotations.entry(key.clone()).or_insert_with(|| value.clone());
    }
    options.disable_name_suffix_hash |= common.disable_name_suffix_hash;
    options.immutable |= common.immutable;
    options
}

type Pair = (String, Vec<u8>);

fn fill(object: &mut Value, pairs: Vec<Pair>) -> Built<()> {
    let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let (mut texts, mut binaries) = (Map::new(), Map::new());
    for (key, bytes) in pairs {
        if texts.contains_key(&key) || binaries.contains_key(&key) {
            return Err(fault(format!("configmap {name} illegally repeats the key `{key}`")));
        }
        if object["kind"] == "Secret" {
            texts.insert(key, encoded(&bytes).into());
            continue;
        }
        match String::from_utf8(bytes) {
            Ok(value) => texts.insert(key, value.into()),
            Err(error) => binaries.insert(key, encoded(error.as_bytes()).into()),
        };
    }
    for (field, values) in [("data", texts), ("binaryData", binaries)] {
        if !values.is_empty() {
            object[field] = values.into();
        }
    }
    Ok(())
}

fn encoded(bytes: &[u8]) -> String {
    let whole: Vec<char> = BASE64_STANDARD.encode(bytes).chars().collect();
    let lines: Vec<String> = whole.chunks(LINE).map(|line| line.iter().collect()).collect();
    let mut text = lines.join("\n");
    if lines.len() > 1 || whole.len() == LINE {
        text.push('\n');
    }
    text
}

fn pairs(generator: &Generator, loader: &Loader) -> Built<Vec<Pair>> {
    let mut found = Vec::new();
    let list = |items: &[String]| format!("[{}]", items.join(" "));
    let said = |what: &str, items: &[String]| format!("loading KV pairs: {what} {}", list(items));
    within(&said("env source files:", &generator.envs), || {
        generator.envs.iter().try_for_each(|path| env_file(&loader.load(path)?, &mut found))
    })?;
    within(&said("literal sources", &generator.literals), || {
        generator.literals.iter().try_for_each(|source| {
            found.push(literal(source)?);
            Ok(())
        })
    })?;
    within(&said("file sources:", &generator.files), || {
        generator.files.iter().try_for_each(|source| {
            let (key, path) = file(source)?;
            found.push((key, loader.load(&path)?));
            Ok(())
        })
    })?;
    Ok(found)
}

fn env_file(bytes: &[u8], found: &mut Vec<Pair>) -> Built<()> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    for line in bytes.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Ok(text) = std::str::from_utf8(line) else {
            let shown: Vec<String> = line.iter().map(ToString::to_string).collect();
            let lossy = String::from_utf8_lossy(line);
            return Err(fault(format!(
                "line [{}] has invalid utf8 bytes : {lossy}",
                shown.join(" ")
            )));
        };
        let text = text.trim_start();
        if !text.is_empty() && !text.starts_with('#') {
            let (key, value) = text.split_once('=').unwrap_or((text, ""));
            found.push((key.to_owned(), value.as_bytes().to_vec()));
        }
    }
    Ok(())
}

fn literal(source: &str) -> Built<Pair> {
    let Some((key, value)) = source.split_once('=').filter(|(key, _)| !key.is_empty()) else {
        return Err(fault(format!("invalid literal source {source}, expected key=value")));
    };
    let bare = ['"', '\'']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(value);
    Ok((key.to_owned(), bare.as_bytes().to_vec()))
}

fn file(source: &str) -> Built<(String, String)> {
    let Some((key, path)) = source.split_once('=') else {
        let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        return Ok((name.to_owned(), source.to_owned()));
    };
    let why = match (key, path) {
        (_, path) if path.contains('=') => {
            format!("source {source:?} key name or file path contains '='")
        }
        ("", path) => format!("missing key name for file path {path:?} in source {source:?}"),
        (key, "") => format!("missing file path for key name {key:?} in source {source:?}"),
        (key, path) => return Ok((key.to_owned(), path.to_owned())),
    };
    Err(fault(why))
}
