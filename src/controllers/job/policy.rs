//! What a Job's policies say of pods that failed and of indexes that succeeded.
//! Source: `k8s.io/kubernetes/pkg/controller/job`, `pod_failure_policy.go`, `success_policy.go`.

use k8s_openapi::api::{
    batch::v1::{
        PodFailurePolicy, PodFailurePolicyOnExitCodesRequirement as ExitCodes,
        PodFailurePolicyRule, SuccessPolicy, SuccessPolicyRule,
    },
    core::v1::{ContainerStatus, Pod},
};

use super::indexes::Indexes;
use crate::pods;

/// What follows from a failed pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It counts towards the limit.
    Count,
    /// It does not.
    Ignore,
    /// Its index has failed for good.
    FailIndex,
    /// The Job has failed, and why.
    FailJob(String),
}

impl Verdict {
    /// Whether the pod counts as a failure.
    pub(super) fn counts(&self) -> bool {
        match self {
            Self::Count | Self::FailIndex | Self::FailJob(_) => true,
            Self::Ignore => false,
        }
    }
}

/// What the first rule that matches says of a failed pod.
pub(super) fn verdict(policy: Option<&PodFailurePolicy>, pod: &Pod) -> Verdict {
    let rules = policy.map(|policy| policy.rules.as_slice()).unwrap_or_default();
    let found = rules.iter().enumerate().find_map(|(at, rule)| apply(rule, at, pod));
    found.unwrap_or(Verdict::Count)
}

fn apply(rule: &PodFailurePolicyRule, at: usize, pod: &Pod) -> Option<Verdict> {
    let action = rule.action.as_str();
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let name = pods::name(pod);
    let words = if let Some(codes) = &rule.on_exit_codes {
        let (container, code) = exit(pod, codes)?;
        format!(
            "Container {container} for pod {namespace}/{name} failed with exit code {code} \
             matching {action} rule at index {at}"
        )
    } else {
        let condition = pod_condition(rule, pod)?;
        format!(
            "Pod {namespace}/{name} has condition {condition} matching {action} rule at index {at}"
        )
    };
    match action {
        "Ignore" => Some(Verdict::Ignore),
        "FailIndex" => Some(Verdict::FailIndex),
        "FailJob" => Some(Verdict::FailJob(words)),
        "Count" => Some(Verdict::Count),
        // An action of a later version: the next rule is asked.
        _ => None,
    }
}

/// The first container whose exit code the rule names.
fn exit<'a>(pod: &'a Pod, wanted: &ExitCodes) -> Option<(&'a str, i32)> {
    let status = pod.status.as_ref()?;
    let both = [&status.container_statuses, &status.init_container_statuses];
    let code_of = |one: &ContainerStatus| Some(one.state.as_ref()?.terminated.as_ref()?.exit_code);
    both.into_iter().flatten().flatten().find_map(|one| {
        let code = code_of(one).filter(|code| *code != 0)?;
        let named = wanted.container_name.as_ref().is_none_or(|name| *name == one.name);
        let listed = wanted.values.contains(&code);
        let matches = match wanted.operator.as_str() {
            "In" => listed,
            "NotIn" => !listed,
            _ => false,
        };
        (named && matches).then_some((one.name.as_str(), code))
    })
}

fn pod_condition<'a>(rule: &PodFailurePolicyRule, pod: &'a Pod) -> Option<&'a str> {
    let patterns = rule.on_pod_conditions.as_ref()?;
    let conditions = pod.status.as_ref()?.conditions.as_ref()?;
    let found = conditions.iter().find(|condition| {
        patterns.iter().any(|pattern| {
            pattern.type_ == condition.type_
                && pattern.status.as_deref().unwrap_or("True") == condition.status
        })
    });
    found.map(|condition| condition.type_.as_str())
}

/// The words of the first rule that the succeeded indexes fulfil.
pub(super) fn success(
    policy: Option<&SuccessPolicy>,
    completions: usize,
    succeeded: &Indexes,
) -> Option<String> {
    let rules = policy?.rules.iter();
    let met = rules.enumerate().find(|(_, rule)| fulfils(rule, completions, succeeded));
    met.filter(|_| !succeeded.is_empty()).map(|(at, _)| format!("Matched rules at index {at}"))
}

fn fulfils(rule: &SuccessPolicyRule, completions: usize, succeeded: &Indexes) -> bool {
    let enough = |count: usize| {
        rule.succeeded_count.is_some_and(|wanted| usize::try_from(wanted).is_ok_and(|w| count >= w))
    };
    let Some(text) = &rule.succeeded_indexes else { return enough(succeeded.len()) };
    let wanted = Indexes::parse(text, completions);
    let shared = wanted.shared(succeeded);
    !wanted.is_empty() && (shared == wanted.len() || enough(shared))
}
