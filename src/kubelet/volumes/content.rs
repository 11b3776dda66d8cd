//! What the files of a volume made from objects hold. Pure over what was looked up.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    ConfigMap, DownwardAPIVolumeFile, KeyToPath, Pod, ProjectedVolumeSource, Secret, Volume,
};

use super::VolumeError;
use crate::container::env::{Lookups, Place, pod_field, resource_field};

/// A file of a volume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) bytes: Vec<u8>,
    pub(crate) mode: u32,
}

/// The files of a volume, by path below it.
pub(crate) type Files = BTreeMap<String, Content>;

/// A token that a volume shows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TokenRequest {
    pub(crate) audience: Option<String>,
    pub(crate) expiration_seconds: i64,
}

/// What volumes are made from, beside the pod itself.
#[derive(Debug)]
pub(crate) struct Sources<'a> {
    pub(crate) lookups: &'a Lookups,
    pub(crate) place: &'a Place,
    pub(crate) tokens: &'a BTreeMap<TokenRequest, String>,
}

/// Default mode of files, as the API's defaults have it.
const MODE: i32 = 0o644;

/// Config maps and secrets that a pod refers to, by kind.
pub(crate) fn referenced(pod: &Pod) -> (Vec<String>, Vec<String>) {
    let (mut maps, mut secrets) = (Vec::new(), Vec::new());
    let Some(spec) = &pod.spec else { return (maps, secrets) };
    for volume in spec.volumes.iter().flatten() {
        maps.extend(volume.config_map.as_ref().map(|source| source.name.clone()));
        secrets.extend(volume.secret.as_ref().and_then(|source| source.secret_name.clone()));
        let parts = volume.projected.iter().flat_map(|source| source.sources.iter().flatten());
        for part in parts {
            maps.extend(part.config_map.as_ref().map(|source| source.name.clone()));
            secrets.extend(part.secret.as_ref().map(|source| source.name.clone()));
        }
    }
    for (_, container) in crate::pod::containers(spec) {
        for source in container.env_from.iter().flatten() {
            maps.extend(source.config_map_ref.as_ref().map(|reference| reference.name.clone()));
            secrets.extend(source.secret_ref.as_ref().map(|reference| reference.name.clone()));
        }
        for source in container.env.iter().flatten().filter_map(|env| env.value_from.as_ref()) {
            maps.extend(source.config_map_key_ref.as_ref().map(|reference| reference.name.clone()));
            secrets.extend(source.secret_key_ref.as_ref().map(|reference| reference.name.clone()));
        }
    }
    for list in [&mut maps, &mut secrets] {
        list.sort();
        list.dedup();
    }
    (maps, secrets)
}

/// Tokens that a pod's volumes show.
pub(crate) fn tokens(pod: &Pod) -> Vec<TokenRequest> {
    let volumes = pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
    let parts = volumes.filter_map(|volume| volume.projected.as_ref());
    let parts = parts.flat_map(|projected| projected.sources.iter().flatten());
    let wanted = parts.filter_map(|part| part.service_account_token.as_ref());
    wanted.map(|token| request(token.audience.clone(), token.expiration_seconds)).collect()
}

fn request(audience: Option<String>, expiration_seconds: Option<i64>) -> TokenRequest {
    let audience = audience.filter(|audience| !audience.is_empty());
    TokenRequest { audience, expiration_seconds: expiration_seconds.unwrap_or(3600) }
}

/// The files of a volume; `None` for volumes that are not made from objects.
pub(crate) fn files(
    pod: &Pod,
    volume: &Volume,
    sources: &Sources<'_>,
) -> Result<Option<Files>, VolumeError> {
    let mut files = Files::new();
    if let Some(source) = &volume.config_map {
        let mode = source.default_mode.unwrap_or(MODE);
        let object = sources.lookups.config_maps.get(&source.name).map(|object| map_data(object));
        let wanted = Wanted {
            kind: "configmap",
            name: &source.name,
            items: source.items.as_deref(),
            optional: source.optional,
        };
        wanted.put(object, mode, &mut files)?;
    } else if let Some(source) = &volume.secret {
        let mode = source.default_mode.unwrap_or(MODE);
        let name = source.secret_name.as_deref().unwrap_or_default();
        let object = sources.lookups.secrets.get(name).map(|object| secret_data(object));
        let items = source.items.as_deref();
        let wanted = Wanted { kind: "secret", name, items, optional: source.optional };
        wanted.put(object, mode, &mut files)?;
    } else if let Some(source) = &volume.downward_api {
        let mode = source.default_mode.unwrap_or(MODE);
        downward(pod, source.items.as_deref(), mode, sources.place, &mut files)?;
    } else if let Some(source) = &volume.projected {
        projected(pod, source, sources, &mut files)?;
    } else {
        return Ok(None);
    }
    Ok(Some(files))
}

