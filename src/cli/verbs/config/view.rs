//! `config view`, `current-context`, `get-contexts`, `get-clusters`, `get-users`.

use client::kubeconfig::{Kubeconfig, Named, named};
use machinery::yaml;
use serde_json::Value;

use crate::{
    args::Parsed,
    context::Context,
    print::{self, Printer, TabWriter, typed::ORDER},
    report::{CliError, io_words},
};

pub(crate) async fn current_context(cx: &Context, _parsed: Parsed) -> Result<(), CliError> {
    match cx.config()?.current_context.as_str() {
        "" => Err(CliError::plain("current-context is not set")),
        name => cx.say(name),
    }
}

pub(crate) async fn get_clusters(cx: &Context, _parsed: Parsed) -> Result<(), CliError> {
    names(cx, cx.config()?.clusters.iter().map(|one| one.name.clone()).collect())
}

pub(crate) async fn get_users(cx: &Context, _parsed: Parsed) -> Result<(), CliError> {
    names(cx, cx.config()?.users.iter().map(|one| one.name.clone()).collect())
}

fn names(cx: &Context, mut names: Vec<String>) -> Result<(), CliError> {
    names.sort();
    cx.say("NAME")?;
    names.iter().try_for_each(|name| cx.say(name))
}

pub(crate) async fn get_contexts(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let config = cx.config()?;
    let mut shown: Vec<&Named<_>> = config.contexts.iter().collect();
    let mut errors = Vec::new();
    if !parsed.args.is_empty() {
        shown.retain(|one| parsed.args.contains(&one.name));
        for name in parsed.args.iter().filter(|name| named(&config.contexts, name).is_none()) {
            errors.push(CliError::plain(format!("context {name} not found")));
        }
    }
    shown.sort_by(|a, b| a.name.cmp(&b.name));
    match parsed.text("output") {
        "" => {}
        "name" => {
            shown.iter().try_for_each(|one| cx.say(&one.name))?;
            return CliError::all(errors);
        }
        other => {
            let text = format!("output must be one of '' or 'name': {other}");
            return Err(CliError::plain(text));
        }
    }
    let mut out = TabWriter::table();
    if !parsed.is("no-headers") {
        out.write("CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n");
    }
    let current = &config.current_context;
    for one in shown {
        let mark = if one.name == *current { "*" } else { "" };
        let context = &one.entry;
        let namespace = context.namespace.as_deref().unwrap_or_default();
        out.write(&format!(
            "{mark}\t{}\t{}\t{}\t{namespace}\n",
            one.name, context.cluster, context.user
        ));
    }
    cx.out(&out.finish())?;
    CliError::all(errors)
}

pub(crate) async fn view(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    if !parsed.args.is_empty() {
        let text = format!("unexpected arguments: [{}]", parsed.args.join(" "));
        return Err(cx.usage("config view", text));
    }
    let mut config = cx.config()?.clone();
    let context = cx.global("context");
    if !context.is_empty() {
        config.current_context = context;
    }
    if parsed.is("minify") {
        minify(&mut config)?;
    }
    if parsed.is("flatten") {
        flatten(&mut config)?;
    } else if !parsed.is("raw") {
        redact(&mut config);
    }
    match print::printer(&parsed, print::TEMPLATES)? {
        Printer::Json => {
            let mut text = String::new();
            write_in_order(&mut text, &config.document(), 1);
            cx.say(&text)
        }
        printer => printer.print_held(cx, &config.document(), print::Held::Struct),
    }
}

fn write_in_order(out: &mut String, value: &Value, depth: usize) {
    let space = |depth: usize| "    ".repeat(depth);
    let mut wrapped = |signs: [char; 2], members: Vec<(Option<&String>, &Value)>| {
        out.push(signs[0]);
        for (index, (name, member)) in members.into_iter().enumerate() {
            out.push_str(if index > 0 { ",\n" } else { "\n" });
            out.push_str(&space(depth));
            if let Some(name) = name {
                out.push_str(&yaml::quoted(name));
                out.push_str(": ");
            }
            write_in_order(out, member, depth + 1);
        }
        out.push('\n');
        out.push_str(&space(depth - 1));
        out.push(signs[1]);
    };
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let mut members: Vec<_> = fields.iter().map(|(name, one)| (Some(name), one)).collect();
            members.sort_by_key(|(name, _)| {
                let place = ORDER.iter().position(|known| name.is_some_and(|name| name == known));
                place.unwrap_or(ORDER.len())
            });
            wrapped(['{', '}'], members);
        }
        Value::Array(items) if !items.is_empty() => {
            wrapped(['[', ']'], items.iter().map(|item| (None, item)).collect());
        }
        _ => out.push_str(&yaml::compact(value)),
    }
}

