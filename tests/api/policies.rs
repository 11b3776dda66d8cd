//! Rules of custom resources and admission policies, on the real program.

use std::fs;

use support::{Cluster, Said, alone};

use crate::server::serve;

const DEFINITION: &str = r#"
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gauges.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {plural: gauges, kind: Gauge}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            x-kubernetes-validations:
            - {rule: "self.min <= self.max", messageExpression: "'%d exceeds %d'.format([self.min, self.max])"}
            - {rule: "self.max >= oldSelf.max", message: "max must not fall", fieldPath: ".max"}
            properties: {min: {type: integer}, max: {type: integer}}
          status:
            type: object
            x-kubernetes-validations: [{rule: "self.seen >= 0", message: "seen must not be negative"}]
            properties: {seen: {type: integer}}
"#;

const POLICY: &str = r#"
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: few}
spec:
  failurePolicy: Fail
  paramKind: {apiVersion: v1, kind: ConfigMap}
  matchConstraints:
    resourceRules:
    - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments, deployments/scale]}
  matchConditions:
  - {name: not-free, expression: "!(has(object.metadata.labels) && 'free' in object.metadata.labels)"}
  - {name: known, expression: "object.kind == (request.subResource == 'scale' ? 'Scale' : 'Deployment')"}
  variables:
  - {name: wanted, expression: "object.spec.replicas"}
  validations:
  - expression: "variables.wanted <= int(params.data.most)"
    messageExpression: "'no more than ' + params.data.most + ', not ' + string(variables.wanted)"
    reason: Forbidden
  - expression: "authorizer.group('apps').resource('deployments').namespace(request.namespace).check('delete').allowed()"
    message: "whoever writes must be able to delete"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: few-here}
spec:
  policyName: few
  validationActions: [Deny]
  paramRef: {name: limits, namespace: default, parameterNotFoundAction: Deny}
"#;

const KEEP: &str = r#"
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: keep}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [""], apiVersions: [v1], operations: [DELETE], resources: [configmaps]}
  validations:
  - {expression: "oldObject.metadata.name != 'kept'", message: "it is kept"}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: keep-it}
spec: {policyName: keep, validationActions: [Deny]}
"#;

const MUTATION: &str = r#"
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: mark}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}
  reinvocationPolicy: IfNeeded
  mutations:
  - patchType: ApplyConfiguration
    applyConfiguration:
      expression: "Object{metadata: Object.metadata{labels: {'team': object.metadata.namespace}}}"
  - patchType: JSONPatch
    jsonPatch:
      expression: "[JSONPatch{op: 'add', path: '/data', value: {'by': request.userInfo.username}}]"
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: mark-all}
spec: {policyName: mark}
"#;

/// Policies that speak of autoscalers in another version than everybody uses.
const OLD_WORDS: &str = r#"
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: cool}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [autoscaling], apiVersions: [v1], operations: [CREATE], resources: [horizontalpodautoscalers]}]
  validations:
  - expression: "object.spec.targetCPUUtilizationPercentage < 90"
    messageExpression: "request.kind.version + ' for ' + request.requestKind.version + ': ' + string(object.spec.targetCPUUtilizationPercentage)"
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: cool}
spec: {policyName: cool, validationActions: [Deny]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: cooler}
spec:
  reinvocationPolicy: Never
  matchConstraints:
    resourceRules: [{apiGroups: [autoscaling], apiVersions: [v1], operations: [CREATE], resources: [horizontalpodautoscalers]}]
  matchConditions: [{name: warm, expression: "object.spec.targetCPUUtilizationPercentage > 50 && object.spec.targetCPUUtilizationPercentage < 90"}]
  mutations:
  - patchType: ApplyConfiguration
    applyConfiguration: {expression: "Object{spec: Object.spec{targetCPUUtilizationPercentage: 40}}"}
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: cooler}
spec: {policyName: cooler}
"#;

/// Applies a document under a name.
fn apply(cluster: &Cluster, name: &str, text: &str) -> Said {
    let path = cluster.folder().join(name);
    fs::write(&path, text).unwrap_or_else(|error| panic!("{error}"));
    cluster.run(&format!("kubectl apply -f {}", path.display()))
}

/// Runs a line until it fails; what the server learns of from its own watch comes at once, but later.
fn refused(cluster: &Cluster, line: &str) -> Said {
    let mut said = cluster.run(line);
    for _ in 0..100 {
        if said.code != 0 {
            break;
        }
        said = cluster.run(line);
    }
    said
}

fn gauge(min: i64, max: i64) -> String {
    let head = "apiVersion: example.org/v1\nkind: Gauge\nmetadata: {name: g}";
    format!("{head}\nspec: {{min: {min}, max: {max}}}\n")
}

