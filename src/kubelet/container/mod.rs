//! A pod's container as the runtime is asked for it. Pure: objects in, a spec out.

pub(crate) mod env;
pub(crate) mod resources;

use std::path::PathBuf;

use k8s_openapi::api::core::v1::{Capabilities, Container, Pod, PodSpec};
use runtime::image::Image;
use runtime::spec::{ContainerSpec, DEFAULT_CAPABILITIES, Mount, Seccomp, User};

use crate::pod::{PodId, seen};

/// What a container's spec is made from, beside the pod itself.
#[derive(Debug)]
pub(crate) struct Recipe<'a> {
    pub(crate) pod: &'a Pod,
    pub(crate) container: &'a Container,
    pub(crate) image: &'a Image,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) mounts: Vec<Mount>,
    pub(crate) attempt: u32,
    pub(crate) hostname: &'a str,
    pub(crate) log_path: PathBuf,
    pub(crate) grantable: &'a [String],
    pub(crate) node_memory_bytes: i64,
    pub(crate) qos: api::core::pod::QosClass,
}

/// A container that must not run as it asks to; the words are Kubernetes' own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) String);

/// The spec, and the user to look up in the image's files where one is named.
pub(crate) fn spec(recipe: Recipe<'_>) -> Result<(ContainerSpec, Option<String>), Refused> {
    let Recipe { pod, container, image, .. } = recipe;
    let user = user(pod, container, image)?;
    let args = command(container, image, &recipe.env)?;
    let own = container.security_context.as_ref();
    let privileged = own.and_then(|own| own.privileged).unwrap_or(false);
    let labels = [
        (seen::NAME, container.name.clone()),
        (seen::ATTEMPT, recipe.attempt.to_string()),
        (seen::IMAGE, shown_name(image, container)),
        (seen::IMAGE_ID, image.digests.first().unwrap_or(&image.id).clone()),
    ];
    let spec = ContainerSpec {
        id: runtime::new_id(),
        args,
        env: variables(image, recipe.hostname, &recipe.env),
        cwd: container
            .working_dir
            .clone()
            .filter(|folder| !folder.is_empty())
            .unwrap_or_else(|| image.config.working_dir.clone()),
        user: User { groups: supplemental_groups(pod), ..User::default() },
        mounts: recipe.mounts,
        resources: resources::of_container(container, recipe.qos, recipe.node_memory_bytes),
        capabilities: capabilities(
            own.and_then(|own| own.capabilities.as_ref()),
            privileged,
            recipe.grantable,
        ),
        privileged,
        seccomp: seccomp(pod, container)?,
        no_new_privileges: own.and_then(|own| own.allow_privilege_escalation) == Some(false),
        read_only_root: own.and_then(|own| own.read_only_root_filesystem).unwrap_or(false),
        unmasked_proc: own.and_then(|own| own.proc_mount.as_deref()) == Some("Unmasked"),
        terminal: container.tty.unwrap_or(false),
        stdin: container.stdin.unwrap_or(false),
        stdin_once: container.stdin_once.unwrap_or(false),
        log_path: recipe.log_path,
        labels: labels.map(|(key, value)| (key.to_owned(), value)).into(),
    };
    Ok((spec, Some(user)))
}

/// The tag that was asked for, in full, where the image has it.
fn shown_name(image: &Image, container: &Container) -> String {
    let asked = container.image.as_deref().unwrap_or_default();
    let full = asked.parse::<runtime::image::Reference>().map(|name| name.to_string());
    let tag = full.ok().filter(|name| image.tags.contains(name));
    tag.or_else(|| image.tags.first().cloned()).unwrap_or_else(|| image.id.clone())
}

fn command(
    container: &Container,
    image: &Image,
    env: &[(String, String)],
) -> Result<Vec<String>, Refused> {
    let known = |name: &str| env.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
    let expanded = |words: &Option<Vec<String>>| -> Vec<String> {
        words.iter().flatten().map(|word| env::expand(word, known)).collect()
    };
    let (command, args) = (expanded(&container.command), expanded(&container.args));
    let mut words = command;
    if words.is_empty() {
        words.clone_from(&image.config.entrypoint);
        // The image's own arguments belong to its own command.
        words.extend(if args.is_empty() { image.config.cmd.clone() } else { args });
    } else {
        words.extend(args);
    }
    if words.is_empty() {
        return Err(Refused("no command specified".to_owned()));
    }
    Ok(words)
}

