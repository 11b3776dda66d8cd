//! `attach`: to the process that runs in a container.

use super::exec::pod_of;
use crate::{args::Parsed, context::Context, report::CliError, resolve::Ask, stream};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    if parsed.args.is_empty() {
        return Err(CliError::plain("at least 1 argument is required for attach"));
    }
    if parsed.args.len() > 2 {
        let text = format!(
            "expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw {}: [{}]",
            parsed.args.len(),
            parsed.args.join(" ")
        );
        return Err(CliError::plain(text));
    }
    let ask = Ask { words: parsed.args.clone(), ..Ask::default() };
    let info = pod_of(cx, ask, parsed.duration("pod-running-timeout")).await?;
    let phase = info.object["status"]["phase"].as_str().unwrap_or_default();
    if matches!(phase, "Succeeded" | "Failed") {
        let text =
            format!("cannot attach a container in a completed pod; current phase is {phase}");
        return Err(CliError::plain(text));
    }
    let (wanted, quiet) = (parsed.text("container"), parsed.is("quiet"));
    let container = stream::container_of(cx, &info.object, wanted, quiet)
        .map_err(|error| CliError::plain(format!("cannot attach to the container: {error}")))?;
    stream::attach(cx, &parsed, &info, &container).await
}
