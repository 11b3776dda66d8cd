//! Asking before a command that takes something away, where the user's preferences wish it. Ours: a
//! document of its own in the kuberc file, which kubectl passes over.
//!
//! ```yaml
//! apiVersion: kanoe.local/v1
//! kind: Confirmation
//! rules:
//! - contexts: ["prod-*"]
//!   namespaces: ["*"]
//!   commands: [delete, drain, "rollout undo"]
//! ```
//!
//! Only a person at a terminal is asked; scripts are never held up.

use std::io::{self, IsTerminal as _, Write as _};

use machinery::yaml;
use serde_json::Value;

use crate::{args::Parsed, context::Context, preferences, report::CliError};

/// The version of the document.
const VERSION: &str = "kanoe.local/v1";
const KIND: &str = "Confirmation";
/// The commands that are meant where a rule names none.
const DESTRUCTIVE: [&str; 7] =
    ["delete", "drain", "replace", "rollout restart", "rollout undo", "scale", "taint"];
/// The context of the embedded cluster, which has none of its own.
const EMBEDDED: &str = "kanoe";

/// A document of the kuberc file is one of ours.
pub(crate) fn is_ours(document: &Value) -> bool {
    document["apiVersion"] == VERSION && document["kind"] == KIND
}

/// Asks, if a rule wants it and somebody is there to answer.
///
/// Errors: the answer is not yes, or the rules cannot be read.
pub(crate) fn ask(cx: &Context, parsed: &Parsed) -> Result<(), CliError> {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) || is_harmless(parsed) {
        return Ok(());
    }
    // A file that cannot be read was complained of already.
    let Ok(Some(place)) = preferences::place(&cx.global("kuberc")) else { return Ok(()) };
    let Ok(text) = std::fs::read_to_string(place.path) else { return Ok(()) };
    let documents = yaml::documents(&text).into_iter().filter_map(|one| yaml::parse(one).ok());
    let rules: Vec<Value> = documents
        .filter(is_ours)
        .flat_map(|one| one["rules"].as_array().cloned().unwrap_or_default())
        .collect();
    if rules.is_empty() {
        return Ok(());
    }
    let context = match cx.global("context") {
        given if given.is_empty() => cx.config()?.current_context.clone(),
        given => given,
    };
    let context = if context.is_empty() { EMBEDDED.to_owned() } else { context };
    let (namespace, _) = cx.namespace()?;
    let everywhere = parsed.knows("all-namespaces") && parsed.is("all-namespaces");
    let place = if everywhere { "*" } else { namespace.as_str() };
    if !rules.iter().any(|rule| applies(rule, &parsed.path, &context, place)) {
        return Ok(());
    }
    let place =
        if everywhere { "all namespaces".to_owned() } else { format!("namespace {namespace:?}") };
    let words = parsed.args.join(" ");
    let question =
        format!("{} {words} in context {context:?}, {place}. Go on? (y/N): ", parsed.path);
    cx.flush();
    let mut err = io::stderr();
    err.write_all(question.as_bytes())?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(CliError::plain("not confirmed, nothing was done"))
}

/// It only tells what it would do.
fn is_harmless(parsed: &Parsed) -> bool {
    parsed.knows("dry-run") && !matches!(parsed.text("dry-run"), "none" | "false" | "")
}

fn applies(rule: &Value, command: &str, context: &str, namespace: &str) -> bool {
    let list = |key: &str| -> Vec<String> {
        let items = rule[key].as_array().into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let any = |key: &str, word: &str| {
        let patterns = list(key);
        // All namespaces are touched where one of them is meant.
        patterns.is_empty() || word == "*" || patterns.iter().any(|pattern| fits(pattern, word))
    };
    let commands = list("commands");
    let meant = if commands.is_empty() {
        DESTRUCTIVE.contains(&command)
    } else {
        commands.iter().any(|known| known == command)
    };
    meant && any("contexts", context) && any("namespaces", namespace)
}

/// A name fits a pattern in which `*` stands for any letters.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(start) else { return false };
    loop {
        if fits(rest, left) {
            return true;
        }
        let mut letters = left.chars();
        if letters.next().is_none() {
            return false;
        }
        left = letters.as_str();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rules_say_what_is_asked_about() {
        let rule = json!({"contexts": ["prod-*", "live"]});
        assert!(applies(&rule, "delete", "prod-eu", "default"));
        assert!(applies(&rule, "drain", "live", "default"));
        assert!(!applies(&rule, "delete", "test", "default"));
        assert!(!applies(&rule, "get", "live", "default"));
        let narrow = json!({"namespaces": ["kube-*"], "commands": ["apply", "rollout undo"]});
        assert!(applies(&narrow, "apply", "any", "kube-system"));
        assert!(applies(&narrow, "rollout undo", "any", "*"), "all of them");
        assert!(!applies(&narrow, "delete", "any", "kube-system"));
        assert!(!applies(&narrow, "apply", "any", "default"));
    }

    #[test]
    fn stars_stand_for_any_letters() {
        for (pattern, name, want) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abb", false),
            ("*-prod-*", "eu-prod-1", true),
            ("prod", "prod-1", false),
        ] {
            assert_eq!(fits(pattern, name), want, "{pattern} {name}");
        }
    }
}
