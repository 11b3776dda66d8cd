//! Changes to clusters, users and contexts.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use client::kubeconfig::{ExecPlugin, Kubeconfig, named, named_mut};
use serde_json::{Value, json};

use super::{expect_args, file_with, files, shown_target, view::read};
use crate::{
    args::Parsed,
    context::Context,
    report::{CliError, io_words},
};

/// A file's content as the kubeconfig carries it.
pub(super) fn embedded(path: &str) -> Result<String, CliError> {
    Ok(BASE64_STANDARD.encode(read(path)?))
}

pub(crate) async fn use_context(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    expect_args(cx, &parsed, 1)?;
    let name = &parsed.args[0];
    if named(&cx.config()?.contexts, name).is_none() {
        return Err(CliError::plain(format!("no context exists with the name: {name:?}")));
    }
    let mut file = file_with(cx, |config| !config.current_context.is_empty())?;
    file.config.current_context.clone_from(name);
    file.write()?;
    cx.say(&format!("Switched to context {name:?}."))
}

pub(crate) async fn rename_context(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    expect_args(cx, &parsed, 2)?;
    let (old, new) = (&parsed.args[0], &parsed.args[1]);
    let config = cx.config()?;
    if named(&config.contexts, old).is_none() {
        let text = format!("cannot rename the context {old:?}, it's not in {}", shown_target(cx));
        return Err(CliError::plain(text));
    }
    if named(&config.contexts, new).is_some() {
        let text = format!(
            "cannot rename the context {old:?}, the context {new:?} already exists in {}",
            shown_target(cx)
        );
        return Err(CliError::plain(text));
    }
    let current = config.current_context == *old;
    let mut file = file_with(cx, |config| named(&config.contexts, old).is_some())?;
    for one in file.config.contexts.iter_mut().filter(|one| one.name == *old) {
        one.name.clone_from(new);
    }
    if file.config.current_context == *old {
        file.config.current_context.clone_from(new);
    }
    file.write()?;
    if current {
        for mut file in files(cx)? {
            if file.config.current_context == *old {
                file.config.current_context.clone_from(new);
                file.write()?;
            }
        }
    }
    cx.say(&format!("Context {old:?} renamed to {new:?}."))
}

pub(crate) async fn delete_context(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let current = cx.config()?.current_context.clone();
    if parsed.args.first().is_some_and(|name| *name == current)
        && named(&cx.config()?.contexts, &current).is_some()
    {
        cx.say_err("warning: this removed your active context, use \"kubectl config use-context\" to select a different one");
    }
    delete(cx, &parsed, "context", |config, name| {
        let before = config.contexts.len();
        config.contexts.retain(|one| one.name != name);
        config.contexts.len() != before
    })
}

pub(crate) async fn delete_cluster(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    delete(cx, &parsed, "cluster", |config, name| {
        let before = config.clusters.len();
        config.clusters.retain(|one| one.name != name);
        config.clusters.len() != before
    })
}

pub(crate) async fn delete_user(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    delete(cx, &parsed, "user", |config, name| {
        let before = config.users.len();
        config.users.retain(|one| one.name != name);
        config.users.len() != before
    })
}

fn delete(
    cx: &Context,
    parsed: &Parsed,
    noun: &str,
    remove: impl Fn(&mut Kubeconfig, &str) -> bool,
) -> Result<(), CliError> {
    let Some(name) = parsed.args.first() else {
        if noun == "user" {
            return Err(cx.usage("config delete-user", "user to delete is required"));
        }
        return crate::help::page(cx, &parsed.path, false);
    };
    for mut file in files(cx)? {
        if remove(&mut file.config, name) {
            file.write()?;
            return cx.say(&format!("deleted {noun} {name} from {}", shown_target(cx)));
        }
    }
    Err(CliError::plain(format!("cannot delete {noun} {name}, not in {}", shown_target(cx))))
}

