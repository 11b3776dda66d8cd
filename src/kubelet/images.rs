//! Sees to it that a container's image is here: pull policies, pull secrets, Kubernetes' words.

use base64::Engine as _;
use client::EventKind::{Normal, Warning};
use k8s_openapi::api::core::v1::{Container, ObjectReference, Pod, Secret};
use runtime::image::{Credentials, Image, ImageError, Reference};
use serde_json::Value;

use crate::host::Host;

/// Why a container has no image; reason and words are the kubelet's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ImageFailure {
    pub(crate) reason: &'static str,
    pub(crate) message: String,
}

/// Finds or pulls the image of a container. Pulls happen one at a time, as the kubelet's do.
pub(crate) async fn ensure(
    host: &Host,
    about: &ObjectReference,
    pod: &Pod,
    container: &Container,
) -> Result<Image, ImageFailure> {
    let name = container.image.as_deref().unwrap_or_default();
    let full: Reference = name.parse().map_err(|error| {
        let message = format!(
            "Failed to apply default image tag \"{name}\": couldn't parse image name \"{name}\": {error}"
        );
        host.recorder.event(about, Warning, "InspectFailed", message.clone());
        host.recorder.event(about, Warning, "Failed", "Error: InvalidImageName");
        ImageFailure { reason: "InvalidImageName", message }
    })?;
    let policy = container.image_pull_policy.as_deref().unwrap_or("IfNotPresent");
    if policy != "Always"
        && let Some(image) = present(host, about, name)
    {
        return Ok(image);
    }
    if policy == "Never" {
        let message =
            format!("Container image \"{name}\" is not present with pull policy of Never");
        host.recorder.event(about, Warning, "ErrImageNeverPull", message.clone());
        host.recorder.event(about, Warning, "Failed", "Error: ErrImageNeverPull");
        return Err(ImageFailure { reason: "ErrImageNeverPull", message });
    }
    let asked = lifecycle::clock::instant();
    let Ok(_turn) = host.pulls.acquire().await else {
        return Err(ImageFailure { reason: "ErrImagePull", message: "the node stops".to_owned() });
    };
    // Another pod may have waited for the same image.
    if policy != "Always"
        && let Some(image) = present(host, about, name)
    {
        return Ok(image);
    }
    pull(host, about, pod, &full, Asked { name, at: asked }).await
}

struct Asked<'a> {
    name: &'a str,
    at: tokio::time::Instant,
}

fn present(host: &Host, about: &ObjectReference, name: &str) -> Option<Image> {
    let image = host.images.find(name).ok()?;
    let message = format!(
        "Container image \"{name}\" already present on machine and can be accessed by the pod"
    );
    host.recorder.event(about, Normal, "Pulled", message);
    Some(image)
}

async fn pull(
    host: &Host,
    about: &ObjectReference,
    pod: &Pod,
    full: &Reference,
    asked: Asked<'_>,
) -> Result<Image, ImageFailure> {
    let name = asked.name;
    host.recorder.event(about, Normal, "Pulling", format!("Pulling image \"{name}\""));
    let begun = lifecycle::clock::instant();
    let credentials = credentials(host, pod, full).await;
    match host.images.pull(name, credentials.as_ref(), None).await {
        Ok(image) => {
            let message = format!(
                "Successfully pulled image \"{name}\" in {} ({} including waiting). Image size: {} bytes.",
                in_words(begun.elapsed()),
                in_words(asked.at.elapsed()),
                image.size_bytes
            );
            host.recorder.event(about, Normal, "Pulled", message);
            Ok(image)
        }
        Err(error) => {
            let message = words(full, &error);
            let text = format!("Failed to pull image \"{name}\": {message}");
            host.recorder.event(about, Warning, "Failed", text);
            host.recorder.event(about, Warning, "Failed", "Error: ErrImagePull");
            Err(ImageFailure { reason: "ErrImagePull", message })
        }
    }
}

