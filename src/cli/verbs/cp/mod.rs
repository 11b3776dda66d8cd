//! `cp`: files to and from a container, as a tar stream over `exec`.

mod plain;

use std::path::{Component, Path, PathBuf};

use client::streams::{Channels, ERROR, STDERR, STDIN, STDOUT};

use plain::Inside;

use super::exec::pod_of;
use crate::{
    args::Parsed,
    context::Context,
    report::CliError,
    resolve::{Ask, Info},
    stream::{self, Wishes},
};

/// One side of a copy.
struct Side {
    pod: Option<String>,
    namespace: Option<String>,
    path: String,
}

fn side(text: &str) -> Result<Side, CliError> {
    let local = Side { pod: None, namespace: None, path: text.to_owned() };
    let Some((pod, path)) = text.split_once(':') else { return Ok(local) };
    if text.starts_with(['/', '.']) {
        return Ok(local);
    }
    let refuse =
        || CliError::plain("filespec must match the canonical format: [[namespace/]pod:]file/path");
    if pod.is_empty() {
        return Err(refuse());
    }
    let (namespace, pod) = match pod.split_once('/') {
        Some((namespace, pod)) => (Some(namespace.to_owned()), pod),
        None => (None, pod),
    };
    if pod.contains('/') {
        return Err(refuse());
    }
    Ok(Side { pod: Some(pod.to_owned()), namespace, path: path.to_owned() })
}

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let [from, to] = parsed.args.as_slice() else {
        return Err(CliError::plain("source and destination are required"));
    };
    let (from, to) = (side(from)?, side(to)?);
    if from.path.is_empty() || to.path.is_empty() {
        return Err(CliError::plain("filepath can not be empty"));
    }
    match (&from.pod, &to.pod) {
        (Some(_), Some(_)) => {
            Err(CliError::plain("one of src or dest must be a local file specification"))
        }
        (None, None) => {
            Err(CliError::plain("one of src or dest must be a remote file specification"))
        }
        (None, Some(pod)) => {
            if std::fs::symlink_metadata(&from.path).is_err() {
                let text = format!("{} doesn't exist in local filesystem", from.path);
                return Err(CliError::plain(text));
            }
            let info = pod_info(cx, &to, pod).await?;
            if parsed.is("without-tar") {
                let inside = Inside { cx, parsed: &parsed, info: &info };
                return inside.upload(&from.path, &to.path).await;
            }
            upload(cx, &parsed, &info, &from.path, &to.path).await
        }
        (Some(pod), None) => {
            let info = pod_info(cx, &from, pod).await?;
            if parsed.is("without-tar") {
                let inside = Inside { cx, parsed: &parsed, info: &info };
                return inside.download(&from.path, &to.path).await;
            }
            download(cx, &parsed, &info, &from.path, &to.path).await
        }
    }
}

async fn pod_info(cx: &Context, side: &Side, pod: &str) -> Result<Info, CliError> {
    if let Some(namespace) = &side.namespace {
        let place = cx.resource("pods").await?;
        let api = cx.api(&place.resource, Some(namespace)).await?;
        let object = api.get(pod).await?;
        return Ok(crate::resolve::of_object(&place, object));
    }
    let ask = Ask { words: vec![pod.to_owned()], ..Ask::default() };
    pod_of(cx, ask, std::time::Duration::from_secs(1)).await
}