/// Sets what a flag gives; an empty text unsets.
fn take(parsed: &Parsed, flag: &str, place: &mut Option<String>) {
    if parsed.given(flag) {
        *place = parsed.some(flag).map(str::to_owned);
    }
}

pub(crate) async fn set_context(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let current = parsed.is("current");
    if parsed.args.len() > 1 {
        expect_args(cx, &parsed, 1)?;
    }
    let given = parsed.args.first().filter(|name| !name.is_empty());
    if given.is_none() && !current {
        return Err(CliError::plain("you must specify a non-empty context name or --current"));
    }
    if given.is_some() && current {
        return Err(CliError::plain("you cannot specify both a context name and --current"));
    }
    let name = if current {
        let name = cx.config()?.current_context.clone();
        if name.is_empty() {
            return Err(CliError::plain("no current context is set"));
        }
        name
    } else {
        given.cloned().unwrap_or_default()
    };
    let existed = named(&cx.config()?.contexts, &name).is_some();
    let mut file = file_with(cx, |config| named(&config.contexts, &name).is_some())?;
    let context = named_mut(&mut file.config.contexts, &name);
    if parsed.given("cluster") {
        parsed.text("cluster").clone_into(&mut context.cluster);
    }
    if parsed.given("user") {
        parsed.text("user").clone_into(&mut context.user);
    }
    take(&parsed, "namespace", &mut context.namespace);
    file.write()?;
    let verb = if existed { "modified" } else { "created" };
    cx.say(&format!("Context {name:?} {verb}."))
}

pub(crate) async fn set_cluster(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    expect_args(cx, &parsed, 1)?;
    let name = &parsed.args[0];
    let authority = parsed.text("certificate-authority");
    if parsed.is("insecure-skip-tls-verify") && !authority.is_empty() {
        let text = "you cannot specify a certificate authority and insecure mode at the same time";
        return Err(CliError::plain(text));
    }
    if parsed.is("embed-certs") {
        if authority.is_empty() {
            return Err(CliError::plain("you must specify a --certificate-authority to embed"));
        }
        check_file("certificate-authority", authority)?;
    }
    let mut file = file_with(cx, |config| named(&config.clusters, name).is_some())?;
    let cluster = named_mut(&mut file.config.clusters, name);
    if parsed.given("server") {
        parsed.text("server").trim_end_matches('/').clone_into(&mut cluster.server);
    }
    take(&parsed, "tls-server-name", &mut cluster.tls_server_name);
    take(&parsed, "proxy-url", &mut cluster.proxy_url);
    if parsed.given("insecure-skip-tls-verify") {
        cluster.insecure_skip_tls_verify = parsed.is("insecure-skip-tls-verify");
        if cluster.insecure_skip_tls_verify {
            cluster.certificate_authority = None;
            cluster.certificate_authority_data = None;
        }
    }
    if parsed.given("certificate-authority") {
        cluster.certificate_authority = None;
        cluster.certificate_authority_data = None;
        if parsed.is("embed-certs") {
            cluster.certificate_authority_data = Some(embedded(authority)?);
        } else {
            cluster.certificate_authority = Some(absolute(authority));
        }
        cluster.insecure_skip_tls_verify = false;
    }
    file.write()?;
    cx.say(&format!("Cluster {name:?} set."))
}

fn absolute(path: &str) -> String {
    std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| path.display().to_string())
}

fn check_file(flag: &str, path: &str) -> Result<(), CliError> {
    std::fs::metadata(path).map(|_| ()).map_err(|error| {
        CliError::plain(format!(
            "could not stat {flag} file {path}: stat {path}: {}",
            io_words(&error)
        ))
    })
}

