//! `describe`: pages of objects, by name, beginning of a name, selector or file.

use crate::{
    args::Parsed,
    context::Context,
    describe::{self, Subject},
    report::CliError,
    resolve::{self, Ask, Found},
};

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let ask = Ask { type_means_all: true, ..Ask::of(&parsed) };
    if ask.words.is_empty() && !ask.has_files() {
        let program = cx.program();
        return Err(CliError::plain(format!(
            "You must specify the type of resource to describe. Use \"{program} api-resources\" for a complete list of supported resources."
        )));
    }
    let found = resolve::find(cx, &ask.clone().latest()).await;
    let mut found = found.map_err(|error| ask.in_list(error))?;
    let missing = found.infos.is_empty() && found.errors.len() == 1 && found.errors[0].not_found();
    if missing {
        found = by_beginning(cx, &ask, found).await?;
    }
    let mut errors = found.errors;
    for (at, info) in found.infos.iter().enumerate() {
        let subject = Subject { cx, info, events: parsed.is("show-events") };
        match describe::text(&subject).await {
            // Those found by how they begin end with a line of their own.
            Ok(text) if missing => cx.say(&text)?,
            Ok(text) if at == 0 => cx.out(&text)?,
            Ok(text) => cx.out(&format!("\n\n{text}"))?,
            Err(error) => errors.push(error),
        }
    }
    if found.infos.is_empty() && errors.is_empty() {
        let (namespace, _) = cx.namespace()?;
        if ask.all_namespaces {
            cx.say_err("No resources found");
        } else {
            cx.say_err(&format!("No resources found in {namespace} namespace."));
        }
    }
    CliError::all(errors).map_err(|error| ask.in_list(error))
}

/// No object of the name: those whose names begin with it.
async fn by_beginning(cx: &Context, ask: &Ask, before: Found) -> Result<Found, CliError> {
    let targets = resolve::targets(cx, ask).await?;
    let [target] = targets.as_slice() else { return Ok(before) };
    let [name] = target.names.as_slice() else { return Ok(before) };
    let (namespace, _) = cx.namespace()?;
    let everything = Ask { type_means_all: true, ..Ask::default() };
    let mut infos = resolve::list(cx, &everything, &target.place, &namespace).await?;
    infos.retain(|info| info.name.starts_with(name.as_str()));
    if infos.is_empty() {
        return Ok(before);
    }
    Ok(Found { infos, ..Found::default() })
}
