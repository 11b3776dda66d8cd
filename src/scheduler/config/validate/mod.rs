//! What breaks a rule, in Kubernetes' words and order. Source: `pkg/scheduler/apis/config/validation`.

mod plugins;

use std::collections::{BTreeMap, BTreeSet};

use machinery::{
    field::{Errors, Path},
    names,
};
use serde_json::json;

use super::{
    arguments::Arguments,
    document::{Document, ExtenderSettings, PluginSet, Plugins, Profile},
};

pub(crate) use self::plugins::fit;

/// Plugins that are gone.
const GONE: [&str; 4] = ["AzureDiskLimits", "CinderLimits", "EBSLimits", "GCEPDLimits"];

/// Everything that is wrong with a document, one sentence each.
pub(super) fn errors(document: &Document, arguments: &[Arguments]) -> Vec<String> {
    let mut errors = Errors::default();
    if let Some(given) = document.parallelism.filter(|given| *given <= 0) {
        let why = "should be an integer value greater than zero";
        errors.invalid(&Path::new("parallelism"), &json!(given), why);
    }
    profiles(document, arguments, &mut errors);
    percentage("percentageOfNodesToScore", document.percentage_of_nodes_to_score, &mut errors);
    backoff(document, &mut errors);
    extenders(&document.extenders, &mut errors);
    errors.iter().map(ToString::to_string).collect()
}

fn percentage(path: &str, given: Option<i32>, errors: &mut Errors) {
    if let Some(given) = given.filter(|given| !(0..=100).contains(given)) {
        errors.invalid(&Path::new(path), &json!(given), "not in valid range [0-100]");
    }
}

fn backoff(document: &Document, errors: &mut Errors) {
    let first = document.pod_initial_backoff_seconds.unwrap_or(1);
    let longest = document.pod_max_backoff_seconds.unwrap_or(10);
    if first <= 0 {
        let path = Path::new("podInitialBackoffSeconds");
        errors.invalid(&path, &json!(first), "must be greater than 0");
    }
    if longest < first {
        let why = "must be greater than or equal to PodInitialBackoffSeconds";
        errors.invalid(&Path::new("podMaxBackoffSeconds"), &json!(longest), why);
    }
}

fn profiles(document: &Document, arguments: &[Arguments], errors: &mut Errors) {
    let path = Path::new("profiles");
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let alone = document.profiles.len() == 1;
    for (at, (profile, arguments)) in document.profiles.iter().zip(arguments).enumerate() {
        let path = path.index(at);
        let usual = if alone { crate::DEFAULT_SCHEDULER } else { "" };
        let name = profile.scheduler_name.as_deref().unwrap_or(usual);
        if name.is_empty() {
            errors.required(&path.child("schedulerName"), "");
        }
        let share = path.child("percentageOfNodesToScore").to_string();
        percentage(&share, profile.percentage_of_nodes_to_score, errors);
        one_profile(&path, profile, arguments, errors);
        if let Some(first) = known.insert(name, at) {
            let first = Path::new("profiles").index(first).child("schedulerName");
            errors.duplicate_shown(&path.child("schedulerName"), &first.to_string());
        }
    }
    common_order(document, &path, errors);
}

