//! Where the cluster's state is kept: in the home's own file, or in an etcd that several control
//! planes share; and what those must have in common.
//!
//! Control planes over one etcd trust the same authority, sign tokens with the same key and give
//! out the same addresses. The first one writes down the fingerprints and ranges; each later one
//! compares, takes the ranges over, and refuses to start where a secret differs: secrets themselves
//! never go into etcd.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use store::{Durability, Embedded, Engine, Etcd, Expect, Op, Options, Outcome, Value, Write};

use crate::{ClusterError, Home, Settings, certificates::Certificates, ranges};

/// Where the common facts stand: beside the groups, under a name that is none.
const KEY: &str = "/registry/kanoe/control-plane";

/// Which home has the cluster's node: its id and the node's name.
const NODE: &str = "/registry/kanoe/node";

/// The open store.
#[derive(Debug, Clone)]
pub(crate) enum Keep {
    /// The home's own file.
    Embedded(Embedded),
    /// An etcd.
    Etcd(Etcd),
}

/// What all control planes over one etcd have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Common {
    cluster_cidr: String,
    service_cluster_ip_range: String,
    /// SHA-256 of the authority's certificate, in Base64.
    authority: String,
    /// The id of the key of service account tokens.
    token_key: String,
}

impl Keep {
    /// Opens the store that the settings name.
    pub(crate) async fn open(home: &Home, settings: &Settings) -> Result<Self, ClusterError> {
        match settings.etcd()? {
            None => Ok(Self::Embedded(Embedded::open(&home.store(), Options::default())?)),
            Some(options) => match Etcd::open(&options).await {
                Ok(etcd) => Ok(Self::Etcd(etcd)),
                Err(store::StoreError::Setting { flag, value, why }) => {
                    Err(ClusterError::Setting { flag, value, why })
                }
                Err(error) => Err(error.into()),
            },
        }
    }

    /// The store as the API server uses it.
    pub(crate) fn engine(&self) -> Arc<dyn Engine> {
        match self {
            Self::Embedded(embedded) => Arc::new(embedded.clone()),
            Self::Etcd(etcd) => Arc::new(etcd.clone()),
        }
    }
    /// Tells whether other control planes may use the same store.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self, Self::Etcd(_))
    }

    /// Ends the store.
    pub(crate) async fn close(&self) {
        match self {
            Self::Embedded(embedded) => {
                if let Err(error) = embedded.close().await {
                    tracing::warn!(%error, "the store did not close");
                }
            }
            Self::Etcd(etcd) => etcd.close(),
        }
    }

    /// The settings with the address ranges filled in: the others', or free ones.
    ///
    /// Errors: `Setting` for a range that is not the others'.
    pub(crate) async fn complete(
        &self,
        home: &Home,
        settings: &Settings,
    ) -> Result<Settings, ClusterError> {
        let Some(common) = self.common().await? else { return ranges::complete(home, settings) };
        let mut settings = settings.clone();
        for (flag, given, theirs) in [
            ("cluster-cidr", &mut settings.cluster_cidr, common.cluster_cidr),
            (
                "service-cluster-ip-range",
                &mut settings.service_cluster_ip_range,
                common.service_cluster_ip_range,
            ),
        ] {
            match given {
                Some(given) if *given != theirs => return Err(differs(flag, given, &theirs)),
                _ => *given = Some(theirs),
            }
        }
        ranges::complete(home, &settings)
    }

    async fn common(&self) -> Result<Option<Common>, ClusterError> {
        let Self::Etcd(etcd) = self else { return Ok(None) };
        let Some(record) = etcd.get(KEY).await? else { return Ok(None) };
        let common = serde_json::from_slice(&record.value);
        common.map(Some).map_err(|error| ClusterError::Client(format!("etcd's {KEY}: {error}")))
    }

    /// Writes down what is common, or compares it with what is written.
    ///
    /// Errors: `Setting` where the authority or the key of tokens is not the others'.
    pub(crate) async fn agree(
        &self,
        settings: &Settings,
        certificates: &Certificates,
        token_key: &str,
    ) -> Result<(), ClusterError> {
        let Self::Etcd(etcd) = self else { return Ok(()) };
        let digest = Sha256::digest(certificates.authority.trim().as_bytes());
        let own = Common {
            cluster_cidr: settings.cluster_cidr.clone().unwrap_or_default(),
            service_cluster_ip_range: settings.service_cluster_ip_range.clone().unwrap_or_default(),
            authority: STANDARD.encode(digest),
            token_key: token_key.to_owned(),
        };
        let text = serde_json::to_vec(&own).unwrap_or_default();
        let write = Write {
            key: KEY.into(),
            expect: Expect::Absent,
            op: Op::Put(Value::plain(text)),
            durability: Durability::Synced,
        };
        if let Outcome::Done(_) = etcd.write(write).await? {
            return Ok(());
        }
        let Some(theirs) = self.common().await? else { return Ok(()) };
        let checks = [
            ("cluster-signing-cert-file", own.authority, theirs.authority),
            ("service-account-signing-key-file", own.token_key, theirs.token_key),
            ("cluster-cidr", own.cluster_cidr, theirs.cluster_cidr),
            (
                "service-cluster-ip-range",
                own.service_cluster_ip_range,
                theirs.service_cluster_ip_range,
            ),
        ];
        match checks.into_iter().find(|(_, own, theirs)| own != theirs) {
            Some((flag, own, theirs)) => Err(differs(flag, &own, &theirs)),
            None => Ok(()),
        }
    }
}

impl Keep {
    /// Takes the place of the cluster's one node, which pods' addresses allow for now.
    ///
    /// Errors: `Setting` where another home has the node.
    pub(crate) async fn claim_node(&self, id: &str, name: &str) -> Result<(), ClusterError> {
        let Self::Etcd(etcd) = self else { return Ok(()) };
        let own = format!("{id} {name}");
        let write = Write {
            key: NODE.into(),
            expect: Expect::Absent,
            op: Op::Put(Value::plain(own.clone())),
            durability: Durability::Synced,
        };
        match etcd.write(write).await? {
            Outcome::Conflict(Some(found)) if found.value != own => Err(ClusterError::Setting {
                flag: "no-node",
                value: "false".into(),
                why: format!(
                    "the cluster in etcd has its node elsewhere ({}), and nodes on several \
                     machines are not supported yet: start this control plane with --no-node",
                    String::from_utf8_lossy(&found.value)
                ),
            }),
            _ => Ok(()),
        }
    }
}

fn differs(flag: &'static str, own: &str, theirs: &str) -> ClusterError {
    let how = match flag {
        "cluster-signing-cert-file" | "service-account-signing-key-file" => {
            ": copy the folder pki of its home into ours, or name the files by their flags"
        }
        _ => "",
    };
    let why = format!("the control plane that made this cluster in etcd has {theirs}{how}");
    ClusterError::Setting { flag, value: own.to_owned(), why }
}
