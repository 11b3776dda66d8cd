//! `autoscale`: a horizontal pod autoscaler for a workload.

use client::Resource;
use serde_json::{Value, json};

use super::create::{self, dry_run, remember, require, write_options};
use crate::{
    args::Parsed,
    context::Context,
    print,
    report::CliError,
    resolve::{self, Ask, Info},
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    require(&parsed, &["max"])?;
    if parsed.given("cpu-percent") {
        cx.say_err("Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).");
    }
    let (min, max) = (parsed.int("min"), parsed.int("max"));
    if max < 1 {
        return Err(CliError::plain(format!(
            "--max=MAXPODS is required and must be at least 1, max: {max}"
        )));
    }
    if max < min {
        return Err(CliError::plain(format!(
            "--max=MAXPODS must be larger or equal to --min=MINPODS, max: {max}, min: {min}"
        )));
    }
    let found = resolve::find(cx, &Ask::of(&parsed).latest()).await?.all()?;
    if found.is_empty() {
        return Err(CliError::plain("no objects passed to autoscale"));
    }
    for info in found {
        one(cx, &parsed, &info).await?;
    }
    Ok(())
}

/// `70%` or `500m` as a metric.
fn metric(name: &str, text: &str) -> Result<Value, CliError> {
    let target = match text.strip_suffix('%') {
        Some(percent) => {
            let percent: i64 = percent
                .parse()
                .map_err(|_| CliError::plain(format!("invalid percentage value: {text}")))?;
            json!({"type": "Utilization", "averageUtilization": percent})
        }
        None if text.parse::<machinery::quantity::Quantity>().is_ok() => {
            json!({"type": "AverageValue", "averageValue": text})
        }
        None => return Err(CliError::plain(format!("invalid resource {name} value: {text}"))),
    };
    Ok(json!({"type": "Resource", "resource": {"name": name, "target": target}}))
}

async fn one(cx: &Context, parsed: &Parsed, info: &Info) -> Result<(), CliError> {
    let place = &info.place;
    if !place.subresources.iter().any(|one| one.name == "scale") {
        let Resource { group, version, plural, kind, .. } = &place.resource;
        let dot = if group.is_empty() { "" } else { "." };
        return Err(CliError::plain(format!(
            "cannot autoscale a {kind}{dot}{group}: could not find scale subresource for \
             {group}/{version}, Resource={plural} in discovery information"
        )));
    }
    let run = dry_run(cx, parsed)?;
    let name = parsed.some("name").unwrap_or(&info.name);
    let mut object = create::named("autoscaling/v2", "HorizontalPodAutoscaler", name);
    object["spec"] = json!({
        "scaleTargetRef": {
            "kind": info.place.resource.kind,
            "name": info.name,
            "apiVersion": info.place.resource.api_version(),
        },
        "maxReplicas": parsed.int("max"),
    });
    if parsed.int("min") > 0 {
        object["spec"]["minReplicas"] = parsed.int("min").into();
    }
    let mut metrics = Vec::new();
    if let Some(cpu) = parsed.some("cpu") {
        metrics.push(metric("cpu", cpu)?);
    } else if parsed.int("cpu-percent") >= 0 {
        metrics.push(metric("cpu", &format!("{}%", parsed.int("cpu-percent")))?);
    }
    if let Some(memory) = parsed.some("memory") {
        metrics.push(metric("memory", memory)?);
    }
    if !metrics.is_empty() {
        object["spec"]["metrics"] = metrics.into();
    }
    object["status"] = json!({"currentMetrics": null, "desiredReplicas": 0});
    if parsed.is("save-config") {
        remember(&mut object);
    }
    if run == "client" {
        return print::print_typed(cx, parsed, &object, &print::dry("autoscaled", run));
    }
    let place = create::resource(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
        true,
    );
    let api = cx.api(&place, info.namespace.as_deref()).await?;
    let created = api.create(&object, &write_options(cx, parsed)?).await.map_err(|error| {
        if error.already_exists() {
            return CliError::plain("failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: empty input");
        }
        error.into()
    })?;
    print::print_typed(cx, parsed, &created, &print::dry("autoscaled", run))
}
