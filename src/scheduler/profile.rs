//! Which plugins a scheduler has, and where each of them has a say.
//! Source: `config/v1/default_plugins.go` and `framework/runtime/framework.go`.

use std::sync::Arc;

use k8s_openapi::api::core::v1::Pod;

use crate::{
    config::{
        Arguments, PluginName, PluginSet, Plugins, PreemptionArguments, ProfileSettings,
        SchedulerConfig, fit_errors,
    },
    cycle::Share,
    nodes::NodeInfo,
    plugins::{Change, Plugin, Refusal, Round, Surroundings},
};

/// Where plugins are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    PreEnqueue,
    QueueSort,
    PreFilter,
    Filter,
    PostFilter,
    PreScore,
    Score,
    Reserve,
    Permit,
    PreBind,
    Bind,
    PostBind,
}

use Point::{
    Bind, Filter, Permit, PostBind, PostFilter, PreBind, PreEnqueue, PreFilter, PreScore,
    QueueSort, Reserve, Score,
};

/// The points with the names of Go's interfaces.
const POINTS: [(Point, &str); 12] = [
    (PreEnqueue, "PreEnqueuePlugin"),
    (QueueSort, "QueueSortPlugin"),
    (PreFilter, "PreFilterPlugin"),
    (Filter, "FilterPlugin"),
    (PostFilter, "PostFilterPlugin"),
    (PreScore, "PreScorePlugin"),
    (Score, "ScorePlugin"),
    (Reserve, "ReservePlugin"),
    (Permit, "PermitPlugin"),
    (PreBind, "PreBindPlugin"),
    (Bind, "BindPlugin"),
    (PostBind, "PostBindPlugin"),
];

/// Every plugin in Kubernetes' order: its usual weight, and where it can have a say.
const KNOWN: [(&str, i32, &[Point]); 19] = [
    ("SchedulingGates", 0, &[PreEnqueue]),
    ("PrioritySort", 0, &[QueueSort]),
    ("NodeUnschedulable", 0, &[Filter]),
    ("NodeName", 0, &[Filter]),
    ("TaintToleration", 3, &[Filter, PreScore, Score]),
    ("NodeAffinity", 2, &[PreFilter, Filter, PreScore, Score]),
    ("NodePorts", 0, &[PreFilter, Filter]),
    ("NodeResourcesFit", 1, &[PreFilter, Filter, PreScore, Score]),
    ("VolumeRestrictions", 0, &[PreFilter, Filter]),
    ("NodeVolumeLimits", 0, &[PreFilter, Filter]),
    ("VolumeBinding", 0, &[PreFilter, Filter, PreScore, Score, Reserve, PreBind]),
    ("VolumeZone", 0, &[PreFilter, Filter]),
    ("PodTopologySpread", 2, &[PreFilter, Filter, PreScore, Score]),
    ("InterPodAffinity", 2, &[PreFilter, Filter, PreScore, Score]),
    ("DynamicResources", 0, &[PreEnqueue, PreFilter, Filter, PostFilter, Reserve, PreBind]),
    ("DefaultPreemption", 0, &[PreEnqueue, PostFilter]),
    ("NodeResourcesBalancedAllocation", 1, &[PreScore, Score]),
    ("ImageLocality", 1, &[Score]),
    ("DefaultBinder", 0, &[Bind]),
];

/// One scheduler, ready to decide.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) name: String,
    /// In the order in which they are asked.
    pub(crate) plugins: Vec<Box<dyn Plugin>>,
    pub(crate) share: Share,
    /// How room is made for pods that fit nowhere; `None`: it is not.
    pub(crate) preemption: Option<PreemptionArguments>,
    /// Whether gates hold pods back.
    pub(crate) gates: bool,
    /// Whether pods wait for claims to devices that are not there.
    pub(crate) claims: bool,
    pub(crate) arguments: Arguments,
}

/// The names at each point, in order, with their weights.
#[derive(Debug)]
struct Seats(Vec<(Point, Vec<PluginName>)>);

impl Seats {
    fn at(&self, point: Point) -> &[PluginName] {
        self.0.iter().find(|(one, _)| *one == point).map(|(_, names)| &**names).unwrap_or_default()
    }

    fn find(&self, point: Point, name: &str) -> Option<&PluginName> {
        self.at(point).iter().find(|one| one.name == name)
    }
}

