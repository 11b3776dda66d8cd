//! `set image`, `set resources`, `set serviceaccount`.

use serde_json::{Value, json};

use super::{Deed, containers_mut, pod_spec_mut, selects, split_changes, update};
use crate::{args::Parsed, context::Context, report::CliError, resolve, verbs::create::quantities};

pub(crate) async fn image(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let (words, changes) = split_changes(&parsed.args, false);
    let ask = super::ask_of(&parsed, words.clone());
    if words.is_empty() && !ask.has_files() {
        return Err(resolve::nothing_named());
    }
    if changes.is_empty() {
        // Whatever is no change is taken for a resource first.
        resolve::find(cx, &ask).await?.all()?;
        return Err(CliError::plain("at least one image update is required"));
    }
    let images: Vec<(&str, &str)> = changes.iter().filter_map(|c| c.split_once('=')).collect();
    if images.len() > 1 && images.iter().any(|(name, _)| *name == "*") {
        let text = "all containers are already specified by *, but saw more than one container_name=container_image pairs";
        return Err(CliError::plain(text));
    }
    let deed = Deed {
        done: "image updated",
        failed: "failed to patch image update to pod template: ",
        names: true,
        always: false,
    };
    update(cx, &parsed, words, deed, |object| {
        let Some(spec) = pod_spec_mut(object) else { return Err(no_template(object)) };
        let mut faults = Vec::new();
        for (name, image) in &images {
            let mut found = false;
            for container in containers_mut(spec) {
                if *name == "*" || container["name"] == *name {
                    container["image"] = (*image).into();
                    found = true;
                }
            }
            if !found {
                let text = format!("error: unable to find container named {name:?}");
                faults.push(CliError::plain(text));
            }
        }
        Ok(faults)
    })
    .await
}

pub(super) fn no_template(object: &Value) -> CliError {
    let kind = crate::verbs::exec::go_type(object);
    CliError::plain(format!("the object is not a pod or does not have a pod template: {kind}"))
}

pub(crate) async fn resources(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let (limits, requests) = (parsed.text("limits"), parsed.text("requests"));
    if limits.is_empty() && requests.is_empty() {
        let text =
            "you must specify an update to requests or limits (in the form of --requests/--limits)";
        return Err(CliError::plain(text));
    }
    let (limits, requests) = (quantities(limits)?, quantities(requests)?);
    let pattern = parsed.text("containers");
    let deed = Deed {
        done: "resource requirements updated",
        failed: "failed to patch resources update to pod template ",
        names: true,
        always: false,
    };
    update(cx, &parsed, parsed.args.clone(), deed, |object| {
        let Some(spec) = pod_spec_mut(object) else { return Err(no_template(object)) };
        let mut found = false;
        for container in containers_mut(spec) {
            if !selects(pattern, container["name"].as_str().unwrap_or_default()) {
                continue;
            }
            found = true;
            for (field, values) in [("limits", &limits), ("requests", &requests)] {
                for (name, value) in values.as_object().into_iter().flatten() {
                    container["resources"][field][name] = value.clone();
                }
            }
        }
        if found {
            return Ok(Vec::new());
        }
        let text = format!("error: unable to find container named {pattern}");
        Ok(vec![CliError::plain(text)])
    })
    .await
}

pub(crate) async fn serviceaccount(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let Some((account, words)) = parsed.args.split_last() else {
        return Err(CliError::plain("serviceaccount is required"));
    };
    let files = !parsed.list("filename").is_empty();
    if words.is_empty() && !files {
        return Err(resolve::nothing_named());
    }
    let deed = Deed {
        done: "serviceaccount updated",
        failed: "failed to patch ServiceAccountName ",
        names: true,
        always: true,
    };
    update(cx, &parsed, words.to_vec(), deed, |object| {
        let Some(spec) = pod_spec_mut(object) else { return Err(no_template(object)) };
        spec["serviceAccountName"] = json!(account);
        Ok(Vec::new())
    })
    .await
}