fn projected(
    pod: &Pod,
    source: &ProjectedVolumeSource,
    sources: &Sources<'_>,
    files: &mut Files,
) -> Result<(), VolumeError> {
    let mode = source.default_mode.unwrap_or(MODE);
    for part in source.sources.iter().flatten() {
        if let Some(map) = &part.config_map {
            let object = sources.lookups.config_maps.get(&map.name).map(|object| map_data(object));
            let items = map.items.as_deref();
            let wanted =
                Wanted { kind: "configmap", name: &map.name, items, optional: map.optional };
            wanted.put(object, mode, files)?;
        } else if let Some(secret) = &part.secret {
            let object =
                sources.lookups.secrets.get(&secret.name).map(|object| secret_data(object));
            let items = secret.items.as_deref();
            let wanted =
                Wanted { kind: "secret", name: &secret.name, items, optional: secret.optional };
            wanted.put(object, mode, files)?;
        } else if let Some(api) = &part.downward_api {
            downward(pod, api.items.as_deref(), mode, sources.place, files)?;
        } else if let Some(token) = &part.service_account_token {
            let wanted = request(token.audience.clone(), token.expiration_seconds);
            let Some(text) = sources.tokens.get(&wanted) else {
                return Err(VolumeError("failed to fetch token".to_owned()));
            };
            // Whoever the pod runs as may read it only where all may, as the kubelet has it.
            put(files, &token.path, text.as_bytes().to_vec(), mode)?;
        } else {
            return Err(VolumeError(
                "this projected source is not supported by kanoe yet".to_owned(),
            ));
        }
    }
    Ok(())
}

type Data = BTreeMap<String, Vec<u8>>;

fn map_data(map: &ConfigMap) -> Data {
    let text =
        map.data.iter().flatten().map(|(key, value)| (key.clone(), value.clone().into_bytes()));
    let binary =
        map.binary_data.iter().flatten().map(|(key, value)| (key.clone(), value.0.clone()));
    text.chain(binary).collect()
}

fn secret_data(secret: &Secret) -> Data {
    secret.data.iter().flatten().map(|(key, value)| (key.clone(), value.0.clone())).collect()
}

/// A config map or secret, and which of its keys.
struct Wanted<'a> {
    kind: &'a str,
    name: &'a str,
    items: Option<&'a [KeyToPath]>,
    optional: Option<bool>,
}

impl Wanted<'_> {
    fn put(&self, data: Option<Data>, mode: i32, files: &mut Files) -> Result<(), VolumeError> {
        let optional = self.optional.unwrap_or(false);
        let Some(data) = data else {
            let text = || format!("{} \"{}\" not found", self.kind, self.name);
            return if optional { Ok(()) } else { Err(VolumeError(text())) };
        };
        let Some(items) = self.items.filter(|items| !items.is_empty()) else {
            return data.into_iter().try_for_each(|(key, bytes)| put(files, &key, bytes, mode));
        };
        for item in items {
            match data.get(&item.key) {
                Some(bytes) => put(files, &item.path, bytes.clone(), item.mode.unwrap_or(mode))?,
                None if optional => {}
                None => {
                    let kind = if self.kind == "secret" { "secret" } else { "configmap" };
                    return Err(VolumeError(format!(
                        "references non-existent {kind} key: {}",
                        item.key
                    )));
                }
            }
        }
        Ok(())
    }
}

