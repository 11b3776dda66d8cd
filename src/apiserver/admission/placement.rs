//! `PodNodeSelector` and `PodTolerationRestriction`: what a namespace's annotations say of the nodes of
//! its pods. Source: `plugin/pkg/admission/{podnodeselector,podtolerationrestriction}`.

use machinery::{meta, status::Status};
use serde_json::{Value, json};

use super::{Operation, plugins::Plugin};

const SELECTOR: &str = "scheduler.alpha.kubernetes.io/node-selector";
const DEFAULTS: &str = "scheduler.alpha.kubernetes.io/defaultTolerations";
const ALLOWED: &str = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";
const MEMORY_PRESSURE: &str = "node.kubernetes.io/memory-pressure";

/// Completes and refuses new pods as their namespace says.
pub(super) async fn complete(operation: &Operation<'_>, pod: &mut Value) -> Result<(), Status> {
    let (selects, tolerates) =
        (operation.acts(Plugin::PodNodeSelector), operation.acts(Plugin::PodTolerationRestriction));
    let pods = operation.kind.group.is_empty() && operation.kind.plural == "pods";
    if !pods || !(selects || tolerates) {
        return Ok(());
    }
    let registry = &operation.server.registry;
    let key = registry.key("", "namespaces", "", meta::namespace(pod));
    let namespace = registry.object_at(&key).await?.unwrap_or_default();
    let said = |key: &str| namespace["metadata"]["annotations"][key].as_str();
    let refused = |why: &str| Status::forbidden(operation.kind.resource(), meta::name(pod), why);
    if selects
        && operation.old.is_none()
        && let Some(selector) = said(SELECTOR)
    {
        let merged = merged_selector(selector, &pod["spec"]["nodeSelector"]);
        let merged = merged.map_err(|why| refused(&why))?;
        meta::object_at(pod, "spec").insert("nodeSelector".into(), merged);
    }
    if !tolerates {
        return Ok(());
    }
    let refused = |why: &str| Status::forbidden(operation.kind.resource(), meta::name(pod), why);
    let read = |key: &str| {
        let list =
            said(key).filter(|text| !text.is_empty()).map(serde_json::from_str::<Vec<Value>>);
        list.transpose().map_err(|error| refused(&error.to_string()))
    };
    let (defaults, allowed) = (read(DEFAULTS)?, read(ALLOWED)?);
    let tolerations = merged_tolerations(pod, defaults.unwrap_or_default())
        .ok_or_else(|| refused("namespace tolerations and pod tolerations conflict"))?;
    let fits = |one: &Value| allowed.iter().flatten().any(|wide| covers(wide, one));
    if allowed.as_ref().is_some_and(|allowed| !allowed.is_empty()) && !tolerations.iter().all(fits)
    {
        return Err(refused(
            "pod tolerations (possibly merged with namespace default tolerations) conflict with its \
             namespace whitelist",
        ));
    }
    if !tolerations.is_empty() {
        meta::object_at(pod, "spec").insert("tolerations".into(), tolerations.into());
    }
    Ok(())
}

/// The namespace's selector, `a=b,c=d`, with the pod's.
fn merged_selector(selector: &str, own: &Value) -> Result<Value, String> {
    let mut merged = own.as_object().cloned().unwrap_or_default();
    for pair in selector.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let Some((key, value)) = pair.split_once('=') else {
            return Err(format!("invalid selector {pair:?} of the namespace"));
        };
        let (key, value) = (key.trim(), json!(value.trim_start_matches('=').trim()));
        if merged.get(key).is_some_and(|own| *own != value) {
            return Err("pod node label selector conflicts with its namespace node label selector"
                .to_owned());
        }
        merged.insert(key.to_owned(), value);
    }
    Ok(merged.into())
}

/// The pod's tolerations with its namespace's and what its class of service brings; `None` where
/// the first two say different things of one taint.
fn merged_tolerations(pod: &Value, defaults: Vec<Value>) -> Option<Vec<Value>> {
    let own = meta::items(pod, "/spec/tolerations");
    let same = |a: &Value, b: &Value| a["key"] == b["key"] && a["effect"] == b["effect"];
    let differs = |a: &Value| own.iter().any(|b| same(a, b) && !covers(a, b) && !covers(b, a));
    if defaults.iter().any(differs) {
        return None;
    }
    let mut merged = own.to_vec();
    merged.extend(defaults.into_iter().filter(|one| !own.iter().any(|b| same(one, b))));
    let asks = ["initContainers", "containers"].iter().any(|list| {
        let containers = meta::items(pod, &format!("/spec/{list}"));
        containers.iter().any(|one| one["resources"].as_object().is_some_and(|it| !it.is_empty()))
    });
    let pressure = json!({"key": MEMORY_PRESSURE, "operator": "Exists", "effect": "NoSchedule"});
    if asks && !merged.contains(&pressure) {
        merged.push(pressure);
    }
    Some(merged)
}

/// Whether one toleration takes all that another does.
fn covers(wide: &Value, narrow: &Value) -> bool {
    let text = |of: &Value, key: &str| of[key].as_str().unwrap_or_default().to_owned();
    let exists = |of: &Value| of["operator"] == "Exists";
    let any = |key: &str| text(wide, key).is_empty();
    let effect = any("effect") || text(wide, "effect") == text(narrow, "effect");
    let seconds = wide["tolerationSeconds"].is_null()
        || wide["tolerationSeconds"] == narrow["tolerationSeconds"];
    if any("key") && exists(wide) {
        return effect && seconds;
    }
    let value = exists(wide) || !exists(narrow) && text(wide, "value") == text(narrow, "value");
    effect && seconds && value && text(wide, "key") == text(narrow, "key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_merged_or_conflict() {
        let own = json!({"a": "1"});
        assert_eq!(
            merged_selector("b=2, c=3", &own).unwrap(),
            json!({"a": "1", "b": "2", "c": "3"})
        );
        assert_eq!(merged_selector("a=1", &own).unwrap(), own);
        assert!(merged_selector("a=2", &own).unwrap_err().contains("conflicts"));
        assert!(merged_selector("a", &own).is_err());
    }

    #[test]
    fn tolerations_cover_others() {
        let all = json!({"operator": "Exists"});
        let key = json!({"key": "a", "operator": "Exists"});
        let equal = json!({"key": "a", "operator": "Equal", "value": "1", "effect": "NoSchedule"});
        for (wide, narrow, want) in [
            (&all, &key, true),
            (&all, &equal, true),
            (&key, &equal, true),
            (&equal, &key, false),
            (&equal, &equal, true),
            (&key, &all, false),
        ] {
            assert_eq!(covers(wide, narrow), want, "{wide} {narrow}");
        }
    }

    #[test]
    fn defaults_come_where_the_pod_says_nothing() {
        let default =
            json!({"key": "a", "operator": "Equal", "value": "1", "effect": "NoSchedule"});
        let other = json!({"key": "a", "operator": "Equal", "value": "2", "effect": "NoSchedule"});
        let pod = |tolerations: &[&Value]| json!({"spec": {"tolerations": tolerations}});
        let merged = |pod: &Value| merged_tolerations(pod, vec![default.clone()]);
        assert_eq!(merged(&pod(&[])), Some(vec![default.clone()]));
        assert_eq!(merged(&pod(&[&default])), Some(vec![default.clone()]));
        assert_eq!(merged(&pod(&[&other])), None);
    }
}
