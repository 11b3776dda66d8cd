//! `auth reconcile`: roles and bindings get the rules and subjects that files name.

use client::DeleteOptions;
use serde_json::{Value, json};

use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
    verbs::create::dry_run,
};

pub(crate) async fn reconcile(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let ask = Ask { words: Vec::new(), ..Ask::of(&parsed) };
    if !ask.has_files() {
        return Err(CliError::plain("must specify one of -f and -k"));
    }
    let run = dry_run(cx, &parsed)?;
    if run == "server" {
        let text = "--dry-run=server for command reconcile is not supported yet";
        return Err(CliError::plain(text));
    }
    let mut errors = Vec::new();
    for info in resolve::find(cx, &ask).await?.all()? {
        if let Err(error) = one(cx, &parsed, &info, run).await {
            errors.push(error);
        }
    }
    CliError::all(errors)
}

#[expect(clippy::too_many_lines, reason = "the decisions of one object, in order")]
async fn one(cx: &Context, parsed: &Parsed, info: &Info, run: &str) -> Result<(), CliError> {
    let kind = info.place.resource.kind.as_str();
    let (field, flag, noun) = match kind {
        "Role" | "ClusterRole" => ("rules", "remove-extra-permissions", "rules"),
        "RoleBinding" | "ClusterRoleBinding" => ("subjects", "remove-extra-subjects", "subjects"),
        _ => return Ok(()),
    };
    let live = match info.fetch(cx).await {
        Ok(live) => Some(live),
        Err(error) if error.not_found() => None,
        Err(error) => return Err(error),
    };
    let list = |object: &Value| object[field].as_array().cloned().unwrap_or_default();
    let wanted = list(&info.object);
    let there = live.as_ref().map(&list).unwrap_or_default();
    let (missing, extra) = if field == "rules" {
        (uncovered(&wanted, &there), uncovered(&there, &wanted))
    } else {
        let not_in = |a: &[Value], b: &[Value]| -> Vec<Value> {
            a.iter().filter(|one| !b.contains(one)).cloned().collect()
        };
        (not_in(&wanted, &there), not_in(&there, &wanted))
    };
    let remove = parsed.is(flag);
    let rebinds = live
        .as_ref()
        .is_some_and(|live| field == "subjects" && live["roleRef"] != info.object["roleRef"]);
    let operation = match (&live, missing.is_empty(), extra.is_empty() || !remove) {
        (None, ..) => "create",
        _ if rebinds => "recreate",
        (Some(_), true, true) => "",
        _ => "update",
    };
    let mut object = live.clone().unwrap_or_else(|| info.object.clone());
    if operation == "recreate" {
        object = info.object.clone();
    } else if operation == "update" {
        object[field] = if remove {
            wanted.clone().into()
        } else {
            there.iter().chain(&missing).cloned().collect::<Vec<_>>().into()
        };
    }
    if run != "client" && !operation.is_empty() {
        let api = info.api(cx).await?;
        let options = client::WriteOptions { dry_run: run == "server", ..Default::default() };
        object = if operation == "create" {
            api.create(&object, &options).await?
        } else if operation == "recreate" {
            // What a binding leads to cannot be changed.
            api.delete(&info.name, &DeleteOptions::default()).await?;
            api.create(&object, &options).await?
        } else {
            api.update(&info.name, None, &object, &options).await?
        };
    }
    print::print_outcome(cx, parsed, &object, &print::dry("reconciled", run))?;
    if operation.is_empty() {
        return Ok(());
    }
    cx.say_err(&format!("\treconciliation required {operation}"));
    if operation == "recreate" {
        return Ok(());
    }
    let tell = |title: &str, list: &[Value]| {
        if !list.is_empty() {
            cx.say_err(&format!("\t{title}:"));
            for one in list {
                cx.say_err(&format!("\t\t{}", shown(one, field)));
            }
        }
    };
    tell(&format!("missing {noun} added"), &missing);
    if remove {
        tell(&format!("extra {noun} removed"), &extra);
    }
    Ok(())
}

/// The rules of one list that the other does not allow; split as far as needed.
fn uncovered(rules: &[Value], by: &[Value]) -> Vec<Value> {
    let mut found = Vec::new();
    for rule in rules {
        let parts = atoms(rule);
        let open: Vec<Value> =
            parts.iter().filter(|atom| !by.iter().any(|r| covers(r, atom))).cloned().collect();
        if open.len() == parts.len() && by.is_empty() {
            found.push(rule.clone());
        } else {
            found.extend(open);
        }
    }
    found
}

fn words(rule: &Value, field: &str) -> Vec<String> {
    let items = rule[field].as_array().into_iter().flatten();
    items.filter_map(|word| word.as_str().map(str::to_owned)).collect()
}

/// A rule as rules of one verb, group, resource and name each.
fn atoms(rule: &Value) -> Vec<Value> {
    let mut found = vec![json!({})];
    for field in ["resources", "apiGroups", "verbs", "resourceNames", "nonResourceURLs"] {
        let words = words(rule, field);
        if words.is_empty() {
            continue;
        }
        let with = |atom: &Value, word: &String| {
            let mut atom = atom.clone();
            atom[field] = json!([word]);
            atom
        };
        found =
            found.iter().flat_map(|atom| words.iter().map(move |word| with(atom, word))).collect();
    }
    found
}

fn covers(rule: &Value, atom: &Value) -> bool {
    let fits = |field: &str, empty_fits: bool| {
        let (have, need) = (words(rule, field), words(atom, field));
        (have.is_empty() && empty_fits)
            || need.iter().all(|one| have.contains(one) || have.iter().any(|w| w == "*"))
    };
    fits("verbs", false)
        && fits("apiGroups", false)
        && fits("resources", false)
        && fits("resourceNames", true)
        && fits("nonResourceURLs", false)
}

/// A rule or subject as Go's `%+v` shows it.
fn shown(one: &Value, field: &str) -> String {
    let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
    if field == "subjects" {
        return format!(
            "{{Kind:{} APIGroup:{} Name:{} Namespace:{}}}",
            text("kind"),
            text("apiGroup"),
            text("name"),
            text("namespace")
        );
    }
    let list = |name: &str| format!("[{}]", words(one, name).join(" "));
    format!(
        "{{Verbs:{} APIGroups:{} Resources:{} ResourceNames:{} NonResourceURLs:{}}}",
        list("verbs"),
        list("apiGroups"),
        list("resources"),
        list("resourceNames"),
        list("nonResourceURLs")
    )
}
