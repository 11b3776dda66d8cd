//! `/metrics`.

use serde_json::json;
use support::{Cluster, alone};

use crate::harness::{ADMIN, USER, create, get, serve};

/// The number of a sample.
fn number(page: &str, sample: &str) -> Option<f64> {
    let line = page.lines().find_map(|line| line.strip_prefix(sample))?;
    line.trim().parse().ok()
}

#[test]
fn dashboards_find_their_numbers() {
    alone("metrics::dashboards_find_their_numbers", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let server = serve(&cluster, &[]);
        let map = |name: &str| json!({"metadata": {"name": name}});
        for name in ["a", "b", "c"] {
            assert_eq!(create("/api/v1/namespaces/default/configmaps", &map(name)).code, 201);
        }
        assert_eq!(get(ADMIN, "/api/v1/namespaces/default/configmaps/none").code, 404);
        assert_eq!(get(ADMIN, "/apis/made.up/v1/things").code, 404);
        assert_eq!(get(USER, "/metrics").json()["reason"], "Forbidden");
        let answer = get(ADMIN, "/metrics");
        assert_eq!(
            answer.header("content-type"),
            "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"
        );
        let page = &answer.body;
        let labels = |verb: &str| {
            format!(
                "component=\"apiserver\",dry_run=\"\",group=\"\",resource=\"configmaps\",\
                 scope=\"resource\",subresource=\"\",verb=\"{verb}\",version=\"v1\""
            )
        };
        let (posts, gets) = (labels("POST"), labels("GET"));
        let total =
            |code: u16, of: &str| format!("apiserver_request_total{{code=\"{code}\",{of}}}");
        // The controllers' own certificate maps count too.
        assert!(number(page, &total(201, &posts)) >= Some(3.0), "{page}");
        assert_eq!(number(page, &total(404, &gets)), Some(1.0));
        let counted = format!("apiserver_request_duration_seconds_count{{{posts}}}");
        assert_eq!(number(page, &counted), number(page, &total(201, &posts)));
        let watching = "apiserver_longrunning_requests{component=\"apiserver\",group=\"\",\
            resource=\"pods\",scope=\"cluster\",subresource=\"\",verb=\"WATCH\",version=\"v1\"}";
        assert!(number(page, watching) >= Some(1.0));
        let stored = number(page, "apiserver_storage_objects{resource=\"configmaps\"}");
        assert!(stored >= Some(3.0));
        let asking = "apiserver_current_inflight_requests{request_kind=\"readOnly\"}";
        assert_eq!(number(page, asking), Some(1.0), "this request alone");
        let events = "apiserver_watch_events_total{group=\"\",resource=\"configmaps\",";
        assert!(page.contains(events));
        assert!(number(page, "process_resident_memory_bytes") > Some(1e6));
        assert!(!page.contains("made.up"), "callers cannot make labels up");
        drop(server);
    });
}
