//! Pods that claim devices, on nodes that nobody runs: who gets which, who waits, and what is given back.

use serde_json::{Value, json};
use support::{Cluster, alone};

use crate::{
    harness::{ADMIN, create, get, serve},
    schedulers::{bare_nodes, refusal, wait},
};

const SLICES: &str = "/apis/resource.k8s.io/v1/resourceslices";
const PODS: &str = "/api/v1/namespaces/default/pods";
const CLAIMS: &str = "/apis/resource.k8s.io/v1/namespaces/default/resourceclaims";

fn pod(name: &str, claim: &Value) -> Value {
    let mut wish = json!({"name": "gpu"});
    for (key, value) in claim.as_object().into_iter().flatten() {
        wish[key] = value.clone();
    }
    json!({"metadata": {"name": name}, "spec": {
        "containers": [{"name": "c", "image": "i", "resources": {"claims": [{"name": "gpu"}]}}],
        "resourceClaims": [wish]}})
}

fn made(path: &str, object: &Value) {
    let answer = create(path, object);
    assert_eq!(answer.code, 201, "{}", answer.body);
}

fn slice(node: &str, devices: &Value) -> Value {
    json!({"metadata": {"name": format!("{node}-gpu")}, "spec": {
        "driver": "gpu.example.com", "nodeName": node, "devices": devices,
        "pool": {"name": node, "generation": 1, "resourceSliceCount": 1}}})
}

#[test]
fn pods_go_where_their_devices_are() {
    alone("devices::pods_go_where_their_devices_are", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster, &[]);
        bare_nodes(&cluster, &[("a", "ssd"), ("b", "ssd")]);
        made(
            "/apis/resource.k8s.io/v1/deviceclasses",
            &json!({"metadata": {"name": "gpu"}, "spec": {
            "selectors": [{"cel": {"expression": "device.driver == 'gpu.example.com'"}}]}}),
        );
        let template = json!({"metadata": {"name": "large"}, "spec": {"spec": {"devices": {
            "requests": [{"name": "r", "exactly": {"deviceClassName": "gpu", "selectors": [{"cel":
                {"expression":
                "device.capacity['gpu.example.com'].memory.compareTo(quantity('40Gi')) >= 0"}}]}}]}}}});
        made("/apis/resource.k8s.io/v1/namespaces/default/resourceclaimtemplates", &template);

        // Nobody has devices: the pod waits, and says why.
        let wish = json!({"resourceClaimTemplateName": "large"});
        made(PODS, &pod("one", &wish));
        assert_eq!(
            refusal(&cluster, "one")["message"],
            "0/2 nodes are available: 2 cannot allocate all claims. no new claims to deallocate, \
             preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod."
        );
        // A device that is too small, and then one that is not.
        made(
            SLICES,
            &slice("a", &json!([{"name": "small", "capacity": {"memory": {"value": "16Gi"}}}])),
        );
        made(
            SLICES,
            &slice("b", &json!([{"name": "big", "capacity": {"memory": {"value": "80Gi"}}}])),
        );
        wait(&cluster, "pod/one", "{.spec.nodeName}", "b");
        let claims = get(ADMIN, CLAIMS).json();
        let claim = &claims["items"][0];
        let result = &claim["status"]["allocation"]["devices"]["results"][0];
        assert_eq!(result["device"], "big");
        assert_eq!(claim["status"]["reservedFor"][0]["name"], "one");
        assert_eq!(claim["metadata"]["finalizers"][0], "resource.kubernetes.io/delete-protection");

        // The next one waits until it is free.
        made(PODS, &pod("two", &wish));
        assert_eq!(refusal(&cluster, "two")["reason"], "Unschedulable");
        cluster.ok("kubectl delete pod one --force --grace-period=0");
        wait(&cluster, "pod/two", "{.spec.nodeName}", "b");

        // A claim of its own is shared by pods, which go to where it is.
        let shared = json!({"metadata": {"name": "shared"}, "spec": {"devices": {
            "requests": [{"name": "r", "exactly": {"deviceClassName": "gpu"}}]}}});
        let wish = json!({"resourceClaimName": "shared"});
        for name in ["three", "four"] {
            made(PODS, &pod(name, &wish));
        }
        made(CLAIMS, &shared);
        for name in ["three", "four"] {
            wait(&cluster, &format!("pod/{name}"), "{.spec.nodeName}", "a");
        }
        let users = get(ADMIN, &format!("{CLAIMS}/shared")).json()["status"]["reservedFor"].clone();
        assert_eq!(users.as_array().map(Vec::len), Some(2), "{users}");
    });
}
