//! `certificate approve` and `deny`.

use serde_json::{Value, json};

use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
};

pub(crate) async fn approve(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    decide(cx, &parsed, "Approved", "approved").await
}

pub(crate) async fn deny(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    decide(cx, &parsed, "Denied", "denied").await
}

async fn decide(cx: &Context, parsed: &Parsed, wanted: &str, verb: &str) -> Result<(), CliError> {
    let mut ask = Ask::of(parsed);
    if ask.words.is_empty() && !ask.has_files() {
        return Err(CliError::plain(
            "one or more CSRs must be specified as <name> or -f <filename>",
        ));
    }
    if !ask.words.is_empty() {
        ask.words.insert(0, "certificatesigningrequests".to_owned());
    }
    let found = resolve::find(cx, &ask.latest()).await?;
    let mut errors = found.errors;
    for info in found.infos {
        match one(cx, parsed, &info, wanted).await {
            Ok(object) => print::print_outcome(cx, parsed, &object, verb)?,
            Err(error) => errors.push(error),
        }
    }
    CliError::all(errors)
}

async fn one(cx: &Context, parsed: &Parsed, info: &Info, wanted: &str) -> Result<Value, CliError> {
    let mut object = info.object.clone();
    let conditions = object["status"]["conditions"].as_array().cloned().unwrap_or_default();
    if conditions.iter().any(|c| c["type"] == wanted) && !parsed.is("force") {
        return Ok(object);
    }
    let other = if wanted == "Approved" { "Denied" } else { "Approved" };
    if conditions.iter().any(|c| c["type"] == other) {
        let text = format!("certificate signing request {:?} is already {other}", info.name);
        return Err(CliError::plain(text));
    }
    let word = if wanted == "Approved" { "Approve" } else { "Deny" };
    let text = if wanted == "Approved" { "approved" } else { "denied" };
    let now = lifecycle::clock::rfc3339_seconds(lifecycle::clock::now());
    let mut all = conditions;
    all.push(json!({
        "type": wanted,
        "status": "True",
        "reason": format!("Kubectl{word}"),
        "message": format!("This CSR was {text} by kubectl certificate {}.", word.to_lowercase()),
        "lastUpdateTime": now,
    }));
    object["status"]["conditions"] = all.into();
    let options = client::WriteOptions::default();
    Ok(info.api(cx).await?.update(&info.name, Some("approval"), &object, &options).await?)
}
