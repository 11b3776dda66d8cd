//! Images from archives and layouts, packed or not, and from broken ones.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};
use runtime::image::Store;
use runtime::image::registries::Registries;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::house::{busybox_archive, busybox_layer, hex, inside};

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// An OCI layout of one image; `diff_id` is what its configuration says of its layer.
fn layout(folder: &Path, diff_id: &str) {
    let blobs = folder.join("blobs/sha256");
    std::fs::create_dir_all(&blobs).unwrap();
    let put = |bytes: &[u8]| -> Value {
        let name = digest(bytes);
        std::fs::write(blobs.join(name.trim_start_matches("sha256:")), bytes).unwrap();
        json!({ "digest": name, "size": bytes.len() })
    };
    let rootfs = json!({ "type": "layers", "diff_ids": [diff_id] });
    let config = put(json!({ "architecture": "amd64", "os": "linux", "rootfs": rootfs })
        .to_string()
        .as_bytes());
    let layer = put(&packed(&busybox_layer()));
    let manifest = json!({ "schemaVersion": 2, "config": config, "layers": [layer] });
    let mut entry = put(manifest.to_string().as_bytes());
    entry["annotations"] = json!({ "io.containerd.image.name": "example.com/box:1" });
    let index = json!({ "schemaVersion": 2, "manifests": [entry] });
    std::fs::write(folder.join("index.json"), index.to_string()).unwrap();
    std::fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
}

fn archive_of(folder: &Path) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    archive.append_dir_all(".", folder).unwrap();
    archive.into_inner().unwrap()
}

#[test]
fn every_kind_of_archive_is_loaded() {
    if !inside("archives::every_kind_of_archive_is_loaded") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let right = folder.path().join("right");
    layout(&right, &digest(&busybox_layer()));
    let wrong = folder.path().join("wrong");
    layout(&wrong, &digest(b"another layer"));
    let half = archive_of(&right);
    for (case, path, want) in [
        ("docker", file("docker.tar", &busybox_archive()), "localhost/busybox:1"),
        (
            "docker, packed",
            file("docker.tar.gz", &packed(&busybox_archive())),
            "localhost/busybox:1",
        ),
        ("layout", right.clone(), "example.com/box:1"),
        ("layout as a file", file("oci.tar", &archive_of(&right)), "example.com/box:1"),
        ("a layer of another digest", wrong, "unexpected digest"),
        ("half a file", file("half.tar", &half[..half.len() / 2]), "no image archive"),
        (
            "no image",
            file("none.tar", &archive_of(&right.join("blobs"))),
            "neither manifest.json nor index.json",
        ),
    ] {
        let root = tempfile::tempdir().unwrap();
        let store = Store::open(root.path(), Registries::default()).unwrap();
        let found = match store.load(&path) {
            Ok(names) => {
                let image = store.find(&names[0]).unwrap();
                assert!(image.layers[0].join("bin/busybox").exists(), "{case}");
                names.join(" ")
            }
            Err(error) => {
                assert!(store.list().unwrap().is_empty(), "{case}");
                assert_eq!(
                    std::fs::read_dir(root.path().join("layers")).unwrap().count(),
                    0,
                    "{case}"
                );
                error.to_string()
            }
        };
        assert!(found.contains(want), "{case}: {found}");
        assert_eq!(std::fs::read_dir(root.path().join("work")).unwrap().count(), 0, "{case}");
    }
}
