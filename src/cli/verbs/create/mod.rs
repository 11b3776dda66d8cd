//! `create`: from files, or an object of a kind from flags.

mod config;
mod other;
mod rbac;
mod service;
mod workloads;

use client::{ClientError, DynamicApi, Resource, WriteOptions};
pub(crate) use config::{configmap, hash, secret_docker_registry, secret_generic, secret_tls};
use machinery::yaml;
pub(crate) use other::{
    ingress, namespace, poddisruptionbudget, priorityclass, quantities, quota, serviceaccount,
    token,
};
pub(crate) use rbac::{clusterrole, clusterrolebinding, role, rolebinding, subjects};
use serde_json::{Value, json};
pub(crate) use service::{
    service_clusterip, service_externalname, service_loadbalancer, service_nodeport,
};
pub(crate) use workloads::{cronjob, deployment, job};

use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
};

/// Where `kubectl apply` keeps what it last applied.
pub(crate) const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// `--dry-run`, read: `none`, `client` or `server`.
pub(crate) fn dry_run(cx: &Context, parsed: &Parsed) -> Result<&'static str, CliError> {
    if !parsed.knows("dry-run") {
        return Ok("none");
    }
    let deprecated = |text: String| cx.log_warning("helpers.go:742", &text);
    let value = parsed.text("dry-run");
    if let Some(flag) = go_bool(value) {
        let run = if flag { "client" } else { "none" };
        deprecated(format!(
            "--dry-run={value} is deprecated (boolean value) and can be replaced with --dry-run={run}."
        ));
        return Ok(run);
    }
    match value {
        "client" => Ok("client"),
        "server" => Ok("server"),
        "none" => Ok("none"),
        "unchanged" => {
            deprecated(
                "--dry-run is deprecated and can be replaced with --dry-run=client.".to_owned(),
            );
            Ok("client")
        }
        other => Err(CliError::plain(format!(
            "Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
        ))),
    }
}

/// A boolean as Go's `strconv.ParseBool` reads it.
pub(crate) fn go_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// `--validate`, as the server takes it.
pub(crate) fn validation(parsed: &Parsed) -> Result<Option<String>, CliError> {
    if !parsed.knows("validate") {
        return Ok(None);
    }
    Ok(Some(
        match parsed.text("validate") {
            "strict" | "true" => "Strict",
            "warn" => "Warn",
            "ignore" | "false" => "Ignore",
            other => {
                let text = format!("invalid - validate option \"{other}\"; must be one of: strict (or true), warn, ignore (or false)");
                return Err(CliError::plain(text));
            }
        }
        .to_owned(),
    ))
}

/// Options of a write, from the flags.
pub(crate) fn write_options(cx: &Context, parsed: &Parsed) -> Result<WriteOptions, CliError> {
    let manager = if parsed.knows("field-manager") { parsed.some("field-manager") } else { None };
    Ok(WriteOptions {
        dry_run: dry_run(cx, parsed)? == "server",
        field_manager: manager.map(str::to_owned),
        field_validation: validation(parsed)?,
        force: false,
    })
}

/// Insists on exactly one name.
pub(crate) fn one_name(cx: &Context, parsed: &Parsed) -> Result<String, CliError> {
    let names = parsed.before_dash();
    match names {
        [name] => Ok(name.clone()),
        _ => {
            Err(cx
                .usage(&parsed.path, format!("exactly one NAME is required, got {}", names.len())))
        }
    }
}

/// Insists on flags, as cobra does: all that are missing, by name.
pub(crate) fn require(parsed: &Parsed, flags: &[&str]) -> Result<(), CliError> {
    let missing: Vec<String> =
        flags.iter().filter(|flag| !parsed.given(flag)).map(|flag| format!("\"{flag}\"")).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(CliError::plain(format!("required flag(s) {} not set", missing.join(", "))))
}

/// How a refusal by the server is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// `error: failed to create <noun> ...`; kubectl has a colon behind most nouns, which comes with them.
    FailedTo(&'static str),
    /// As it came.
    Plain,
}

/// Creates an object made from flags (or only shows it) and prints the outcome.
pub(crate) async fn generated(
    cx: &Context,
    parsed: &Parsed,
    mut object: Value,
    resource: Resource,
    refusal: Refusal,
) -> Result<(), CliError> {
    let run = dry_run(cx, parsed)?;
    let (namespace, given) = cx.namespace()?;
    if resource.namespaced && given {
        object["metadata"]["namespace"] = namespace.as_str().into();
    }
    if parsed.knows("save-config") && parsed.is("save-config") {
        remember_typed(&mut object);
    }
    if run != "client" {
        let options = write_options(cx, parsed)?;
        let scope = resource.namespaced.then_some(namespace.as_str());
        let api = DynamicApi::new(&cx.client().await?, &resource, scope);
        object = api.create(&object, &options).await.map_err(|error| told(error, refusal))?;
    }
    print::print_typed(cx, parsed, &object, &print::dry("created", run))
}