fn variables(image: &Image, hostname: &str, env: &[(String, String)]) -> Vec<String> {
    let mut all: Vec<(String, String)> = Vec::new();
    let of_image = image.config.env.iter().filter_map(|variable| variable.split_once('='));
    let host = ("HOSTNAME", hostname);
    let own = env.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in of_image.chain([host]).chain(own) {
        match all.iter_mut().find(|(known, _)| known == name) {
            Some(entry) => value.clone_into(&mut entry.1),
            None => all.push((name.to_owned(), value.to_owned())),
        }
    }
    all.into_iter().map(|(name, value)| format!("{name}={value}")).collect()
}

/// `user[:group]` as the container, the pod or the image names it.
fn user(pod: &Pod, container: &Container, image: &Image) -> Result<String, Refused> {
    let own = container.security_context.as_ref();
    let of_pod = pod.spec.as_ref().and_then(|spec| spec.security_context.as_ref());
    let uid =
        own.and_then(|own| own.run_as_user).or_else(|| of_pod.and_then(|pod| pod.run_as_user));
    let gid =
        own.and_then(|own| own.run_as_group).or_else(|| of_pod.and_then(|pod| pod.run_as_group));
    let named = uid.map_or_else(|| image.config.user.clone(), |uid| uid.to_string());
    let named = if named.is_empty() { "0".to_owned() } else { named };
    let (name, image_group) =
        named.split_once(':').map_or((named.as_str(), None), |(u, g)| (u, Some(g)));

    let must_not_be_root = own
        .and_then(|own| own.run_as_non_root)
        .or_else(|| of_pod.and_then(|pod| pod.run_as_non_root))
        .unwrap_or(false);
    let about = || format!("(pod: \"{}\", container: {})", PodId::of(pod).full(), container.name);
    if must_not_be_root {
        match (uid, name.parse::<u32>()) {
            (Some(0), _) => {
                let text = format!("container's runAsUser breaks non-root policy {}", about());
                return Err(Refused(text));
            }
            (None, Ok(0)) => {
                let text =
                    format!("container has runAsNonRoot and image will run as root {}", about());
                return Err(Refused(text));
            }
            (None, Err(_)) => {
                let text = format!(
                    "container has runAsNonRoot and image has non-numeric user ({name}), cannot verify user is non-root {}",
                    about()
                );
                return Err(Refused(text));
            }
            _ => {}
        }
    }
    let group = gid.map(|gid| gid.to_string()).or_else(|| image_group.map(str::to_owned));
    Ok(group.map_or_else(|| name.to_owned(), |group| format!("{name}:{group}")))
}

/// The container's own profile, else the pod's, else none.
fn seccomp(pod: &Pod, container: &Container) -> Result<Seccomp, Refused> {
    let own = container.security_context.as_ref().and_then(|own| own.seccomp_profile.as_ref());
    let of_pod = pod.spec.as_ref().and_then(|spec| spec.security_context.as_ref());
    let profile = own.or_else(|| of_pod.and_then(|pod| pod.seccomp_profile.as_ref()));
    match profile.map(|profile| profile.type_.as_str()) {
        None | Some("Unconfined") => Ok(Seccomp::Unconfined),
        Some("RuntimeDefault") => Ok(Seccomp::RuntimeDefault),
        Some(other) => {
            Err(Refused(format!("seccomp profiles of type {other} are not supported by kanoe yet")))
        }
    }
}

fn supplemental_groups(pod: &Pod) -> Vec<u32> {
    let context = pod.spec.as_ref().and_then(|spec| spec.security_context.as_ref());
    let Some(context) = context else { return Vec::new() };
    let more = context.supplemental_groups.iter().flatten().chain(&context.fs_group);
    more.filter_map(|group| u32::try_from(*group).ok()).collect()
}

/// Default ones, more and fewer as asked; all there are for the privileged.
fn capabilities(
    asked: Option<&Capabilities>,
    privileged: bool,
    grantable: &[String],
) -> Vec<String> {
    if privileged {
        return grantable.to_vec();
    }
    let plain = |name: &String| name.strip_prefix("CAP_").unwrap_or(name).to_owned();
    let list = |names: Option<&Vec<String>>| -> Vec<String> {
        names.into_iter().flatten().map(plain).collect()
    };
    let add = list(asked.and_then(|asked| asked.add.as_ref()));
    let drop = list(asked.and_then(|asked| asked.drop.as_ref()));
    let mut held: Vec<String> = DEFAULT_CAPABILITIES.map(str::to_owned).to_vec();
    if add.iter().any(|name| name == "ALL") {
        held = grantable.to_vec();
    }
    if drop.iter().any(|name| name == "ALL") {
        held.clear();
    }
    held.retain(|name| !drop.contains(name));
    for name in add.into_iter().filter(|name| name != "ALL") {
        if !held.contains(&name) {
            held.push(name);
        }
    }
    held
}