/// A duration rounded to milliseconds, in Go's words.
fn in_words(duration: std::time::Duration) -> String {
    let ms = duration.as_millis();
    if ms < 1000 {
        return format!("{ms}ms");
    }
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    format!("{}s", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A pull's error as containerd words it.
fn words(full: &Reference, error: &ImageError) -> String {
    let front = format!("failed to pull and unpack image \"{full}\"");
    match error {
        ImageError::Registry { code: 404, .. } | ImageError::Missing { .. } => {
            format!("{front}: failed to resolve reference \"{full}\": {full}: not found")
        }
        ImageError::Registry { code: 401 | 403, .. } => format!(
            "{front}: failed to resolve reference \"{full}\": pull access denied, repository does \
             not exist or may require authorization: {error}"
        ),
        ImageError::Registry { .. } | ImageError::Transport { .. } => {
            format!(
                "{front}: failed to resolve reference \"{full}\": failed to do request: {error}"
            )
        }
        other => format!("{front}: {other}"),
    }
}

/// The first login that the pod's pull secrets hold for the image's registry.
async fn credentials(host: &Host, pod: &Pod, image: &Reference) -> Option<Credentials> {
    let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
    let references = pod.spec.as_ref()?.image_pull_secrets.as_ref()?;
    for reference in references {
        let secret = host.secret(namespace, &reference.name).await;
        if let Some(login) = secret.and_then(|secret| login(&secret, image)) {
            return Some(login);
        }
    }
    None
}

fn login(secret: &Secret, image: &Reference) -> Option<Credentials> {
    let data = secret.data.as_ref()?;
    let (document, whole) = match data.get(".dockerconfigjson") {
        Some(text) => (text, true),
        None => (data.get(".dockercfg")?, false),
    };
    let parsed: Value = serde_json::from_slice(&document.0).ok()?;
    let entries = if whole { parsed.get("auths")? } else { &parsed };
    let host = |key: &str| -> String {
        let key = key.split_once("://").map_or(key, |(_, rest)| rest);
        key.split('/').next().unwrap_or(key).to_owned()
    };
    let fits = |key: &str| match host(key).as_str() {
        "index.docker.io" | "docker.io" | "registry-1.docker.io" => image.registry == "docker.io",
        other => other == image.registry,
    };
    let (_, entry) = entries.as_object()?.iter().find(|(key, _)| fits(key))?;
    let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
    if let (Some(username), Some(password)) = (text("username"), text("password")) {
        return Some(Credentials { username, password });
    }
    let pair = base64::engine::general_purpose::STANDARD.decode(text("auth")?).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    let (username, password) = pair.split_once(':')?;
    Some(Credentials { username: username.to_owned(), password: password.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn logins_are_found_by_registry() {
        let config = json!({ "auths": {
            "https://index.docker.io/v1/": { "auth": "dTpw" },
            "r.io:5000": { "username": "a", "password": "b" },
        } });
        let data = base64::engine::general_purpose::STANDARD.encode(config.to_string());
        let secret = json!({ "data": { ".dockerconfigjson": data } });
        let secret: Secret = serde_json::from_value(secret).unwrap();
        for (image, want) in
            [("busybox", Some("u")), ("r.io:5000/x", Some("a")), ("gcr.io/x/y", None)]
        {
            let found = login(&secret, &image.parse().unwrap());
            assert_eq!(found.map(|login| login.username).as_deref(), want, "{image}");
        }
    }

    #[test]
    fn failures_speak_as_containerd_does() {
        let full: Reference = "web:v10".parse().unwrap();
        let error = ImageError::Missing { reference: "web:v10".into() };
        let name = "docker.io/library/web:v10";
        let want = format!(
            "failed to pull and unpack image \"{name}\": failed to resolve reference \"{name}\": {name}: not found"
        );
        assert_eq!(words(&full, &error), want);
    }

    #[test]
    fn durations_read_as_gos() {
        for (ms, want) in [(5, "5ms"), (1000, "1s"), (1234, "1.234s"), (61_500, "61.5s")] {
            assert_eq!(in_words(std::time::Duration::from_millis(ms)), want);
        }
    }
}
