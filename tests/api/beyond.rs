//! What we have beyond kubectl: trees, causes, tidy objects, contexts and namespaces to switch to, secrets
//! to read, everything of a namespace; and that where we are called kubectl nothing of it shows.

use support::{Cluster, Screen, alone};

use crate::server::{TOKEN, serve};

/// A deployment's family as controllers would leave it, its one pod fitting on no node.
const FAMILY: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: c, image: 'nginx:1', resources: {requests: {cpu: 100m}}}]
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {user: ann, multi: \"a\\nb\\n\"}
---
apiVersion: v1
kind: Service
metadata: {name: lost}
spec: {selector: {app: nobody}, ports: [{port: 80}]}
";

/// A kubeconfig with the contexts `one` and `two`.
pub(crate) fn kubeconfig(cluster: &Cluster) -> String {
    let path = cluster.folder().join("kubeconfig");
    let text = format!(
        "apiVersion: v1\nkind: Config\n\
         clusters: [{{name: c, cluster: {{server: 'https://127.0.0.1:{}', insecure-skip-tls-verify: true}}}}]\n\
         users: [{{name: u, user: {{token: {TOKEN}}}}}]\n\
         contexts: [{{name: one, context: {{cluster: c, user: u}}}}, {{name: two, context: {{cluster: c, user: u}}}}]\n\
         current-context: one\n",
        crate::server::PORT
    );
    std::fs::write(&path, text).expect("the folder is the test's own");
    path.display().to_string()
}

#[test]
fn a_family_is_drawn_and_its_state_explained() {
    alone("beyond::a_family_is_drawn_and_its_state_explained", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let file = cluster.folder().join("family.yaml");
        std::fs::write(&file, FAMILY).expect("the folder is the test's own");
        cluster.ok(&format!("apply -f {}", file.display()));
        // Without a node a pod waits for ever, and the scheduler says so.
        let unschedulable = "{.status.conditions[?(@.type==\"PodScheduled\")].reason}";
        let made = "wait --for=create pods -l app=web --timeout=30s";
        assert_eq!(cluster.run(made).code, 0);
        let wait = format!(
            "kubectl wait --for=jsonpath='{unschedulable}'=Unschedulable pods -l app=web --timeout=30s"
        );
        let said = cluster.shell(&wait);
        assert_eq!(said.code, 0, "{said:?}");

        let tree = cluster.ok("tree deploy/web");
        let kinds: Vec<&str> =
            tree.lines().filter_map(|line| line.split_whitespace().nth(1)).collect();
        assert_eq!(kinds[1], "Deployment/web", "{tree}");
        assert!(kinds[2].starts_with("└─ReplicaSet/web-"), "{tree}");
        assert!(tree.contains("  ├─Pod/web-") && tree.contains("  └─Pod/web-"), "{tree}");
        assert!(tree.contains("0/2") && tree.contains("Unschedulable"), "{tree}");

        let why = cluster.ok("why deploy web");
        assert!(why.starts_with("Deployment web is not ready: 0/2 ready"), "{why}");
        assert!(
            why.contains("Because the pod fits on no node (Unschedulable): no nodes available"),
            "{why}"
        );
        assert!(why.contains("and 1 more like it"), "{why}");
        let why = cluster.ok("why svc/lost");
        assert!(why.contains("No pod has the labels that it selects: app=nobody."), "{why}");
        let none = cluster.run("why deploy/none");
        assert!(none.code == 1 && none.err.contains("NotFound"), "{none:?}");
        let bare = cluster.run("tree");
        assert!(bare.code == 1 && bare.err.contains("TYPE/NAME is required"), "{bare:?}");
    });
}

#[test]
fn objects_are_tidied_and_secrets_read() {
    alone("beyond::objects_are_tidied_and_secrets_read", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let file = cluster.folder().join("family.yaml");
        std::fs::write(&file, FAMILY).expect("the folder is the test's own");
        cluster.ok(&format!("apply -f {}", file.display()));

        let neat = cluster.ok("neat deploy/web");
        let want = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    app: web\n  name: web\n  \
                    namespace: default\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: web\n  \
                    template:\n    metadata:\n      labels:\n        app: web\n    spec:\n      containers:\n      \
                    - image: nginx:1\n        name: c\n        resources:\n          requests:\n            cpu: 100m\n";
        assert_eq!(neat, want);
        // What is left is enough: the server finds nothing to change.
        let again =
            cluster.shell("kubectl get deploy web -o yaml | kubectl neat | kubectl diff -f -");
        assert_eq!((again.code, again.out.as_str()), (0, ""), "{again:?}");
        let json = cluster.shell("kubectl get svc lost -o json | kubectl neat -o json");
        assert!(json.out.contains("\"ports\"") && !json.out.contains("clusterIP"), "{json:?}");

        assert_eq!(cluster.ok("get secret keys -o decode"), "multi: |\n  a\n  b\nuser: ann\n");
        assert_eq!(cluster.ok("get secret keys -o decode=user"), "ann");
        let wrong = cluster.run("get secret keys -o decode=none");
        assert!(wrong.code == 1 && wrong.err.contains("its keys: multi, user"), "{wrong:?}");
        assert_eq!(cluster.run("get svc lost -o decode").code, 1);

        let all = cluster.ok("get all --really -o name");
        for name in ["secret/keys", "deployment.apps/web", "service/lost", "serviceaccount/default"]
        {
            assert!(all.lines().any(|line| line == name), "{name}: {all}");
        }
        let tables = cluster.ok("get all --really");
        assert!(tables.contains("secret/keys ") && tables.contains("configmap/"), "{tables}");
        assert!(!cluster.ok("get all").contains("secret/keys"), "all alone is the category");
        assert_eq!(cluster.run("get pods --really").code, 1);
    });
}

