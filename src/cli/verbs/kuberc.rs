//! `kuberc view` and `kuberc set`: the file of preferences.

use std::{fs, io::Write as _, path::Path};

use machinery::yaml;
use serde_json::{Value, json};

use crate::{
    args::Parsed,
    context::Context,
    preferences, print,
    report::{CliError, io_words},
};

fn path_of(parsed: &Parsed) -> Result<std::path::PathBuf, CliError> {
    let off = || CliError::plain("kuberc is disabled via KUBERC=off or KUBECTL_KUBERC=false");
    preferences::path(parsed.text("kuberc")).ok_or_else(off)
}

/// A preference with the lists that every one has.
fn complete(mut preference: Value) -> Value {
    for list in ["aliases", "defaults"] {
        if preference[list].is_null() {
            preference[list] = json!([]);
        }
    }
    preference
}

fn empty() -> Value {
    json!({"apiVersion": preferences::VERSION, "kind": "Preference"})
}

#[expect(clippy::unused_async, reason = "verbs are called the same way")]
pub(crate) async fn view(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let path = path_of(&parsed)?;
    if let Some(preference) = preferences::read(&path)? {
        return print::printer(&parsed, print::TEMPLATES)?.print(cx, &complete(preference));
    }
    cx.say(&format!("kuberc file not found at {}", path.display()))?;
    let question =
        "Would you like to generate a default kuberc file with recommended options? (y/N): ";
    cx.out(question)?;
    cx.flush();
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if !matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(());
    }
    let option = |command: &str, name: &str| json!({"command": command, "options": [{"name": name, "default": "true"}]});
    let mut recommended = empty();
    recommended["defaults"] =
        json!([option("apply", "server-side"), option("delete", "interactive")]);
    write(cx, &path, recommended)
}

#[expect(clippy::unused_async, reason = "verbs are called the same way")]
pub(crate) async fn set(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    if parsed.text("section").is_empty() {
        return Err(CliError::plain("--section is required"));
    }
    let path = path_of(&parsed)?;
    let mut preference = complete(preferences::read(&path)?.unwrap_or_else(empty));
    match parsed.text("section") {
        "defaults" => put(&mut preference, "defaults", entry(&parsed, false)?, &parsed)?,
        "aliases" => put(&mut preference, "aliases", entry(&parsed, true)?, &parsed)?,
        "credentialplugin" => policy(&mut preference, &parsed)?,
        other => {
            return Err(CliError::plain(format!(
                "invalid section {other:?}: must be one of 'defaults', 'aliases' or 'credentialplugin'"
            )));
        }
    }
    write(cx, &path, preference)
}

/// The entry that the command line describes.
fn entry(parsed: &Parsed, alias: bool) -> Result<Value, CliError> {
    let command = parsed.text("command");
    if command.is_empty() {
        return Err(CliError::plain("--command is required"));
    }
    let mut options = Vec::new();
    for option in parsed.list("option") {
        let Some((name, value)) = option.split_once('=').filter(|(name, _)| !name.is_empty())
        else {
            let text = format!("invalid option format {option:?}, expected flag=value");
            return Err(CliError::plain(text));
        };
        options.push(json!({"name": name.trim_start_matches('-'), "default": value}));
    }
    let mut entry = json!({"command": command});
    if !options.is_empty() || !alias {
        entry["options"] = options.into();
    }
    let (before, after) = (parsed.list("prependarg"), parsed.list("appendarg"));
    if !alias {
        if !parsed.text("name").is_empty() || !before.is_empty() || !after.is_empty() {
            let text = "--name, --prependarg and --appendarg are only valid for --section=aliases";
            return Err(CliError::plain(text));
        }
        return Ok(entry);
    }
    if parsed.text("name").is_empty() {
        return Err(CliError::plain("--name is required for --section=aliases"));
    }
    entry["name"] = parsed.text("name").into();
    for (key, words) in [("prependArgs", before), ("appendArgs", after)] {
        if !words.is_empty() {
            entry[key] = words.into();
        }
    }
    Ok(entry)
}

fn put(
    preference: &mut Value,
    section: &str,
    entry: Value,
    parsed: &Parsed,
) -> Result<(), CliError> {
    let key = if section == "aliases" { "name" } else { "command" };
    let Some(list) = preference[section].as_array_mut() else {
        return Err(CliError::plain(format!("{section} of the kuberc file is no list")));
    };
    let Some(old) = list.iter_mut().find(|old| old[key] == entry[key]) else {
        list.push(entry);
        return Ok(());
    };
    if !parsed.is("overwrite") {
        let what = if section == "aliases" { "alias" } else { "default for command" };
        let name = entry[key].as_str().unwrap_or_default();
        let text = format!("{what} {name:?} already exists, use --overwrite to replace it");
        return Err(CliError::plain(text));
    }
    *old = entry;
    Ok(())
}

fn policy(preference: &mut Value, parsed: &Parsed) -> Result<(), CliError> {
    let policy = parsed.text("policy");
    if !matches!(policy, "AllowAll" | "DenyAll" | "Allowlist") {
        let text = "--policy must be one of 'AllowAll', 'DenyAll' or 'Allowlist'";
        return Err(CliError::plain(text));
    }
    let mut allowed = Vec::new();
    for entry in parsed.list("allowlist-entry") {
        let Some((field, value)) = entry.split_once('=') else {
            let text = format!("invalid allowlist entry {entry:?}, expected field=value");
            return Err(CliError::plain(text));
        };
        allowed.push(json!({field: value}));
    }
    preference["credentialPluginPolicy"] = policy.into();
    let fields = machinery::meta::as_object(preference);
    if allowed.is_empty() {
        fields.remove("credentialPluginAllowlist");
    } else {
        fields.insert("credentialPluginAllowlist".into(), allowed.into());
    }
    Ok(())
}

/// Writes the file beside its place and moves it there, so that nobody reads half of it.
fn write(cx: &Context, path: &Path, preference: Value) -> Result<(), CliError> {
    let failed = |error: std::io::Error| {
        CliError::plain(format!("open {}: {}", path.display(), io_words(&error)))
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let mut text = yaml::to_string(&complete(preference));
    for other in preferences::others(&path.to_owned()) {
        text.push_str("---\n");
        text.push_str(other.trim_start_matches("---").trim_start_matches('\n'));
    }
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    cx.say(&format!("Updated {}", path.display()))
}
