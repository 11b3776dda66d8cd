//! `set selector`: which pods a service leads to.

use machinery::{meta, selector::LabelSelector};
use serde_json::Value;

use super::{Deed, update};
use crate::{args::Parsed, context::Context, report::CliError};

pub(crate) async fn selector(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let Some((text, words)) = parsed.args.split_last() else {
        return Err(CliError::plain("one selector is required"));
    };
    let selector =
        LabelSelector::object_of(text).map_err(|error| CliError::plain(error.to_string()))?;
    let version = parsed.some("resource-version");
    let deed = Deed { done: "selector updated", failed: "", names: false, always: true };
    update(cx, &parsed, words.to_vec(), deed, |object| {
        if object["kind"] != "Service" {
            return Err(CliError::plain("setting a selector is only supported for Services"));
        }
        let others = meta::items(&selector, "/matchExpressions");
        if !others.is_empty() {
            let shown: Vec<String> = others.iter().map(shown).collect();
            let text = shown.join(" ");
            return Err(CliError::plain(format!(
                "match expression [{text}] not supported on this object"
            )));
        }
        object["spec"]["selector"] = selector["matchLabels"].clone();
        if let Some(version) = version {
            object["metadata"]["resourceVersion"] = version.into();
        }
        Ok(Vec::new())
    })
    .await
}

/// A condition as Go shows it.
fn shown(expression: &Value) -> String {
    let text = |pointer: &str| meta::text(expression, pointer);
    let values: Vec<&str> =
        meta::items(expression, "/values").iter().filter_map(Value::as_str).collect();
    format!("{{{} {} [{}]}}", text("/key"), text("/operator"), values.join(" "))
}
