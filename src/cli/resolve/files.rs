//! Manifests from files, folders, patterns, addresses and standard input.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use machinery::yaml;
use serde_json::Value;

use super::Ask;
use crate::{
    kustomize,
    report::{CliError, io_words},
};

/// One object as it was written.
#[derive(Debug, Clone)]
pub(crate) struct Manifest {
    pub(crate) object: Value,
    /// The file's name, an address, or `STDIN`.
    pub(crate) source: String,
}

/// Reads every object of every file; faults of one file do not keep the others from being read.
pub(crate) async fn read_all(ask: &Ask) -> Result<(Vec<Manifest>, Vec<CliError>), CliError> {
    if !ask.kustomize.is_empty() {
        if !ask.files.is_empty() {
            return Err(CliError::plain("only one of -f or -k can be specified"));
        }
        let objects =
            kustomize::build(&ask.kustomize, kustomize::Settings::default(), &mut kustomize::warn)?;
        let source = ask.kustomize.clone();
        let manifests =
            objects.into_iter().map(|object| Manifest { object, source: source.clone() });
        return Ok((manifests.collect(), Vec::new()));
    }
    let mut manifests = Vec::new();
    let mut errors = Vec::new();
    for name in &ask.files {
        for (source, text) in texts(name, ask.recursive).await? {
            match objects_of(&source, &text, ask.validates) {
                Ok(found) => manifests.extend(found),
                Err(error) => errors.push(error),
            }
        }
    }
    Ok((manifests, errors))
}

/// Refuses paths at which there is nothing.
pub(super) fn check(ask: &Ask) -> Result<(), CliError> {
    let remote = |name: &str| name.starts_with("http://") || name.starts_with("https://");
    for name in &ask.files {
        if name != "-" && !remote(name) && !Path::new(name).exists() {
            existing(name)?;
        }
    }
    Ok(())
}

/// The files that a pattern stands for, which are some.
fn existing(name: &str) -> Result<Vec<PathBuf>, CliError> {
    let found = matching(name);
    if found.is_empty() {
        let text = if name.contains(['*', '?', '[']) {
            format!("the path {name:?} cannot be accessed: pattern matches no file")
        } else {
            format!("the path \"{name}\" does not exist")
        };
        return Err(CliError::plain(text));
    }
    Ok(found)
}

async fn texts(name: &str, recursive: bool) -> Result<Vec<(String, String)>, CliError> {
    if name == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(vec![("STDIN".to_owned(), text)]);
    }
    if name.starts_with("http://") || name.starts_with("https://") {
        return Ok(vec![(name.to_owned(), download(name).await?)]);
    }
    let path = Path::new(name);
    if !path.exists() {
        return existing(name)?.iter().map(|path| read(path)).collect();
    }
    if path.is_dir() {
        let mut files = Vec::new();
        collect(path, recursive, &mut files)?;
        if files.is_empty() {
            let text = format!(
                "error reading [{name}]: recognized file extensions are [.json .yaml .yml]"
            );
            return Err(CliError::plain(text));
        }
        return files.iter().map(|path| read(path)).collect();
    }
    Ok(vec![read(path)?])
}

fn read(path: &Path) -> Result<(String, String), CliError> {
    let shown = path.to_string_lossy().into_owned();
    let bytes = std::fs::read(path).map_err(|error| {
        CliError::plain(format!("the path \"{shown}\" cannot be accessed: {}", io_words(&error)))
    })?;
    Ok((shown, String::from_utf8_lossy(&bytes).into_owned()))
}

fn collect(folder: &Path, recursive: bool, files: &mut Vec<PathBuf>) -> Result<(), CliError> {
    let entries = std::fs::read_dir(folder).map_err(|error| {
        CliError::plain(format!("open {}: {}", folder.display(), io_words(&error)))
    })?;
    let mut paths: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let path = path.strip_prefix("./").map(Path::to_owned).unwrap_or(path);
        if path.is_dir() {
            if recursive {
                collect(&path, true, files)?;
            }
            continue;
        }
        let known = path.extension().is_some_and(|e| e == "json" || e == "yaml" || e == "yml");
        if known {
            files.push(path);
        }
    }
    Ok(())
}

/// Files of one folder that a pattern in the last part of a path fits.
fn matching(pattern: &str) -> Vec<PathBuf> {
    let path = Path::new(pattern);
    let (Some(folder), Some(last)) = (path.parent(), path.file_name()) else { return Vec::new() };
    let last = last.to_string_lossy();
    if !last.contains(['*', '?']) {
        return Vec::new();
    }
    let expression: String = last
        .chars()
        .map(|letter| match letter {
            '*' => "[^/]*".to_owned(),
            '?' => "[^/]".to_owned(),
            letter => regex::escape(&letter.to_string()),
        })
        .collect();
    let Ok(expression) = regex::Regex::new(&format!("^{expression}$")) else { return Vec::new() };
    let shown = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(entries) = std::fs::read_dir(shown) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .filter(|entry| expression.is_match(&entry.file_name().to_string_lossy()))
        .map(|entry| folder.join(entry.file_name()))
        .collect();
    found.sort();
    found
}

