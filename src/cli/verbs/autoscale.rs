//! `autoscale`: a horizontal pod autoscaler for a workload.

use client::Resource;
use machinery::quantity::Quantity;
use serde_json::{Value, json};

use super::create::{self, dry_run, remember_typed, require, write_options};
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
    let targets = Targets::of(&parsed)?;
    let found = resolve::find(cx, &Ask::of(&parsed).latest()).await?.all()?;
    if found.is_empty() {
        return Err(CliError::plain("no objects passed to autoscale"));
    }
    for info in found {
        one(cx, &parsed, &info, &targets).await?;
    }
    Ok(())
}

/// What a metric is to be: a share of what is asked for, or an amount.
enum Target {
    Utilization(i32),
    AverageValue(Quantity),
}

impl Target {
    /// Reads `70%`, `500m`, or a bare number of `unit`.
    fn read(name: &str, text: &str, unit: &str) -> Result<Self, CliError> {
        let text = text.trim();
        if let Some(percent) = text.strip_suffix('%') {
            let value =
                percent.parse().ok().filter(|value| *value >= 0).ok_or_else(|| {
                    CliError::plain(format!("invalid percentage value: {percent}"))
                })?;
            return Ok(Self::Utilization(value));
        }
        let bare = text.parse::<f64>().ok().filter(|value| value.is_finite());
        let whole = bare.map_or_else(|| text.to_owned(), |value| format!("{value}{unit}"));
        let amount = whole
            .parse()
            .map_err(|_| CliError::plain(format!("invalid resource {name} value: {text}")))?;
        Ok(Self::AverageValue(amount))
    }

    fn metric(&self, name: &str) -> Value {
        let target = match self {
            Self::Utilization(percent) => {
                json!({"type": "Utilization", "averageUtilization": percent})
            }
            Self::AverageValue(amount) => {
                json!({"type": "AverageValue", "averageValue": amount.to_string()})
            }
        };
        json!({"type": "Resource", "resource": {"name": name, "target": target}})
    }
}

/// What `--cpu`, `--cpu-percent` and `--memory` say.
struct Targets {
    percent: Option<Target>,
    cpu: Option<Target>,
    memory: Option<Target>,
}

impl Targets {
    fn of(parsed: &Parsed) -> Result<Self, CliError> {
        let percent = i32::try_from(parsed.int("cpu-percent")).ok().filter(|value| *value > 0);
        if percent.is_some() && parsed.some("cpu").is_some() {
            return Err(CliError::plain("--cpu-percent and --cpu are mutually exclusive"));
        }
        let read = |name: &str, unit: &str| {
            parsed.some(name).map(|text| Target::read(name, text, unit)).transpose()
        };
        let (cpu, memory) = (read("cpu", "m")?, read("memory", "Mi")?);
        Ok(Self { percent: percent.map(Target::Utilization), cpu, memory })
    }

    fn metrics(&self) -> Vec<Value> {
        let all = [(&self.percent, "cpu"), (&self.cpu, "cpu"), (&self.memory, "memory")];
        all.iter().filter_map(|(target, name)| Some(target.as_ref()?.metric(name))).collect()
    }

    /// What kubectl says where `autoscaling/v2` refuses; `None` where it asks `autoscaling/v1` then.
    fn refusal(&self) -> Option<CliError> {
        let why = match (&self.cpu, &self.memory) {
            (Some(Target::Utilization(_)), None) => return None,
            (None, _) => "empty input",
            // Go shows that there is no error here, though one is told of.
            (Some(_), _) => "%!w(<nil>)",
        };
        Some(CliError::plain(format!(
            "failed to create autoscaling/v2 HPA and the configuration is incompatible with \
             autoscaling/v1: {why}"
        )))
    }
}

async fn one(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    targets: &Targets,
) -> Result<(), CliError> {
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
    if let (namespace, true) = cx.namespace()? {
        object["metadata"]["namespace"] = namespace.into();
    }
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
    let metrics = targets.metrics();
    if !metrics.is_empty() {
        object["spec"]["metrics"] = metrics.into();
    }
    object["status"] = json!({"currentMetrics": null, "desiredReplicas": 0});
    if parsed.is("save-config") {
        remember_typed(&mut object);
    }
    if run == "client" {
        return print::print_typed(cx, parsed, &object, &print::dry("autoscaled", run));
    }
    let created = match made(cx, parsed, info, &object).await {
        Err(CliError::Client(_)) if let Some(refusal) = targets.refusal() => return Err(refusal),
        Err(CliError::Client(_)) => {
            object["apiVersion"] = "autoscaling/v1".into();
            object["spec"].as_object_mut().map(|spec| spec.remove("metrics"));
            object["status"] = json!({"currentReplicas": 0, "desiredReplicas": 0});
            made(cx, parsed, info, &object).await?
        }
        created => created?,
    };
    print::print_typed(cx, parsed, &created, &print::dry("autoscaled", run))
}

async fn made(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    object: &Value,
) -> Result<Value, CliError> {
    let version = object["apiVersion"].as_str().unwrap_or_default();
    let place =
        create::resource(version, "HorizontalPodAutoscaler", "horizontalpodautoscalers", true);
    let api = cx.api(&place, info.namespace.as_deref()).await?;
    Ok(api.create(object, &write_options(cx, parsed)?).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_shares_or_amounts() {
        let shown = |name: &str, text: &str, unit: &str| {
            let target = Target::read(name, text, unit).map_err(|error| error.to_string())?;
            Ok::<String, String>(target.metric(name)["resource"]["target"].to_string())
        };
        for (name, text, unit, want) in [
            ("cpu", "70%", "m", r#"{"averageUtilization":70,"type":"Utilization"}"#),
            ("cpu", "500", "m", r#"{"averageValue":"500m","type":"AverageValue"}"#),
            ("cpu", " 1000m ", "m", r#"{"averageValue":"1","type":"AverageValue"}"#),
            ("memory", "200", "Mi", r#"{"averageValue":"200Mi","type":"AverageValue"}"#),
            ("memory", "1.5", "Mi", r#"{"averageValue":"1536Ki","type":"AverageValue"}"#),
        ] {
            assert_eq!(shown(name, text, unit), Ok(want.to_owned()), "{text}");
        }
        assert_eq!(shown("cpu", "-5%", "m"), Err("invalid percentage value: -5".to_owned()));
        assert_eq!(shown("cpu", "x", "m"), Err("invalid resource cpu value: x".to_owned()));
    }
}
