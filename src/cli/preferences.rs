//! The file of a user's preferences: options that commands have by default, and names of the user's own
//! for commands. Source: Kubernetes documentation, "Kubectl user preferences (kuberc)".

use std::{env, fs, io, path::PathBuf};

use machinery::yaml;
use serde_json::{Value, json};

use crate::{flags::Flag, report::CliError, verbs};

/// The version in which the file is written.
pub(crate) const VERSION: &str = "kubectl.config.k8s.io/v1beta1";
const OLD_VERSION: &str = "kubectl.config.k8s.io/v1alpha1";

/// Where the file is, as the command line, the environment or the home says; `None`: it is off.
pub(crate) fn path(given: &str) -> Option<PathBuf> {
    if env::var("KUBECTL_KUBERC").is_ok_and(|text| text == "false") {
        return None;
    }
    let named =
        if given.is_empty() { env::var("KUBERC").unwrap_or_default() } else { given.into() };
    match named.as_str() {
        "off" => None,
        "" => Some(crate::context::home()?.join(".kube").join("kuberc")),
        named => Some(named.into()),
    }
}

/// What is in the file; `None` where there is none.
///
/// Errors: it cannot be read or is no preference.
pub(crate) fn read(path: &PathBuf) -> Result<Option<Value>, CliError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let why = crate::report::io_words(&error);
            return Err(CliError::plain(format!("open {}: {why}", path.display())));
        }
    };
    let mut ours = false;
    for document in yaml::documents(&text) {
        let value = yaml::parse(document).map_err(|error| {
            CliError::plain(format!("error loading kuberc {}: {error}", path.display()))
        })?;
        match (value["apiVersion"].as_str(), value["kind"].as_str()) {
            (Some(VERSION), Some("Preference")) => return Ok(Some(value)),
            (Some(OLD_VERSION), Some("Preference")) => return Ok(Some(renewed(value))),
            _ => ours |= crate::confirm::is_ours(&value) || value.is_null(),
        }
    }
    if ours {
        return Ok(None);
    }
    let why = "no kind \"Preference\" of a known version in it";
    Err(CliError::plain(format!("error loading kuberc {}: {why}", path.display())))
}

/// The documents of the file that are no preferences, as they are.
pub(crate) fn others(path: &PathBuf) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let ours = |one: &&str| yaml::parse(one).is_ok_and(|value| crate::confirm::is_ours(&value));
    yaml::documents(&text).into_iter().filter(ours).map(str::to_owned).collect()
}

/// The file of before in today's words.
fn renewed(mut old: Value) -> Value {
    let options = |mut entry: Value| {
        let flags = entry["flags"].take();
        entry["options"] = flags;
        entry
    };
    let each = |list: Value| -> Value {
        let items = list.as_array().cloned().unwrap_or_default();
        items.into_iter().map(options).collect()
    };
    json!({
        "apiVersion": VERSION, "kind": "Preference",
        "defaults": each(old["overrides"].take()), "aliases": each(old["aliases"].take()),
    })
}

/// The words of a command line with the user's preferences.
pub(crate) fn applied(words: Vec<String>) -> Result<Vec<String>, CliError> {
    // What answers about the command line itself, and the file's own commands, go without.
    let first = words.iter().find(|word| !word.starts_with('-'));
    if first.is_none_or(|word| word.starts_with("__") || word == "kuberc" || word == "help") {
        return Ok(words);
    }
    let Some(path) = path(given(&words)) else { return Ok(words) };
    let Some(preference) = read(&path)? else { return Ok(words) };
    Ok(expand(&preference, words))
}

/// The file that the command line names.
fn given(words: &[String]) -> &str {
    let before = words.iter().take_while(|word| *word != "--").enumerate();
    let mut found = "";
    for (at, word) in before {
        if let Some(value) = word.strip_prefix("--kuberc=") {
            found = value;
        } else if word == "--kuberc" {
            found = words.get(at + 1).map_or("", String::as_str);
        }
    }
    found
}

