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
        let none = with("kubectl kuberc view");
        let missing = format!("error: kuberc file not found at {file}\n");
        assert_eq!((none.code, none.err.as_str()), (1, missing.as_str()));
        let set = "kubectl kuberc set --section=defaults --command=get --option=output=name";
        assert_eq!(ok(set), format!("Updated {file}\n"));
        assert_eq!(ok("kubectl get namespace default"), "namespace/default\n");
        assert!(ok("kubectl get namespace default -o wide").starts_with("NAME "));
        let again = with(set);
        assert!(
            again.code == 1 && again.err.contains("already exist, use --overwrite"),
            "{again:?}"
        );
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
        assert!(
            odd.code == 1 && odd.err.contains("kuberc error kuberc: no valid preferences found in"),
            "{odd:?}"
        );
        assert_eq!(cluster.shell(&format!("KUBERC={file} kubectl get namespaces")).code, 1);
        assert_eq!(cluster.shell("KUBERC=off kubectl get namespaces").code, 0);
    });
}

#[test]
fn programs_give_credentials_only_where_the_user_lets_them() {
    alone("preferences::programs_give_credentials_only_where_the_user_lets_them", || {
        let cluster = Cluster::new(env!("CARGO_BIN_EXE_kanoe"));
        let folder = cluster.folder();
        let config = "current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n\
                      clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\n\
                      users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, \
                      command: touch, args: [asked], interactiveMode: Never}}}]\n";
        std::fs::write(folder.join("config"), config).expect("the folder is the test's own");
        let allow = |entry: &str| {
            let line = format!(
                "cd {} && kubectl kuberc set --kuberc=rc --section=credentialplugin {entry} && \
                 kubectl get pods --kuberc=rc --kubeconfig=config; test -e asked && echo it ran; rm -f asked",
                folder.display()
            );
            cluster.shell(&line)
        };
        let denied = allow("--policy=DenyAll");
        let why = "Unable to connect to the server: getting credentials: plugin \"touch\" not allowed: \
                   policy set to \"DenyAll\"\n";
        assert_eq!(denied.err, why);
        assert!(!denied.out.contains("it ran"), "{denied:?}");
        let other = allow("--policy=Allowlist --allowlist-entry=command=cat");
        assert!(
            other.err.contains("is not permitted by the credential plugin allowlist"),
            "{other:?}"
        );
        assert!(!other.out.contains("it ran"), "{other:?}");
        let torn = format!(
            "cd {} && echo 'kind: Odd' > odd && kubectl __complete --kuberc=odd --kubeconfig=config \
             get pods ''; test -e asked && echo it ran; rm -f asked",
            folder.display()
        );
        let torn = cluster.shell(&torn);
        assert!(!torn.out.contains("it ran"), "what nobody can read forbids all: {torn:?}");
        let listed = allow("--policy=Allowlist --allowlist-entry=command=touch");
        assert!(listed.out.contains("it ran"), "{listed:?}");
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
