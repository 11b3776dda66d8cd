//! `version`: ours and the server's.

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
    failed
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
