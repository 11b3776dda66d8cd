//! `PodSecurity`: what a namespace's labels demand of its pods, enforced or warned of.
//! Source: Kubernetes documentation, "Pod Security Admission" and "Pod Security Standards".

mod standard;

use machinery::{meta, status::Status};
use serde_json::Value;

use super::Operation;
use crate::audit;
pub(super) use standard::{Level, violations};

const PREFIX: &str = "pod-security.kubernetes.io/";
/// Where the pod templates of workloads stand.
const TEMPLATES: [&str; 3] = ["/spec/jobTemplate/spec/template", "/spec/template", "/template"];

/// A level and the version whose rules are meant, as labels give them.
struct Demand {
    level: Level,
    version: String,
}

fn demand(namespace: &Value, mode: &str) -> Demand {
    let label = |name: String| meta::label(namespace, &name).unwrap_or_default().to_owned();
    let version = label(format!("{PREFIX}{mode}-version"));
    Demand {
        level: Level::parse(&label(format!("{PREFIX}{mode}"))),
        version: if version.is_empty() { "latest".into() } else { version },
    }
}

/// What is warned of: without a label of its own, what is enforced.
fn warned(namespace: &Value) -> Demand {
    let own = meta::label(namespace, &format!("{PREFIX}warn")).is_some();
    demand(namespace, if own { "warn" } else { "enforce" })
}

/// Refuses pods that their namespace does not bear; warns of others, and of workloads.
pub(super) async fn check(
    operation: &Operation<'_>,
    object: &Value,
) -> Result<Vec<String>, Status> {
    let kind = operation.kind;
    if kind.group.is_empty() && kind.plural == "namespaces" {
        return existing(operation, object).await;
    }
    let is_pod = kind.group.is_empty() && kind.plural == "pods";
    let template = TEMPLATES.iter().find_map(|road| {
        object.pointer(road).filter(|it| it.pointer("/spec/containers").is_some())
    });
    let pod = if is_pod { Some(object) } else { template };
    let Some(pod) = pod else { return Ok(Vec::new()) };
    let unchanged = operation.old.is_some_and(|old| old.get("spec") == object.get("spec"));
    if unchanged {
        return Ok(Vec::new());
    }
    let registry = &operation.server.registry;
    let key = registry.key("", "namespaces", "", meta::namespace(object));
    let Some(namespace) = registry.object_at(&key).await? else { return Ok(Vec::new()) };
    if is_pod {
        let Demand { level, version } = demand(&namespace, "enforce");
        let found = violations(level, pod);
        let enforced = format!("{}:{version}", level.word());
        audit::annotate(format!("{PREFIX}enforce-policy"), enforced);
        if !found.is_empty() {
            let words: Vec<String> = found.iter().map(ToString::to_string).collect();
            let why = format!(
                "violates PodSecurity \"{}:{version}\": {}",
                level.word(),
                words.join(", ")
            );
            return Err(Status::forbidden(kind.resource(), meta::name(object), &why));
        }
    }
    noted(&demand(&namespace, "audit"), pod);
    let Demand { level, version } = warned(&namespace);
    let found = violations(level, pod);
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let words: Vec<String> = found.iter().map(ToString::to_string).collect();
    let level = level.word();
    Ok(vec![format!("would violate PodSecurity \"{level}:{version}\": {}", words.join(", "))])
}

/// Tells the audit log what a pod violates of what is looked for there.
fn noted(Demand { level, version }: &Demand, pod: &Value) {
    let found = violations(*level, pod);
    if !found.is_empty() {
        let words: Vec<String> = found.iter().map(ToString::to_string).collect();
        let level = level.word();
        let words =
            format!("would violate PodSecurity \"{level}:{version}\": {}", words.join(", "));
        audit::annotate(format!("{PREFIX}audit-violations"), words);
    }
}

/// Warns of the pods that a namespace has and would not bear any more.
async fn existing(operation: &Operation<'_>, namespace: &Value) -> Result<Vec<String>, Status> {
    let Some(old) = operation.old else { return Ok(Vec::new()) };
    let (before, after) = (demand(old, "enforce"), demand(namespace, "enforce"));
    if after.level <= before.level && after.version == before.version {
        return Ok(Vec::new());
    }
    let name = meta::name(namespace);
    let pods = operation.server.registry.objects("", "pods", name).await?;
    let mut groups: Vec<(String, String, usize)> = Vec::new();
    for pod in &pods {
        let found = violations(after.level, pod);
        if found.is_empty() {
            continue;
        }
        let reasons: Vec<&str> = found.iter().map(|one| one.reason).collect();
        let reasons = reasons.join(", ");
        match groups.iter_mut().find(|(_, known, _)| *known == reasons) {
            Some((_, _, others)) => *others += 1,
            None => groups.push((meta::name(pod).to_owned(), reasons, 0)),
        }
    }
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let mut warnings = vec![format!(
        "existing pods in namespace {name:?} violate the new PodSecurity enforce level \"{}:{}\"",
        after.level.word(),
        after.version
    )];
    warnings.extend(groups.into_iter().map(|(pod, reasons, others)| match others {
        0 => format!("{pod}: {reasons}"),
        1 => format!("{pod} (and 1 other pod): {reasons}"),
        others => format!("{pod} (and {others} other pods): {reasons}"),
    }));
    Ok(warnings)
}
