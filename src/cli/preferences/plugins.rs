//! Which programs may be asked for credentials, as the user's preferences say.
//! Source: client-go, `plugin/pkg/client/auth/exec`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{
    plugin::{is_program, on_path},
    surroundings::clean,
};

/// The user's word on credential plugins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    kind: String,
    allowed: Option<Vec<String>>,
}

impl Policy {
    pub(crate) fn of(preference: &Value) -> Self {
        let command = |entry: &Value| entry["command"].as_str().unwrap_or_default().to_owned();
        let allowed = preference["credentialPluginAllowlist"].as_array();
        Self {
            kind: preference["credentialPluginPolicy"].as_str().unwrap_or_default().to_owned(),
            allowed: allowed.map(|list| list.iter().map(command).collect()),
        }
    }

    /// What is wrong with the policy itself.
    pub(crate) fn fault(&self) -> Option<String> {
        let kind = self.kind.as_str();
        match (kind, &self.allowed) {
            ("" | "AllowAll" | "DenyAll", None) => None,
            ("" | "AllowAll" | "DenyAll", Some(_)) => Some(format!(
                "misconfigured credential plugin allowlist: plugin policy is {kind:?} but allowlist is \
                 non-nil"
            )),
            ("Allowlist", None) => Some(
                "credential plugin policy set to \"Allowlist\", but allowlist is unspecified".into(),
            ),
            ("Allowlist", Some(list)) if list.is_empty() => Some(
                "credential plugin policy set to \"Allowlist\", but allowlist is empty; use \"DenyAll\" \
                 policy instead"
                    .into(),
            ),
            ("Allowlist", Some(list)) => list.iter().zip(1..).find_map(|(entry, number)| {
                let clean = cleaned(entry);
                if entry.is_empty() {
                    return Some(format!(
                        "misconfigured credential plugin allowlist: empty allowlist entry #{number}"
                    ));
                }
                (clean != *entry)
                    .then(|| format!("non-normalized file path: {entry:?} vs {clean:?}"))
            }),
            _ => Some(format!("unknown plugin policy: {kind:?}")),
        }
    }

    /// Why a program may not be asked; `None` where it may.
    pub(crate) fn refusal(&self, command: &str) -> Option<String> {
        let command = cleaned(command);
        match self.kind.as_str() {
            "" | "AllowAll" => None,
            "DenyAll" => Some(format!("plugin {command:?} not allowed: policy set to \"DenyAll\"")),
            _ => self.unlisted(&command),
        }
    }

    fn unlisted(&self, command: &str) -> Option<String> {
        let list = self.allowed.as_deref().unwrap_or_default();
        if list.iter().any(|entry| entry == command) {
            return None;
        }
        let Some(place) = found(command) else {
            return Some(format!(
                "plugin path {command:?} cannot be resolved for credential plugin allowlist check: \
                 exec: {command:?}: executable file not found in $PATH"
            ));
        };
        let base = |path: &Path| path.file_name().map(std::ffi::OsStr::to_owned);
        let same = |entry: &&String| base(Path::new(entry)) == base(&place);
        let listed = list.iter().any(|entry| Path::new(entry) == place)
            || list.iter().filter(same).any(|entry| found(entry).as_ref() == Some(&place));
        (!listed).then(|| {
            let place = place.display().to_string();
            format!("plugin path {place:?} is not permitted by the credential plugin allowlist")
        })
    }
}

/// Where a program is, as a shell finds it.
fn found(command: &str) -> Option<PathBuf> {
    if command.contains('/') {
        return Some(PathBuf::from(command)).filter(|path| is_program(path));
    }
    on_path(command)
}

/// A path as Go's `filepath.Clean` has it: an empty one is the folder itself.
fn cleaned(path: &str) -> String {
    let clean = clean(Path::new(path));
    if clean.as_os_str().is_empty() { ".".to_owned() } else { clean.display().to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn policies_are_sound_or_refused() {
        for (preference, want) in [
            (json!({}), ""),
            (json!({"credentialPluginPolicy": "DenyAll"}), ""),
            (json!({"credentialPluginPolicy": "Some"}), "unknown plugin policy: \"Some\""),
            (json!({"credentialPluginAllowlist": []}), "allowlist is non-nil"),
            (json!({"credentialPluginPolicy": "Allowlist"}), "allowlist is unspecified"),
            (
                json!({"credentialPluginPolicy": "Allowlist", "credentialPluginAllowlist": []}),
                "allowlist is empty",
            ),
            (
                json!({"credentialPluginPolicy": "Allowlist", "credentialPluginAllowlist": [{}]}),
                "empty allowlist entry #1",
            ),
            (
                json!({"credentialPluginPolicy": "Allowlist",
                    "credentialPluginAllowlist": [{"command": "/a/../b"}]}),
                "non-normalized file path: \"/a/../b\" vs \"/b\"",
            ),
        ] {
            let fault = Policy::of(&preference).fault().unwrap_or_default();
            assert!(fault.contains(want) && fault.is_empty() == want.is_empty(), "{fault}");
        }
    }

    #[test]
    fn programs_are_allowed_by_name_or_place() {
        let list = |command: &str| {
            Policy::of(&json!({"credentialPluginPolicy": "Allowlist",
                "credentialPluginAllowlist": [{"command": command}]}))
        };
        let place = found("sh").unwrap().display().to_string();
        assert_eq!(list("sh").refusal("sh"), None);
        assert_eq!(list(&place).refusal("sh"), None);
        assert_eq!(list("sh").refusal(&place), None);
        assert!(list("cat").refusal("sh").unwrap().contains("is not permitted"));
        assert!(list("cat").refusal("/nowhere").unwrap().contains("cannot be resolved"));
        let none = Policy::of(&json!({"credentialPluginPolicy": "DenyAll"}));
        assert!(none.refusal("sh").unwrap().contains("policy set to \"DenyAll\""));
    }
}