/// The points at which Kubernetes looks for plugins that are gone.
fn points(plugins: &Plugins) -> [(&'static str, &PluginSet); 12] {
    [
        ("preEnqueue", &plugins.pre_enqueue),
        ("queueSort", &plugins.queue_sort),
        ("preFilter", &plugins.pre_filter),
        ("filter", &plugins.filter),
        ("postFilter", &plugins.post_filter),
        ("preScore", &plugins.pre_score),
        ("score", &plugins.score),
        ("reserve", &plugins.reserve),
        ("permit", &plugins.permit),
        ("preBind", &plugins.pre_bind),
        ("bind", &plugins.bind),
        ("postBind", &plugins.post_bind),
    ]
}

fn gone(path: &Path, name: &str, errors: &mut Errors) -> bool {
    let gone = GONE.contains(&name);
    if gone {
        // The version is that of the core group: so Kubernetes says it.
        let why = "was invalid in version \"v1\" (KubeSchedulerConfiguration is version \
                   \"kubescheduler.config.k8s.io/v1\")";
        errors.invalid(path, &json!(name), why);
    }
    gone
}

fn one_profile(path: &Path, profile: &Profile, arguments: &Arguments, errors: &mut Errors) {
    if let Some(plugins) = &profile.plugins {
        for (point, set) in points(plugins) {
            let enabled = path.child("plugins").child(point).child("enabled");
            for (at, plugin) in set.enabled.iter().enumerate() {
                gone(&enabled.index(at), &plugin.name, errors);
            }
        }
    }
    let mut seen = BTreeSet::new();
    for (at, config) in profile.plugin_config.iter().enumerate() {
        let path = path.child("pluginConfig").index(at);
        if !seen.insert(config.name.as_str()) {
            errors.duplicate(&path, &json!(config.name));
        }
        if !gone(&path, &config.name, errors) {
            plugins::arguments(&path.child("args"), &config.name, arguments, errors);
        }
    }
}

/// All profiles share one queue, which has one order.
fn common_order(document: &Document, path: &Path, errors: &mut Errors) {
    let order = |profile: &Profile| {
        profile.plugins.as_ref().map(|plugins| plugins.queue_sort.clone()).unwrap_or_default()
    };
    let Some((first, others)) = document.profiles.split_first() else { return };
    let common = order(first);
    if common.enabled.len() > 1 {
        let path = path.index(0).child("plugins").child("queueSort").child("Enabled");
        let count = json!(common.enabled.len());
        errors.invalid(&path, &count, "only one queue sort plugin can be enabled");
    }
    for (at, other) in others.iter().enumerate() {
        if order(other) != common {
            let path = path.index(at + 1).child("plugins").child("queueSort");
            errors.invalid_shown(&path, &shown(&order(other)), "must be the same for all profiles");
        }
    }
}

/// A set as Go shows it.
fn shown(set: &PluginSet) -> String {
    let list = |all: &[super::document::PluginName]| {
        let one = |it: &super::document::PluginName| {
            format!(r#"{{"Name":{:?},"Weight":{}}}"#, it.name, it.weight)
        };
        if all.is_empty() {
            return "null".to_owned();
        }
        format!("[{}]", all.iter().map(one).collect::<Vec<_>>().join(","))
    };
    format!(r#"{{"Enabled":{},"Disabled":{}}}"#, list(&set.enabled), list(&set.disabled))
}

fn extenders(all: &[ExtenderSettings], errors: &mut Errors) {
    let path = Path::new("extenders");
    let mut known = BTreeSet::new();
    for (at, extender) in all.iter().enumerate() {
        let path = path.index(at);
        if !extender.prioritize_verb.is_empty() && extender.weight <= 0 {
            let why = "must have a positive weight applied to it";
            errors.invalid(&path.child("weight"), &json!(extender.weight), why);
        }
        for (at, resource) in extender.managed_resources.iter().enumerate() {
            let path = path.child("managedResources").index(at).child("name");
            extended_name(&path, &resource.name, errors);
            if !known.insert(resource.name.as_str()) {
                let why = "duplicate extender managed resource name";
                errors.invalid(&path, &json!(resource.name), why);
            }
        }
    }
    let binders = all.iter().filter(|one| !one.bind_verb.is_empty()).count();
    if binders > 1 {
        let found = json!(format!("found {binders} extenders implementing bind"));
        errors.invalid(&path, &found, "only one extender can implement bind");
    }
}

/// A resource of somebody else's: with a domain that is not Kubernetes' own.
fn extended_name(path: &Path, name: &str, errors: &mut Errors) {
    let wrong = names::qualified_name(name);
    for words in &wrong {
        errors.invalid(path, &json!(name), words);
    }
    let native = !name.contains('/') || name.contains("kubernetes.io/");
    let quota = names::qualified_name(&format!("requests.{name}"));
    if wrong.is_empty() && (native || name.starts_with("requests.") || !quota.is_empty()) {
        errors.invalid(path, &json!(name), "is an invalid extended resource name");
    }
}