#[test]
fn contexts_and_namespaces_are_switched_there_and_back() {
    alone("beyond::contexts_and_namespaces_are_switched_there_and_back", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let config = kubeconfig(&cluster);
        let with = |line: &str| cluster.shell(&format!("KUBECONFIG={config} kubectl {line}"));
        let ok = |line: &str| {
            let said = with(line);
            assert_eq!(said.code, 0, "{line}: {said:?}");
            said.out
        };
        assert_eq!(ok("ctx"), "one\ntwo\n");
        assert_eq!(with("ctx -").err, "error: there is no context before\n");
        assert_eq!(ok("ctx two"), "Switched to context \"two\".\n");
        assert_eq!(ok("config current-context"), "two\n");
        assert_eq!(ok("ctx -"), "Switched to context \"one\".\n");
        assert_eq!(ok("ctx --current"), "one\n");
        assert_eq!(with("ctx three").code, 1);

        assert_eq!(ok("ns --current"), "default\n");
        assert!(ok("ns").lines().any(|line| line == "kube-system"));
        assert_eq!(
            ok("ns kube-system"),
            "Switched to namespace \"kube-system\" in context \"one\".\n"
        );
        assert!(ok("config view").contains("namespace: kube-system"));
        assert_eq!(ok("ns -"), "Switched to namespace \"default\" in context \"one\".\n");
        let none = with("ns none");
        assert!(none.code == 1 && none.err.contains("\"none\" not found"), "{none:?}");
        ok("ns none --force");
        assert_eq!(ok("ns --current"), "none\n");

        // The embedded cluster has no context until one is wanted.
        assert_eq!(
            cluster.ok("ns kube-public"),
            "Switched to namespace \"kube-public\" in context \"kanoe\".\n"
        );
        assert_eq!(cluster.ok("ns --current"), "kube-public\n");
        assert!(cluster.ok("get configmaps").contains("kube-root-ca.crt"));
    });
}

#[test]
fn called_kubectl_we_show_kubectl_s_own() {
    alone("beyond::called_kubectl_we_show_kubectl_s_own", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let help = cluster.shell("kubectl --help; kubectl get --help; kubectl options").out;
        for word in ["  tree ", "  why ", "--really", "--color"] {
            assert!(!help.contains(word), "{word}");
        }
        let ours = cluster.ok("--help") + &cluster.ok("get --help") + &cluster.ok("options");
        for word in ["  tree ", "  why ", "--really", "--color"] {
            assert!(ours.contains(word), "{word}");
        }
        let wrong = cluster.shell("kubectl tre");
        assert!(wrong.code == 1 && !wrong.err.contains("tree"), "{wrong:?}");
        // A plugin of the name is what the user of a kubectl means.
        let plugin = "d=$(mktemp -d); printf '#!/bin/sh\\necho plugin $*\\n' > $d/kubectl-tree; \
                      chmod +x $d/kubectl-tree; PATH=$PATH:$d kubectl tree a b; rm -r $d";
        assert_eq!(cluster.shell(plugin).out, "plugin a b\n");
        let colour = cluster.run("version --client --color=blue");
        assert!(colour.code == 1 && colour.err.contains("--color"), "{colour:?}");
    });
}

#[test]
fn what_takes_time_is_shown_to_who_watches() {
    alone("beyond::what_takes_time_is_shown_to_who_watches", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let file = cluster.folder().join("family.yaml");
        std::fs::write(&file, FAMILY).expect("the folder is the test's own");
        let watched = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let mut command = cluster.command(&words);
            command.env("TERM", "xterm");
            let screen = Screen::open();
            let child = screen.run(&command);
            (screen, child)
        };
        let (mut screen, mut child) = watched(&format!("apply -f {}", file.display()));
        screen.shows("applied [");
        screen.shows("deployment.apps/web created");
        screen.shows("service/lost created");
        child.wait().expect("it is our child");

        cluster.ok("create configmap held");
        let hold = "{\"metadata\":{\"finalizers\":[\"test.io/hold\"]}}";
        cluster.ok(&format!("patch configmap held --type=merge -p {hold}"));
        let (mut screen, mut child) = watched("delete configmap held");
        let before = nix::sys::termios::tcgetattr(&screen.master).ok();
        screen.shows("configmap \"held\" deleted");
        screen.shows("held by finalizers: test.io/hold");
        let why = cluster.ok("why configmap/held");
        assert!(why.contains("waits for those who hold it: test.io/hold"), "{why}");
        // Ctrl-C ends it and leaves the terminal as it was.
        screen.types(b"\x03");
        assert_eq!(child.wait().ok().and_then(|status| status.code()), None, "ended by a signal");
        assert_eq!(nix::sys::termios::tcgetattr(&screen.master).ok(), before);

        let (mut screen, mut child) = watched("wait --for=delete configmap/held");
        screen.shows("waiting for configmap/held");
        let free = "{\"metadata\":{\"finalizers\":null}}";
        cluster.ok(&format!("patch configmap held --type=merge -p {free}"));
        screen.shows("configmap/held condition met");
        assert_eq!(child.wait().ok().and_then(|status| status.code()), Some(0));
    });
}
