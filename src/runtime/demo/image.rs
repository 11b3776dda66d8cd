//! Makes the image: one layer of our program, links to it, and an empty system's few files.

use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{PROGRAMS, REGISTRY, SERVER};
use crate::image::{Image, ImageError, Names, Reference, Store, digest_of, hex, store_error};

/// Versions there are; any other tag is not found.
const VERSIONS: [(&str, &str); 2] = [("v1", "1"), ("v2", "2")];

impl Store {
    /// Makes the demo image of this name, unless it was made from this very program already.
    pub(crate) async fn make_demo(&self, reference: &Reference) -> Result<Image, ImageError> {
        let missing = || ImageError::Missing { reference: reference.to_string() };
        let tag = reference.tag.as_deref().unwrap_or_default();
        let version = VERSIONS.iter().find(|(name, _)| *name == tag).map(|(_, version)| *version);
        let version = version.filter(|_| reference.repository == SERVER).ok_or_else(missing)?;
        let store = self.clone();
        let made = tokio::task::spawn_blocking(move || store.build_demo(tag_of(version), version));
        made.await.map_err(|_| missing())?
    }

    fn build_demo(&self, tag: &str, version: &str) -> Result<Image, ImageError> {
        let program = Path::new("/proc/self/exe");
        let failed = |source| store_error(program, source);
        let size = std::fs::metadata(program).map_err(failed)?.size();
        let diff_id = layer_digest(program, size).map_err(failed)?;
        let target = self.layer(&diff_id);
        if !target.exists() {
            let work = self.work_folder()?;
            lay_out(program, &work).map_err(|source| store_error(&work, source))?;
            match std::fs::rename(&work, &target) {
                // Two pods asked at once, and the other was quicker.
                Err(_) if target.exists() => drop(std::fs::remove_dir_all(&work)),
                other => other.map_err(|source| store_error(&target, source))?,
            }
        }
        let config = json!({
            "architecture": crate::image::architecture(),
            "os": "linux",
            "config": {
                "Env": [crate::spec::DEFAULT_PATH, format!("VERSION={version}")],
                "Entrypoint": [format!("/bin/{SERVER}")],
                "WorkingDir": "/",
            },
            "rootfs": { "type": "layers", "diff_ids": [diff_id] },
        });
        let config = config.to_string();
        let name = format!("{REGISTRY}/{SERVER}");
        let names = Names {
            tags: vec![format!("{name}:{tag}")],
            digests: vec![format!("{name}@{}", digest_of(config.as_bytes()))],
        };
        let id = self.enter(config.as_bytes(), &names, size)?;
        self.find(&id)
    }
}

fn tag_of(version: &str) -> &'static str {
    VERSIONS.iter().find(|(_, v)| *v == version).map_or("latest", |(tag, _)| tag)
}

/// The digest of the layer as an archive, which is never written out.
fn layer_digest(program: &Path, size: u64) -> io::Result<String> {
    let mut archive = tar::Builder::new(Hasher(Sha256::new()));
    let mut header = tar::Header::new_ustar();
    header.set_mode(0o755);
    header.set_size(size);
    archive.append_data(&mut header, "bin/kanoe", std::fs::File::open(program)?.take(size))?;
    for name in PROGRAMS.iter().chain([&SERVER]) {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        archive.append_link(&mut header, format!("bin/{name}"), "kanoe")?;
    }
    let hasher = archive.into_inner()?;
    Ok(format!("sha256:{}", hex(&hasher.0.finalize())))
}

struct Hasher(Sha256);

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn lay_out(program: &Path, root: &Path) -> io::Result<()> {
    for folder in ["bin", "etc", "root", "tmp"] {
        std::fs::create_dir(root.join(folder))?;
    }
    let target = root.join("bin/kanoe");
    let program = std::fs::canonicalize(program)?;
    // One file in memory for the daemon, its shims and these containers, where it can be.
    if std::fs::hard_link(&program, &target).is_err() {
        std::fs::copy(&program, &target)?;
    }
    for name in PROGRAMS.iter().chain([&SERVER]) {
        std::os::unix::fs::symlink("kanoe", root.join("bin").join(name))?;
    }
    std::fs::write(root.join("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n")?;
    std::fs::write(root.join("etc/group"), "root:x:0:\n")
}
