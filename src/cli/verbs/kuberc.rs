//! `kuberc view` and `kuberc set`: the file of preferences.

use std::{fs, io::Write as _, path::Path};

use machinery::yaml;
use serde_json::{Value, json};

use super::create;
use crate::{
    args::Parsed,
    context::Context,
    preferences::{self, Place},
    print,
    report::{CliError, io_words},
};

fn place_of(parsed: &Parsed) -> Result<Place, CliError> {
    let off = || CliError::plain("KUBERC is disabled via KUBERC=off environment variable");
    preferences::place(parsed.text("kuberc")).map_err(CliError::plain)?.ok_or_else(off)
}

/// What is in the file; `None` where it is not there.
fn read(place: &Place) -> Result<Option<Value>, CliError> {
    match preferences::read(place) {
        Ok(found) => Ok(Some(found.map_or_else(empty, |found| found.preference))),
        Err(why) if why.is_missing => Ok(None),
        Err(why) => Err(CliError::plain(format!("error reading kuberc file: {}", why.words))),
    }
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
    let place = place_of(&parsed)?;
    if let Some(preference) = read(&place)? {
        return print::printer(&parsed, print::TEMPLATES)?.print(cx, &complete(preference));
    }
    let missing = format!("kuberc file not found at {}", place.path.display());
    if place.is_named {
        return Err(CliError::plain(missing));
    }
    cx.say(&missing)?;
    let question =
        "Would you like to generate a default kuberc file with recommended options? (y/N): ";
    cx.out(question)?;
    cx.flush();
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if !answer.trim().eq_ignore_ascii_case("y") {
        return Ok(());
    }
    let option = |command: &str, name: &str| json!({"command": command, "options": [{"name": name, "default": "true"}]});
    let mut recommended = empty();
    recommended["defaults"] =
        json!([option("apply", "server-side"), option("delete", "interactive")]);
    write(cx, &place.path, recommended)
}

#[expect(clippy::unused_async, reason = "verbs are called the same way")]
pub(crate) async fn set(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    create::require(&parsed, &["section"])?;
    let place = place_of(&parsed)?;
    check(&parsed)?;
    let mut preference = complete(read(&place)?.unwrap_or_else(empty));
    let options = options(&parsed)?;
    match parsed.text("section") {
        "defaults" => put(&mut preference, Section::Defaults, options, &parsed)?,
        "aliases" => put(&mut preference, Section::Aliases, options, &parsed)?,
        _ => policy(&mut preference, &parsed)?,
    }
    write(cx, &place.path, preference)
}

/// What can be told of the flags alone.
fn check(parsed: &Parsed) -> Result<(), CliError> {
    let section = parsed.text("section");
    let (defaults, aliases) = (section == "defaults", section == "aliases");
    let plugins = section == "credentialplugin";
    let given = |flag: &str| !parsed.text(flag).is_empty();
    let listed = |flag: &str| !parsed.list(flag).is_empty();
    let policy = parsed.text("policy");
    let open = matches!(policy, "AllowAll" | "DenyAll");
    let refused = [
        (
            !defaults && !aliases && !plugins,
            format!(
                "--section must be \"defaults\", \"aliases\", or \"credentialplugin\", got: {section}"
            ),
        ),
        (aliases && !given("name"), "--name is required when --section=aliases".into()),
        (
            defaults && given("name"),
            "--name should not be specified when --section=defaults".into(),
        ),
        (
            defaults && (listed("prependarg") || listed("appendarg")),
            "--prependarg and --appendarg are only valid for --section=aliases".into(),
        ),
        (
            !plugins && !given("command"),
            "--command is required when --section=aliases or --section=defaults".into(),
        ),
        (
            plugins && policy.is_empty(),
            "--policy is required when --section=credentialplugin".into(),
        ),
        (
            plugins && open && listed("allowlist-entry"),
            "--allowlist-entry may only be used when --section=credentialplugin and \
             --policy=Allowlist"
                .into(),
        ),
        (
            plugins && policy == "Allowlist" && !listed("allowlist-entry"),
            "--allowlist-entry is required when --section=credentialplugin and --policy=Allowlist"
                .into(),
        ),
        (
            plugins && !open && policy != "Allowlist",
            format!(
                " --policy must be  \"AllowAll\", \"DenyAll\", or \"Allowlist\", got: {policy}"
            ),
        ),
    ];
    let found = refused.into_iter().find(|(wrong, _)| *wrong);
    found.map_or(Ok(()), |(_, words)| Err(CliError::plain(words)))
}

