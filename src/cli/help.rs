//! Help pages: long text, aliases, subcommands, options, usage.

use crate::text::Add as _;
use crate::{
    context::Context,
    flags::{self, Flag},
    report::CliError,
    verbs,
};

/// Prints the page of a command.
pub(crate) fn page(cx: &Context, path: &str, to_err: bool) -> Result<(), CliError> {
    let text = text(cx.program(), path);
    if to_err {
        cx.say_err_raw(&text);
    } else {
        cx.out(&text)?;
    }
    Ok(())
}

/// The root's page below its first paragraph.
pub(crate) fn topics(program: &str) -> String {
    let whole = root(program);
    whole.split_once("\n\n").map_or(whole.clone(), |(_, rest)| rest.to_owned())
}

/// The text of a command's page.
pub(crate) fn text(program: &str, path: &str) -> String {
    if path.is_empty() {
        return root(program);
    }
    let Some(entry) = verbs::entry(path) else { return root(program) };
    let mut out = format!("{}.\n\n", entry.about);
    if !entry.aliases.is_empty() {
        let name = path.rsplit(' ').next().unwrap_or_default();
        let mut names = vec![name];
        names.extend(entry.aliases);
        out.add(format_args!("Aliases:\n{}\n\n", names.join(", ")));
    }
    let children: Vec<_> = verbs::children(path).collect();
    if !children.is_empty() {
        out.push_str("Available Commands:\n");
        out.push_str(&command_lines(children.iter().map(|c| (c.name(), c.about))));
        out.push('\n');
    }
    let mut own: Vec<Flag> =
        verbs::own_flags(entry).into_iter().filter(|flag| flag.shown_by(program)).collect();
    own.sort_by_key(|flag| flag.name);
    if !own.is_empty() {
        out.push_str("Options:\n");
        for flag in &own {
            out.push_str(&option_lines(flag, &flag.shown_default()));
        }
    }
    let usage = usage_of(entry);
    let options = if usage.contains("[options]") { "" } else { " [options]" };
    out.add(format_args!("Usage:\n  {program} {usage}{options}\n\n"));
    if !children.is_empty() {
        out.add(format_args!(
            "Use \"{program} {path} <command> --help\" for more information about a given command.\n"
        ));
    }
    out.add(format_args!(
        "Use \"{program} options\" for a list of global command-line options (applies to all commands).\n"
    ));
    out
}

fn usage_of(entry: &verbs::Verb) -> String {
    if entry.usage.is_empty() { format!("{} [flags]", entry.path) } else { entry.usage.to_owned() }
}

fn root(program: &str) -> String {
    let mut out = format!("{program} controls the Kubernetes cluster manager.\n\n");
    for (title, group) in verbs::GROUPS {
        let members: Vec<_> = verbs::children("").filter(|v| v.group == *group).collect();
        out.add(format_args!("{title}\n"));
        out.push_str(&command_lines(members.iter().map(|c| (c.name(), c.about))));
        out.push('\n');
    }
    if program == "kanoe" {
        out.push_str("Beyond kubectl:\n");
        let beyond = verbs::children("").filter(|verb| verb.ours());
        out.push_str(&command_lines(beyond.map(|verb| (verb.name(), verb.about))));
        out.push_str("\nThe embedded cluster:\n");
        let own = crate::own::commands();
        let abouts: Vec<(String, String)> = own
            .iter()
            .map(|c| {
                (
                    c.get_name().to_owned(),
                    c.get_about().map(ToString::to_string).unwrap_or_default(),
                )
            })
            .collect();
        out.push_str(&command_lines(abouts.iter().map(|(n, a)| (n.as_str(), a.as_str()))));
        out.push('\n');
    }
    out.add(format_args!("Usage:\n  {program} [flags] [options]\n\n"));
    out.add(format_args!(
        "Use \"{program} <command> --help\" for more information about a given command.\n"
    ));
    out.add(format_args!(
        "Use \"{program} options\" for a list of global command-line options (applies to all commands).\n"
    ));
    out
}

fn command_lines<'c>(commands: impl Iterator<Item = (&'c str, &'c str)>) -> String {
    let commands: Vec<_> = commands.collect();
    let width = commands.iter().map(|(name, _)| name.len()).max().unwrap_or(0).max(11);
    commands.iter().fold(String::new(), |mut lines, (name, about)| {
        lines.add(format_args!("  {name:<width$}   {about}\n"));
        lines
    })
}

fn option_lines(flag: &Flag, default: &str) -> String {
    let head = match flag.letter {
        Some(letter) => format!("    -{letter}, --{}={default}:\n", flag.name),
        None => format!("    --{}={default}:\n", flag.name),
    };
    format!("{head}\t{}\n\n", verbs::words::of_flag(flag.name))
}

/// The page of flags that all commands take.
pub(crate) fn options(cx: &Context) -> Result<(), CliError> {
    let mut out = String::from("The following options can be passed to any command:\n\n");
    let home = crate::context::home().unwrap_or_default();
    let mut all: Vec<Flag> =
        flags::read(flags::GLOBAL).filter(|flag| flag.shown_by(cx.program())).collect();
    all.sort_by_key(|flag| flag.name);
    for flag in all {
        let default = match flag.name {
            "cache-dir" => format!("'{}'", home.join(".kube/cache").display()),
            "v" => "0".to_owned(),
            "vmodule" => String::new(),
            _ => flag.shown_default(),
        };
        out.push_str(&option_lines(&flag, &default));
    }
    cx.out(&out)
}