fn known(name: &str) -> Option<&'static [Point]> {
    KNOWN.iter().find(|(known, ..)| *known == name).map(|(.., points)| *points)
}

fn usual() -> Vec<PluginName> {
    KNOWN
        .iter()
        .map(|(name, weight, _)| PluginName { name: (*name).into(), weight: *weight })
        .collect()
}

/// The usual plugins with what a profile says of all points together.
fn merged(given: &PluginSet) -> Vec<PluginName> {
    let disabled = |name: &str| given.disabled.iter().any(|one| one.name == name);
    let mut all = Vec::new();
    let mut replaced = Vec::new();
    for plugin in usual() {
        if disabled("*") || disabled(&plugin.name) {
            continue;
        }
        // Of several that say the same name the last counts.
        match given.enabled.iter().rposition(|one| one.name == plugin.name) {
            Some(at) => {
                replaced.push(at);
                all.push(given.enabled[at].clone());
            }
            None => all.push(plugin),
        }
    }
    let others = given.enabled.iter().enumerate().filter(|(at, _)| !replaced.contains(at));
    all.extend(others.map(|(_, one)| one.clone()));
    all
}

fn set(plugins: &Plugins, point: Point) -> &PluginSet {
    match point {
        PreEnqueue => &plugins.pre_enqueue,
        QueueSort => &plugins.queue_sort,
        PreFilter => &plugins.pre_filter,
        Filter => &plugins.filter,
        PostFilter => &plugins.post_filter,
        PreScore => &plugins.pre_score,
        Score => &plugins.score,
        Reserve => &plugins.reserve,
        Permit => &plugins.permit,
        PreBind => &plugins.pre_bind,
        Bind => &plugins.bind,
        PostBind => &plugins.post_bind,
    }
}

/// Who sits where. Errors: plugins that do not exist, stand twice, or cannot have a say there.
fn seats(plugins: &Plugins) -> Result<Seats, String> {
    let everywhere = merged(&plugins.multi_point);
    let mut seats = Vec::new();
    for (point, go_name) in POINTS {
        let own = set(plugins, point);
        for (at, plugin) in own.enabled.iter().enumerate() {
            let Some(points) = known(&plugin.name) else {
                return Err(format!("{go_name} {:?} does not exist", plugin.name));
            };
            if !points.contains(&point) {
                return Err(format!("plugin {:?} does not extend {go_name} plugin", plugin.name));
            }
            if own.enabled.iter().take(at).any(|other| other.name == plugin.name) {
                return Err(format!("plugin {:?} already registered as {go_name:?}", plugin.name));
            }
        }
        seats.push((point, at_point(&everywhere, own, point, go_name)?));
    }
    Ok(Seats(seats))
}

/// Those that a point names and that sit everywhere, the others that sit everywhere, the rest.
fn at_point(
    everywhere: &[PluginName],
    own: &PluginSet,
    point: Point,
    go_name: &str,
) -> Result<Vec<PluginName>, String> {
    let disabled = |name: &str| own.disabled.iter().any(|one| one.name == name || one.name == "*");
    let names = |name: &str| own.enabled.iter().any(|one| one.name == name);
    let mut common: Vec<PluginName> = Vec::new();
    for plugin in everywhere {
        let Some(points) = known(&plugin.name) else {
            return Err(format!("{go_name} {:?} does not exist", plugin.name));
        };
        if !points.contains(&point) || disabled(&plugin.name) || names(&plugin.name) {
            continue;
        }
        if common.iter().any(|other| other.name == plugin.name) {
            return Err(format!("plugin {:?} already registered as {go_name:?}", plugin.name));
        }
        common.push(plugin.clone());
    }
    let overriding = |one: &&PluginName| everywhere.iter().any(|other| other.name == one.name);
    let mut all: Vec<PluginName> = own.enabled.iter().filter(overriding).cloned().collect();
    all.append(&mut common);
    all.extend(own.enabled.iter().filter(|one| !overriding(one)).cloned());
    Ok(all)
}

/// Refuses profiles that cannot work.
pub(crate) fn check(config: &SchedulerConfig) -> Result<(), String> {
    for profile in &config.profiles {
        check_one(profile).map_err(|words| {
            let name = &profile.name;
            format!("initializing profiles: creating profile for scheduler name {name}: {words}")
        })?;
    }
    Ok(())
}

