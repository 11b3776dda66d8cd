//! The file of a user's preferences: options that commands have by default, and names of the user's own
//! for commands. Source: Kubernetes documentation, "Kubectl user preferences (kuberc)", and
//! `k8s.io/kubectl/pkg/kuberc`.

mod file;
mod plugins;

pub(crate) use file::{Place, VERSION, others, place, read};
use plugins::Policy;
use serde_json::Value;

use crate::{flags::Flag, report::CliError, verbs};

/// Says something on stderr, as it is.
type Tell<'t> = &'t dyn Fn(&str);

/// The words of a command line with the user's preferences.
///
/// Errors: the preferences contradict themselves, or a file that was named is of no use.
pub(crate) fn applied(
    program: &str,
    words: Vec<String>,
    tell: Tell<'_>,
) -> Result<Vec<String>, CliError> {
    // What answers about the command line itself, and the file's own commands, go without.
    let first = words.iter().find(|word| !word.starts_with('-'));
    if first.is_none_or(|word| word.starts_with("__") || word == "kuberc" || word == "help") {
        return Ok(words);
    }
    let expanded = given(&words).and_then(|named| {
        let Some(preference) = loaded(named, tell)? else { return Ok(None) };
        check(&preference)?;
        expand(&preference, program, &words, tell)
    });
    match expanded {
        Ok(None) => Ok(words),
        Ok(Some(expanded)) => Ok(expanded),
        Err(why) => Err(CliError::Words {
            text: format!("error occurred while applying preferences {why}\n"),
            code: 1,
        }),
    }
}

/// Why a program that gives credentials may not be asked; `None` where it may. Nobody knows what a file
/// that is of no use forbids, so that it forbids all.
pub(crate) fn refused_plugin(named: &str, command: &str) -> Option<String> {
    match loaded(named, &|_| {}) {
        Ok(Some(preference)) => {
            let policy = Policy::of(&preference);
            policy.fault().or_else(|| policy.refusal(command))
        }
        Ok(None) => None,
        Err(why) => Some(why),
    }
}

/// What the file says. One that nobody named may be of no use.
fn loaded(named: &str, tell: Tell<'_>) -> Result<Option<Value>, String> {
    let Some(place) = place(named).map_err(|error| format!("kuberc error {error}"))? else {
        return Ok(None);
    };
    let path = place.path.display();
    match read(&place) {
        Ok(None) => Ok(None),
        Ok(Some(found)) => {
            if !found.strange.is_empty() {
                let why = found.strange.join(", ");
                tell(&format!(
                    "kuberc: ignoring strict decoding error in {path}: strict decoding error: {why}"
                ));
            }
            Ok(Some(found.preference))
        }
        Err(why) if place.is_named => Err(format!("kuberc error kuberc: {}", why.words)),
        Err(why) if why.is_missing => Ok(None),
        Err(why) => {
            tell(&format!("kuberc: no preferences loaded from {path}: {}", why.words));
            Ok(None)
        }
    }
}

/// The file that the command line names; empty where it names none.
fn given(words: &[String]) -> Result<&str, String> {
    let missing = || "kuberc file is not found".to_owned();
    for (at, word) in words.iter().take_while(|word| *word != "--").enumerate() {
        if word == "--kuberc" {
            return words.get(at + 1).map(String::as_str).ok_or_else(missing);
        }
        if let Some(value) = word.strip_prefix("--kuberc=") {
            return Some(value).filter(|value| !value.is_empty()).ok_or_else(missing);
        }
    }
    Ok("")
}

fn text<'e>(entry: &'e Value, key: &str) -> &'e str {
    entry[key].as_str().unwrap_or_default()
}

fn entries<'e>(of: &'e Value, key: &str) -> &'e [Value] {
    of[key].as_array().map_or(&[], Vec::as_slice)
}

/// Refuses what contradicts itself.
fn check(preference: &Value) -> Result<(), String> {
    let dashed = |entry: &Value| {
        let names = entries(entry, "options").iter().map(|option| text(option, "name").to_owned());
        let found = names.into_iter().find(|name| name.starts_with('-'));
        found.map_or(Ok(()), |name| {
            Err(format!("flag name {name} should be in long form without dashes"))
        })
    };
    let mut names = Vec::new();
    for alias in entries(preference, "aliases") {
        let name = text(alias, "name");
        if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_alphabetic()) {
            return Err("invalid alias name, can only include alphabetical characters".into());
        }
        dashed(alias)?;
        if names.contains(&name) {
            return Err(format!("duplicate alias name {name}"));
        }
        names.push(name);
    }
    entries(preference, "defaults").iter().try_for_each(dashed)?;
    Policy::of(preference).fault().map_or(Ok(()), Err)
}