#[test]
fn rules_of_custom_resources_are_enforced() {
    alone("policies::rules_of_custom_resources_are_enforced", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let wrong = DEFINITION.replace("self.min <= self.max", "self.nim <= self.max");
        let said = apply(&cluster, "wrong.yaml", &wrong);
        assert!(said.err.contains("undefined field 'nim'"), "{said:?}");
        assert_eq!(apply(&cluster, "definition.yaml", DEFINITION).code, 0);
        cluster.ok("kubectl wait --for=condition=Established crd/gauges.example.org");
        let said = apply(&cluster, "gauge.yaml", &gauge(3, 2));
        assert!(said.err.contains("spec: Invalid value: 3 exceeds 2"), "{said:?}");
        assert_eq!(apply(&cluster, "gauge.yaml", &gauge(1, 5)).code, 0);
        let said = apply(&cluster, "gauge.yaml", &gauge(1, 4));
        assert!(said.err.contains("spec.max: Invalid value: max must not fall"), "{said:?}");
        let patch = "kubectl patch gauge g --type=merge --subresource=status -p";
        let said = cluster.run(&format!("{patch} {{\"status\":{{\"seen\":-1}}}}"));
        assert!(said.err.contains("status: Invalid value: seen must not be negative"), "{said:?}");
    });
}

#[test]
fn policies_refuse_and_change_writes() {
    alone("policies::policies_refuse_and_change_writes", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let wrong = POLICY.replace("variables.wanted <= ", "variables.watned <= ");
        let said = apply(&cluster, "wrong.yaml", &wrong);
        assert!(said.err.contains("undefined field 'watned'"), "{said:?}");
        cluster.ok("kubectl create configmap limits --from-literal=most=2");
        cluster.ok("kubectl create deployment small --image=a --replicas=1");
        assert_eq!(apply(&cluster, "policy.yaml", POLICY).code, 0);
        let create = "kubectl create deployment large --image=a --replicas=3 --dry-run=server";
        let said = refused(&cluster, create);
        let words = "deployments.apps \"large\" is forbidden: ValidatingAdmissionPolicy 'few' with \
                     binding 'few-here' denied request: no more than 2, not 3";
        assert!(said.err.contains(words), "{said:?}");
        let said = cluster.run("kubectl scale deployment small --replicas=4");
        assert!(said.err.contains("no more than 2, not 4"), "{said:?}");
        cluster.ok("kubectl scale deployment small --replicas=2");
        let said = cluster.run(&format!("{create} --as=somebody --as-group=system:masters"));
        assert_eq!(said.code, 1, "{said:?}");
        cluster.ok("kubectl delete validatingadmissionpolicybinding few-here");

        assert_eq!(apply(&cluster, "keep.yaml", KEEP).code, 0);
        cluster.ok("kubectl create configmap kept");
        let said = refused(&cluster, "kubectl delete configmap kept --dry-run=server");
        assert!(said.err.contains("it is kept"), "{said:?}");

        assert_eq!(apply(&cluster, "mutation.yaml", MUTATION).code, 0);
        let line = "kubectl create configmap marked --dry-run=server -o jsonpath={.metadata.labels.team}{.data.by}";
        let mut out = cluster.ok(line);
        for _ in 0..100 {
            if !out.is_empty() {
                break;
            }
            out = cluster.ok(line);
        }
        assert!(out.starts_with("default"), "{out}");
        assert!(out.len() > "default".len(), "{out}");
    });
}

#[test]
fn policies_look_at_what_is_the_same_in_their_own_version() {
    alone("policies::policies_look_at_what_is_the_same_in_their_own_version", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        assert_eq!(apply(&cluster, "old.yaml", OLD_WORDS).code, 0);
        let autoscaler = |name: &str, percent: u32| {
            format!(
                "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: {name}}}\n\
                 spec:\n  maxReplicas: 3\n  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: d}}\n  \
                 metrics: [{{type: Resource, resource: {{name: cpu, target: {{type: Utilization, averageUtilization: {percent}}}}}}}]\n"
            )
        };
        let path = cluster.folder().join("hot.yaml");
        fs::write(&path, autoscaler("hot", 95)).unwrap_or_else(|error| panic!("{error}"));
        let said =
            refused(&cluster, &format!("kubectl create --dry-run=server -f {}", path.display()));
        assert!(said.err.contains("denied request: v1 for v2: 95"), "{said:?}");
        let shown = "kubectl create --dry-run=server -o jsonpath={.spec.metrics[0].resource.target.averageUtilization} -f";
        let path = cluster.folder().join("warm.yaml");
        fs::write(&path, autoscaler("warm", 80)).unwrap_or_else(|error| panic!("{error}"));
        let line = format!("{shown} {}", path.display());
        let mut out = cluster.ok(&line);
        for _ in 0..100 {
            if out == "40" {
                break;
            }
            out = cluster.ok(&line);
        }
        assert_eq!(out, "40");
    });
}
