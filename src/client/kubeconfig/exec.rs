//! Credential plugins: a program prints an `ExecCredential`, we use what is in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Cluster;
use crate::error::{ClientError, Result};

/// How to call the program.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExecPlugin {
    /// Version that the program must speak.
    pub api_version: String,
    /// Arguments.
    pub args: Option<Vec<String>>,
    /// Program.
    pub command: String,
    /// Environment to add.
    pub env: Option<Vec<BTreeMap<String, String>>>,
    /// `Never`, `IfAvailable` or `Always`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interactive_mode: Option<String>,
    /// What to say when the program is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install_hint: Option<String>,
    /// Tell the program about the cluster.
    pub provide_cluster_info: bool,
    /// The cluster it is for.
    #[serde(skip)]
    pub cluster: Option<Box<Cluster>>,
}

/// What the program answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExecCredential {
    /// Bearer token.
    pub token: Option<String>,
    /// Client certificate, PEM.
    pub client_certificate_data: Option<String>,
    /// Client key, PEM.
    pub client_key_data: Option<String>,
    /// When it ends.
    pub expiration_timestamp: Option<String>,
}

impl ExecPlugin {
    /// Runs the program and reads its answer.
    pub async fn run(&self) -> Result<ExecCredential> {
        let known = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];
        if !known.contains(&self.api_version.as_str()) {
            let text = format!("exec plugin: invalid apiVersion {:?}", self.api_version);
            return Err(ClientError::Config(text));
        }
        let mut command = tokio::process::Command::new(&self.command);
        command.args(self.args.iter().flatten()).env("KUBERNETES_EXEC_INFO", self.info());
        for pair in self.env.iter().flatten() {
            if let (Some(name), Some(value)) = (pair.get("name"), pair.get("value")) {
                command.env(name, value);
            }
        }
        command.stderr(std::process::Stdio::inherit());
        if !self.interactive() {
            command.stdin(std::process::Stdio::null());
        }
        let output = command.output().await.map_err(|error| self.not_run(&error))?;
        if !output.status.success() {
            let code = output.status.code().unwrap_or(-1);
            let text = format!("exec: executable {} failed with exit code {code}", self.command);
            return Err(ClientError::Credentials(text));
        }
        self.parse(&output.stdout)
    }

    fn interactive(&self) -> bool {
        use std::io::IsTerminal as _;
        match self.interactive_mode.as_deref() {
            Some("Never") => false,
            Some("Always") => true,
            _ => std::io::stdin().is_terminal(),
        }
    }

    fn not_run(&self, error: &std::io::Error) -> ClientError {
        if error.kind() != std::io::ErrorKind::NotFound {
            return ClientError::Credentials(format!("exec: {error}"));
        }
        let hint = match &self.install_hint {
            Some(hint) if !hint.is_empty() => format!("\n\n{hint}"),
            _ => String::new(),
        };
        let text = format!(
            "exec: executable {} not found\n\nIt looks like you are trying to use a client-go \
             credential plugin that is not installed.\n\nTo learn more about this feature, consult \
             the documentation available at:\n      https://kubernetes.io/docs/reference/\
             access-authn-authz/authentication/#client-go-credential-plugins{hint}",
            self.command
        );
        ClientError::Credentials(text)
    }

    fn info(&self) -> String {
        let mut spec = json!({ "interactive": self.interactive() });
        if self.provide_cluster_info
            && let Some(cluster) = &self.cluster
        {
            spec["cluster"] = json!({
                "server": cluster.server,
                "tls-server-name": cluster.tls_server_name,
                "insecure-skip-tls-verify": cluster.insecure_skip_tls_verify,
                "certificate-authority-data": cluster.certificate_authority_data,
            });
        }
        json!({ "kind": "ExecCredential", "apiVersion": self.api_version, "spec": spec })
            .to_string()
    }

    fn parse(&self, output: &[u8]) -> Result<ExecCredential> {
        let refuse = |text: String| ClientError::Credentials(text);
        let mut answer: Value = serde_json::from_slice(output)
            .map_err(|error| refuse(format!("decoding stdout: {error}")))?;
        if answer["apiVersion"] != self.api_version.as_str() {
            return Err(refuse(format!(
                "exec plugin is configured to use API version {}, plugin returned version {}",
                self.api_version,
                answer["apiVersion"].as_str().unwrap_or_default()
            )));
        }
        if answer["status"].is_null() {
            return Err(refuse("exec plugin didn't return a status field".to_owned()));
        }
        let found: ExecCredential = serde_json::from_value(answer["status"].take())
            .map_err(|error| refuse(format!("decoding stdout: {error}")))?;
        match (&found.token, &found.client_certificate_data, &found.client_key_data) {
            (None, None, None) => {
                Err(refuse("exec plugin didn't return a token or cert/key pair".to_owned()))
            }
            (_, Some(_), None) | (_, None, Some(_)) => {
                Err(refuse("exec plugin returned only certificate or key, not both".to_owned()))
            }
            _ => Ok(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plugin(script: &str) -> ExecPlugin {
        ExecPlugin {
            api_version: "client.authentication.k8s.io/v1".to_owned(),
            command: "sh".to_owned(),
            args: Some(vec!["-c".to_owned(), script.to_owned()]),
            ..ExecPlugin::default()
        }
    }

    #[tokio::test]
    async fn the_answer_of_a_program_is_used() {
        let script = "echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"t\"}}'";
        assert_eq!(plugin(script).run().await.unwrap().token.as_deref(), Some("t"));
    }

    #[tokio::test]
    async fn a_failing_program_is_named() {
        let error = plugin("exit 3").run().await.unwrap_err();
        assert!(error.to_string().contains("sh failed with exit code 3"), "{error}");
        let error = ExecPlugin { command: "/no/such".to_owned(), ..plugin("") };
        let error = error.run().await.unwrap_err();
        assert!(error.to_string().contains("executable /no/such not found"), "{error}");
    }
}
