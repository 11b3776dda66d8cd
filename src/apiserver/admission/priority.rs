//! `Priority`: a pod has the priority of its class, or of the default one, or 0.
//! Source: `plugin/pkg/admission/priority`.

use machinery::{meta, status::Status};
use serde_json::Value;

use super::Operation;

const GROUP: &str = "scheduling.k8s.io";

/// Fills in a new pod's priority. Errors: 403 for classes that are not, or other values.
pub(super) async fn complete(operation: &Operation<'_>, object: &mut Value) -> Result<(), Status> {
    if let (Some(old), "", "pods") =
        (operation.old, operation.kind.group.as_str(), operation.kind.plural.as_str())
    {
        keep(object, old);
    }
    if !operation.creates("", "pods") {
        return Ok(());
    }
    let registry = &operation.server.registry;
    let named = meta::text(object, "/spec/priorityClassName").to_owned();
    let class = if named.is_empty() {
        let all = registry.objects(GROUP, "priorityclasses", "").await?;
        let mut defaults: Vec<Value> =
            all.into_iter().filter(|class| class["globalDefault"] == true).collect();
        defaults.sort_by_key(|class| meta::number(class, "/value"));
        defaults.into_iter().next()
    } else {
        registry.object_at(&registry.key(GROUP, "priorityclasses", "", &named)).await?
    };
    let name = meta::name(object).to_owned();
    let refused = |why: String| Err(Status::forbidden(operation.kind.resource(), &name, &why));
    if class.is_none() && !named.is_empty() {
        return refused(format!("no PriorityClass with name {named} was found"));
    }
    let value = class.as_ref().and_then(|it| meta::number(it, "/value")).unwrap_or(0);
    let policy = class.as_ref().map_or("", |it| meta::text(it, "/preemptionPolicy"));
    let policy = if policy.is_empty() { "PreemptLowerPriority" } else { policy };
    if let Some(given) = meta::number(object, "/spec/priority").filter(|given| *given != value) {
        return refused(format!(
            "the integer value of priority ({given}) must not be provided in pod spec; priority \
             admission controller computed {value} from the given PriorityClass name"
        ));
    }
    let given = meta::text(object, "/spec/preemptionPolicy");
    if !given.is_empty() && given != policy {
        return refused(format!(
            "the string value of PreemptionPolicy ({given}) must not be provided in pod spec; \
             priority admission controller computed {policy} from the given PriorityClass name"
        ));
    }
    let spec = meta::object_at(object, "spec");
    if let Some(class) = &class {
        spec.insert("priorityClassName".into(), meta::name(class).into());
    }
    spec.insert("priority".into(), value.into());
    spec.insert("preemptionPolicy".into(), policy.into());
    Ok(())
}

/// A pod that is changed keeps its priority where the change does not tell one.
fn keep(pod: &mut Value, old: &Value) {
    let spec = meta::object_at(pod, "spec");
    for field in ["priority", "preemptionPolicy"] {
        if let Some(value) = old["spec"].get(field) {
            meta::set_default(spec, field, value.clone());
        }
    }
}