fn options(parsed: &Parsed) -> Result<Vec<Value>, CliError> {
    let one = |option: &String| {
        let parts = option.split_once('=');
        let (name, value) = parts.ok_or_else(|| {
            CliError::plain(format!("invalid option format {option:?}, expected flag=value"))
        })?;
        Ok(json!({"name": name.trim_start_matches('-'), "default": value}))
    };
    parsed.list("option").iter().map(one).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Defaults,
    Aliases,
}

/// Adds an entry, or puts it in the place of one of the same name: what is not given stays as it was.
fn put(
    preference: &mut Value,
    section: Section,
    options: Vec<Value>,
    parsed: &Parsed,
) -> Result<(), CliError> {
    let (list, key, name) = match section {
        Section::Defaults => ("defaults", "command", parsed.text("command")),
        Section::Aliases => ("aliases", "name", parsed.text("name")),
    };
    let mut entry = json!({"command": parsed.text("command")});
    entry[key] = name.into();
    let mut lists = vec![("options", options)];
    if section == Section::Aliases {
        for (field, flag) in [("prependArgs", "prependarg"), ("appendArgs", "appendarg")] {
            lists.push((field, parsed.list(flag).into_iter().map(Value::from).collect()));
        }
    }
    let known = preference[list].as_array_mut();
    let known = known.ok_or_else(|| CliError::plain(format!("{list} is no list")))?;
    let old = known.iter().position(|old| old[key] == name);
    for (field, items) in lists {
        let before = old.map(|at| known[at][field].clone()).filter(|before| !before.is_null());
        match before.filter(|_| items.is_empty()) {
            Some(before) => entry[field] = before,
            None if !items.is_empty() => entry[field] = items.into(),
            None if section == Section::Defaults => entry[field] = Value::Null,
            None => {}
        }
    }
    let Some(at) = old else {
        known.push(entry);
        return Ok(());
    };
    if !parsed.is("overwrite") {
        return Err(CliError::plain(match section {
            Section::Defaults => {
                format!("defaults for command {name:?} already exist, use --overwrite to replace")
            }
            Section::Aliases => {
                format!("alias {name:?} already exists, use --overwrite to replace")
            }
        }));
    }
    known[at] = entry;
    Ok(())
}

fn policy(preference: &mut Value, parsed: &Parsed) -> Result<(), CliError> {
    let (mut allowed, mut faults) = (Vec::new(), Vec::new());
    let entries = parsed.list("allowlist-entry");
    for pair in entries.iter().flat_map(|entry| entry.split(',')) {
        match pair.split_once('=') {
            None => faults.push(format!("improperly formatted allowlist entry: {pair:?}")),
            Some(("name", _)) => faults.push(
                "allowlist entry field \"name\" is deprecated, use \"command\" instead".to_owned(),
            ),
            Some(("command", value)) if value.trim().is_empty() => {
                faults.push("empty value in allowlist entry for field \"command\"".to_owned());
            }
            Some(("command", value)) => allowed.push(json!({"command": value})),
            Some((field, _)) => {
                faults.push(format!("unrecognized allowlist entry field: {field:?}"));
            }
        }
    }
    match faults.as_slice() {
        [] => {}
        [one] => return Err(CliError::plain(one)),
        all => return Err(CliError::plain(format!("[{}]", all.join(", ")))),
    }
    preference["credentialPluginPolicy"] = parsed.text("policy").into();
    let fields = machinery::meta::as_object(preference);
    // Another policy's list would make the file one that no kubectl takes.
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
