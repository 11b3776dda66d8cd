//! `cp`: files to and from a container, as a tar stream over `exec`.
//! Source: kubectl, `pkg/cmd/cp`.

mod pack;
mod paths;
mod plain;
mod transfer;
mod unpack;

use client::streams::Channels;

use self::paths::Side;
use super::exec::pod_of;
use crate::{
    args::Parsed,
    context::Context,
    report::CliError,
    resolve::{Ask, Info},
    stream::{self, Wishes},
};

/// A container, and how to run programs in it.
struct Inside<'c> {
    cx: &'c Context,
    parsed: &'c Parsed,
    info: &'c Info,
    /// As the user named it; empty where nobody did.
    namespace: &'c str,
}

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let [from, to] = parsed.args.as_slice() else {
        return Err(CliError::plain("source and destination are required"));
    };
    let (from, to) = (Side::parse(from)?, Side::parse(to)?);
    if from.pod.is_some() && to.pod.is_some() {
        return Err(CliError::plain("one of src or dest must be a local file specification"));
    }
    if from.path.is_empty() || to.path.is_empty() {
        return Err(CliError::plain("filepath can not be empty"));
    }
    let (side, pod) = match (&from.pod, &to.pod) {
        (Some(pod), _) => (&from, pod),
        (None, Some(pod)) => (&to, pod),
        (None, None) => {
            return Err(CliError::plain("one of src or dest must be a remote file specification"));
        }
    };
    if from.pod.is_none() && std::fs::metadata(&from.path).is_err() {
        let text = format!("{} doesn't exist in local filesystem", from.path);
        return Err(CliError::plain(text));
    }
    let info = pod_info(cx, side, pod).await?;
    let namespace = side.namespace.as_deref().unwrap_or_default();
    let inside = Inside { cx, parsed: &parsed, info: &info, namespace };
    match (from.pod.is_some(), parsed.is("without-tar")) {
        (true, false) => inside.download(&from.path, &to.path).await,
        (true, true) => inside.download_plainly(&from.path, &to.path).await,
        (false, false) => inside.upload(&from.path, &to.path).await,
        (false, true) => inside.upload_plainly(&from.path, &to.path).await,
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

impl Inside<'_> {
    /// Runs a program; says which container it is in where that is not obvious.
    async fn open(&self, command: &[String], stdin: bool) -> Result<Channels, CliError> {
        let pod = &self.info.object;
        // What comes from the pod has its notes on stdout, as kubectl's has.
        let annotated =
            pod["metadata"]["annotations"]["kubectl.kubernetes.io/default-container"].is_string();
        let asked = self.parsed.text("container");
        if let Some(note) =
            stream::default_note(pod).filter(|_| !stdin && asked.is_empty() && !annotated)
        {
            self.cx.say(&note)?;
        }
        self.opened(command, Wishes { stdin, tty: false, quiet: !stdin }).await
    }

    /// Runs a program, and says nothing of it.
    async fn open_quietly(&self, command: &[String]) -> Result<Channels, CliError> {
        self.opened(command, Wishes { stdin: false, tty: false, quiet: true }).await
    }

    async fn opened(&self, command: &[String], wishes: Wishes) -> Result<Channels, CliError> {
        let asked = self.parsed.text("container");
        let container = stream::container_of(self.cx, &self.info.object, asked, wishes.quiet)?;
        let path = stream::path(self.info, "exec", &container, command, wishes);
        stream::open(self.cx, &path, wishes).await
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
