//! Pods as a Job makes them.

use k8s_openapi::api::{
    batch::v1::Job,
    core::v1::{Container, EnvVar, EnvVarSource, ObjectFieldSelector, Pod},
};
use machinery::well_known;

use super::{
    census::{Census, Observed},
    indexes::{failures_before, ignored_before},
    policy,
};
use crate::podcontrol;

const INDEX_VARIABLE: &str = "JOB_COMPLETION_INDEX";
/// Letters of a name that the server completes, before its own.
const LONGEST_PREFIX: usize = 58;

/// A pod of the Job's template, for an index where the Job has them.
pub(super) fn pod_for(seen: &Observed<'_>, census: &Census<'_>, index: Option<usize>) -> Pod {
    let mut pod = podcontrol::pod_of(seen.job, &seen.spec.template);
    let finalizers = pod.metadata.finalizers.get_or_insert_default();
    if !finalizers.iter().any(|one| one == well_known::JOB_TRACKING) {
        finalizers.push(well_known::JOB_TRACKING.to_owned());
    }
    if let Some(index) = index {
        number(&mut pod, seen.job, index);
        if seen.spec.backoff_limit_per_index.is_some() {
            let before = census.last_of_index.get(&index).map(|pod| &***pod);
            hand_on_failures(&mut pod, seen, before);
        }
    }
    pod
}

/// Makes a pod know its index.
fn number(pod: &mut Pod, job: &Job, index: usize) {
    let name = job.metadata.name.as_deref().unwrap_or_default();
    let ending = format!("-{index}-");
    let room = LONGEST_PREFIX.saturating_sub(ending.len());
    // A name is ASCII, so that any place is a boundary.
    let start = name.get(..room).unwrap_or(name);
    pod.metadata.generate_name = Some(format!("{start}{ending}"));
    for map in [&mut pod.metadata.annotations, &mut pod.metadata.labels] {
        let key = well_known::JOB_COMPLETION_INDEX.to_owned();
        map.get_or_insert_default().insert(key, index.to_string());
    }
    let Some(spec) = pod.spec.as_mut() else { return };
    spec.hostname = Some(format!("{name}-{index}"));
    let inits = spec.init_containers.iter_mut().flatten();
    inits.chain(spec.containers.iter_mut()).for_each(add_variable);
}

fn add_variable(container: &mut Container) {
    let variables = container.env.get_or_insert_default();
    if variables.iter().any(|variable| variable.name == INDEX_VARIABLE) {
        return;
    }
    let field_path = format!("metadata.labels['{}']", well_known::JOB_COMPLETION_INDEX);
    let field_ref = Some(ObjectFieldSelector { api_version: None, field_path });
    let value_from = Some(EnvVarSource { field_ref, ..EnvVarSource::default() });
    variables.push(EnvVar { name: INDEX_VARIABLE.to_owned(), value: None, value_from });
}

/// Tells a pod how often those before it failed.
fn hand_on_failures(pod: &mut Pod, seen: &Observed<'_>, before: Option<&Pod>) {
    let (mut counted, mut ignored) =
        before.map_or((0, 0), |before| (failures_before(before), ignored_before(before)));
    if let Some(before) = before {
        let rules = seen.spec.pod_failure_policy.as_ref();
        if policy::verdict(rules, before).counts() { counted += 1 } else { ignored += 1 }
    }
    let annotations = pod.metadata.annotations.get_or_insert_default();
    annotations.insert(well_known::JOB_INDEX_FAILURES.to_owned(), counted.to_string());
    if ignored > 0 {
        annotations.insert(well_known::JOB_INDEX_IGNORED.to_owned(), ignored.to_string());
    }
}
