//! What subresources take in the place of their object: a Scale, a Binding, an Eviction, a request for
//! a token, and the options of connections. Policies and webhooks see those.
//! Source: `k8s.io/apiserver/pkg/endpoints/handlers` (`createHandler`, `ConnectResource`).

use machinery::{kind::Scale, meta, status::Status};
use serde_json::{Value, json};

use super::{
    Operation,
    attributes::{Attributes, Taken},
    certificates, image_policy, node_restriction, optional, outsiders, outsiders_change,
    plugins::Plugin,
    pod_security,
};
use crate::{
    http::Call,
    registry::{Author, Tracking},
    subresources,
};

const SCALE: (&str, &str, &str) = ("autoscaling", "v1", "Scale");

/// A write of the Scale that an object has.
fn of_scale<'a>(operation: &'a Operation<'a>, object: &'a Value) -> Attributes<'a> {
    let taken = Taken { kind: SCALE, name: meta::name(object), namespace: meta::namespace(object) };
    Attributes { taken: Some(taken), ..Attributes::of_write(operation) }
}

fn scale_of<'a>(operation: &Operation<'a>) -> Option<&'a Scale> {
    operation.kind.scale.as_ref().filter(|_| operation.author.subresource == "scale")
}

/// Lets policies and webhooks change a part of an object; returns warnings.
pub(crate) async fn mutate_part(
    operation: &Operation<'_>,
    object: &mut Value,
) -> Result<Vec<String>, Status> {
    let Some(scale) = scale_of(operation) else {
        let said = outsiders_change(Attributes::of_write(operation), object).await?;
        if operation.acts(Plugin::ImagePolicyWebhook) {
            image_policy::check(operation, object).await?;
        }
        return Ok(said.warnings);
    };
    let old = operation.old.map(|old| subresources::scale_of(old, scale));
    let part = Operation { old: old.as_ref(), ..*operation };
    let given = subresources::scale_of(object, scale);
    let mut changed = given.clone();
    let said = outsiders_change(of_scale(&part, object), &mut changed).await?;
    if changed != given {
        subresources::rescale(operation.kind, object, scale, &changed)?;
    }
    Ok(said.warnings)
}

/// Lets plugins, policies and webhooks refuse the write of a part of an object; returns warnings.
pub(crate) async fn validate_part(
    operation: &Operation<'_>,
    object: &Value,
) -> Result<Vec<String>, Status> {
    if operation.acts(Plugin::NodeRestriction) {
        node_restriction::check(operation, Some(object))?;
    }
    optional::deny(operation, object)?;
    certificates::check_part(operation, object).await?;
    // What a binding says was looked at as it came.
    if operation.author.subresource == "binding" {
        return Ok(Vec::new());
    }
    let Some(scale) = scale_of(operation) else {
        let mut warnings = Vec::new();
        if operation.acts(Plugin::PodSecurity) {
            warnings.extend(pod_security::check(operation, object).await?);
        }
        let said = outsiders(&Attributes::of_write(operation).about(object)).await;
        warnings.extend(said.map_err(|status| status.warned(&warnings))?);
        return Ok(warnings);
    };
    let old = operation.old.map(|old| subresources::scale_of(old, scale));
    let part = Operation { old: old.as_ref(), ..*operation };
    let shown = subresources::scale_of(object, scale);
    outsiders(&of_scale(&part, object).about(&shown)).await
}

