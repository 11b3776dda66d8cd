//! Who has to leave a node, and when.

use std::time::Duration;

use k8s_openapi::api::core::v1::{Node, Pod};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    TaintEviction,
    reconcile::{Fate, concerns, differs, fate},
};
use crate::{
    driver,
    scripted::{First, Scene},
};

fn node(effects: &[&str]) -> Node {
    let taints: Vec<Value> =
        effects.iter().map(|effect| json!({"key": "lost", "effect": effect})).collect();
    serde_json::from_value(json!({"spec": {"taints": taints}})).unwrap()
}

fn pod(tolerations: &Value, ends: bool) -> Pod {
    let time = ends.then_some("2026-01-01T00:00:00Z");
    serde_json::from_value(json!({
        "metadata": {"name": "p", "deletionTimestamp": time},
        "spec": {"nodeName": "n", "containers": [], "tolerations": tolerations},
    }))
    .unwrap()
}

fn bears(seconds: Option<i64>) -> Value {
    json!([{"key": "lost", "operator": "Exists", "tolerationSeconds": seconds}])
}

#[test]
fn pods_go_when_their_patience_is_over() {
    let (lost, well, full) = (node(&["NoExecute"]), node(&[]), node(&["NoSchedule"]));
    let second = Duration::from_secs(1);
    let rows = vec![
        ("no taint", pod(&json!([]), false), Some(&well), second, Fate::Stay),
        ("another effect", pod(&json!([]), false), Some(&full), second, Fate::Stay),
        ("no node", pod(&json!([]), false), None, second, Fate::Stay),
        ("not tolerated", pod(&json!([]), false), Some(&lost), Duration::ZERO, Fate::Go),
        ("for ever", pod(&bears(None), false), Some(&lost), second, Fate::Stay),
        ("for a time", pod(&bears(Some(5)), false), Some(&lost), second, Fate::Until(second * 4)),
        ("time is over", pod(&bears(Some(1)), false), Some(&lost), second, Fate::Go),
        ("ends already", pod(&json!([]), true), Some(&lost), second, Fate::Stay),
    ];
    for (case, pod, node, waited, want) in rows {
        assert_eq!(fate(&pod, node, waited), want, "{case}");
    }
}

#[test]
fn only_what_matters_is_looked_at() {
    assert!(!differs(Some(&node(&[])), Some(&node(&["NoSchedule"]))));
    assert!(differs(Some(&node(&[])), Some(&node(&["NoExecute"]))));
    assert!(differs(Some(&node(&["NoExecute"])), None));
    let calm = pod(&json!([]), false);
    assert!(!concerns(Some(&calm), Some(&calm)));
    assert!(concerns(Some(&calm), Some(&pod(&bears(None), false))));
    assert!(concerns(None, Some(&calm)));
}

proptest! {
    /// However time is cut, a pod goes when its own time is over and not before.
    #[test]
    fn patience_is_counted_once(seconds in 0_i64..60, steps in prop::collection::vec(0_u64..20, 0..12)) {
        let (node, pod) = (node(&["NoExecute"]), pod(&bears(Some(seconds)), false));
        let mut waited = Duration::ZERO;
        let whole = Duration::from_secs(seconds.try_into().unwrap());
        for step in steps {
            let want = if waited >= whole { Fate::Go } else { Fate::Until(whole.saturating_sub(waited)) };
            prop_assert_eq!(fate(&pod, Some(&node), waited), want);
            waited += Duration::from_secs(step);
        }
    }
}

/// A pod on a node that drives it away.
fn lists(path: &str) -> Value {
    match path {
        "/api/v1/pods" => json!([{
            "metadata": {"name": "p", "namespace": "n", "uid": "1", "resourceVersion": "1"},
            "spec": {"nodeName": "far", "containers": []},
        }]),
        "/api/v1/nodes" => json!([{
            "metadata": {"name": "far", "uid": "2", "resourceVersion": "1"},
            "spec": {"taints": [{"key": "lost", "effect": "NoExecute"}]},
        }]),
        _ => json!([]),
    }
}

#[tokio::test(start_paused = true)]
async fn an_eviction_that_meets_a_conflict_is_tried_again() {
    let mut scene = Scene::new(lists, First::Conflicts);
    let _tasks = driver::run(&scene.shop, TaintEviction::new(&scene.shop));
    let pod = "/api/v1/namespaces/n/pods/p";
    assert_eq!(scene.next().await, format!("PATCH {pod}/status"));
    assert_eq!(scene.next().await, format!("PATCH {pod}/status"));
    assert_eq!(scene.next().await, format!("DELETE {pod}"));
}
