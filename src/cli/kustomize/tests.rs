//! Builds of small folders, and what is said of wrong ones.

use std::path::Path;

use super::*;

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, body) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, body).unwrap();
    }
}

fn built(files: &[(&str, &str)], at: &str) -> Built<Vec<Value>> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), files);
    let place = folder.path().join(at);
    let made = build(&place.to_string_lossy(), Settings::default(), &mut |_| {});
    made.map_err(|error| fault(error.to_string().replace(&*folder.path().to_string_lossy(), "DIR")))
}

fn told(kustomization: &str) -> String {
    built(&[("kustomization.yaml", kustomization)], ".").unwrap_err().to_string()
}

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {selector: {matchLabels: {app: w}}, template: {metadata: {labels: {app: w}}, spec: {serviceAccountName: sa, containers: [{name: n, image: 'nginx:1', envFrom: [{configMapRef: {name: c}}]}]}}}\n";

#[test]
fn an_overlay_is_built() {
    let files = [
        (
            "base/kustomization.yaml",
            "resources: [d.yaml]\nconfigMapGenerator: [{name: c, literals: [a=1]}]\nimages: [{name: nginx, newTag: '2'}]\n",
        ),
        ("base/d.yaml", DEPLOYMENT),
        (
            "over/kustomization.yaml",
            "resources: [../base]\nnamePrefix: p-\nnamespace: ns\nreplicas: [{name: web, count: 3}]\npatches: [{target: {kind: Deployment}, patch: '[{\"op\": \"add\", \"path\": \"/spec/paused\", \"value\": true}]'}]\nlabels: [{pairs: {t: x}, includeSelectors: true}]\n",
        ),
    ];
    let built = built(&files, "over").unwrap();
    let [map, deployment] = built.as_slice() else { panic!("{built:?}") };
    let name = map["metadata"]["name"].as_str().unwrap();
    assert!(name.starts_with("p-c-"), "{name}");
    let spec = &deployment["spec"];
    assert_eq!(deployment["metadata"]["name"], "p-web");
    assert_eq!(deployment["metadata"]["namespace"], "ns");
    assert_eq!((&spec["replicas"], &spec["paused"]), (&3.into(), &true.into()));
    let container = &spec["template"]["spec"]["containers"][0];
    assert_eq!(container["image"], "nginx:2");
    assert_eq!(container["envFrom"][0]["configMapRef"]["name"], name);
    assert_eq!(spec["selector"]["matchLabels"]["t"], "x");
}

#[test]
fn references_follow_names_across_namespaces() {
    let files = [
        (
            "kustomization.yaml",
            "resources: [a.yaml]\nnamePrefix: p-\nnamespace: ns\nvars: [{name: SVC, objref: {apiVersion: v1, kind: Service, name: s}}]\n",
        ),
        (
            "a.yaml",
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: sa}\n---\n\
             apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: rb}\n\
             roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n\
             subjects: [{kind: ServiceAccount, name: sa}]\n---\n\
             apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\n---\n\
             apiVersion: v1\nkind: Service\nmetadata: {name: s}\n---\n\
             apiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec: {serviceAccountName: sa, containers: [{name: c, args: [--to=$(SVC)]}]}\n",
        ),
    ];
    let built = built(&files, ".").unwrap();
    let find = |kind: &str| built.iter().find(|one| one["kind"] == kind).unwrap();
    let binding = find("RoleBinding");
    assert_eq!(binding["roleRef"]["name"], "p-r");
    assert_eq!(
        binding["subjects"],
        serde_json::json!([{"kind": "ServiceAccount", "name": "p-sa", "namespace": "ns"}])
    );
    let spec = &find("Pod")["spec"];
    assert_eq!(spec["serviceAccountName"], "p-sa");
    assert_eq!(spec["containers"][0]["args"][0], "--to=p-s");
}

#[test]
fn components_change_what_is_there() {
    let files = [
        ("kustomization.yaml", "resources: [d.yaml]\ncomponents: [comp]\nnameSuffix: -x\n"),
        ("d.yaml", DEPLOYMENT),
        (
            "comp/kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{target: {name: web}, patch: '- {op: add, path: /spec/replicas, value: 4}'}]\n",
        ),
    ];
    let built = built(&files, ".").unwrap();
    assert_eq!(built[0]["spec"]["replicas"], 4);
    assert_eq!(built[0]["metadata"]["name"], "web-x");
}

#[test]
fn faults_are_named() {
    assert_eq!(told("bogus: 1\n"), "invalid Kustomization: json: unknown field \"bogus\"");
    assert_eq!(told(""), "kustomization.yaml is empty");
    assert_eq!(
        told("namePrefix: 1"),
        "invalid Kustomization: json: cannot unmarshal number into Go struct field \
         Kustomization.namePrefix of type string"
    );
    assert_eq!(
        told("resources: [no.yaml]"),
        "accumulating resources: accumulation err='accumulating resources from 'no.yaml': \
         evalsymlink failure on 'DIR/no.yaml' : lstat DIR/no.yaml: no such file or directory': must \
         build at directory: not a valid directory: evalsymlink failure on 'DIR/no.yaml' : lstat \
         DIR/no.yaml: no such file or directory"
    );
    assert_eq!(
        told("resources: ['.']"),
        "accumulating resources: accumulation err='accumulating resources from '.': 'DIR' must \
         resolve to a file': cycle detected: candidate root 'DIR' contains visited root 'DIR'"
    );
    assert_eq!(
        told("resources: [/etc/hostname]"),
        "accumulating resources: accumulation err='accumulating resources from '/etc/hostname': \
         security; file '/etc/hostname' is not in or below 'DIR'': new root '/etc/hostname' cannot \
         be absolute"
    );
}