fn expand(preference: &Value, words: Vec<String>) -> Vec<String> {
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let list = |entry: &Value, key: &str| -> Vec<String> {
        let items = entry[key].as_array().into_iter().flatten();
        items.filter_map(|item| Some(item.as_str()?.to_owned())).collect()
    };
    let entries = |key: &str| preference[key].as_array().cloned().unwrap_or_default();
    let (path, _) = verbs::path_of(&words);
    let first = words.iter().find(|word| !word.starts_with('-'));
    let ours = verbs::entry(&path).is_some_and(verbs::Verb::ours);
    let renamed = entries("aliases").iter().any(|one| Some(&text(one, "name")) == first);
    // Names that users chose go before the commands that we have beyond kubectl's.
    if !(path.is_empty() || ours && renamed) {
        let default = entries("defaults").into_iter().find(|entry| text(entry, "command") == path);
        let Some(default) = default else { return words };
        let missing = options(&default, &words, &verbs::flags_at(&path));
        return [missing, words].concat();
    }
    let Some(at) = words.iter().position(|word| !word.starts_with('-')) else { return words };
    let Some(name) = words.get(at) else { return words };
    let Some(alias) = entries("aliases").into_iter().find(|one| text(one, "name") == *name) else {
        return words;
    };
    let command = text(&alias, "command");
    let flags = verbs::flags_at(&command);
    let mut out: Vec<String> = words.iter().take(at).cloned().collect();
    out.extend(command.split_whitespace().map(str::to_owned));
    out.extend(list(&alias, "prependArgs"));
    out.extend(options(&alias, &words, &flags));
    out.extend(words.into_iter().skip(at + 1));
    out.extend(list(&alias, "appendArgs"));
    out
}

/// The options of an entry that the user did not give.
fn options(entry: &Value, words: &[String], flags: &[Flag]) -> Vec<String> {
    let options = entry["options"].as_array().into_iter().flatten();
    let named = options.filter_map(|one| Some((one["name"].as_str()?, one["default"].as_str()?)));
    let absent = named.filter(|(name, _)| {
        let letter = flags.iter().find(|flag| flag.name == *name).and_then(|flag| flag.letter);
        !is_given(name, letter, words)
    });
    absent.map(|(name, value)| format!("--{name}={value}")).collect()
}

fn is_given(name: &str, letter: Option<char>, words: &[String]) -> bool {
    words.iter().take_while(|word| *word != "--").any(|word| {
        if let Some(long) = word.strip_prefix("--") {
            return long.split('=').next() == Some(name);
        }
        let short = word.strip_prefix('-').unwrap_or_default();
        letter.is_some_and(|letter| short.split('=').next().unwrap_or_default().contains(letter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines_get_what_the_user_prefers() {
        let preference = yaml::parse(
            "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n\
             defaults:\n- command: get\n  options: [{name: output, default: wide}]\n\
             - command: rollout status\n  options: [{name: timeout, default: 5s}]\n\
             aliases:\n- {name: getn, command: get, prependArgs: [node], options: [{name: output, default: json}]}\n\
             - {name: runx, command: run, options: [{name: image, default: nginx}], appendArgs: [--, sleep]}\n\
             - {name: get, command: delete}\n",
        )
        .unwrap();
        for (given, want) in [
            ("get pods", "--output=wide get pods"),
            ("get pods -o yaml", "get pods -o yaml"),
            ("get pods -oyaml", "get pods -oyaml"),
            ("get pods --output=yaml", "get pods --output=yaml"),
            ("-n x get pods", "--output=wide -n x get pods"),
            ("rollout status deploy/a", "--timeout=5s rollout status deploy/a"),
            ("describe pods", "describe pods"),
            ("getn a", "get node --output=json a"),
            ("getn a -o name", "get node a -o name"),
            ("runx p", "run --image=nginx p -- sleep"),
            ("nothing at all", "nothing at all"),
        ] {
            let words = given.split(' ').map(str::to_owned).collect();
            assert_eq!(expand(&preference, words).join(" "), want, "{given}");
        }
    }

    #[test]
    fn files_of_before_are_read() {
        let old = json!({
            "apiVersion": OLD_VERSION, "kind": "Preference",
            "overrides": [{"command": "get", "flags": [{"name": "output", "default": "wide"}]}],
        });
        let words = vec!["get".to_owned(), "pods".to_owned()];
        assert_eq!(expand(&renewed(old), words).join(" "), "--output=wide get pods");
    }

    #[test]
    fn the_file_may_be_named() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(given(&words("get pods --kuberc=/a")), "/a");
        assert_eq!(given(&words("get --kuberc /b pods")), "/b");
        assert_eq!(given(&words("exec p -- x --kuberc=/c")), "");
    }
}
