//! Which plugins act: the default ones, changed by `--enable-admission-plugins` and
//! `--disable-admission-plugins`. Source: kube-apiserver's reference and "Admission Controllers".

use std::collections::BTreeSet;

/// A plugin that can be switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Plugin {
    AlwaysAdmit,
    AlwaysDeny,
    AlwaysPullImages,
    CertificateApproval,
    CertificateSigning,
    CertificateSubjectRestriction,
    DefaultIngressClass,
    DefaultStorageClass,
    DefaultTolerationSeconds,
    DenyServiceExternalIPs,
    EventRateLimit,
    ExtendedResourceToleration,
    ImagePolicyWebhook,
    LimitPodHardAntiAffinityTopology,
    LimitRanger,
    MutatingAdmissionPolicy,
    MutatingAdmissionWebhook,
    NamespaceAutoProvision,
    NamespaceExists,
    NamespaceLifecycle,
    NodeRestriction,
    OwnerReferencesPermissionEnforcement,
    PersistentVolumeClaimResize,
    PodNodeSelector,
    PodSecurity,
    PodTolerationRestriction,
    PodTopologyLabels,
    Priority,
    ResourceQuota,
    RuntimeClass,
    ServiceAccount,
    ValidatingAdmissionPolicy,
    ValidatingAdmissionWebhook,
}

/// How a name of Kubernetes stands with us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Acts unless it is switched off.
    Default(Plugin),
    /// Acts if it is switched on.
    Optional(Plugin),
    /// Is part of how a kind is made, and acts always.
    Always,
    /// Acts on nothing: what it is for is behind a feature that is off.
    Idle,
}

use Standing::{Always, Default as On, Idle, Optional};

/// Every plugin of Kubernetes 1.36; those that are on are `kube-apiserver`'s own choice.
const KNOWN: &[(&str, Standing)] = &[
    ("AlwaysAdmit", Optional(Plugin::AlwaysAdmit)),
    ("AlwaysDeny", Optional(Plugin::AlwaysDeny)),
    ("AlwaysPullImages", Optional(Plugin::AlwaysPullImages)),
    ("CertificateApproval", On(Plugin::CertificateApproval)),
    ("CertificateSigning", On(Plugin::CertificateSigning)),
    ("CertificateSubjectRestriction", On(Plugin::CertificateSubjectRestriction)),
    ("ClusterTrustBundleAttest", Idle),
    ("DefaultIngressClass", On(Plugin::DefaultIngressClass)),
    ("DefaultStorageClass", On(Plugin::DefaultStorageClass)),
    ("DefaultTolerationSeconds", On(Plugin::DefaultTolerationSeconds)),
    ("DenyServiceExternalIPs", Optional(Plugin::DenyServiceExternalIPs)),
    ("EventRateLimit", Optional(Plugin::EventRateLimit)),
    ("ExtendedResourceToleration", Optional(Plugin::ExtendedResourceToleration)),
    ("ImagePolicyWebhook", Optional(Plugin::ImagePolicyWebhook)),
    ("LimitPodHardAntiAffinityTopology", Optional(Plugin::LimitPodHardAntiAffinityTopology)),
    ("LimitRanger", On(Plugin::LimitRanger)),
    ("MutatingAdmissionPolicy", On(Plugin::MutatingAdmissionPolicy)),
    ("MutatingAdmissionWebhook", On(Plugin::MutatingAdmissionWebhook)),
    ("NamespaceAutoProvision", Optional(Plugin::NamespaceAutoProvision)),
    ("NamespaceExists", Optional(Plugin::NamespaceExists)),
    ("NamespaceLifecycle", On(Plugin::NamespaceLifecycle)),
    ("NodeDeclaredFeatureValidator", Idle),
    ("NodeRestriction", Optional(Plugin::NodeRestriction)),
    (
        "OwnerReferencesPermissionEnforcement",
        Optional(Plugin::OwnerReferencesPermissionEnforcement),
    ),
    ("PersistentVolumeClaimResize", On(Plugin::PersistentVolumeClaimResize)),
    ("PodNodeSelector", Optional(Plugin::PodNodeSelector)),
    ("PodSecurity", On(Plugin::PodSecurity)),
    ("PodTolerationRestriction", Optional(Plugin::PodTolerationRestriction)),
    ("PodTopologyLabels", On(Plugin::PodTopologyLabels)),
    ("Priority", On(Plugin::Priority)),
    ("ResourceQuota", On(Plugin::ResourceQuota)),
    ("RuntimeClass", On(Plugin::RuntimeClass)),
    ("ServiceAccount", On(Plugin::ServiceAccount)),
    ("StorageObjectInUseProtection", Always),
    ("TaintNodesByCondition", Always),
    ("ValidatingAdmissionPolicy", On(Plugin::ValidatingAdmissionPolicy)),
    ("ValidatingAdmissionWebhook", On(Plugin::ValidatingAdmissionWebhook)),
];