fn downward(
    pod: &Pod,
    items: Option<&[DownwardAPIVolumeFile]>,
    mode: i32,
    place: &Place,
    files: &mut Files,
) -> Result<(), VolumeError> {
    for item in items.unwrap_or_default() {
        let value = match (&item.field_ref, &item.resource_field_ref) {
            (Some(field), _) => pod_field(pod, &field.field_path, place),
            (None, Some(field)) => {
                let name = field.container_name.as_deref().unwrap_or_default();
                let found = pod.spec.as_ref().and_then(|spec| crate::pod::container(spec, name));
                let Some((_, container)) = found else {
                    return Err(VolumeError(format!("container {name} not found")));
                };
                resource_field(container, field, place)
            }
            (None, None) => Ok(String::new()),
        };
        let value = value.map_err(|error| VolumeError(error.0))?;
        put(files, &item.path, value.into_bytes(), item.mode.unwrap_or(mode))?;
    }
    Ok(())
}

/// Names come from objects: none may lead out of the volume.
fn put(files: &mut Files, path: &str, bytes: Vec<u8>, mode: i32) -> Result<(), VolumeError> {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\0');
    if path.starts_with("..") || !path.split('/').all(plain) {
        return Err(VolumeError(format!("invalid path: {path}")));
    }
    let mode = u32::try_from(mode).unwrap_or(0o644) & 0o777;
    files.insert(path.to_owned(), Content { bytes, mode });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::sync::Arc;

    fn listing(volume: serde_json::Value) -> Result<String, String> {
        let map = json!({ "metadata": { "name": "cm" }, "data": { "a": "1", "b": "2" } });
        let bad = json!({ "metadata": { "name": "bad" }, "data": { "..": "x" } });
        let lookups = Lookups {
            config_maps: [
                ("cm".to_owned(), Arc::new(serde_json::from_value(map).unwrap())),
                ("bad".to_owned(), Arc::new(serde_json::from_value(bad).unwrap())),
            ]
            .into(),
            ..Lookups::default()
        };
        let pod: Pod = serde_json::from_value(json!({
            "metadata": { "name": "p", "namespace": "n", "labels": { "app": "web" } },
            "spec": { "containers": [] },
        }))
        .unwrap();
        let tokens = [(request(None, None), "secret-token".to_owned())].into();
        let sources = Sources { lookups: &lookups, place: &Place::default(), tokens: &tokens };
        let volume = serde_json::from_value(volume).unwrap();
        let found = files(&pod, &volume, &sources).map_err(|error| error.0)?;
        let lines = found.unwrap_or_default().into_iter().map(|(path, content)| {
            format!("{path}={}:{:o}", String::from_utf8(content.bytes).unwrap(), content.mode)
        });
        Ok(lines.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn volumes_hold_what_their_sources_say() {
        for (volume, want) in [
            (json!({ "configMap": { "name": "cm" } }), Ok("a=1:644 b=2:644")),
            (
                json!({ "configMap": { "name": "cm", "defaultMode": 256, "items": [{ "key": "a", "path": "x/y" }] } }),
                Ok("x/y=1:400"),
            ),
            (json!({ "configMap": { "name": "no", "optional": true } }), Ok("")),
            (json!({ "configMap": { "name": "no" } }), Err("configmap \"no\" not found")),
            (
                json!({ "configMap": { "name": "cm", "items": [{ "key": "z", "path": "z" }] } }),
                Err("references non-existent configmap key: z"),
            ),
            (json!({ "configMap": { "name": "bad" } }), Err("invalid path: ..")),
            (
                json!({ "downwardAPI": { "items": [{ "path": "l", "fieldRef": { "fieldPath": "metadata.labels" } }] } }),
                Ok("l=app=\"web\":644"),
            ),
            (
                json!({ "projected": { "sources": [
                    { "serviceAccountToken": { "path": "token" } },
                    { "configMap": { "name": "cm", "items": [{ "key": "b", "path": "ca.crt" }] } },
                ] } }),
                Ok("ca.crt=2:644 token=secret-token:644"),
            ),
        ] {
            let mut named = volume.clone();
            named["name"] = json!("v");
            let found = listing(named);
            assert_eq!(found.as_deref().map_err(String::as_str), want, "{volume}");
        }
    }
}
