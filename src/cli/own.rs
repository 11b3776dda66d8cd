//! Our own commands: their words and settings. What they do is the launcher's.
//!
//! Settings bear the names of the Kubernetes component's own flags wherever one exists.

use crate::text::Add as _;
use std::{path::PathBuf, sync::Arc, time::Duration};

use clap::{Args, Parser, Subcommand};

use crate::{launch::Launcher, report, server_flags::ServerFlags};

/// A command that Kubernetes has not.
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum OwnCommand {
    /// Start, stop and look at the embedded cluster
    #[command(subcommand)]
    Cluster(ClusterCommand),
    /// Load, pull, list and remove images of the embedded node
    #[command(subcommand)]
    Image(ImageCommand),
    /// Join nodes to a cluster
    #[command(subcommand)]
    Node(NodeCommand),
    /// Check this machine and say how to mend what is missing
    Doctor,
    /// Run a command against a fresh cluster that is deleted afterwards
    With(WithArgs),
}

/// What can be done with the cluster.
#[expect(clippy::large_enum_variant, reason = "one value a process")]
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum ClusterCommand {
    /// Start the cluster, or find it running
    Start(StartArgs),
    /// Stop the cluster; pods' disks and all state stay
    Stop,
    /// Delete the cluster and everything it made
    Delete,
    /// Say what runs
    Status,
    /// Print a kubeconfig for other programs
    Kubeconfig,
    /// Print the cluster's own log
    Logs {
        /// Go on printing
        #[arg(short, long)]
        follow: bool,
    },
    /// Run the cluster in the foreground
    Run(Box<RunArgs>),
}

/// Settings of `cluster start`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct StartArgs {
    /// Settings.
    #[command(flatten)]
    pub settings: ClusterSettings,
}

/// Settings of `cluster run`.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct RunArgs {
    /// Settings.
    #[command(flatten)]
    pub settings: ClusterSettings,
    /// Run in a session of its own, with the settings of the last start
    #[arg(long, hide = true)]
    pub resident: bool,
}

pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    machinery::duration::parse(text).ok_or_else(|| format!("time: invalid duration {text:?}"))
}

/// Settings of a cluster.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct ClusterSettings {
    /// Run the control plane alone, without a node
    #[arg(long)]
    pub no_node: bool,
    /// Port for HTTPS
    #[arg(long)]
    pub secure_port: Option<u16>,
    /// Address for HTTPS
    #[arg(long)]
    pub bind_address: Option<String>,
    /// File with static tokens: token,user,uid,"group,..."
    #[arg(long)]
    pub token_auth_file: Option<PathBuf>,
    /// Authorities whose client certificates are trusted
    #[arg(long)]
    pub client_ca_file: Option<PathBuf>,
    /// Certificate for HTTPS
    #[arg(long)]
    pub tls_cert_file: Option<PathBuf>,
    /// Key for HTTPS
    #[arg(long)]
    pub tls_private_key_file: Option<PathBuf>,
    /// etcd servers to keep the state in, instead of the embedded store
    #[arg(long, value_delimiter = ',')]
    pub etcd_servers: Vec<String>,
    /// Authority of etcd's certificates
    #[arg(long)]
    pub etcd_cafile: Option<PathBuf>,
    /// Certificate by which etcd knows this control plane
    #[arg(long)]
    pub etcd_certfile: Option<PathBuf>,
    /// Key of that certificate
    #[arg(long)]
    pub etcd_keyfile: Option<PathBuf>,
    /// Where everything stands in etcd (default: /registry)
    #[arg(long)]
    pub etcd_prefix: Option<String>,
    /// Authority of the cluster, the same for all control planes over one etcd
    #[arg(long)]
    pub cluster_signing_cert_file: Option<PathBuf>,
    /// Key of that authority
    #[arg(long)]
    pub cluster_signing_key_file: Option<PathBuf>,
    /// Key that signs service account tokens, the same for all control planes over one etcd
    #[arg(long)]
    pub service_account_signing_key_file: Option<PathBuf>,
    /// Hold elections among control planes over one etcd (default: true)
    #[arg(long, num_args(0..=1), require_equals(true), default_missing_value("true"))]
    pub leader_elect: Option<bool>,
    /// How long others wait for a leader that is silent (default: 15s)
    #[arg(long, value_parser = duration)]
    pub leader_elect_lease_duration: Option<Duration>,
    /// How long a leader that cannot renew its lease goes on (default: 10s)
    #[arg(long, value_parser = duration)]
    pub leader_elect_renew_deadline: Option<Duration>,
    /// Pause between attempts (default: 2s)
    #[arg(long, value_parser = duration)]
    pub leader_elect_retry_period: Option<Duration>,
    /// Namespace of the leases (default: kube-system)
    #[arg(long)]
    pub leader_elect_resource_namespace: Option<String>,
    /// File that says how the schedulers work, as kube-scheduler's --config does
    #[arg(long)]
    pub scheduler_config: Option<PathBuf>,
    /// Addresses of services
    #[arg(long)]
    pub service_cluster_ip_range: Option<String>,
    /// Ports of services on nodes
    #[arg(long)]
    pub service_node_port_range: Option<String>,
    /// Addresses of pods
    #[arg(long)]
    pub cluster_cidr: Option<String>,
    /// How requests are authorized
    #[arg(long, value_delimiter = ',')]
    pub authorization_mode: Vec<String>,
    /// Admission plugins to add
    #[arg(long, value_delimiter = ',')]
    pub enable_admission_plugins: Vec<String>,
    /// Admission plugins to leave out
    #[arg(long, value_delimiter = ',')]
    pub disable_admission_plugins: Vec<String>,
    /// Feature gates: name=true
    #[arg(long, value_delimiter = ',')]
    pub feature_gates: Vec<String>,
    /// Let callers without credentials in, with few rights
    #[arg(long, num_args(0..=1), require_equals(true), default_missing_value("true"))]
    pub anonymous_auth: Option<bool>,
    /// Issuer of service account tokens
    #[arg(long)]
    pub service_account_issuer: Option<String>,
    /// Who calls, what is written down, who waits
    #[command(flatten)]
    pub server: ServerFlags,
    /// How services are served: nftables, iptables or ipvs
    #[arg(long)]
    pub proxy_mode: Option<String>,
    /// Address of the cluster's name server
    #[arg(long, value_delimiter = ',')]
    pub cluster_dns: Vec<String>,
    /// Domain of the cluster's names
    #[arg(long)]
    pub cluster_domain: Option<String>,
    /// Name of the node
    #[arg(long)]
    pub hostname_override: Option<String>,
    /// Verbosity of the log
    #[arg(short, long)]
    pub v: Option<u8>,
}

