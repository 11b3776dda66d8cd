//! Which claims a pod lacks. No clock, no I/O: all facts are given.

use std::sync::Arc;

use api::binding;
use k8s_openapi::{
    api::core::v1::{PersistentVolumeClaim, Pod},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};

use crate::owner;

/// The claims to be made; a claim of that name that is not the pod's is an error.
pub(super) fn missing(
    pod: &Pod,
    known: impl Fn(&str) -> Option<Arc<PersistentVolumeClaim>>,
) -> Result<Vec<PersistentVolumeClaim>, String> {
    if pod.metadata.deletion_timestamp.is_some() {
        return Ok(Vec::new());
    }
    let mut wanted = Vec::new();
    for volume in pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten()) {
        let template = volume.ephemeral.as_ref().and_then(|it| it.volume_claim_template.as_ref());
        let (Some(template), Some((name, _))) = (template, binding::claim_of(pod, volume)) else {
            continue;
        };
        match known(&name) {
            Some(claim) if owner::is_controlled_by(&claim.metadata, &pod.metadata) => {}
            Some(_) => {
                let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
                let own = pod.metadata.name.as_deref().unwrap_or_default();
                return Err(format!(
                    "PVC {namespace}/{name} was not created for pod {namespace}/{own} (pod is not \
                     owner)"
                ));
            }
            None => wanted.push(PersistentVolumeClaim {
                metadata: ObjectMeta {
                    name: Some(name),
                    namespace: pod.metadata.namespace.clone(),
                    owner_references: Some(vec![owner::controller_reference::<Pod>(&pod.metadata)]),
                    ..template.metadata.clone().unwrap_or_default()
                },
                spec: Some(template.spec.clone()),
                status: None,
            }),
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pod_gets_the_claims_that_it_lacks() {
        let template = json!({"metadata": {"labels": {"a": "b"}}, "spec": {"accessModes": ["x"]}});
        let pod = |deleted: Option<&str>| -> Pod {
            serde_json::from_value(json!({
                "metadata": {"name": "p", "namespace": "n", "uid": "u", "deletionTimestamp": deleted},
                "spec": {"containers": [], "volumes": [
                    {"name": "plain", "emptyDir": {}},
                    {"name": "own", "ephemeral": {"volumeClaimTemplate": template}},
                ]},
            }))
            .unwrap()
        };
        let made = missing(&pod(None), |_| None).unwrap();
        let [claim] = &made[..] else { unreachable!("one claim: {made:?}") };
        assert_eq!(claim.metadata.name.as_deref(), Some("p-own"));
        assert_eq!(claim.metadata.labels.as_ref().unwrap()["a"], "b");
        let known = Arc::new(claim.clone());
        assert_eq!(missing(&pod(None), |_| Some(Arc::clone(&known))), Ok(vec![]), "settled");
        assert_eq!(missing(&pod(Some("2026-01-01T00:00:00Z")), |_| None), Ok(vec![]), "it goes");
        let foreign = Arc::new(PersistentVolumeClaim::default());
        let refused = missing(&pod(None), |_| Some(Arc::clone(&foreign))).unwrap_err();
        assert_eq!(refused, "PVC n/p-own was not created for pod n/p (pod is not owner)");
    }
}