fn told(error: ClientError, refusal: Refusal) -> CliError {
    match (refusal, error) {
        (Refusal::FailedTo(noun), ClientError::Status(status)) => CliError::plain(format!(
            "failed to create {noun} {}",
            status.message.unwrap_or_default()
        )),
        (_, error) => error.into(),
    }
}

/// Writes the object's own configuration into its annotation.
pub(crate) fn remember(object: &mut Value) {
    remember_as(object, yaml::compact);
}

/// The same for an object that kubectl holds as a Go struct.
pub(crate) fn remember_typed(object: &mut Value) {
    remember_as(object, print::typed::compact);
}

fn remember_as(object: &mut Value, text: impl Fn(&Value) -> String) {
    let annotations = object["metadata"].get_mut("annotations").and_then(Value::as_object_mut);
    if let Some(annotations) = annotations {
        annotations.remove(LAST_APPLIED);
    }
    let text = format!("{}\n", text(object));
    object["metadata"]["annotations"][LAST_APPLIED] = text.into();
}

/// A resource of ours by its names.
pub(crate) fn resource(api_version: &str, kind: &str, plural: &str, namespaced: bool) -> Resource {
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    Resource {
        group: group.to_owned(),
        version: version.to_owned(),
        plural: plural.to_owned(),
        kind: kind.to_owned(),
        namespaced,
    }
}

/// An object with a name and nothing else.
pub(crate) fn named(api_version: &str, kind: &str, name: &str) -> Value {
    json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}})
}

/// `create -f`.
pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let ask = Ask { words: Vec::new(), ..Ask::of(&parsed) };
    if !ask.has_files() {
        if !parsed.args.is_empty() {
            return Err(cx.usage("create", format!("Unexpected args: [{}]", parsed.args.join(" "))));
        }
        return Err(CliError::plain("must specify one of -f and -k"));
    }
    if !parsed.args.is_empty() {
        let text = format!("Unexpected args: [{}]", parsed.args.join(" "));
        return Err(cx.usage("create", text));
    }
    if let Some(path) = parsed.some("raw") {
        return raw(cx, &ask, path).await;
    }
    let run = dry_run(cx, &parsed)?;
    let options = write_options(cx, &parsed)?;
    let found = resolve::find(cx, &ask).await?;
    let mut errors = Vec::new();
    if parsed.is("edit") {
        return crate::verbs::edit::edited_create(cx, &parsed, found).await;
    }
    if found.infos.is_empty() && found.errors.is_empty() {
        return Err(CliError::plain("no objects passed to create"));
    }
    for info in found.infos {
        match create_one(cx, &parsed, info, run, &options).await {
            Ok(()) => {}
            Err(error) => errors.push(error),
        }
    }
    errors.extend(found.errors);
    CliError::all(errors)
}

async fn create_one(
    cx: &Context,
    parsed: &Parsed,
    mut info: Info,
    run: &str,
    options: &WriteOptions,
) -> Result<(), CliError> {
    if parsed.is("save-config") {
        remember(&mut info.object);
    }
    if run != "client" {
        let created = info.api(cx).await?.create(&info.object, options).await;
        info.object = created.map_err(|error| while_doing("creating", &info, error.into()))?;
    }
    print::print_outcome(cx, parsed, &info.object, &print::dry("created", run))
}

/// An error with what was being done to which file.
pub(crate) fn while_doing(doing: &'static str, info: &Info, error: CliError) -> CliError {
    CliError::While { doing, source: info.source.clone(), error: Box::new(error) }
}

async fn raw(cx: &Context, ask: &Ask, path: &str) -> Result<(), CliError> {
    let body = raw_body(ask)?;
    let request = http::Request::post(path).header("content-type", "application/json");
    let request = request.body(body).map_err(ClientError::from)?;
    let answer = cx.client().await?.call(request).await?;
    let bytes = answer.into_body().bytes().await;
    let bytes = bytes.map_err(|error| CliError::plain(error.to_string()))?;
    cx.out_bytes(&bytes)
}

/// The one file of a `--raw` request, as it is.
pub(crate) fn raw_body(ask: &Ask) -> Result<bytes::Bytes, CliError> {
    let [file] = ask.files.as_slice() else {
        return Err(CliError::plain("--raw can only use a single local file or stdin"));
    };
    let mut data = Vec::new();
    if file == "-" {
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut data)?;
    } else {
        data = std::fs::read(file).map_err(|error| {
            CliError::plain(format!("open {file}: {}", crate::report::io_words(&error)))
        })?;
    }
    Ok(bytes::Bytes::from(data))
}
