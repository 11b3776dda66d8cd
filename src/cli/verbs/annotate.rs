//! `label` and `annotate`: keys of the metadata, set and taken away.

use client::Patch;
use serde_json::{Value, json};

use super::create::{dry_run, write_options};
use crate::{
    args::Parsed,
    context::Context,
    merge, print,
    report::CliError,
    resolve::{self, Ask, Info},
};

/// What differs between the two verbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Label,
    Annotation,
}

impl Kind {
    fn field(self) -> &'static str {
        match self {
            Self::Label => "labels",
            Self::Annotation => "annotations",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Annotation => "annotation",
        }
    }
}

pub(crate) async fn label(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    run(cx, parsed, Kind::Label).await
}

pub(crate) async fn annotate(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    run(cx, parsed, Kind::Annotation).await
}

/// Keys to set and keys to take away.
#[derive(Debug, Default)]
struct Change {
    set: Vec<(String, String)>,
    remove: Vec<String>,
}

/// Words that are no resources: `key=value` and `key-`. All resources come before them.
fn split_words(words: &[String], kind: Kind) -> Result<(Vec<String>, Vec<String>), CliError> {
    let is_change = |word: &String| {
        word.find('=').is_some_and(|at| at > 0) || word.ends_with('-') && word != "-"
    };
    let first = words.iter().position(is_change).unwrap_or(words.len());
    let (resources, changes) = words.split_at(first);
    match changes.iter().rfind(|word| !is_change(word)) {
        Some(late) => Err(CliError::plain(format!(
            "all resources must be specified before {} changes: {late}",
            kind.word()
        ))),
        None => Ok((resources.to_vec(), changes.to_vec())),
    }
}

fn change_of(words: &[String], kind: Kind) -> Result<Change, CliError> {
    let mut change = Change::default();
    for word in words {
        if let Some((key, value)) = word.split_once('=') {
            check_pair(value, kind, word)?;
            change.set.push((key.to_owned(), value.to_owned()));
        } else if let Some(key) = word.strip_suffix('-') {
            change.remove.push(key.to_owned());
        } else {
            let text = format!("unknown {} spec: {word}", kind.word());
            return Err(CliError::plain(text));
        }
    }
    for key in &change.remove {
        if change.set.iter().any(|(set, _)| set == key) {
            let a = if kind == Kind::Label { "a" } else { "an" };
            let text =
                format!("can not both modify and remove {a} {} in the same command", kind.word());
            return Err(CliError::plain(text));
        }
    }
    Ok(change)
}

fn check_pair(value: &str, kind: Kind, word: &str) -> Result<(), CliError> {
    if kind == Kind::Annotation {
        return Ok(());
    }
    if value.contains('=') {
        return Err(CliError::plain(format!("invalid label spec: {word}")));
    }
    let faults = machinery::names::label_value(value);
    if faults.is_empty() {
        return Ok(());
    }
    Err(CliError::plain(format!("invalid label value: {word:?}: {}", faults.join(";"))))
}

fn refuse_all_with_selector(parsed: &Parsed) -> Result<(), CliError> {
    for flag in ["selector", "field-selector"] {
        if parsed.is("all") && !parsed.text(flag).is_empty() {
            let text = format!("cannot set --all and --{flag} at the same time");
            return Err(CliError::plain(text));
        }
    }
    Ok(())
}

async fn run(cx: &Context, parsed: Parsed, kind: Kind) -> Result<(), CliError> {
    let (resources, words) = split_words(&parsed.args, kind)?;
    refuse_all_with_selector(&parsed)?;
    let ask = Ask { words: resources, type_means_all: parsed.is("list"), ..Ask::of(&parsed) };
    if ask.words.is_empty() && !ask.has_files() {
        let text =
            "one or more resources must be specified as <resource> <name> or <resource>/<name>";
        return Err(CliError::plain(text));
    }
    if parsed.is("local") && !ask.has_files() {
        let file = match kind {
            Kind::Label => "pod",
            Kind::Annotation => "rsrc",
        };
        return Err(CliError::plain(format!(
            "can only use local files by -f {file}.yaml or --filename={file}.json when --local=true is set"
        )));
    }
    let list = parsed.is("list");
    if words.is_empty() && !list {
        return Err(CliError::plain(format!("at least one {} update is required", kind.word())));
    }
    let change = change_of(&words, kind)?;
    let run = dry_run(cx, &parsed)?;
    let found = resolve::find(cx, &ask.latest()).await?;
    let many = !found.single;
    let mut errors = found.errors;
    for info in found.infos {
        if list {
            print_list(cx, &info, kind, many)?;
            continue;
        }
        if let Err(error) = one(cx, &parsed, info, &change, kind, run).await {
            errors.push(error);
        }
    }
    CliError::all(errors)
}