/// Keeps what the current context uses.
fn minify(config: &mut Kubeconfig) -> Result<(), CliError> {
    let current = config.current_context.clone();
    if current.is_empty() {
        return Err(CliError::plain("current-context must exist in order to minify"));
    }
    let Some(context) = named(&config.contexts, &current).cloned() else {
        return Err(CliError::plain(format!("cannot locate context {current}")));
    };
    for (what, name, known) in [
        ("cluster", &context.cluster, named(&config.clusters, &context.cluster).is_some()),
        ("user", &context.user, named(&config.users, &context.user).is_some()),
    ] {
        if !known && !name.is_empty() {
            return Err(CliError::plain(format!("cannot locate {what} {name}")));
        }
    }
    config.contexts.retain(|one| one.name == current);
    config.clusters.retain(|one| one.name == context.cluster);
    config.users.retain(|one| one.name == context.user);
    Ok(())
}

/// Files' content in place of their names.
fn flatten(config: &mut Kubeconfig) -> Result<(), CliError> {
    let take = |file: &mut Option<String>, data: &mut Option<String>| -> Result<(), CliError> {
        let Some(path) = file.take().filter(|path| !path.is_empty()) else { return Ok(()) };
        *data = Some(super::change::embedded(&path)?);
        Ok(())
    };
    for one in &mut config.clusters {
        let cluster = &mut one.entry;
        take(&mut cluster.certificate_authority, &mut cluster.certificate_authority_data)?;
    }
    for one in &mut config.users {
        let user = &mut one.entry;
        take(&mut user.client_certificate, &mut user.client_certificate_data)?;
        take(&mut user.client_key, &mut user.client_key_data)?;
    }
    Ok(())
}

/// Secrets in words.
fn redact(config: &mut Kubeconfig) {
    const SECRET: &str = "REDACTED";
    const DATA: &str = "DATA+OMITTED";
    let hide = |value: &mut Option<String>, words: &str| {
        if value.as_deref().is_some_and(|text| !text.is_empty()) {
            *value = Some(words.to_owned());
        }
    };
    for one in &mut config.clusters {
        hide(&mut one.entry.certificate_authority_data, DATA);
    }
    for one in &mut config.users {
        hide(&mut one.entry.client_certificate_data, DATA);
        hide(&mut one.entry.client_key_data, DATA);
        hide(&mut one.entry.token, SECRET);
        hide(&mut one.entry.password, SECRET);
        if let Some(provider) = one.entry.auth_provider.as_mut() {
            for (_, value) in provider["config"].as_object_mut().into_iter().flatten() {
                *value = Value::String(SECRET.to_owned());
            }
        }
    }
}

/// A file's bytes.
pub(super) fn read(path: &str) -> Result<Vec<u8>, CliError> {
    std::fs::read(path)
        .map_err(|error| CliError::plain(format!("open {path}: {}", io_words(&error))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_stands_in_the_order_of_structs() {
        let value = serde_json::json!({"users": [{"user": {"token": "t", "client-key": "k"}, "name": "n"}],
            "apiVersion": "v1", "kind": "Config", "clusters": []});
        let mut text = String::new();
        write_in_order(&mut text, &value, 1);
        let flat: String = text.split_whitespace().collect();
        assert_eq!(
            flat,
            "{\"kind\":\"Config\",\"apiVersion\":\"v1\",\"clusters\":[],\"users\":[{\"name\":\"n\",\
             \"user\":{\"client-key\":\"k\",\"token\":\"t\"}}]}"
        );
        assert!(text.starts_with("{\n    \"kind\": \"Config\",\n"));
    }
}