async fn open(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    command: &[String],
    stdin: bool,
) -> Result<Channels, CliError> {
    let (pod, asked) = (&info.object, parsed.text("container"));
    let container = stream::container_of(cx, pod, asked, !stdin)?;
    // What comes from the pod has its notes on stdout, as kubectl's has.
    let annotated =
        pod["metadata"]["annotations"]["kubectl.kubernetes.io/default-container"].is_string();
    if let Some(note) =
        stream::default_note(pod).filter(|_| !stdin && asked.is_empty() && !annotated)
    {
        cx.say(&note)?;
    }
    let wishes = Wishes { stdin, tty: false, quiet: false };
    let path = stream::path(info, "exec", &container, command, wishes);
    stream::open(cx, &path, wishes).await
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

async fn upload(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    from: &str,
    to: &str,
) -> Result<(), CliError> {
    let (folder, name) = match to.trim_end_matches('/').rsplit_once('/') {
        Some((folder, name)) => (if folder.is_empty() { "/" } else { folder }, name),
        None => (".", to),
    };
    let source = Path::new(from);
    let base =
        source.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (folder, name) =
        if to.ends_with('/') { (to.trim_end_matches('/'), base.as_str()) } else { (folder, name) };
    let archive = packed(source, name)?;
    let mut command = words(&["tar", "-xmf", "-"]);
    if parsed.is("no-preserve") {
        command = words(&["tar", "--no-same-permissions", "--no-same-owner", "-xmf", "-"]);
    }
    command.extend(words(&["-C", folder]));
    let channels = open(cx, parsed, info, &command, true).await?;
    let (mut sender, mut receiver) = (channels.sender, channels.receiver);
    for piece in archive.chunks(32 * 1024) {
        sender.send(STDIN, piece).await?;
    }
    sender.finish(STDIN).await?;
    let mut complaint = Vec::new();
    while let Some((channel, data)) = receiver.next().await? {
        match channel {
            STDERR => complaint.extend_from_slice(&data),
            ERROR => return stream::outcome(&data).map_err(|error| with(error, &complaint, cx)),
            _ => {}
        }
    }
    Ok(())
}

fn with(error: CliError, complaint: &[u8], cx: &Context) -> CliError {
    if !complaint.is_empty() {
        cx.say_err_raw(&String::from_utf8_lossy(complaint));
    }
    error
}

fn packed(source: &Path, name: &str) -> Result<Vec<u8>, CliError> {
    let mut builder = tar::Builder::new(Vec::new());
    builder.follow_symlinks(false);
    if source.is_dir() {
        builder.append_dir_all(name, source)?;
    } else {
        builder.append_path_with_name(source, name)?;
    }
    Ok(builder.into_inner()?)
}

async fn download(
    cx: &Context,
    parsed: &Parsed,
    info: &Info,
    from: &str,
    to: &str,
) -> Result<(), CliError> {
    let command = words(&["tar", "cf", "-", from]);
    let channels = open(cx, parsed, info, &command, false).await?;
    let mut receiver = channels.receiver;
    let (mut archive, mut complaint) = (Vec::new(), Vec::new());
    while let Some((channel, data)) = receiver.next().await? {
        match channel {
            STDOUT => archive.extend_from_slice(&data),
            STDERR => complaint.extend_from_slice(&data),
            ERROR => {
                stream::outcome(&data).map_err(|error| with(error, &complaint, cx))?;
                break;
            }
            _ => {}
        }
    }
    if !complaint.is_empty() {
        cx.say_err_raw(&String::from_utf8_lossy(&complaint));
    }
    unpack(cx, &archive, from, to)
}

/// Unpacks below `to`; entries that would lead elsewhere are left out.
fn unpack(cx: &Context, archive: &[u8], from: &str, to: &str) -> Result<(), CliError> {
    let prefix = from.trim_start_matches('/').trim_end_matches('/');
    let mut target = PathBuf::from(to);
    if target.is_dir() {
        target.push(Path::new(prefix).file_name().unwrap_or_default());
    }
    let mut tar = tar::Archive::new(archive);
    for entry in tar.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let rest = path.strip_prefix(prefix).unwrap_or(&path).to_owned();
        if rest.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
            cx.say_err(&format!(
                "warning: file {} is outside target destination, skipping",
                path.display()
            ));
            continue;
        }
        let place = if rest.as_os_str().is_empty() { target.clone() } else { target.join(&rest) };
        match entry.header().entry_type() {
            tar::EntryType::Directory => std::fs::create_dir_all(&place)?,
            tar::EntryType::Symlink | tar::EntryType::Link => {
                cx.say_err(&format!("warning: skipping symlink: {} (consider using \"kubectl exec -n {{ns}} {{pod}} -- tar cf - | tar xf -\")", path.display()));
            }
            _ => {
                if let Some(folder) = place.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                let mut file = std::fs::File::create(&place)?;
                std::io::copy(&mut entry, &mut file)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_told_apart() {
        let remote = side("ns/pod:/x").unwrap();
        assert_eq!(
            (remote.namespace.as_deref(), remote.pod.as_deref(), remote.path.as_str()),
            (Some("ns"), Some("pod"), "/x")
        );
        assert!(side("./a:b").unwrap().pod.is_none());
        assert!(side(":x").is_err());
    }
}
