//! Files that are read, and files that are refused.

use super::*;

fn file(rest: &str) -> String {
    format!("apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n{rest}")
}

fn refused(rest: &str) -> String {
    SchedulerConfig::read(&file(rest)).unwrap_err().to_string()
}

#[test]
fn a_file_that_says_nothing_means_the_usual() {
    let (read, usual) = (SchedulerConfig::read(&file("")).unwrap(), SchedulerConfig::default());
    for config in [&read, &usual] {
        assert_eq!(config.profiles.len(), 1);
        assert_eq!(config.profiles[0].name, "default-scheduler");
        assert_eq!(config.profiles[0].arguments.fit.scoring_strategy.kind, "LeastAllocated");
        assert_eq!(config.profiles[0].arguments.volumes.timeout(), Duration::from_mins(10));
        assert_eq!((config.first_backoff.as_secs(), config.longest_backoff.as_secs()), (1, 10));
    }
}

#[test]
fn what_is_said_counts() {
    let config = SchedulerConfig::read(&file(
        r"
percentageOfNodesToScore: 30
podInitialBackoffSeconds: 2
podMaxBackoffSeconds: 4
leaderElection: {leaderElect: true, leaseDuration: 15s}
profiles:
- schedulerName: packer
  percentageOfNodesToScore: 100
  pluginConfig:
  - name: NodeResourcesFit
    args:
      apiVersion: kubescheduler.config.k8s.io/v1
      kind: NodeResourcesFitArgs
      ignoredResourceGroups: [example.com]
      scoringStrategy:
        type: MostAllocated
        resources: [{name: cpu, weight: 5}, {name: memory}]
  - name: Unheard
    args: {whatever: 1}
- schedulerName: other
extenders:
- urlPrefix: http://127.0.0.1:1/x
  filterVerb: filter
  httpTimeout: 250ms
  managedResources: [{name: example.com/gpu, ignoredByScheduler: true}]
",
    ))
    .unwrap();
    let names: Vec<&str> = config.profiles.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["packer", "other"]);
    let fit = &config.profiles[0].arguments.fit;
    assert_eq!(fit.ignored_resources, ["example.com/gpu"]);
    assert_eq!(fit.ignored_resource_groups, ["example.com"]);
    let weights: Vec<i64> = fit.scoring_strategy.resources.iter().map(|one| one.weight).collect();
    assert_eq!((fit.scoring_strategy.kind.as_str(), weights), ("MostAllocated", vec![5, 1]));
    assert_eq!((config.percentage, config.profiles[0].percentage), (30, Some(100)));
    assert_eq!(config.extenders[0].timeout(), Some(Duration::from_millis(250)));
    assert_eq!((config.first_backoff.as_secs(), config.longest_backoff.as_secs()), (2, 4));
}

