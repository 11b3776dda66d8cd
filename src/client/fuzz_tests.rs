//! Hostile kubeconfigs and answers of credential plugins.

use fuzz::Fuzz;

use crate::kubeconfig::{Connection, Kubeconfig, Overrides};

#[test]
fn kubeconfigs() {
    let config = "apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters:\n- name: a\n  cluster: {server: 'https://a:6443', certificate-authority-data: aGk=, proxy-url: 'http://p'}\nusers:\n- name: u\n  user:\n    exec: {apiVersion: client.authentication.k8s.io/v1, command: c, args: [x], env: [{name: A, value: b}], interactiveMode: Never}\n- name: t\n  user: {token: x, as: y, as-groups: [g], as-user-extra: {k: [v]}}\ncontexts:\n- name: a\n  context: {cluster: a, user: u, namespace: n}\n";
    let words = ["null", "[]", "{}", "&a ", "*a", "- ", ": ", "\n  ", "!!map", "<<: "];
    Fuzz::bytes("kubeconfigs", [config]).words(&words).rounds(3000).run_text(|text| {
        let Ok(config) = serde_yaml::from_str::<Kubeconfig>(text) else { return false };
        let written = serde_yaml::to_string(&config).unwrap();
        assert_eq!(
            serde_yaml::from_str::<Kubeconfig>(&written).ok(),
            Some(config.clone()),
            "{written}"
        );
        drop(Connection::settle(&config, &Overrides::default()));
        true
    });
}
