//! `scale`: the number of replicas, through the scale subresource.

use client::Patch;
use serde_json::json;

use super::create::{dry_run, require};
use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    require(&parsed, &["replicas"])?;
    let replicas = parsed.int("replicas");
    if replicas < 0 {
        return Err(CliError::plain(
            "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"
                .to_string(),
        ));
    }
    let run = dry_run(cx, &parsed)?;
    let ask = Ask::of(&parsed).latest();
    let found = resolve::find(cx, &ask).await?;
    let mut errors = found.errors;
    if found.infos.len() > 1 && parsed.given("resource-version") {
        return Err(CliError::plain("cannot use --resource-version with multiple resources"));
    }
    let scaled = found.infos.len();
    for info in found.infos {
        if let Err(error) = scale(cx, &parsed, &info, replicas, run).await {
            errors.push(error);
        }
    }
    if scaled == 0 && errors.is_empty() {
        return Err(CliError::plain("no objects passed to scale"));
    }
    CliError::all(errors)
}

async fn scale(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    replicas: i64,
    run: &str,
) -> Result<(), CliError> {
    let api = info.api(cx).await?;
    let current = parsed.int("current-replicas");
    let version = parsed.text("resource-version");
    if run != "client" {
        let mut patch = json!({"spec": {"replicas": replicas}});
        if parsed.given("current-replicas") || !version.is_empty() {
            let scale = api.get_sub(&info.name, "scale").await?;
            let there = scale["spec"]["replicas"].as_i64().unwrap_or(0);
            if parsed.given("current-replicas") && current != -1 && there != current {
                let text = format!("Expected replicas to be {current}, was {there}");
                return Err(CliError::plain(text));
            }
            let now = scale["metadata"]["resourceVersion"].as_str().unwrap_or_default();
            if !version.is_empty() && now != version {
                let text = format!("Expected resource version to be {version}, was {now}");
                return Err(CliError::plain(text));
            }
            patch["metadata"] = json!({"resourceVersion": now});
        }
        let options = client::WriteOptions { dry_run: run == "server", ..Default::default() };
        api.patch(&info.name, Some("scale"), &Patch::Merge(patch), &options).await?;
    }
    let mut object = info.object.clone();
    if run == "none" && !parsed.text("output").is_empty() {
        object = info.fetch(cx).await?;
    }
    print::print_outcome(cx, parsed, &object, &print::dry("scaled", run))
}
