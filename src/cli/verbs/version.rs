//! `version`: ours and the server's.

use client::Client;
use machinery::yaml;
use serde_json::{Value, json};

use crate::{
    args::Parsed,
    context::{Context, VERSION, arch},
    report::CliError,
};

/// The kustomize whose rules we follow.
const KUSTOMIZE: &str = "v5.8.1";

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let output = parsed.text("output");
    if !parsed.args.is_empty() {
        let text = format!("extra arguments: [{}]", parsed.args.join(" "));
        return Err(CliError::plain(text));
    }
    if !matches!(output, "" | "json" | "yaml") {
        return Err(CliError::plain("--output must be 'yaml' or 'json'"));
    }
    let mut failed = Ok(());
    let server = if parsed.is("client") {
        None
    } else {
        match server(cx).await {
            Ok(version) => Some(version),
            Err(error) => {
                failed = Err(error);
                None
            }
        }
    };
    print(cx, output, server.as_ref())?;
    if let Some(server) = &server {
        let text = server["gitVersion"].as_str().unwrap_or_default();
        match too_far_apart(VERSION, text)? {
            Some(warning) if parsed.is("warnings-as-errors") => {
                return Err(CliError::plain(warning));
            }
            Some(warning) => cx.say_err(&format!("Warning: {warning}")),
            None => {}
        }
    }
    failed
}

/// Refuses a server of another version, for `--match-server-version`. What stands behind a `+` tells
/// who built it.
pub(crate) async fn must_match(client: &Client) -> Result<(), CliError> {
    let server: Value = client.get_json("/version?timeout=32s").await?;
    let text = server["gitVersion"].as_str().unwrap_or_default();
    if text.split('+').next() == Some(VERSION) {
        return Ok(());
    }
    Err(CliError::plain(format!(
        "server version (&{}) differs from client version ({})",
        in_go(&server),
        in_go(&ours())
    )))
}

/// A version as Go shows a struct.
fn in_go(version: &Value) -> String {
    const FIELDS: [&str; 13] = [
        "Major",
        "Minor",
        "EmulationMajor",
        "EmulationMinor",
        "MinCompatibilityMajor",
        "MinCompatibilityMinor",
        "GitVersion",
        "GitCommit",
        "GitTreeState",
        "BuildDate",
        "GoVersion",
        "Compiler",
        "Platform",
    ];
    let shown = FIELDS.map(|field| {
        let mut letters = field.chars();
        let first = letters.next().map(|letter| letter.to_ascii_lowercase());
        let key: String = first.into_iter().chain(letters).collect();
        format!("{field}:{:?}", version[&key].as_str().unwrap_or_default())
    });
    format!("version.Info{{{}}}", shown.join(", "))
}

/// What to say where client and server are of versions that are not made for each other.
fn too_far_apart(ours: &str, theirs: &str) -> Result<Option<String>, CliError> {
    const MOST: u64 = 1;
    let read = |side: &str, text: &str| {
        let mut parts = text.trim_start_matches('v').splitn(3, '.');
        let mut number = || parts.next()?.parse::<u64>().ok();
        number().zip(number()).ok_or_else(|| {
            CliError::plain(format!("{side} version error: could not parse {text:?} as version"))
        })
    };
    let (client, server) = (read("client", ours)?, read("server", theirs)?);
    let far = client.0 != server.0 || client.1.abs_diff(server.1) > MOST;
    Ok(far.then(|| {
        format!(
            "version difference between client ({}.{}) and server ({}.{}) exceeds the supported \
             minor version skew of +/-{MOST}",
            client.0, client.1, server.0, server.1
        )
    }))
}

async fn server(cx: &Context) -> Result<Value, CliError> {
    Ok(cx.client().await?.get_json("/version?timeout=32s").await?)
}

fn ours() -> Value {
    json!({
        "major": "1",
        "minor": "36",
        "gitVersion": VERSION,
        "gitCommit": "kanoe",
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "none",
        "compiler": "rustc",
        "platform": format!("linux/{}", arch()),
    })
}

fn print(cx: &Context, output: &str, server: Option<&Value>) -> Result<(), CliError> {
    let mut whole = json!({"clientVersion": ours(), "kustomizeVersion": KUSTOMIZE});
    if let Some(server) = server {
        whole["serverVersion"] = server.clone();
    }
    match output {
        "yaml" => cx.out(&yaml::to_string(&whole)),
        "json" => cx.say(&yaml::pretty(&whole, "  ")),
        _ => {
            cx.say(&format!("Client Version: {VERSION}"))?;
            cx.say(&format!("Kustomize Version: {KUSTOMIZE}"))?;
            match server {
                Some(server) => cx.say(&format!(
                    "Server Version: {}",
                    server["gitVersion"].as_str().unwrap_or_default()
                )),
                None => Ok(()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_may_be_one_apart() {
        for (theirs, far) in
            [("v1.36.2+kanoe", false), ("v1.35.0", false), ("v1.33.1", true), ("v2.36.0", true)]
        {
            let said = too_far_apart("v1.36.2", theirs).unwrap();
            assert_eq!(said.is_some(), far, "{theirs}: {said:?}");
        }
        assert!(too_far_apart("v1.36.2", "new").is_err());
    }
}