fn print_list(cx: &Context, info: &Info, kind: Kind, many: bool) -> Result<(), CliError> {
    if many {
        let resource = &info.place.resource;
        cx.say(&format!(
            "Listing {}s for {}.{}/{}:",
            kind.word(),
            resource.kind,
            resource.group,
            info.name
        ))?;
    }
    for (key, value) in info.object["metadata"][kind.field()].as_object().into_iter().flatten() {
        let indent = if many { " " } else { "" };
        cx.say(&format!("{indent}{key}={}", value.as_str().unwrap_or_default()))?;
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "what one run settles")]
async fn one(
    cx: &Context,
    parsed: &Parsed,
    info: Info,
    change: &Change,
    kind: Kind,
    run: &str,
) -> Result<(), CliError> {
    let old = info.object.clone();
    let mut new = old.clone();
    let mut removed = false;
    check_overwrite(&old, change, kind, parsed.is("overwrite"))?;
    if let Some(version) = parsed.some("resource-version") {
        new["metadata"]["resourceVersion"] = version.into();
    }
    let none = old["metadata"][kind.field()].as_object().is_none_or(serde_json::Map::is_empty);
    if none && !change.set.is_empty() {
        new["metadata"][kind.field()] = json!({});
    }
    for (key, value) in &change.set {
        new["metadata"][kind.field()][key] = value.as_str().into();
    }
    for key in &change.remove {
        let keys = new["metadata"].get_mut(kind.field()).and_then(Value::as_object_mut);
        if keys.is_some_and(|keys| keys.remove(key).is_some()) {
            removed = true;
        } else if kind == Kind::Label && run != "client" && !parsed.is("local") {
            cx.say(&format!("label {key:?} not found."))?;
        }
    }
    let changed = new != old;
    let mut outcome = new.clone();
    if !parsed.is("local") && run != "client" && changed {
        let patch = Patch::Merge(merge::merge_patch(&old, &new));
        let options = write_options(cx, parsed)?;
        outcome = info.api(cx).await?.patch(&info.name, None, &patch, &options).await?;
    }
    let verb = match kind {
        Kind::Annotation => "annotated",
        Kind::Label if !changed => "not labeled",
        Kind::Label if removed && change.set.is_empty() => "unlabeled",
        Kind::Label if removed => "modified",
        Kind::Label => "labeled",
    };
    print::print_outcome(cx, parsed, &outcome, &print::dry(verb, run))
}

fn check_overwrite(
    object: &Value,
    change: &Change,
    kind: Kind,
    overwrite: bool,
) -> Result<(), CliError> {
    if overwrite {
        return Ok(());
    }
    let mut faults = Vec::new();
    for (key, value) in &change.set {
        if let Some(there) = object["metadata"][kind.field()][key].as_str()
            && (there != value || kind == Kind::Annotation)
        {
            faults.push(match kind {
                Kind::Label => {
                    format!("'{key}' already has a value ({there}), and --overwrite is false")
                }
                Kind::Annotation => {
                    format!("--overwrite is false but found the following declared annotation(s): '{key}' already has a value ({there})")
                }
            });
        }
    }
    match faults.as_slice() {
        [] => Ok(()),
        [one] => Err(CliError::plain(one.clone())),
        many => Err(CliError::plain(format!("[{}]", many.join(", ")))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        let words: Vec<String> = ["pod", "x", "a=b", "c-"].map(str::to_owned).to_vec();
        let (resources, changes) = split_words(&words, Kind::Label).unwrap();
        assert_eq!(resources, ["pod", "x"]);
        let change = change_of(&changes, Kind::Label).unwrap();
        assert_eq!(change.set, [("a".to_owned(), "b".to_owned())]);
        assert_eq!(change.remove, ["c"]);
    }
}