fn check_one(profile: &ProfileSettings) -> Result<(), String> {
    let seats = seats(&profile.plugins)?;
    let uses_fit = POINTS.iter().any(|(point, _)| seats.find(*point, "NodeResourcesFit").is_some());
    let wrong = if uses_fit { fit_errors(&profile.arguments.fit) } else { Vec::new() };
    match wrong.as_slice() {
        [] => {}
        [one] => return Err(format!("initializing plugin \"NodeResourcesFit\": {one}")),
        all => {
            return Err(format!("initializing plugin \"NodeResourcesFit\": [{}]", all.join(", ")));
        }
    }
    let name = &profile.name;
    match seats.at(QueueSort).len() {
        1 => {}
        0 => {
            return Err(format!(
                "at least one queue sort plugin is needed for profile with scheduler name {name:?}"
            ));
        }
        many => {
            return Err(format!(
                "only one queue sort plugin required for profile with scheduler name {name:?}, but got {many}"
            ));
        }
    }
    if seats.at(Bind).is_empty() {
        return Err(format!(
            "at least one bind plugin is needed for profile with scheduler name {name:?}"
        ));
    }
    Ok(())
}

impl Profile {
    /// The scheduler that the settings describe.
    pub(crate) fn new(
        settings: &ProfileSettings,
        config: &SchedulerConfig,
        around: &Surroundings,
    ) -> Self {
        // Checked when the settings were read.
        let seats = seats(&settings.plugins).unwrap_or(Seats(Vec::new()));
        let mut names: Vec<&str> = seats.at(Filter).iter().map(|one| one.name.as_str()).collect();
        for one in seats.at(Score) {
            if !names.contains(&one.name.as_str()) {
                names.push(&one.name);
            }
        }
        let plugins = names.into_iter().filter_map(|name| {
            let inner = crate::plugins::build(name, around, &settings.arguments)?;
            let weight = seats.find(Score, name).map(|one| i64::from(one.weight.max(1)));
            let refuses = seats.find(PreFilter, name).is_some();
            let filters = seats.find(Filter, name).is_some();
            Some(Box::new(Seat { inner, refuses, filters, weight }) as Box<dyn Plugin>)
        });
        let share = settings.percentage.unwrap_or(config.percentage);
        let preempts = seats.find(PostFilter, "DefaultPreemption").is_some();
        Self {
            name: settings.name.clone(),
            plugins: plugins.collect(),
            share: Share::of(share),
            preemption: preempts.then(|| settings.arguments.preemption.clone()),
            gates: seats.find(PreEnqueue, "SchedulingGates").is_some(),
            claims: seats.find(PreEnqueue, "DynamicResources").is_some(),
            arguments: settings.arguments.clone(),
        }
    }
}

/// A plugin where it has a say.
#[derive(Debug)]
struct Seat {
    inner: Box<dyn Plugin>,
    /// It may refuse a pod altogether.
    refuses: bool,
    filters: bool,
    /// How much its scores count; `None`: it gives none.
    weight: Option<i64>,
}

impl Plugin for Seat {
    fn pre_filter(&self, pod: &Pod) -> Result<(), String> {
        if self.refuses { self.inner.pre_filter(pod) } else { Ok(()) }
    }

    fn prepare(&self, pod: &Arc<Pod>, nodes: &[Arc<NodeInfo>]) -> Option<Box<dyn Round>> {
        let inner = self.inner.prepare(pod, nodes)?;
        if self.filters && self.weight.is_some() {
            return Some(inner);
        }
        Some(Box::new(SeatRound { inner, filters: self.filters }))
    }

    fn filter(&self, pod: &Pod, node: &NodeInfo) -> Result<(), Refusal> {
        if self.filters { self.inner.filter(pod, node) } else { Ok(()) }
    }

    fn scores(&self, pod: &Pod, nodes: &[&NodeInfo]) -> Vec<i64> {
        if self.weight.is_some() { self.inner.scores(pod, nodes) } else { Vec::new() }
    }

    fn weight(&self) -> i64 {
        self.weight.unwrap_or(0)
    }
}