async fn download(url: &str) -> Result<String, CliError> {
    let failed = |why: String| CliError::plain(format!("unable to read URL \"{url}\", {why}"));
    let (base, path) =
        match url.find("://").and_then(|at| url.get(at + 3..)?.find('/').map(|p| at + 3 + p)) {
            Some(at) => url.split_at(at),
            None => (url, "/"),
        };
    let transport = client::Transport::tcp(base, &client::TlsSettings::default()).await?;
    let client = client::ClientBuilder::new(transport).user_agent("kubectl").build();
    let request = http::Request::get(path).body(bytes::Bytes::new());
    let request = request.map_err(|error| failed(error.to_string()))?;
    let answer = client.send(request).await?;
    if answer.status() != http::StatusCode::OK {
        let status = answer.status();
        return Err(failed(format!("server reported {status}, status code={}", status.as_u16())));
    }
    let bytes = answer.into_body().bytes().await.map_err(|error| failed(error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The objects of a text: documents, and the items of lists.
fn objects_of(source: &str, text: &str, validates: bool) -> Result<Vec<Manifest>, CliError> {
    let mut found = Vec::new();
    if text.trim_start().starts_with('{') {
        json_objects((source, validates), text, &mut found)?;
    } else {
        for document in yaml::documents(text) {
            let object = yaml::parse(document).map_err(|error| {
                CliError::plain(format!(
                    "error parsing {source}: error converting YAML to JSON: {error}"
                ))
            })?;
            flatten((source, validates), object, &mut found)?;
        }
    }
    Ok(found)
}

fn json_objects(
    (source, validates): (&str, bool),
    text: &str,
    found: &mut Vec<Manifest>,
) -> Result<(), CliError> {
    let stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    for object in stream {
        match object {
            Ok(object) => flatten((source, validates), object, found)?,
            Err(error) => {
                let why = yaml::syntax_error(text).unwrap_or_else(|| error.to_string());
                let text = format!("error parsing {source}: json: line {}: {why}", error.line());
                return Err(CliError::plain(text));
            }
        }
    }
    Ok(())
}

fn flatten(
    (source, validates): (&str, bool),
    object: Value,
    found: &mut Vec<Manifest>,
) -> Result<(), CliError> {
    if object.is_null() {
        return Ok(());
    }
    let refuse = |what: &str| {
        Err(CliError::plain(format!(
            "unable to decode \"{source}\": Object '{what}' is missing in '{}'",
            yaml::compact(&object)
        )))
    };
    if !object.is_object() {
        return Err(CliError::plain(format!(
            "unable to decode \"{source}\": json: cannot unmarshal {} into Go value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }}",
            if object.is_string() {
                "string"
            } else if object.is_array() {
                "array"
            } else {
                "value"
            }
        )));
    }
    let missing = |field: &str| object[field].as_str().unwrap_or_default().is_empty();
    let unset: Vec<String> = ["apiVersion", "kind"]
        .into_iter()
        .filter(|field| missing(field) && (*field == "kind" || object.get(field).is_none()))
        .map(|field| format!("{field} not set"))
        .collect();
    if validates && !unset.is_empty() {
        let what = if unset.len() > 1 { format!("[{}]", unset.join(", ")) } else { unset.concat() };
        return Err(CliError::plain(format!(
            "error validating \"{source}\": error validating data: {what}; if you choose to ignore \
             these errors, turn validation off with --validate=false"
        )));
    }
    if missing("kind") {
        return refuse("Kind");
    }
    if missing("apiVersion") {
        return refuse("apiVersion");
    }
    let kind = object["kind"].as_str().unwrap_or_default();
    if kind.ends_with("List")
        && let Some(items) = object["items"].as_array()
    {
        let items = items.clone();
        return items.into_iter().try_for_each(|item| flatten((source, validates), item, found));
    }
    found.push(Manifest { object, source: source.to_owned() });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_and_lists_become_objects() {
        let text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: A}\n---\n# none\n---\napiVersion: v1\nkind: B\n";
        let found = objects_of("f", text, true).unwrap();
        let kinds: Vec<_> = found.iter().map(|m| m.object["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["A", "B"]);
        let json = objects_of(
            "f",
            "{\"apiVersion\":\"v1\",\"kind\":\"A\"}\n{\"apiVersion\":\"v1\",\"kind\":\"B\"}",
            true,
        )
        .unwrap();
        assert_eq!(json.len(), 2);
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let refusal = |text| objects_of("f.yaml", text, true).unwrap_err().to_string();
        assert_eq!(
            refusal("a: b: c"),
            "error parsing f.yaml: error converting YAML to JSON: yaml: mapping values are not allowed in this context"
        );
        assert!(refusal("a: b").contains(": [apiVersion not set, kind not set];"));
        assert!(refusal("apiVersion: v1").contains(": kind not set;"));
        let bare = objects_of("f.yaml", "a: b", false).unwrap_err().to_string();
        assert_eq!(
            bare,
            "unable to decode \"f.yaml\": Object 'Kind' is missing in '{\"a\":\"b\"}'"
        );
    }
}
