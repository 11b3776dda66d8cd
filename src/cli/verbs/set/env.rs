//! `set env`: environment variables of a pod template, given or taken from config maps and secrets.

use base64::Engine as _;
use serde_json::{Value, json};

use super::{Deed, containers_mut, pod_spec_mut, selects, split_changes, update};
use crate::{
    args::Parsed,
    context::Context,
    describe::template,
    report::CliError,
    resolve::{self, Info},
};

pub(crate) async fn env(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let (words, mut changes) = split_changes(&parsed.args, true);
    changes.extend(parsed.list("env"));
    let ask = super::ask_of(&parsed, words.clone());
    if words.is_empty() && !ask.has_files() {
        let text =
            "one or more resources must be specified as <resource> <name> or <resource>/<name>";
        return Err(CliError::plain(text));
    }
    if parsed.is("list") {
        return list(cx, &parsed, words).await;
    }
    let (mut set, remove) = parse(&changes)?;
    if let Some(from) = parsed.some("from") {
        set.extend(imported(cx, &parsed, from).await?);
    }
    let overwrite = parsed.is("overwrite");
    let pattern = parsed.text("containers").to_owned();
    let deed = Deed {
        done: "env updated",
        failed: "failed to patch env update to pod template: ",
        names: true,
        always: false,
    };
    update(cx, &parsed, words, deed, |object| {
        let Some(spec) = pod_spec_mut(object) else {
            return Err(super::pods::no_template(object));
        };
        let mut hit = false;
        for container in containers_mut(spec) {
            if selects(&pattern, container["name"].as_str().unwrap_or_default()) {
                hit = true;
                change_env(container, &set, &remove, overwrite)?;
            }
        }
        if !hit {
            let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
            let (kind, name) = (text("/kind"), text("/metadata/name"));
            let (kind, name) = (kind.unwrap_or_default(), name.unwrap_or_default());
            cx.say_err(&format!(
                "Warning: {kind}/{name} does not have any containers matching {pattern:?}"
            ));
        }
        Ok(Vec::new())
    })
    .await
}

/// What is set (`name=value`, or `-` for such lines of standard input) and the names of what goes (`name-`).
/// Source: `k8s.io/kubectl/pkg/cmd/set/env/env_parse.go`.
fn parse(changes: &[String]) -> Result<(Vec<Value>, Vec<String>), CliError> {
    let (mut set, mut remove) = (Vec::new(), Vec::new());
    for change in changes {
        if change == "-" {
            let text = std::io::read_to_string(std::io::stdin())?;
            let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
            let pairs = lines.filter_map(|line| line.split_once('='));
            set.extend(pairs.map(|(name, value)| json!({"name": name, "value": value})));
        } else if let Some((name, value)) = change.split_once('=') {
            if let Some(fault) = name_fault(name) {
                let text = format!("{name:?} is not a valid key name: {fault}");
                return Err(CliError::plain(text));
            }
            set.push(json!({"name": name, "value": value}));
        } else if let Some(name) = change.strip_suffix('-') {
            remove.push(name.to_owned());
        }
    }
    if remove.iter().any(|name| set.iter().any(|new| new["name"] == name.as_str())) {
        let text =
            "can not both modify and remove the same environment variable in the same command";
        return Err(CliError::plain(text));
    }
    Ok((set, remove))
}

/// What is wrong with a variable's name. Source: apimachinery's `validation.IsEnvVarName`.
fn name_fault(name: &str) -> Option<&'static str> {
    let other = |letter: char| !letter.is_ascii_alphanumeric() && !"-._".contains(letter);
    if name.is_empty() || name.contains(other) || name.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(
            "a valid environment variable name must consist of alphabetic characters, digits, '_', \
             '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or \
             'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is \
             '[-._a-zA-Z][-._a-zA-Z0-9]*')",
        );
    }
    match name {
        "." => Some("must not be '.'"),
        ".." => Some("must not be '..'"),
        name if name.starts_with("..") => Some("must not start with '..'"),
        _ => None,
    }
}

fn change_env(
    container: &mut Value,
    set: &[Value],
    remove: &[String],
    overwrite: bool,
) -> Result<(), CliError> {
    let mut env = container["env"].as_array().cloned().unwrap_or_default();
    for new in set {
        match env.iter_mut().find(|known| known["name"] == new["name"]) {
            Some(known) if overwrite => *known = new.clone(),
            Some(known) => {
                let name = known["name"].as_str().unwrap_or_default();
                let value = known["value"].as_str().unwrap_or_default();
                return Err(CliError::plain(format!(
                    "'{name}' already has a value ({value}), and --overwrite is false"
                )));
            }
            None => env.push(new.clone()),
        }
    }
    env.retain(|known| !remove.iter().any(|name| known["name"] == name.as_str()));
    if let Some(container) = container.as_object_mut() {
        if env.is_empty() {
            container.remove("env");
        } else {
            container.insert("env".to_owned(), env.into());
        }
    }
    Ok(())
}

