//! Hostile images: archives, manifests, configurations and names.

use std::io::{Seek as _, Write as _};

use fuzz::Fuzz;

use crate::image::{Reference, Store, registries::Registries};

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, data) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(data.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *data).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn archives() {
    let manifest = br#"[{"Config":"c.json","RepoTags":["a:b"],"Layers":[]}]"#;
    let config = br#"{"architecture":"amd64","os":"linux","config":{"Cmd":["a"],"Env":null},"rootfs":{"type":"layers","diff_ids":[]}}"#;
    let index = br#"{"schemaVersion":2,"manifests":[{"mediaType":"m","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":3}]}"#;
    let corpus = [
        archive(&[("manifest.json", manifest), ("c.json", config)]),
        archive(&[("index.json", index), ("oci-layout", b"{}")]),
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0".to_vec(),
        b"\x28\xb5\x2f\xfd\x04\x00\x01\x00\x00\x99\xe9\xd8\x51".to_vec(),
    ];
    let folder = tempfile::tempdir().unwrap();
    let images = Store::open(folder.path(), Registries::default()).unwrap();
    let words =
        ["../x", "/etc", "manifest.json", "sha256:", "\0\0\0\0", "77777777777", "{", "null", "[[["];
    Fuzz::bytes("image archives", corpus).words(&words).rounds(500).run(move |bytes| {
        let path = folder.path().join("archive");
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        let loaded = images.load(&path).is_ok();
        let work = std::fs::read_dir(folder.path().join("work")).map_or(0, Iterator::count);
        assert_eq!(work, 0, "nothing is left of it");
        loaded
    });
}

#[test]
fn references() {
    let corpus = [
        "a",
        "registry.local:5000/a/b:tag@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ];
    let words = ["@sha256:", ":", "/", "..", "//", "[::1]:5000/"];
    Fuzz::bytes("references", corpus).words(&words).rounds(3000).run_text(|text| {
        let Ok(reference) = text.parse::<Reference>() else { return false };
        assert_eq!(
            reference.to_string().parse::<Reference>().map(|it| it.to_string()),
            Ok(reference.to_string())
        );
        true
    });
}
