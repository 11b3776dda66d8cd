//! `config set` and `unset`: single values by their path, such as `contexts.one.namespace`.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use client::kubeconfig::{Kubeconfig, Named, not_base64};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{expect_args, file_with};
use crate::{args::Parsed, context::Context, report::CliError, verbs::create};

pub(crate) async fn set(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    expect_args(cx, &parsed, 2)?;
    let (path, value) = (&parsed.args[0], &parsed.args[1]);
    change(cx, path, Some(value), parsed.is("set-raw-bytes"))?;
    cx.say(&format!("Property {path:?} set."))
}

pub(crate) async fn unset(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    expect_args(cx, &parsed, 1)?;
    let path = &parsed.args[0];
    change(cx, path, None, false)?;
    cx.say(&format!("Property {path:?} unset."))
}

/// Sets a value, or takes it away. Bytes come as base64, or as they are.
fn change(cx: &Context, path: &str, value: Option<&str>, raw: bool) -> Result<(), CliError> {
    let unknown = || CliError::plain(format!("unable to parse {path} after [] at api.Config"));
    let (list, rest) = path.split_once('.').unwrap_or((path, ""));
    if list == "current-context" && rest.is_empty() {
        let mut file = file_with(cx, |config| !config.current_context.is_empty())?;
        value.unwrap_or_default().clone_into(&mut file.config.current_context);
        return file.write();
    }
    if !matches!(list, "contexts" | "clusters" | "users") {
        return Err(unknown());
    }
    let known = names(cx.config()?, list);
    let (name, property) = split_name(rest, &known);
    let encoded = value.filter(|_| BYTES.contains(&property.as_str())).map(|text| bytes(text, raw));
    let encoded = encoded.transpose()?;
    let value = encoded.as_deref().or(value);
    let mut file = file_with(cx, |config| names(config, list).contains(&name))?;
    let config = &mut file.config;
    match list {
        "contexts" => in_list(&mut config.contexts, &name, &property, value, path)?,
        "clusters" => in_list(&mut config.clusters, &name, &property, value, path)?,
        _ => in_list(&mut config.users, &name, &property, value, path)?,
    }
    file.write()
}

fn names(config: &Kubeconfig, list: &str) -> Vec<String> {
    match list {
        "contexts" => config.contexts.iter().map(|one| one.name.clone()).collect(),
        "clusters" => config.clusters.iter().map(|one| one.name.clone()).collect(),
        _ => config.users.iter().map(|one| one.name.clone()).collect(),
    }
}

/// Names may hold dots: the longest known name wins, else all but the last part.
fn split_name(rest: &str, known: &[String]) -> (String, String) {
    let mut fitting: Vec<&String> = known
        .iter()
        .filter(|name| rest == *name || rest.starts_with(&format!("{name}.")))
        .collect();
    fitting.sort_by_key(|name| std::cmp::Reverse(name.len()));
    if let Some(name) = fitting.first() {
        let property = rest.get(name.len()..).unwrap_or_default();
        return ((*name).clone(), property.trim_start_matches('.').to_owned());
    }
    match rest.rsplit_once('.') {
        Some((name, property)) => (name.to_owned(), property.to_owned()),
        None => (rest.to_owned(), String::new()),
    }
}

/// Properties that hold bytes.
const BYTES: [&str; 3] =
    ["certificate-authority-data", "client-certificate-data", "client-key-data"];

/// The base64 of what is given, which is base64 already but where it is raw.
fn bytes(text: &str, raw: bool) -> Result<String, CliError> {
    if raw {
        return Ok(BASE64_STANDARD.encode(text));
    }
    match not_base64(text) {
        Some(why) => Err(CliError::plain(format!("error decoding input value: {why}"))),
        None => Ok(text.to_owned()),
    }
}

/// Properties that are true or false.
const FLAGS: [&str; 2] = ["insecure-skip-tls-verify", "disable-compression"];

fn in_list<T: Default + Serialize + DeserializeOwned>(
    list: &mut Vec<Named<T>>,
    name: &str,
    property: &str,
    value: Option<&str>,
    path: &str,
) -> Result<(), CliError> {
    if property.is_empty() {
        if value.is_some() {
            return Err(CliError::plain(format!("unable to parse {path} after [] at api.Config")));
        }
        list.retain(|one| one.name != name);
        return Ok(());
    }
    let entry = client::kubeconfig::named_mut(list, name);
    let failed = |error: serde_json::Error| CliError::plain(error.to_string());
    let mut document = serde_json::to_value(&*entry).map_err(failed)?;
    let json = match value {
        None => Value::Null,
        Some(text) if FLAGS.contains(&property) => {
            let flag = create::go_bool(text).ok_or_else(|| {
                let why = format!("strconv.ParseBool: parsing {text:?}: invalid syntax");
                CliError::plain(why)
            })?;
            Value::Bool(flag)
        }
        Some(text) => Value::String(text.to_owned()),
    };
    if let Some(fields) = document.as_object_mut() {
        if value.is_none() {
            fields.remove(property);
        } else {
            fields.insert(property.to_owned(), json);
        }
    }
    let fresh: T = serde_json::from_value(document.clone()).map_err(failed)?;
    let kept = serde_json::to_value(&fresh).map_err(failed)?;
    // A flag that is not set is not written.
    let off = document.get(property) == Some(&Value::Bool(false));
    if value.is_some() && !off && kept.get(property).is_none_or(Value::is_null) {
        return Err(CliError::plain(format!("unable to locate path {path}")));
    }
    *entry = fresh;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_dots_are_found() {
        let known = vec!["a.b".to_owned(), "a".to_owned()];
        assert_eq!(split_name("a.b.server", &known), ("a.b".to_owned(), "server".to_owned()));
        assert_eq!(split_name("new.server", &known), ("new".to_owned(), "server".to_owned()));
        assert_eq!(split_name("a.b", &known), ("a.b".to_owned(), String::new()));
    }
}
