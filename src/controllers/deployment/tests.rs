//! Tables for the decision, and a rollout played to its end.

use std::sync::Arc;

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use serde_json::{Value, json};

use super::{
    Deployments,
    reconcile::{Action, Observed, reconcile},
    revision::name,
    status::{Facts, status},
};
use crate::{
    driver,
    scripted::{First, Scene},
};

fn deployment(replicas: i32, image: &str) -> Deployment {
    serde_json::from_value(json!({
        "metadata": {"name": "d", "namespace": "n", "uid": "d", "generation": 1},
        "spec": {
            "replicas": replicas, "selector": {"matchLabels": {"a": "1"}},
            "strategy": {"type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
            "template": {"metadata": {"labels": {"a": "1"}},
                "spec": {"containers": [{"name": "c", "image": image}]}},
        },
    }))
    .unwrap()
}

fn plan(deployment: &Deployment, sets: &[Arc<ReplicaSet>]) -> Vec<Action> {
    reconcile(&Observed { deployment, sets, pods: &[] })
}

/// Carries a plan out on sets whose pods are available at once.
fn apply(deployment: &mut Deployment, sets: &mut Vec<Arc<ReplicaSet>>, plan: Vec<Action>) {
    for action in plan {
        match action {
            Action::Create(mut set) => {
                set.metadata.uid.clone_from(&set.metadata.name);
                sets.push(settled(&set));
            }
            Action::Resize { set, replicas, annotations } => {
                let found = sets.iter_mut().find(|one| name(one) == name(&set)).unwrap();
                let mut new = (**found).clone();
                new.metadata.annotations = Some(annotations);
                new.spec.as_mut().unwrap().replicas = Some(replicas);
                *found = settled(&new);
            }
            Action::Adjust { set, annotations, min_ready_seconds } => {
                let found = sets.iter_mut().find(|one| name(one) == name(&set)).unwrap();
                let mut new = (**found).clone();
                new.metadata.annotations = Some(annotations);
                new.spec.as_mut().unwrap().min_ready_seconds = min_ready_seconds;
                *found = Arc::new(new);
            }
            Action::Delete(set) => sets.retain(|one| name(one) != name(&set)),
            Action::SetRevision(number) => {
                let annotations = deployment.metadata.annotations.get_or_insert_default();
                let key = machinery::well_known::REVISION;
                annotations.insert(key.into(), number.to_string());
            }
        }
    }
}

fn settled(set: &ReplicaSet) -> Arc<ReplicaSet> {
    let mut set = set.clone();
    let replicas = super::rolling::spec_replicas(&set);
    let status = set.status.get_or_insert_default();
    status.replicas = replicas;
    status.ready_replicas = Some(replicas);
    status.available_replicas = Some(replicas);
    Arc::new(set)
}

fn play(deployment: &mut Deployment, sets: &mut Vec<Arc<ReplicaSet>>) {
    for _ in 0..50 {
        let next = plan(deployment, sets);
        if next.is_empty() {
            return;
        }
        apply(deployment, sets, next);
    }
    panic!("the rollout does not end: {sets:?}");
}

fn sizes(sets: &[Arc<ReplicaSet>]) -> Vec<(i64, i32)> {
    sets.iter()
        .map(|set| (super::revision::revision(set), super::rolling::spec_replicas(set)))
        .collect()
}

#[test]
fn a_rollout_an_update_and_the_way_back_count_revisions() {
    let mut deployment = deployment(4, "i:1");
    let mut sets = Vec::new();
    play(&mut deployment, &mut sets);
    assert_eq!(sizes(&sets), [(1, 4)]);

    let image = |deployment: &mut Deployment, image: &str| {
        let spec = deployment.spec.as_mut().unwrap();
        spec.template.spec.as_mut().unwrap().containers[0].image = Some(image.into());
    };
    image(&mut deployment, "i:2");
    play(&mut deployment, &mut sets);
    assert_eq!(sizes(&sets), [(1, 0), (2, 4)]);

    image(&mut deployment, "i:1");
    play(&mut deployment, &mut sets);
    assert_eq!(sizes(&sets), [(3, 4), (2, 0)]);

    deployment.spec.as_mut().unwrap().replicas = Some(7);
    play(&mut deployment, &mut sets);
    assert_eq!(sizes(&sets), [(3, 7), (2, 0)]);
}

#[test]
fn history_is_kept_to_its_limit() {
    let mut deployment = deployment(1, "i:0");
    deployment.spec.as_mut().unwrap().revision_history_limit = Some(2);
    let mut sets = Vec::new();
    for round in 0..6 {
        let spec = deployment.spec.as_mut().unwrap();
        spec.template.spec.as_mut().unwrap().containers[0].image = Some(format!("i:{round}"));
        play(&mut deployment, &mut sets);
    }
    assert_eq!(sizes(&sets), [(4, 0), (5, 0), (6, 1)]);
}

#[test]
fn a_paused_deployment_scales_and_does_not_roll() {
    let mut deployment = deployment(2, "i:1");
    let mut sets = Vec::new();
    play(&mut deployment, &mut sets);
    let spec = deployment.spec.as_mut().unwrap();
    spec.paused = Some(true);
    spec.replicas = Some(5);
    spec.template.spec.as_mut().unwrap().containers[0].image = Some("i:2".into());
    play(&mut deployment, &mut sets);
    assert_eq!(sizes(&sets), [(1, 5)]);
}

#[test]
fn a_deployment_that_goes_is_left_alone() {
    let mut deployment = deployment(2, "i:1");
    deployment.metadata.deletion_timestamp =
        serde_json::from_value(json!("2026-01-01T00:00:00Z")).unwrap();
    assert!(plan(&deployment, &[]).is_empty());
}

#[test]
fn a_set_follows_how_long_pods_have_to_be_ready() {
    let mut deployment = deployment(2, "i:1");
    let mut sets = Vec::new();
    play(&mut deployment, &mut sets);
    deployment.spec.as_mut().unwrap().min_ready_seconds = Some(7);
    play(&mut deployment, &mut sets);
    assert_eq!(sizes(&sets), [(1, 2)]);
    assert_eq!(sets[0].spec.as_ref().unwrap().min_ready_seconds, Some(7));
}

#[test]
fn a_refused_set_is_told_as_no_progress() {
    let mut deployment = deployment(2, "i:1");
    deployment.spec.as_mut().unwrap().progress_deadline_seconds = Some(600);
    let status = super::status::refused(&deployment, "no", jiff::Timestamp::UNIX_EPOCH);
    let condition = &status.conditions.unwrap()[0];
    assert_eq!((condition.type_.as_str(), condition.status.as_str()), ("Progressing", "False"));
    assert_eq!(condition.reason.as_deref(), Some("ReplicaSetCreateError"));
}

/// The status that a Deployment comes to have, seen once more a moment later.
fn status_after(deployment: &Deployment, sets: &[Arc<ReplicaSet>], seconds: i64) -> Deployment {
    let now = jiff::Timestamp::from_second(seconds).unwrap();
    let newest = super::revision::newest(deployment, sets);
    let facts = Facts { deployment, newest, all: sets, deed: None, now };
    let mut next = deployment.clone();
    next.status = Some(status(&facts));
    next
}

#[test]
fn a_status_settles_whatever_went_before() {
    let reasons = [
        None,
        Some("NewReplicaSetAvailable"),
        Some("ReplicaSetUpdated"),
        Some("DeploymentPaused"),
        Some("DeploymentResumed"),
        Some("ProgressDeadlineExceeded"),
    ];
    for (paused, replicas, reason) in [false, true]
        .into_iter()
        .flat_map(|paused| [0, 2].map(|replicas| (paused, replicas)))
        .flat_map(|(paused, replicas)| reasons.map(|reason| (paused, replicas, reason)))
    {
        let mut one = deployment(replicas, "i:1");
        let mut sets = Vec::new();
        play(&mut one, &mut sets);
        let spec = one.spec.as_mut().unwrap();
        (spec.paused, spec.progress_deadline_seconds) = (Some(paused), Some(600));
        let conditions = reason.map(|reason| {
            json!([{"type": "Progressing", "status": "Unknown",
            "reason": reason, "message": "", "lastUpdateTime": "1970-01-01T00:00:00Z",
            "lastTransitionTime": "1970-01-01T00:00:00Z"}])
        });
        one.status = serde_json::from_value(json!({"conditions": conditions})).unwrap();
        let mut steps = Vec::new();
        for second in 1..5 {
            one = status_after(&one, &sets, second);
            steps.push(one.status.clone());
        }
        assert_eq!(steps[2], steps[3], "{paused} {replicas} {reason:?}");
        let told = steps[3].as_ref().unwrap().conditions.as_ref().unwrap();
        let told = told.iter().find(|one| one.type_ == "Progressing").unwrap();
        let told = told.reason.as_deref().unwrap();
        match (paused, reason) {
            (true, Some("ProgressDeadlineExceeded")) => assert_eq!(told, reason.unwrap()),
            (true, _) => assert_eq!(told, "DeploymentPaused"),
            (false, _) => assert_eq!(told, "NewReplicaSetAvailable", "{replicas} {reason:?}"),
        }
    }
}

/// A deployment that stays where it is, and has no status yet.
fn paused(path: &str) -> Value {
    let mut deployment = serde_json::to_value(deployment(1, "i")).unwrap();
    deployment["metadata"]["resourceVersion"] = "1".into();
    deployment["spec"]["paused"] = true.into();
    if path == "/apis/apps/v1/deployments" { json!([deployment]) } else { json!([]) }
}

#[tokio::test(start_paused = true)]
async fn a_status_that_meets_a_conflict_is_written_again() {
    let mut scene = Scene::new(paused, First::Conflicts);
    let _tasks = driver::run(&scene.shop, Deployments::new(&scene.shop));
    for _ in 0..2 {
        let write = scene.next().await;
        assert_eq!(write, "PUT /apis/apps/v1/namespaces/n/deployments/d/status");
    }
}

/// A deployment whose sets never show.
fn alone(path: &str) -> Value {
    let mut deployment = serde_json::to_value(deployment(1, "i")).unwrap();
    deployment["metadata"]["resourceVersion"] = "1".into();
    if path == "/apis/apps/v1/deployments" { json!([deployment]) } else { json!([]) }
}

#[tokio::test(start_paused = true)]
async fn no_set_is_made_before_the_last_one_shows() {
    let mut scene = Scene::new(alone, First::StatusConflicts);
    let _tasks = driver::run(&scene.shop, Deployments::new(&scene.shop));
    let (start, made) =
        (tokio::time::Instant::now(), "POST /apis/apps/v1/namespaces/n/replicasets");
    assert_eq!(scene.next().await, made);
    while scene.next().await != made {}
    assert_eq!(start.elapsed().as_secs() / 60, 5);
}