/// Why a choice of plugins cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PluginsError {
    /// Kubernetes has no such plugin.
    #[error("admission plugin {0:?} is unknown")]
    Unknown(String),
    /// A plugin is to be on and off.
    #[error("[{0}] in enable-admission-plugins and disable-admission-plugins overlapped")]
    Overlapped(String),
    /// It is part of how objects are made here.
    #[error("admission plugin {0:?} cannot be disabled")]
    Always(String),
}

/// The plugins that act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plugins(BTreeSet<Plugin>);

impl Default for Plugins {
    fn default() -> Self {
        let on = |(_, standing): &(&str, Standing)| match standing {
            On(plugin) => Some(*plugin),
            Optional(_) | Always | Idle => None,
        };
        Self(KNOWN.iter().filter_map(on).collect())
    }
}

impl Plugins {
    /// The default plugins with some more and some fewer, by their names.
    pub fn choose(enabled: &[String], disabled: &[String]) -> Result<Self, PluginsError> {
        if let Some(name) = enabled.iter().find(|name| disabled.contains(name)) {
            return Err(PluginsError::Overlapped(name.clone()));
        }
        let mut chosen = Self::default();
        for name in enabled {
            match standing(name)? {
                On(plugin) | Optional(plugin) => drop(chosen.0.insert(plugin)),
                Always | Idle => {}
            }
        }
        for name in disabled {
            match standing(name)? {
                On(plugin) | Optional(plugin) => drop(chosen.0.remove(&plugin)),
                Always => return Err(PluginsError::Always(name.clone())),
                Idle => {}
            }
        }
        Ok(chosen)
    }

    /// Whether the plugin of that name acts.
    pub fn has(&self, name: &str) -> bool {
        matches!(standing(name), Ok(On(plugin) | Optional(plugin)) if self.act(plugin))
    }

    /// Whether a plugin acts.
    pub(crate) fn act(&self, plugin: Plugin) -> bool {
        self.0.contains(&plugin)
    }
}

fn standing(name: &str) -> Result<Standing, PluginsError> {
    let found = KNOWN.iter().find(|(known, _)| *known == name);
    found.map(|(_, standing)| *standing).ok_or_else(|| PluginsError::Unknown(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(enabled: &[&str], disabled: &[&str]) -> Result<Plugins, PluginsError> {
        let owned =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        Plugins::choose(&owned(enabled), &owned(disabled))
    }

    #[test]
    fn plugins_are_switched_by_name() {
        let usual = choose(&[], &[]).unwrap();
        assert!(usual.act(Plugin::LimitRanger) && !usual.act(Plugin::AlwaysPullImages));
        let other = choose(&["AlwaysPullImages"], &["LimitRanger", "ImagePolicyWebhook"]).unwrap();
        assert!(other.has("AlwaysPullImages") && !other.has("LimitRanger") && !other.has("Odd"));
        assert_eq!(
            choose(&["ClusterTrustBundleAttest"], &[]),
            choose(&[], &["ClusterTrustBundleAttest"])
        );
        assert!(!other.act(Plugin::LimitRanger) && other.act(Plugin::AlwaysPullImages));
    }

    #[test]
    fn what_cannot_be_had_is_refused() {
        for (enabled, disabled, why) in [
            (&["Nonsense"][..], &[][..], "admission plugin \"Nonsense\" is unknown"),
            (&[], &["Nonsense"], "admission plugin \"Nonsense\" is unknown"),
            (
                &["Priority"],
                &["Priority"],
                "[Priority] in enable-admission-plugins and disable-admission-plugins overlapped",
            ),
            (
                &[],
                &["TaintNodesByCondition"],
                "admission plugin \"TaintNodesByCondition\" cannot be disabled",
            ),
        ] {
            assert_eq!(choose(enabled, disabled).unwrap_err().to_string(), why);
        }
    }
}
