//! What volumes of drivers and their attachments are called.
//! Source: `k8s.io/kubernetes/pkg/volume/csi`, `csi_attacher.go` and `csi_plugin.go`.

use sha2::{Digest as _, Sha256};

const PLUGIN: &str = "kubernetes.io/csi/";
const ATTACHMENT: &str = "csi-";
/// Hexadecimal digits of a SHA-256 sum.
const DIGITS: usize = 64;

/// What nodes call a volume in their status.
pub(super) fn unique_name(driver: &str, handle: &str) -> String {
    format!("{PLUGIN}{driver}^{handle}")
}

/// The attachment of a volume to a node.
pub(super) fn attachment_name(driver: &str, handle: &str, node: &str) -> String {
    let sum = Sha256::new().chain_update(handle).chain_update(driver).chain_update(node).finalize();
    format!("{ATTACHMENT}{sum:x}")
}

/// The attachment of a volume that a node's status names; `None` where no driver has the volume.
pub(super) fn attachment_of(unique: &str, node: &str) -> Option<String> {
    let (driver, handle) = unique.strip_prefix(PLUGIN)?.split_once('^')?;
    Some(attachment_name(driver, handle, node))
}

/// Tells whether an attachment may have been made here, whatever became of its volume.
pub(super) fn is_made_here(attachment: &str) -> bool {
    let sum = attachment.strip_prefix(ATTACHMENT).unwrap_or_default();
    sum.len() == DIGITS && sum.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_kubernetes() {
        let unique = unique_name("d.example.com", "h");
        assert_eq!(unique, "kubernetes.io/csi/d.example.com^h");
        // printf %s hd.example.comn | sha256sum
        let attachment = "csi-6f50f41227a8b176bdb8f16917f5785c6f29d47af0c6e4fb07ef999717e5cb6d";
        assert_eq!(attachment_name("d.example.com", "h", "n"), attachment);
        assert_eq!(attachment_of(&unique, "n").as_deref(), Some(attachment));
        assert_eq!(attachment_of("kubernetes.io/nfs/x", "n"), None);
        for (case, name, want) in [
            ("ours", attachment, true),
            ("another's", "csi-attachment", false),
            ("a sum of something else", attachment.trim_start_matches("csi-"), false),
        ] {
            assert_eq!(is_made_here(name), want, "{case}");
        }
    }
}