/// Variables that refer to the keys of a config map or secret.
async fn imported(cx: &Context, parsed: &Parsed, from: &str) -> Result<Vec<Value>, CliError> {
    let words: Vec<String> = vec![from.to_owned()];
    let ask = resolve::Ask { words, ..resolve::Ask::default() };
    let infos = resolve::find(cx, &ask.latest()).await?.all()?;
    let mut found = Vec::new();
    for info in infos {
        let field = match info.place.resource.kind.as_str() {
            "Secret" => "secretKeyRef",
            "ConfigMap" => "configMapKeyRef",
            _ => {
                return Err(CliError::plain("unsupported resource specified in --from"));
            }
        };
        let wanted = parsed.list("keys");
        for key in info.object["data"].as_object().into_iter().flatten().map(|(key, _)| key) {
            if !wanted.is_empty() && !wanted.contains(key) {
                continue;
            }
            found.push(reference(cx, parsed, &info, field, key));
        }
    }
    Ok(found)
}

fn reference(cx: &Context, parsed: &Parsed, info: &Info, field: &str, key: &str) -> Value {
    let name: String = key
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
        .collect();
    if name != key {
        cx.say_err(&format!("Warning: key {key} transferred to {name}"));
    }
    let name = format!("{}{name}", parsed.text("prefix"));
    json!({"name": name, "valueFrom": {field: {"name": info.name, "key": key}}})
}

async fn list(cx: &Context, parsed: &Parsed, words: Vec<String>) -> Result<(), CliError> {
    let found = resolve::find(cx, &super::ask_of(parsed, words)).await?;
    let pattern = parsed.text("containers");
    for mut info in found.all()? {
        let kind = info.place.resource.kind.clone();
        let object = info.object.clone();
        let mut lines = Vec::new();
        if let Some(spec) = pod_spec_mut(&mut info.object) {
            for container in containers_mut(spec) {
                let name = container["name"].as_str().unwrap_or_default();
                if selects(pattern, name) {
                    lines.push((name.to_owned(), container.clone()));
                }
            }
        }
        for (name, container) in lines {
            cx.say(&format!("# {kind} {}, container {name}", info.name))?;
            for variable in container["env"].as_array().into_iter().flatten() {
                let text = shown(cx, parsed, variable, (&object, &container)).await?;
                cx.say(&text)?;
            }
        }
    }
    Ok(())
}

/// A variable, as it is set or as it is resolved for its object and container.
async fn shown(
    cx: &Context,
    parsed: &Parsed,
    variable: &Value,
    (owner, container): (&Value, &Value),
) -> Result<String, CliError> {
    let name = variable["name"].as_str().unwrap_or_default();
    let from = &variable["valueFrom"];
    if from.is_null() {
        return Ok(format!("{name}={}", variable["value"].as_str().unwrap_or_default()));
    }
    let (kind, reference) = match (&from["configMapKeyRef"], &from["secretKeyRef"]) {
        (Value::Null, Value::Null) => ("", &Value::Null),
        (Value::Null, reference) => ("secret", reference),
        (reference, _) => ("configmap", reference),
    };
    let object = reference["name"].as_str().unwrap_or_default();
    let key = reference["key"].as_str().unwrap_or_default();
    if kind.is_empty() {
        return Ok(own(cx, (name, from), parsed.is("resolve"), (owner, container)));
    }
    if !parsed.is("resolve") {
        return Ok(format!("# {name} from {kind} {object}, key {key}"));
    }
    let place = cx.resource(kind).await?;
    let (namespace, _) = cx.namespace()?;
    let data = cx.api(&place.resource, Some(&namespace)).await?.get(object).await?;
    let value = data["data"][key].as_str().unwrap_or_default();
    if kind == "configmap" {
        return Ok(format!("{name}={value}"));
    }
    let decoded = base64::prelude::BASE64_STANDARD.decode(value).unwrap_or_default();
    Ok(format!("{name}={}", String::from_utf8_lossy(&decoded)))
}

/// A variable from a field of its own object or a resource of its container.
fn own(
    cx: &Context,
    (name, from): (&str, &Value),
    resolve: bool,
    (owner, container): (&Value, &Value),
) -> String {
    let text = |pointer: &str| from.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    if from["fieldRef"].is_object() {
        let path = text("/fieldRef/fieldPath");
        let reference = format!("# {name} from field path {path}");
        if !resolve {
            return reference;
        }
        if path.starts_with("metadata.") {
            return format!("{name}={}", template::field_value(owner, path));
        }
        // What a pod is given later cannot be read of what makes it.
        cx.say_err(&format!(
            "error retrieving reference for {name}: unsupported fieldPath: {path}"
        ));
        return reference;
    }
    let resource = text("/resourceFieldRef/resource");
    let asked = resource.split_once('.').map(|(kind, key)| &container["resources"][kind][key]);
    match asked.filter(|_| resolve) {
        Some(asked) => {
            let value = template::resource_value(asked, &from["resourceFieldRef"]["divisor"]);
            format!("{name}={value}")
        }
        None => format!("# {name} from resource field {resource}"),
    }
}