/// What can be done with images.
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum ImageCommand {
    /// Load images from an archive (docker-archive, OCI archive or layout); `-` reads stdin
    Load {
        /// Archives
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// List images
    Ls,
    /// Pull images from their registries
    Pull {
        /// Images
        #[arg(required = true)]
        images: Vec<String>,
    },
    /// Remove images
    Rm {
        /// Images
        #[arg(required = true)]
        images: Vec<String>,
    },
}

/// What can be done with nodes.
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum NodeCommand {
    /// Join this machine to a cluster
    Join {
        /// Address of the API server
        server: String,
        /// Token to join with
        #[arg(long)]
        token: Option<String>,
        /// Name of the node
        #[arg(long)]
        hostname_override: Option<String>,
    },
    /// Make a token for joining
    Token,
}

/// Settings of `with`.
#[derive(Debug, Clone, PartialEq, Args)]
pub struct WithArgs {
    /// Settings of the fresh cluster.
    #[command(flatten)]
    pub settings: ClusterSettings,
    /// Command and arguments
    #[arg(last = true, required = true)]
    pub command: Vec<String>,
}

#[derive(Debug, Parser)]
#[command(name = "kanoe", disable_help_subcommand = true, disable_version_flag = true)]
struct Own {
    #[command(subcommand)]
    command: OwnCommand,
}

/// The words that begin our own commands.
pub(crate) const WORDS: [&str; 5] = ["cluster", "image", "node", "doctor", "with"];

/// Does one of our own commands, if the words ask for one.
pub(crate) async fn try_own(words: &[String], launcher: &Arc<dyn Launcher>) -> Option<u8> {
    let first = words.first()?;
    if !WORDS.contains(&first.as_str()) {
        return None;
    }
    let line = std::iter::once("kanoe".to_owned()).chain(words.iter().cloned());
    let command = match Own::try_parse_from(line) {
        Ok(own) => own.command,
        Err(refusal) => {
            let code = u8::from(refusal.use_stderr());
            let text = refusal.render().to_string();
            if code == 0 {
                report::last_words(&mut std::io::stdout(), &text);
            } else {
                report::last_words(&mut std::io::stderr(), &text);
            }
            return Some(code);
        }
    };
    match launcher.execute(command).await {
        Ok(code) => Some(code),
        Err(error) => {
            let mut text = format!("error: {error}");
            let mut cause = error.source();
            while let Some(next) = cause {
                text.add(format_args!(": {next}"));
                cause = next.source();
            }
            text.push('\n');
            report::last_words(&mut std::io::stderr(), &text);
            Some(1)
        }
    }
}

/// Our own commands as clap commands, for completion and manual pages.
pub(crate) fn commands() -> Vec<clap::Command> {
    let command = <Own as clap::CommandFactory>::command();
    command.get_subcommands().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_bear_kubernetes_names() {
        let line = "kanoe cluster run --no-node --secure-port=6443 --token-auth-file=t.csv --authorization-mode=Node,RBAC";
        let own = Own::try_parse_from(line.split(' ')).unwrap();
        let OwnCommand::Cluster(ClusterCommand::Run(run)) = own.command else {
            panic!("not a run: {own:?}")
        };
        assert!(run.settings.no_node);
        assert_eq!(run.settings.secure_port, Some(6443));
        assert_eq!(run.settings.authorization_mode, ["Node", "RBAC"]);
    }

    #[test]
    fn with_takes_a_command() {
        let own = Own::try_parse_from(["kanoe", "with", "--", "./script", "-x"]).unwrap();
        let OwnCommand::With(with) = own.command else { panic!("not a with: {own:?}") };
        assert_eq!(with.command, ["./script", "-x"]);
    }
}
