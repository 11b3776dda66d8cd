//! `completion`: the script of a shell; with `--install`, which is ours, where the shell finds it.

use std::path::{Path, PathBuf};

use crate::{
    args::Parsed,
    complete,
    context::{Context, home},
    report::{CliError, io_words},
};

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
    let Some(script) = complete::script(shell, cx.program()) else {
        return Err(cx.usage("completion", format!("Unsupported shell type {shell:?}.")));
    };
    if !parsed.is("install") {
        return cx.out(&script);
    }
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let base = |name: &str, below: &str| {
        variable(name).map(PathBuf::from).or_else(|| Some(home()?.join(below)))
    };
    let (data, config) =
        (base("XDG_DATA_HOME", ".local/share"), base("XDG_CONFIG_HOME", ".config"));
    let place = place(shell, cx.program(), data.as_deref(), config.as_deref());
    let Some(place) = place else {
        return Err(CliError::plain(format!("no place is known for completions of {shell}")));
    };
    write(&place, &script)?;
    cx.say(&format!("Wrote {}", place.display()))?;
    if shell == "zsh" {
        let folder = place.parent().unwrap_or(&place).display();
        cx.say(&format!("Put this into ~/.zshrc, before compinit: fpath=({folder} $fpath)"))?;
    }
    Ok(())
}

/// Where a shell looks for the completions of one user.
fn place(
    shell: &str,
    program: &str,
    data: Option<&Path>,
    config: Option<&Path>,
) -> Option<PathBuf> {
    Some(match shell {
        "bash" => data?.join("bash-completion/completions").join(program),
        "zsh" => data?.join("zsh/site-functions").join(format!("_{program}")),
        "fish" => config?.join("fish/completions").join(format!("{program}.fish")),
        _ => return None,
    })
}

fn write(place: &Path, text: &str) -> Result<(), CliError> {
    let written = place.parent().map_or(Ok(()), std::fs::create_dir_all);
    let written = written.and_then(|()| std::fs::write(place, text));
    written
        .map_err(|error| CliError::plain(format!("open {}: {}", place.display(), io_words(&error))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shell_has_its_place() {
        let (data, config) = (Some(Path::new("/d")), Some(Path::new("/c")));
        let place = |shell| place(shell, "kanoe", data, config).map(|p| p.display().to_string());
        assert_eq!(place("bash").as_deref(), Some("/d/bash-completion/completions/kanoe"));
        assert_eq!(place("zsh").as_deref(), Some("/d/zsh/site-functions/_kanoe"));
        assert_eq!(place("fish").as_deref(), Some("/c/fish/completions/kanoe.fish"));
        assert_eq!(place("powershell"), None);
    }
}