/// Lets policies and webhooks change and refuse what a subresource takes; returns warnings.
pub(crate) async fn take(
    call: &Call,
    kind: (&'static str, &'static str, &'static str),
    body: &mut Value,
) -> Result<Vec<String>, Status> {
    let dry_run = call.query.dry_run();
    decide(call, (Author::of(call)?, dry_run, "CREATE"), kind, body).await
}

async fn decide(
    call: &Call,
    (author, dry_run, verb): (Author, bool, &'static str),
    kind: (&'static str, &'static str, &'static str),
    body: &mut Value,
) -> Result<Vec<String>, Status> {
    let Call { server, kind: resource, .. } = call;
    let operation = Operation { server, kind: resource, old: None, author: &author, dry_run };
    optional::deny(&operation, body)?;
    if server.policies.is_empty() {
        return Ok(Vec::new());
    }
    let taken = Taken { kind, name: call.name(), namespace: call.namespace_of_object() };
    let request = Attributes { operation: &operation, verb, taken: Some(taken), object: None };
    let mut warnings = outsiders_change(request, body).await?.warnings;
    let said = outsiders(&request.about(body)).await;
    warnings.extend(said.map_err(|status| status.warned(&warnings))?);
    Ok(warnings)
}

/// Lets policies and webhooks change and refuse that a connection is opened; returns warnings. What
/// they change of its options counts.
pub(crate) async fn connect(call: &mut Call) -> Result<Vec<String>, Status> {
    let known = call.kind.subresources.iter().find(|one| one.name == call.info.subresource);
    let Some(subresource) = known.copied() else { return Ok(Vec::new()) };
    let kind = (subresource.group, subresource.version, subresource.kind);
    let given = options(call, kind.2, subresource.options)?;
    let mut changed = given.clone();
    let author = Author {
        user: call.user.clone(),
        manager: String::new(),
        subresource: call.info.subresource.clone(),
        tracking: Tracking::Nothing,
        options: json!({}),
    };
    let warnings = decide(call, (author, false, "CONNECT"), kind, &mut changed).await?;
    if changed != given {
        take_over(call, &changed, subresource.options);
    }
    Ok(warnings)
}

/// Options that may stand several times.
const LISTS: [&str; 2] = ["command", "ports"];

type Known = &'static [(&'static str, &'static str, &'static str)];

/// The options of a connection as an object. Errors: 400 for ports that are none.
fn options(call: &Call, kind: &str, known: Known) -> Result<Value, Status> {
    let mut object = json!({"kind": kind, "apiVersion": "v1"});
    for (name, sort, _) in known {
        let given: Vec<&str> = call.query.all(name).collect();
        let value = match *sort {
            _ if *name == "path" => Value::from(path_of(call)),
            "boolean" => call.query.flag(name).into(),
            "integer" => {
                let numbers = given.iter().flat_map(|text| text.split(','));
                let numbers: Result<Vec<i32>, _> = numbers.map(str::parse).collect();
                let wrong = |error| Status::bad_request(format!("{name}: {error}"));
                numbers.map_err(wrong)?.into()
            }
            _ if LISTS.contains(name) => json!(given),
            _ => call.query.text(name).into(),
        };
        let empty = value == false || value == "" || value == json!([]);
        if !empty {
            object[*name] = value;
        }
    }
    Ok(object)
}

/// What follows the subresource, as options name it.
fn path_of(call: &Call) -> &str {
    let marker = format!("/{}", call.info.subresource);
    let at = call.info.path.find(&marker).map(|at| at + marker.len());
    at.and_then(|at| call.info.path.get(at..)).unwrap_or_default()
}

/// Goes by options that were changed.
fn take_over(call: &mut Call, options: &Value, known: Known) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut pairs = Vec::new();
    for (name, ..) in known.iter().filter(|(name, ..)| *name != "path") {
        match &options[*name] {
            Value::Null => {}
            Value::Array(items) => {
                pairs.extend(items.iter().map(|it| ((*name).to_owned(), text(it))));
            }
            value => pairs.push(((*name).to_owned(), text(value))),
        }
    }
    let names: Vec<&str> = known.iter().map(|(name, ..)| *name).collect();
    call.query = call.query.replaced(&names, pairs);
    if let Some(path) = options["path"].as_str().filter(|path| *path != path_of(call)) {
        let own = call.info.path.len() - path_of(call).len();
        let front = call.info.path.get(..own).unwrap_or_default();
        let joint = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
        call.info.path = format!("{front}{joint}{path}");
    }
}
