//! `create deployment`, `job` and `cronjob`.

use serde_json::{Value, json};

use super::{Refusal, generated, named, one_name, require, resource};
use crate::{args::Parsed, context::Context, report::CliError};

pub(crate) async fn deployment(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    require(&parsed, &["image"])?;
    let name = one_name(cx, &parsed)?;
    let images = parsed.list("image");
    let command = parsed.after_dash();
    if images.len() > 1 && !command.is_empty() {
        return Err(CliError::plain("cannot specify multiple --image options and command"));
    }
    let mut containers: Vec<Value> = images
        .iter()
        .map(|image| json!({"name": container_name(image), "image": image, "resources": {}}))
        .collect();
    if let Some(first) = containers.first_mut() {
        if !command.is_empty() {
            first["command"] = json!(command);
        }
        if parsed.int("port") >= 0 {
            first["ports"] = json!([{"containerPort": parsed.int("port")}]);
        }
    }
    let labels = json!({"app": name});
    let mut object = named("apps/v1", "Deployment", &name);
    object["metadata"]["labels"] = labels.clone();
    object["spec"] = json!({
        "replicas": parsed.int("replicas"),
        "selector": {"matchLabels": labels},
        "strategy": {},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}},
    });
    object["status"] = json!({});
    let place = resource("apps/v1", "Deployment", "deployments", true);
    generated(cx, &parsed, object, place, Refusal::FailedTo("deployment:")).await
}

/// A container's name from its image: the last part, without tag and digest.
fn container_name(image: &str) -> String {
    let last = image.rsplit('/').next().unwrap_or_default();
    let last = last.split([':', '@']).next().unwrap_or_default();
    last.chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect()
}

pub(crate) async fn job(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let name = one_name(cx, &parsed)?;
    let place = resource("batch/v1", "Job", "jobs", true);
    let image = parsed.text("image");
    if parsed.text("from").is_empty() == image.is_empty() {
        return Err(CliError::plain("either --image or --from must be specified"));
    }
    if let Some(from) = parsed.some("from") {
        if !parsed.after_dash().is_empty() {
            return Err(CliError::plain("cannot specify --from and command"));
        }
        let object = from_cronjob(cx, &name, from).await?;
        return generated(cx, &parsed, object, place, Refusal::FailedTo("job:")).await;
    }
    let mut object = named("batch/v1", "Job", &name);
    object["spec"] = json!({"template": template(&name, image, parsed.after_dash(), "Never")});
    object["status"] = json!({});
    generated(cx, &parsed, object, place, Refusal::FailedTo("job:")).await
}

async fn from_cronjob(cx: &Context, name: &str, from: &str) -> Result<Value, CliError> {
    let cronjob = from.strip_prefix("cronjob/").or_else(|| from.strip_prefix("cj/"));
    let cronjob = cronjob.or_else(|| from.strip_prefix("cronjobs/"));
    let Some(cronjob) = cronjob.or_else(|| from.strip_prefix("cronjob.batch/")) else {
        let ask = crate::resolve::Ask { words: vec![from.to_owned()], ..Default::default() };
        let found = crate::resolve::find(cx, &ask.latest()).await?.all()?;
        let kind = found.first().map(|info| crate::verbs::exec::go_type(&info.object));
        let text = match kind {
            Some(kind) => format!("unknown object type {kind}"),
            None => "from must be an existing cronjob".to_owned(),
        };
        return Err(CliError::plain(text));
    };
    let (namespace, _) = cx.namespace()?;
    let place = resource("batch/v1", "CronJob", "cronjobs", true);
    let source = cx.api(&place, Some(&namespace)).await?.get(cronjob).await?;
    let template = &source["spec"]["jobTemplate"];
    let mut annotations = template["metadata"]["annotations"].clone();
    if annotations.is_null() {
        annotations = json!({});
    }
    annotations["cronjob.kubernetes.io/instantiate"] = "manual".into();
    let mut object = named("batch/v1", "Job", name);
    object["metadata"]["annotations"] = annotations;
    if template["metadata"]["labels"].is_object() {
        object["metadata"]["labels"] = template["metadata"]["labels"].clone();
    }
    object["metadata"]["ownerReferences"] = json!([{
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "name": source["metadata"]["name"],
        "uid": source["metadata"]["uid"],
        "controller": true,
    }]);
    object["spec"] = template["spec"].clone();
    Ok(object)
}

fn template(name: &str, image: &str, command: &[String], restart: &str) -> Value {
    let mut container = json!({"name": name, "image": image, "resources": {}});
    if !command.is_empty() {
        container["command"] = json!(command);
    }
    json!({"metadata": {}, "spec": {"containers": [container], "restartPolicy": restart}})
}

pub(crate) async fn cronjob(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    require(&parsed, &["image", "schedule"])?;
    let name = one_name(cx, &parsed)?;
    let restart = parsed.some("restart").unwrap_or("OnFailure");
    let mut object = named("batch/v1", "CronJob", &name);
    let template = template(&name, parsed.text("image"), parsed.after_dash(), restart);
    object["spec"] = json!({
        "schedule": parsed.text("schedule"),
        "jobTemplate": {"metadata": {"name": name}, "spec": {"template": template}},
    });
    object["status"] = json!({});
    let place = resource("batch/v1", "CronJob", "cronjobs", true);
    generated(cx, &parsed, object, place, Refusal::FailedTo("cronjob:")).await
}