/// A round of a plugin that only filters, or only scores.
#[derive(Debug)]
struct SeatRound {
    inner: Box<dyn Round>,
    filters: bool,
}

impl Round for SeatRound {
    fn filter(&self, node: &NodeInfo) -> Result<(), Refusal> {
        if self.filters { self.inner.filter(node) } else { Ok(()) }
    }

    fn scores(&self, nodes: &[&NodeInfo]) -> Vec<i64> {
        if self.filters { Vec::new() } else { self.inner.scores(nodes) }
    }

    fn count(&mut self, other: &Pod, node: &NodeInfo, change: Change) {
        self.inner.count(other, node, change);
    }

    fn copy(&self) -> Box<dyn Round> {
        Box::new(Self { inner: self.inner.copy(), filters: self.filters })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn plugins(text: Value) -> Plugins {
        serde_json::from_value(text).unwrap()
    }

    fn names(text: Value, point: Point) -> String {
        let seats = seats(&plugins(text)).unwrap();
        let words = seats.at(point).iter().map(|one| match one.weight {
            0 => one.name.clone(),
            weight => format!("{}*{weight}", one.name),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn plugins_sit_where_they_usually_do() {
        let usual = "TaintToleration*3 NodeAffinity*2 NodeResourcesFit*1 VolumeBinding \
                     PodTopologySpread*2 InterPodAffinity*2 NodeResourcesBalancedAllocation*1 \
                     ImageLocality*1";
        assert_eq!(names(json!({}), Score), usual);
        assert_eq!(names(json!({}), Bind), "DefaultBinder");
        assert_eq!(names(json!({}), PostFilter), "DynamicResources DefaultPreemption");
    }

    #[test]
    fn points_and_all_points_together_are_changed() {
        let named = |name: &str| json!({"name": name});
        let weighed = |name: &str, weight: i32| json!({"name": name, "weight": weight});
        for (case, text, point, want) in [
            (
                "nothing but one",
                json!({"score": {"disabled": [named("*")], "enabled": [weighed("ImageLocality", 7)]}}),
                Score,
                "ImageLocality*7",
            ),
            (
                "left out everywhere",
                json!({"multiPoint": {"disabled": [named("NodePorts"), named("VolumeZone")]}}),
                PreFilter,
                "NodeAffinity*2 NodeResourcesFit*1 VolumeRestrictions NodeVolumeLimits VolumeBinding \
                 PodTopologySpread*2 InterPodAffinity*2 DynamicResources",
            ),
            (
                "another weight everywhere",
                json!({"multiPoint": {"disabled": [named("*")], "enabled": [
                    named("NodeName"), weighed("TaintToleration", 9)]}}),
                Score,
                "TaintToleration*9",
            ),
            (
                "what a point names comes first",
                json!({"score": {"enabled": [weighed("ImageLocality", 5)]},
                    "multiPoint": {"disabled": [named("VolumeBinding"), named("NodeAffinity"),
                        named("PodTopologySpread"), named("InterPodAffinity"), named("NodeResourcesFit")]}}),
                Score,
                "ImageLocality*5 TaintToleration*3 NodeResourcesBalancedAllocation*1",
            ),
            ("no room is made", json!({"postFilter": {"disabled": [named("*")]}}), PostFilter, ""),
        ] {
            let text = serde_json::from_value::<Value>(text).unwrap();
            assert_eq!(names(text, point), want.replace("                 ", ""), "{case}");
        }
    }

    #[test]
    fn what_cannot_be_is_told() {
        for (text, want) in [
            (
                json!({"filter": {"enabled": [{"name": "Foo"}]}}),
                r#"FilterPlugin "Foo" does not exist"#,
            ),
            (
                json!({"multiPoint": {"enabled": [{"name": "Foo"}]}}),
                r#"PreEnqueuePlugin "Foo" does not exist"#,
            ),
            (
                json!({"score": {"enabled": [{"name": "NodeName"}]}}),
                r#"plugin "NodeName" does not extend ScorePlugin plugin"#,
            ),
            (
                json!({"score": {"enabled": [{"name": "ImageLocality"}, {"name": "ImageLocality"}]}}),
                r#"plugin "ImageLocality" already registered as "ScorePlugin""#,
            ),
        ] {
            assert_eq!(seats(&plugins(text)).unwrap_err(), want);
        }
    }
}