/// The words with defaults, or with what an alias stands for; `None` where nothing changes.
fn expand(
    preference: &Value,
    program: &str,
    words: &[String],
    tell: Tell<'_>,
) -> Result<Option<Vec<String>>, String> {
    let (path, _) = verbs::path_of(words);
    let first = words.iter().find(|word| !word.starts_with('-'));
    let ours = verbs::entry(&path).is_some_and(verbs::Verb::ours);
    let aliases = entries(preference, "aliases");
    let renamed = aliases.iter().any(|one| first.is_some_and(|word| text(one, "name") == word));
    // Names that users chose go before the commands that we have beyond kubectl's.
    if !(path.is_empty() || ours && renamed) {
        return with_defaults(preference, &path, words, tell).map(Some);
    }
    let Some(at) = words.iter().position(|word| !word.starts_with('-')) else { return Ok(None) };
    let Some(alias) = aliases.iter().find(|one| text(one, "name") == words[at]) else {
        return Ok(None);
    };
    let name = text(alias, "name");
    let command: Vec<String> =
        text(alias, "command").split_whitespace().map(str::to_owned).collect();
    let (path, _) = verbs::path_of(&command);
    if path.is_empty() {
        let (whole, rest) = (text(alias, "command"), command.join(" "));
        return Err(format!("command {whole:?} not found to set alias {name:?}: [{rest}]"));
    }
    if entries(preference, "defaults").iter().any(|one| text(one, "command") == name) {
        return Err(format!("alias {name} can not be overridden"));
    }
    let flags = verbs::flags_at(&path);
    let known = |option: &str| flags.iter().any(|flag| flag.name == option);
    let unknown = entries(alias, "options").iter().find(|one| !known(text(one, "name")));
    if let Some(option) = unknown {
        return Err(format!("invalid alias flag {} in alias {program}", text(option, "name")));
    }
    let list = |key: &str| -> Vec<String> {
        entries(alias, key).iter().filter_map(|item| Some(item.as_str()?.to_owned())).collect()
    };
    let (before, after) = (&words[..at], &words[at + 1..]);
    let options = options(alias, words, &flags);
    Ok(Some(
        [before, &command, &list("prependArgs"), &options, after, &list("appendArgs")].concat(),
    ))
}

fn with_defaults(
    preference: &Value,
    path: &str,
    words: &[String],
    tell: Tell<'_>,
) -> Result<Vec<String>, String> {
    let mut before = Vec::new();
    for default in entries(preference, "defaults") {
        let command = text(default, "command");
        let named: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        let (of, _) = verbs::path_of(&named);
        if of.is_empty() {
            tell(&format!("Warning: command {command:?} not found to set kuberc override\n"));
            continue;
        }
        if of != path {
            continue;
        }
        let flags = verbs::flags_at(path);
        let known = |option: &str| flags.iter().any(|flag| flag.name == option);
        let unknown = entries(default, "options").iter().find(|one| !known(text(one, "name")));
        if let Some(option) = unknown {
            return Err(format!("invalid flag {} for command {command}", text(option, "name")));
        }
        before.extend(options(default, words, &flags));
    }
    before.extend_from_slice(words);
    Ok(before)
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
    use machinery::yaml;
    use serde_json::json;

    use super::*;

    fn expanded(preference: &Value, line: &str) -> String {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        match expand(preference, "kubectl", &words, &|_| {}) {
            Ok(found) => found.unwrap_or(words).join(" "),
            Err(why) => why,
        }
    }

    #[test]
    fn what_cannot_be_applied_is_refused() {
        let preference = json!({
            "defaults": [
                {"command": "get", "options": [{"name": "nope", "default": "1"}]},
                {"command": "a"},
            ],
            "aliases": [
                {"name": "a", "command": "get"},
                {"name": "b", "command": "foo bar"},
                {"name": "c", "command": "get", "options": [{"name": "nope", "default": "1"}]},
            ],
        });
        for (line, want) in [
            ("get pods", "invalid flag nope for command get"),
            ("a pods", "alias a can not be overridden"),
            ("b", "command \"foo bar\" not found to set alias \"b\": [foo bar]"),
            ("c", "invalid alias flag nope in alias kubectl"),
        ] {
            assert_eq!(expanded(&preference, line), want, "{line}");
        }
        for (preference, want) in [
            (json!({"aliases": [{"name": "a-b", "command": "get"}]}), "invalid alias name"),
            (
                json!({"aliases": [{"name": "a", "command": "get"}, {"name": "a", "command": "get"}]}),
                "duplicate alias name a",
            ),
            (
                json!({"defaults": [{"command": "get", "options": [{"name": "-o"}]}]}),
                "flag name -o should be in long form without dashes",
            ),
        ] {
            assert!(check(&preference).unwrap_err().contains(want), "{want}");
        }
    }

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
            assert_eq!(expanded(&preference, given), want, "{given}");
        }
    }

    #[test]
    fn files_of_before_are_read() {
        let old = json!({
            "apiVersion": file::OLD_VERSION, "kind": "Preference",
            "overrides": [{"command": "get", "flags": [{"name": "output", "default": "wide"}]}],
        });
        assert_eq!(expanded(&file::renewed(old), "get pods"), "--output=wide get pods");
    }

    #[test]
    fn the_file_may_be_named() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(given(&words("get pods --kuberc=/a")), Ok("/a"));
        assert_eq!(given(&words("get --kuberc /b pods")), Ok("/b"));
        assert_eq!(given(&words("exec p -- x --kuberc=/c")), Ok(""));
        assert!(given(&words("get --kuberc=")).is_err());
    }
}