pub(crate) async fn set_credentials(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    expect_args(cx, &parsed, 1)?;
    let name = &parsed.args[0];
    let mut methods = Vec::new();
    if parsed.some("token").is_some() {
        methods.push("--token");
    }
    if parsed.some("username").is_some() || parsed.some("password").is_some() {
        methods.push("--username/--password");
    }
    if methods.len() > 1 {
        return Err(CliError::plain(format!(
            "you cannot specify more than one authentication method at the same time: {}",
            methods.join(", ")
        )));
    }
    let (certificate, key) = (parsed.text("client-certificate"), parsed.text("client-key"));
    if parsed.is("embed-certs") {
        if certificate.is_empty() && key.is_empty() {
            let text = "you must specify a --client-certificate or --client-key to embed";
            return Err(CliError::plain(text));
        }
        for (flag, path) in [("client-certificate", certificate), ("client-key", key)] {
            if !path.is_empty() {
                check_file(flag, path)?;
            }
        }
    }
    let mut file = file_with(cx, |config| named(&config.users, name).is_some())?;
    let user = named_mut(&mut file.config.users, name);
    let embed = parsed.is("embed-certs");
    for (flag, path, file, data) in [
        (
            "client-certificate",
            certificate,
            &mut user.client_certificate,
            &mut user.client_certificate_data,
        ),
        ("client-key", key, &mut user.client_key, &mut user.client_key_data),
    ] {
        if parsed.given(flag) {
            (*file, *data) =
                if embed { (None, Some(embedded(path)?)) } else { (Some(absolute(path)), None) };
        }
    }
    take(&parsed, "token", &mut user.token);
    take(&parsed, "username", &mut user.username);
    take(&parsed, "password", &mut user.password);
    // A token and a password exclude one another: the latest holds.
    if parsed.some("token").is_some() {
        (user.username, user.password) = (None, None);
    } else if parsed.some("username").is_some() || parsed.some("password").is_some() {
        user.token = None;
    }
    exec(&parsed, &mut user.exec);
    provider(&parsed, &mut user.auth_provider);
    file.write()?;
    cx.say(&format!("User {name:?} set."))
}

fn exec(parsed: &Parsed, place: &mut Option<ExecPlugin>) {
    let given = ["exec-command", "exec-api-version", "exec-arg", "exec-env"];
    if !given.iter().any(|flag| parsed.given(flag)) {
        return;
    }
    let plugin = place.get_or_insert_default();
    if parsed.given("exec-command") {
        parsed.text("exec-command").clone_into(&mut plugin.command);
    }
    if parsed.given("exec-api-version") {
        parsed.text("exec-api-version").clone_into(&mut plugin.api_version);
    }
    if parsed.given("exec-arg") {
        plugin.args = Some(parsed.list("exec-arg"));
    }
    if let Some(mode) = parsed.some("exec-interactive-mode") {
        plugin.interactive_mode = Some(mode.to_owned());
    }
    if parsed.given("exec-provide-cluster-info") {
        plugin.provide_cluster_info = parsed.is("exec-provide-cluster-info");
    }
    for pair in parsed.list("exec-env") {
        let variables = plugin.env.get_or_insert_default();
        let (name, value) = match pair.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (pair.trim_end_matches('-'), None),
        };
        variables.retain(|known| known.get("name").map(String::as_str) != Some(name));
        if let Some(value) = value {
            let entry = [("name", name), ("value", value)];
            let entry = entry.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
            variables.push(entry);
        }
    }
}

/// `--auth-provider` and its arguments: `key=value` sets one, `key-` takes it away.
fn provider(parsed: &Parsed, place: &mut Option<Value>) {
    if !parsed.given("auth-provider") && !parsed.given("auth-provider-arg") {
        return;
    }
    let mut provider = place.take().unwrap_or_else(|| json!({"config": null}));
    if parsed.given("auth-provider") && provider["name"] != parsed.text("auth-provider") {
        provider = json!({"name": parsed.text("auth-provider"), "config": null});
    }
    for pair in parsed.list("auth-provider-arg") {
        if let Some((key, value)) = pair.split_once('=') {
            provider["config"][key] = value.into();
        } else {
            let fields = provider["config"].as_object_mut();
            fields.and_then(|fields| fields.remove(pair.trim_end_matches('-')));
        }
    }
    *place = Some(provider);
}
