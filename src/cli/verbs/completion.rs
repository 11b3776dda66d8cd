//! `completion`: the script of a shell.

use crate::{args::Parsed, complete, context::Context, report::CliError};

#[expect(clippy::unused_async, reason = "verbs are called the same way")]
pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let [shell] = parsed.args.as_slice() else {
        let text = if parsed.args.is_empty() {
            "Shell not specified."
        } else {
            "Too many arguments. Expected only the shell type."
        };
        return Err(cx.usage("completion", text));
    };
    match complete::completion_script(shell) {
        Some(script) => cx.out(&script),
        None => Err(cx.usage("completion", format!("Unsupported shell type {shell:?}."))),
    }
}
