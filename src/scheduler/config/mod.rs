//! `KubeSchedulerConfiguration`: which schedulers there are, what each of them heeds, and whom it asks.
//!
//! Read strictly, filled with Kubernetes' defaults, then validated; what is here is sound. What the file
//! says of connections, elections and profiling is checked for its shape alone: our scheduler lives in the
//! cluster's own process, whose flags decide. Source: `pkg/scheduler/apis/config`.

mod arguments;
mod document;
mod fields;
#[cfg(test)]
mod tests;
mod validate;

use std::time::Duration;

use machinery::{configuration::Refused, yaml};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) use self::arguments::{
    Arguments, BalancedArguments, Defaulting, FitArguments, NodeAffinityArguments,
    PodAffinityArguments, Point, PreemptionArguments, Resource, SpreadArguments, Strategy,
};
use self::{
    document::{Document, PluginConfig, Profile},
    fields::TYPES,
};
pub(crate) use self::{
    document::{ExtenderSettings, PluginName, PluginSet, Plugins, TlsSettings},
    validate::fit as fit_errors,
};

const GROUP: &str = "kubescheduler.config.k8s.io";
const KIND: &str = "KubeSchedulerConfiguration";

/// Why a file is no configuration of schedulers, in kube-scheduler's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    pub(crate) fn new(words: String) -> Self {
        Self(words)
    }
}

/// How the schedulers of a cluster work.
#[derive(Debug, Clone)]
pub struct SchedulerConfig {
    pub(crate) profiles: Vec<ProfileSettings>,
    pub(crate) extenders: Vec<ExtenderSettings>,
    /// Of a hundred nodes, how many fitting ones are enough; 0 leaves it to the number of nodes.
    pub(crate) percentage: i32,
    pub(crate) first_backoff: Duration,
    pub(crate) longest_backoff: Duration,
}

/// One scheduler.
#[derive(Debug, Clone)]
pub(crate) struct ProfileSettings {
    pub(crate) name: String,
    pub(crate) percentage: Option<i32>,
    pub(crate) plugins: Plugins,
    pub(crate) arguments: Arguments,
}

impl Default for SchedulerConfig {
    fn default() -> Self {
        settled(Document::default(), Vec::new())
    }
}

impl SchedulerConfig {
    /// Reads a file's text, YAML or JSON.
    ///
    /// Errors: what is unknown, of the wrong type or breaks a rule, and plugins that do not exist.
    pub fn read(text: &str) -> Result<Self, ConfigError> {
        let (value, complaints) =
            yaml::parse_strict(text).map_err(|error| ConfigError(error.to_string()))?;
        check_kind(&value)?;
        if !complaints.is_empty() {
            return Err(strict(&complaints));
        }
        let mut document: Document = typed(decoded(KIND, value)?)?;
        check_durations(&document)?;
        if document.profiles.is_empty() {
            document.profiles.push(Profile::default());
        }
        let arguments = all_arguments(&document)?;
        let errors = validate::errors(&document, &arguments);
        match errors.as_slice() {
            [] => {}
            [one] => return Err(ConfigError(one.clone())),
            all => return Err(ConfigError(format!("[{}]", all.join(", ")))),
        }
        let config = settled(document, arguments);
        crate::profile::check(&config).map_err(ConfigError)?;
        Ok(config)
    }
}

fn strict(words: &[String]) -> ConfigError {
    ConfigError(format!("strict decoding error: {}", words.join(", ")))
}

fn check_durations(document: &Document) -> Result<(), ConfigError> {
    let texts = document.extenders.iter().map(|one| &one.http_timeout);
    let wrong = |text: &&String| !text.is_empty() && machinery::duration::parse(text).is_none();
    match texts.into_iter().find(wrong) {
        Some(text) => Err(ConfigError(format!("time: invalid duration {text:?}"))),
        None => Ok(()),
    }
}