#[test]
fn what_cannot_be_read_is_told() {
    for (text, want) in [
        ("kind: Foo\n", "Object 'apiVersion' is missing"),
        ("apiVersion: v1\nkind: Pod\n", "no kind \"Pod\" is registered for version \"v1\""),
        ("kind: [\n", "yaml: "),
    ] {
        let told = SchedulerConfig::read(text).unwrap_err().to_string();
        assert!(told.contains(want), "{text}: {told}");
    }
    for (rest, want) in [
        ("foo: 1\n", r#"strict decoding error: unknown field "foo""#),
        (
            "parallelism: x\n",
            "json: cannot unmarshal string into Go struct field \
             KubeSchedulerConfiguration.parallelism of type int32",
        ),
        (
            "profiles:\n- pluginConfig:\n  - name: NodeResourcesFit\n    args: {foo: 1}\n",
            "strict decoding error: decoding .profiles[0].pluginConfig[0]: decoding args for plugin \
             NodeResourcesFit: strict decoding error: unknown field \"foo\"",
        ),
        (
            "profiles:\n- pluginConfig:\n  - name: NodeResourcesFit\n    args: {kind: VolumeBindingArgs}\n",
            "decoding .profiles[0].pluginConfig[0]: args for plugin NodeResourcesFit were not of type \
             NodeResourcesFitArgs.kubescheduler.config.k8s.io, got \
             VolumeBindingArgs.kubescheduler.config.k8s.io",
        ),
        (
            "extenders: [{urlPrefix: 'http://x', httpTimeout: soon}]\n",
            "time: invalid duration \"soon\"",
        ),
    ] {
        assert_eq!(refused(rest), want, "{rest}");
    }
}

#[test]
fn what_breaks_a_rule_is_told_in_kubernetes_words() {
    let arguments = |plugin: &str, args: &str| {
        format!("profiles:\n- pluginConfig:\n  - name: {plugin}\n    args: {args}\n")
    };
    let path = "profiles[0].pluginConfig[0].args";
    for (rest, want) in [
        ("parallelism: 0\n".to_owned(), "parallelism: Invalid value: 0: should be an integer value greater than zero".to_owned()),
        ("percentageOfNodesToScore: 101\n".into(), "percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]".into()),
        (
            "podInitialBackoffSeconds: 20\n".into(),
            "podMaxBackoffSeconds: Invalid value: 10: must be greater than or equal to PodInitialBackoffSeconds".into(),
        ),
        (
            "profiles: [{}, {}]\n".into(),
            "[profiles[0].schedulerName: Required value, profiles[1].schedulerName: Required value, \
             profiles[1].schedulerName: Duplicate value: profiles[0].schedulerName]".into(),
        ),
        (arguments("InterPodAffinity", "{hardPodAffinityWeight: 101}"), format!("{path}.hardPodAffinityWeight: Invalid value: 101: not in valid range [0, 100]")),
        (
            arguments("DefaultPreemption", "{minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0}"),
            format!("[{path}.minCandidateNodesPercentage: Invalid value: 0: cannot be zero at the same time as minCandidateNodesAbsolute, \
                     {path}.minCandidateNodesAbsolute: Invalid value: 0: cannot be zero at the same time as minCandidateNodesPercentage]"),
        ),
        (
            arguments("PodTopologySpread", "{defaultConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]}"),
            format!("{path}.defaultingType: Invalid value: \"System\": when .defaultConstraints are not empty"),
        ),
        (arguments("VolumeBinding", "{bindTimeoutSeconds: -1}"), format!("{path}.bindTimeoutSeconds: Invalid value: -1: invalid BindTimeoutSeconds, should not be a negative value")),
        (
            arguments("NodeResourcesFit", "{scoringStrategy: {type: Best}}"),
            "initializing profiles: creating profile for scheduler name default-scheduler: initializing plugin \
             \"NodeResourcesFit\": scoringStrategy.type: Unsupported value: \"Best\": supported values: \
             \"LeastAllocated\", \"MostAllocated\", \"RequestedToCapacityRatio\"".into(),
        ),
        (
            arguments("NodeAffinity", "{addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In}]}]}}}"),
            format!("{path}.addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: \
                     Invalid value: []: for 'in', 'notin' operators, values set can't be empty"),
        ),
        (
            "profiles:\n- plugins: {filter: {enabled: [{name: EBSLimits}]}}\n".into(),
            "profiles[0].plugins.filter.enabled[0]: Invalid value: \"EBSLimits\": was invalid in version \"v1\" \
             (KubeSchedulerConfiguration is version \"kubescheduler.config.k8s.io/v1\")".into(),
        ),
        (
            "profiles:\n- plugins: {bind: {disabled: [{name: '*'}]}}\n".into(),
            "initializing profiles: creating profile for scheduler name default-scheduler: at least one bind plugin is \
             needed for profile with scheduler name \"default-scheduler\"".into(),
        ),
        (
            "extenders: [{bindVerb: b, prioritizeVerb: p}, {bindVerb: b, managedResources: [{name: cpu}]}]\n".into(),
            "[extenders[0].weight: Invalid value: 0: must have a positive weight applied to it, \
             extenders[1].managedResources[0].name: Invalid value: \"cpu\": is an invalid extended resource name, \
             extenders: Invalid value: \"found 2 extenders implementing bind\": only one extender can implement bind]".into(),
        ),
    ] {
        assert_eq!(refused(&rest), want, "{rest}");
    }
}