/// The host name that a pod sees.
pub(crate) fn hostname(pod: &Pod, spec: &PodSpec) -> String {
    let asked = spec.hostname.clone().filter(|name| !name.is_empty());
    let name = asked.or_else(|| pod.metadata.name.clone()).unwrap_or_default();
    // Longer ones do not fit a host name; Kubernetes cuts them and what then ends them badly.
    let short: String = name.chars().take(63).collect();
    short.trim_end_matches(['-', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use runtime::image::ImageConfig;
    use serde_json::json;

    fn image(user: &str) -> Image {
        let config = ImageConfig {
            env: vec!["PATH=/bin".into(), "A=image".into()],
            entrypoint: vec!["run".into()],
            cmd: vec!["fast".into()],
            user: user.into(),
            ..ImageConfig::default()
        };
        Image {
            id: "sha256:1".into(),
            config,
            layers: Vec::new(),
            tags: vec!["docker.io/library/web:latest".into()],
            digests: Vec::new(),
            size_bytes: 0,
        }
    }

    fn container(text: serde_json::Value) -> Container {
        serde_json::from_value(text).unwrap()
    }

    #[test]
    fn commands_and_arguments_replace_the_images() {
        let env = [("A".to_owned(), "1".to_owned())];
        for (asked, want) in [
            (json!({ "name": "c" }), "run fast"),
            (json!({ "name": "c", "args": ["slow", "$(A)"] }), "run slow 1"),
            (json!({ "name": "c", "command": ["sh"] }), "sh"),
            (json!({ "name": "c", "command": ["sh"], "args": ["-c"] }), "sh -c"),
        ] {
            let words = command(&container(asked.clone()), &image(""), &env).unwrap();
            assert_eq!(words.join(" "), want, "{asked}");
        }
    }

    #[test]
    fn capabilities_are_added_and_dropped() {
        let grantable = ["CHOWN".to_owned(), "NET_ADMIN".to_owned()];
        let of = |asked: serde_json::Value| {
            let asked: Capabilities = serde_json::from_value(asked).unwrap();
            capabilities(Some(&asked), false, &grantable).join(" ")
        };
        assert_eq!(of(json!({ "drop": ["ALL"], "add": ["NET_BIND_SERVICE"] })), "NET_BIND_SERVICE");
        assert_eq!(of(json!({ "add": ["ALL"] })), "CHOWN NET_ADMIN");
        assert!(!of(json!({ "drop": ["CAP_KILL"] })).contains("KILL"));
        assert_eq!(capabilities(None, true, &grantable).len(), 2);
    }

    #[test]
    fn root_is_refused_where_it_must_not_be() {
        let pod = |context: serde_json::Value| -> Pod {
            serde_json::from_value(json!({
                "metadata": { "name": "p", "namespace": "n", "uid": "u" },
                "spec": { "containers": [], "securityContext": context },
            }))
            .unwrap()
        };
        let strict = json!({ "runAsNonRoot": true });
        let about = "(pod: \"p_n(u)\", container: c)";
        for (case, context, image_user, want) in [
            ("plain", json!({}), "", Ok("0".to_owned())),
            ("the image's", json!({}), "33:44", Ok("33:44".to_owned())),
            ("the pod's", json!({ "runAsUser": 5, "runAsGroup": 6 }), "33", Ok("5:6".to_owned())),
            (
                "strict root",
                strict.clone(),
                "",
                Err(format!("container has runAsNonRoot and image will run as root {about}")),
            ),
            (
                "strict name",
                strict.clone(),
                "web",
                Err(format!(
                    "container has runAsNonRoot and image has non-numeric user (web), cannot verify user is non-root {about}"
                )),
            ),
            ("strict number", strict, "33", Ok("33".to_owned())),
        ] {
            let found = user(&pod(context), &container(json!({ "name": "c" })), &image(image_user));
            assert_eq!(found.map_err(|refused| refused.0), want, "{case}");
        }
    }

    #[test]
    fn the_environment_is_the_images_then_ours() {
        let env = [("B".to_owned(), "2".to_owned()), ("A".to_owned(), "own".to_owned())];
        let found = variables(&image(""), "web-0", &env).join(" ");
        assert_eq!(found, "PATH=/bin A=own HOSTNAME=web-0 B=2");
    }
}