/// Refuses what is not of our kind.
fn check_kind(value: &Value) -> Result<(), ConfigError> {
    let text = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default();
    let (kind, version) = (text("kind"), text("apiVersion"));
    let wrong = |words: String| Err(ConfigError(words));
    if kind.is_empty() {
        return wrong(format!("Object 'Kind' is missing in '{value}'"));
    }
    if version.is_empty() {
        return wrong(format!("Object 'apiVersion' is missing in '{value}'"));
    }
    if version != format!("{GROUP}/v1") || kind != KIND {
        return wrong(format!(
            "no kind {kind:?} is registered for version {version:?} in scheme \
             \"k8s.io/kubernetes/pkg/scheduler/apis/config/scheme/scheme.go:30\""
        ));
    }
    Ok(())
}

fn decoded(name: &str, value: Value) -> Result<Value, ConfigError> {
    TYPES.decode(name, value).map_err(|refused| match refused {
        Refused::Type(words) => ConfigError(words),
        Refused::Strict(words) => strict(&words),
    })
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T, ConfigError> {
    serde_json::from_value(value).map_err(|error| ConfigError(error.to_string()))
}

/// The arguments of all profiles' plugins, in their order.
fn all_arguments(document: &Document) -> Result<Vec<Arguments>, ConfigError> {
    let mut all = Vec::new();
    for (at, profile) in document.profiles.iter().enumerate() {
        let mut arguments = Arguments::default();
        for (number, config) in profile.plugin_config.iter().enumerate() {
            let place = |ConfigError(words)| {
                let decoding = format!("decoding .profiles[{at}].pluginConfig[{number}]: {words}");
                if decoding.contains("strict decoding error: ") {
                    strict(&[decoding])
                } else {
                    ConfigError(decoding)
                }
            };
            take_arguments(&mut arguments, config).map_err(place)?;
        }
        all.push(arguments);
    }
    Ok(all)
}

/// Reads one plugin's arguments; those of plugins that take none are nobody's.
fn take_arguments(arguments: &mut Arguments, config: &PluginConfig) -> Result<(), ConfigError> {
    let kind = format!("{}Args", config.name);
    if !TYPES.has(&kind) {
        return Ok(());
    }
    let mut value = config.args.clone().unwrap_or_else(|| json!({}));
    let given = value.get("kind").and_then(Value::as_str).unwrap_or(&kind).to_owned();
    if given != kind {
        return Err(ConfigError(format!(
            "args for plugin {} were not of type {kind}.{GROUP}, got {given}.{GROUP}",
            config.name
        )));
    }
    if value.is_null() {
        value = json!({});
    }
    let place = |ConfigError(words)| {
        ConfigError(format!("decoding args for plugin {}: {words}", config.name))
    };
    let value = decoded(&kind, value).map_err(place)?;
    arguments.take(&config.name, value).map_err(|words| place(ConfigError(words)))
}

/// A sound document with the defaults filled in.
fn settled(mut document: Document, mut arguments: Vec<Arguments>) -> SchedulerConfig {
    if document.profiles.is_empty() {
        document.profiles.push(Profile::default());
    }
    arguments.resize_with(document.profiles.len(), Arguments::default);
    for extender in &document.extenders {
        let ignored = extender.managed_resources.iter().filter(|one| one.ignored_by_scheduler);
        let names: Vec<String> = ignored.map(|one| one.name.clone()).collect();
        for one in &mut arguments {
            one.fit.ignored_resources.extend(names.iter().cloned());
        }
    }
    let profiles = document.profiles.into_iter().zip(arguments).map(|(profile, arguments)| {
        let usual = || crate::DEFAULT_SCHEDULER.to_owned();
        ProfileSettings {
            name: profile.scheduler_name.unwrap_or_else(usual),
            percentage: profile.percentage_of_nodes_to_score,
            plugins: profile.plugins.unwrap_or_default(),
            arguments,
        }
    });
    let seconds = |given: Option<i64>, usual: u64| {
        Duration::from_secs(given.and_then(|it| u64::try_from(it).ok()).unwrap_or(usual))
    };
    SchedulerConfig {
        profiles: profiles.collect(),
        extenders: document.extenders,
        percentage: document.percentage_of_nodes_to_score.unwrap_or(0),
        first_backoff: seconds(document.pod_initial_backoff_seconds, 1),
        longest_backoff: seconds(document.pod_max_backoff_seconds, 10),
    }
}
