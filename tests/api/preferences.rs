//! The file of a user's preferences: written by `kuberc set`, shown by `kuberc view`, honoured by all.

use support::{Cluster, Screen, alone};

use crate::server::serve;

#[test]
fn preferences_are_kept_and_honoured() {
    alone("preferences::preferences_are_kept_and_honoured", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let file = cluster.folder().join("kuberc").display().to_string();
        let with = |line: &str| cluster.run(&format!("{line} --kuberc={file}"));
        let ok = |line: &str| {
            let said = with(line);
            assert_eq!(said.code, 0, "{line}: {said:?}");
            said.out
        };
        let none = ok("kubectl kuberc view");
        assert!(none.starts_with(&format!("kuberc file not found at {file}\n")), "{none}");
        let set = "kubectl kuberc set --section=defaults --command=get --option=output=name";
        assert_eq!(ok(set), format!("Updated {file}\n"));
        assert_eq!(ok("kubectl get namespace default"), "namespace/default\n");
        assert!(ok("kubectl get namespace default -o wide").starts_with("NAME "));
        let again = with(set);
        assert!(again.code == 1 && again.err.contains("already exists"), "{again:?}");
        ok(&format!("{set} --overwrite"));
        ok(
            "kubectl kuberc set --section=aliases --name=spaces --command=get --prependarg=namespaces \
            --option=no-headers=true",
        );
        let spaces = ok("kubectl spaces default");
        assert!(spaces.starts_with("default ") && spaces.lines().count() == 1, "{spaces}");
        let view = ok("kubectl kuberc view");
        assert!(view.starts_with("aliases:\n- command: get\n"), "{view}");
        assert!(view.contains("kind: Preference\n"), "{view}");

        std::fs::write(&file, "kind: Odd\n").expect("the folder is the test's own");
        let odd = with("kubectl get namespaces");
        assert!(odd.code == 1 && odd.err.contains("error loading kuberc"), "{odd:?}");
        assert_eq!(cluster.run("kubectl get namespaces --kuberc=off").code, 0);
    });
}

const RULES: &str = "
apiVersion: kubectl.config.k8s.io/v1beta1
kind: Preference
aliases: []
defaults: []
---
apiVersion: kanoe.local/v1
kind: Confirmation
rules:
- contexts: [o*]
  commands: [delete]
";

#[test]
fn a_person_is_asked_before_something_goes() {
    alone("preferences::a_person_is_asked_before_something_goes", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let _server = serve(&cluster);
        let file = cluster.folder().join("kuberc").display().to_string();
        std::fs::write(&file, RULES).expect("the folder is the test's own");
        let config = crate::beyond::kubeconfig(&cluster);
        let play = |line: &str, keys: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let mut command = cluster.command(&words);
            command.env("KUBERC", &file).env("KUBECONFIG", &config).env("TERM", "xterm");
            let mut screen = Screen::open();
            let mut child = screen.run(&command);
            if !keys.is_empty() {
                screen.shows("in context \"one\", namespace \"default\". Go on? (y/N): ");
                screen.types(keys.as_bytes());
            }
            let code = child.wait().map(|status| status.code());
            code.ok().flatten()
        };
        cluster.ok("create configmap kept");
        assert_eq!(play("delete cm kept", "n\r"), Some(1));
        cluster.ok("get cm kept");
        assert_eq!(play("delete cm kept --dry-run=server", ""), Some(0));
        assert_eq!(play("delete cm kept --context=two --dry-run=client", ""), Some(0));
        assert_eq!(play("delete cm kept", "y\r"), Some(0));
        assert_eq!(cluster.run("get cm kept").code, 1);

        // The file's other commands leave the rules in it, and scripts are not held up.
        let set = "kuberc set --section=defaults --command=get --option=output=name";
        cluster.ok(&format!("{set} --kuberc={file}"));
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(text.contains("kind: Confirmation") && text.contains("contexts: [o*]"), "{text}");
        cluster.ok("create configmap script");
        cluster.ok(&format!("delete cm script --kuberc={file} --kubeconfig={config}"));
    });
}
