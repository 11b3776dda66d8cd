//! The status of an autoscaler in the making, and what is to be said beside it.

use jiff::Timestamp;
use k8s_openapi::{
    api::autoscaling::v2::{
        HorizontalPodAutoscaler, HorizontalPodAutoscalerCondition, HorizontalPodAutoscalerStatus,
        MetricStatus,
    },
    apimachinery::pkg::apis::meta::v1::Time,
};

use crate::remark::Remark;

pub(super) const ABLE: &str = "AbleToScale";
pub(super) const ACTIVE: &str = "ScalingActive";
pub(super) const LIMITED: &str = "ScalingLimited";

/// A status and events, as one pass over an autoscaler leaves them.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) status: HorizontalPodAutoscalerStatus,
    pub(super) remarks: Vec<Remark>,
    now: Timestamp,
}

impl Draft {
    /// Begins with what the autoscaler says of itself.
    pub(super) fn of(autoscaler: &HorizontalPodAutoscaler, now: Timestamp) -> Self {
        let status = autoscaler.status.clone().unwrap_or_default();
        Self { status, remarks: Vec::new(), now }
    }

    /// Sets a condition; its time changes with its status alone.
    pub(super) fn condition(
        &mut self,
        kind: &str,
        holds: bool,
        reason: &str,
        message: impl Into<String>,
    ) {
        let status = if holds { "True" } else { "False" };
        let conditions = self.status.conditions.get_or_insert_default();
        let at = conditions.iter().position(|one| one.type_ == kind);
        let since = at
            .and_then(|at| conditions.get(at))
            .filter(|one| one.status == status)
            .and_then(|one| one.last_transition_time.clone());
        let condition = HorizontalPodAutoscalerCondition {
            type_: kind.to_owned(),
            status: status.to_owned(),
            reason: Some(reason.to_owned()),
            message: Some(message.into()),
            last_transition_time: since.or(Some(Time(self.now))),
        };
        match at.and_then(|at| conditions.get_mut(at)) {
            Some(known) => *known = condition,
            None => conditions.push(condition),
        }
    }

    /// Adds an event of something wrong.
    pub(super) fn warn(&mut self, reason: &str, message: impl Into<String>) {
        self.remarks.push(Remark::warning(reason, message));
    }

    /// Nothing is known of the target, and why.
    pub(super) fn no_scale(&mut self, why: &str) {
        self.warn("FailedGetScale", why);
        let words = "the HPA controller was unable to get the target's current scale";
        self.condition(ABLE, false, "FailedGetScale", format!("{words}: {why}"));
    }

    /// Says what is there and what was measured.
    pub(super) fn measured(&mut self, current: i32, metrics: Option<Vec<MetricStatus>>) {
        self.status.current_replicas = Some(current).filter(|replicas| *replicas != 0);
        self.status.current_metrics = metrics.filter(|metrics| !metrics.is_empty());
        self.status.observed_generation = None;
    }

    /// Says that the target was given another size.
    pub(super) fn rescaled(&mut self, to: i32, why: &str) {
        let words = format!("the HPA controller was able to update the target scale to {to}");
        self.condition(ABLE, true, "SucceededRescale", words);
        let words = format!("New size: {to}; reason: {why}");
        self.remarks.push(Remark::normal("SuccessfulRescale", words));
        self.status.last_scale_time = Some(Time(self.now));
    }

    /// Says that the target could not be given another size.
    pub(super) fn not_rescaled(&mut self, to: i32, why: &str, error: &str) {
        self.warn("FailedRescale", format!("New size: {to}; reason: {why}; error: {error}"));
        let words = "the HPA controller was unable to update the target scale";
        self.condition(ABLE, false, "FailedUpdateScale", format!("{words}: {error}"));
    }
}
