//! Autoscalers by their cases: replicas of measurements, behavior, conditions.

mod deciding;
mod measuring;
mod moving;
mod naming;
