//! `edit`: objects in the user's editor, sent as a patch of what changed.

use std::{io::Write as _, process::Command};

use client::ClientError;
use machinery::{meta, yaml};
use serde_json::{Value, json};
use tempfile::{NamedTempFile, TempPath};

use super::create::{self, dry_run, write_options};
use crate::{
    args::Parsed,
    context::Context,
    merge, print,
    report::CliError,
    resolve::{self, Ask, Found, Info},
    text::Add as _,
};

const NOTE: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,\n\
    # and an empty file will abort the edit. If an error occurs while saving this file will be\n\
    # reopened with the relevant failures.\n#\n";

pub(crate) async fn run(cx: &Context, parsed: Parsed) -> Result<(), CliError> {
    let ask = Ask { type_means_all: true, ..Ask::of(&parsed) }.latest();
    let mut infos = resolve::find(cx, &ask).await?.all()?;
    if infos.is_empty() {
        return Err(CliError::plain("edit cancelled, no objects found"));
    }
    if let Some(part) = parsed.some("subresource") {
        for info in &mut infos {
            info.object = info.api(cx).await?.get_sub(&info.name, part).await?;
        }
    }
    Session { cx, parsed: &parsed, infos: &infos }.run().await
}

/// Why the editor opens again, as the file tells.
struct Reason {
    head: String,
    details: Vec<String>,
}

impl Reason {
    fn write(&self, out: &mut String) {
        let hashed = |text: &str| text.replace('\n', "\n# ");
        let colon = if self.details.is_empty() { "" } else { ":" };
        out.add(format_args!("# {}{colon}\n", hashed(&self.head)));
        for detail in &self.details {
            out.add(format_args!("# * {}\n", hashed(detail)));
        }
        out.push_str("#\n");
    }
}

/// What a try came to.
enum Try {
    Done,
    Again(Vec<Reason>),
}

/// Objects in the editor, until what is saved is taken or given up.
/// Source: kubectl's `cmd/util/editor/editoptions.go`.
struct Session<'a> {
    cx: &'a Context,
    parsed: &'a Parsed,
    infos: &'a [Info],
}

impl Session<'_> {
    async fn run(&self) -> Result<(), CliError> {
        let original = self.text();
        let (mut body, mut reasons) = (original.clone(), Vec::new());
        let mut kept: Option<TempPath> = None;
        loop {
            let file = self.file(&reasons, &body)?;
            if let Err(error) = edit_file(&file) {
                return Err(self.preserved(kept, error));
            }
            let edited = std::fs::read_to_string(&file)?;
            if !reasons.is_empty() && same(&edited, &body) {
                let error = CliError::plain("Edit cancelled, no valid changes were saved.");
                return Err(self.preserved(Some(file), error));
            }
            match self.take(&original, &edited, file).await? {
                (Try::Done, _) => return Ok(()),
                (Try::Again(again), file) => {
                    (reasons, kept) = (again, file);
                    body = without_comments(&edited);
                }
            }
        }
    }

    fn is_json(&self) -> bool {
        self.parsed.text("output") == "json"
    }

    /// One object as it is, several as a list.
    fn text(&self) -> String {
        let shown = |info: &Info| {
            let mut object = info.object.clone();
            if !self.parsed.is("show-managed-fields") {
                print::hide_managed_fields(&mut object);
            }
            object
        };
        let object = match self.infos {
            [one] => shown(one),
            many => {
                let items: Vec<Value> = many.iter().map(shown).collect();
                json!({"apiVersion": "v1", "kind": "List", "metadata": {}, "items": items})
            }
        };
        if self.is_json() {
            format!("{}\n", yaml::pretty(&object, "    "))
        } else {
            yaml::to_string(&object)
        }
    }

    fn file(&self, reasons: &[Reason], body: &str) -> Result<TempPath, CliError> {
        let mut text = String::new();
        if !self.is_json() {
            text.push_str(NOTE);
            for reason in reasons {
                reason.write(&mut text);
            }
        }
        text.push_str(body);
        let suffix = if self.is_json() { ".json" } else { ".yaml" };
        let mut file = numbered(&format!("{}-edit-", self.cx.program()), suffix)?;
        file.write_all(text.as_bytes())?;
        self.cx.flush();
        Ok(file.into_temp_path())
    }

    /// Leaves the file where it is, and says where.
    fn preserved(&self, file: Option<TempPath>, error: CliError) -> CliError {
        if let Some(path) = file.and_then(|file| file.keep().ok()) {
            let path = path.display().to_string();
            self.cx.say_err(&format!("A copy of your changes has been stored to {path:?}"));
        }
        error
    }

    /// Takes what was saved: sends it, or tells why the editor is to open again.
    async fn take(
        &self,
        original: &str,
        edited: &str,
        file: TempPath,
    ) -> Result<(Try, Option<TempPath>), CliError> {
        if let Err(why) = checked(edited) {
            let detail =
                format!("<nil>: Invalid value: \"The edited file failed validation\": {why}");
            let reason = self.invalid(&self.infos[0], vec![detail]);
            return Ok((Try::Again(vec![reason]), Some(file)));
        }
        if same(original, edited) {
            self.cx.say_err("Edit cancelled, no changes made.");
            return Ok((Try::Done, None));
        }
        let value = match yaml::parse(&without_comments(edited)) {
            Ok(value) => value,
            Err(error) => {
                let head = format!("The edited file had a syntax error: {error}");
                return Ok((Try::Again(vec![Reason { head, details: Vec::new() }]), Some(file)));
            }
        };
        let objects = match value.get("items") {
            Some(Value::Array(items)) if value["kind"] == "List" => items.clone(),
            _ => vec![value],
        };
        let mut sent = Sent::default();
        for object in objects {
            if let Err(error) = self.send(object, &mut sent).await {
                return Err(self.preserved(Some(file), error));
            }
        }
        self.outcome(sent, file)
    }

    /// Says that an object was refused, and keeps why.
    fn invalid(&self, info: &Info, details: Vec<String>) -> Reason {
        let resource = info.place.resource.qualified();
        self.cx.say_err(&format!("error: {resource} {:?} is invalid", info.name));
        Reason { head: format!("{resource} {:?} was not valid", info.name), details }
    }

    fn outcome(&self, sent: Sent, file: TempPath) -> Result<(Try, Option<TempPath>), CliError> {
        let stays = |file: TempPath| {
            let kept = file.keep().map_err(|error| CliError::plain(error.to_string()))?;
            Ok::<_, CliError>(kept.display().to_string())
        };
        if sent.retryable {
            let path = stays(file)?;
            let program = self.cx.program();
            self.cx.say_err(&format!(
                "You can run `{program} replace -f {path}` to try this update again."
            ));
            return Err(CliError::Silent(1));
        }
        if sent.gone {
            let path = stays(file)?;
            let what = "The edits you made on deleted resources have been saved to";
            self.cx.say_err(&format!("{what} {path:?}"));
            return Err(CliError::Silent(1));
        }
        if sent.reasons.is_empty() {
            return Ok((Try::Done, None));
        }
        Ok((Try::Again(sent.reasons), Some(file)))
    }

    async fn send(&self, object: Value, sent: &mut Sent) -> Result<(), CliError> {
        let Self { cx, parsed, .. } = self;
        let uid = meta::uid(&object);
        let Some(info) = self.infos.iter().find(|info| meta::uid(&info.object) == uid) else {
            let name = meta::name(&object);
            return Err(CliError::plain(format!("no original object found for {name:?}")));
        };
        let mut before = info.object.clone();
        if !parsed.is("show-managed-fields") {
            print::hide_managed_fields(&mut before);
        }
        let mut after = object;
        if parsed.is("save-config") {
            create::remember(&mut after);
        }
        if before == after {
            return print::print_outcome(cx, parsed, &info.object, "skipped");
        }
        let fixed = ["/apiVersion", "/kind", "/metadata/name"];
        if fixed.iter().any(|field| before.pointer(field) != after.pointer(field)) {
            let text = "At least one of apiVersion, kind and name was changed";
            return Err(CliError::plain(text));
        }
        let patch = merge::two_way(&before, &after);
        if parsed.is("output-patch") {
            cx.say(&format!("Patch: {}", yaml::compact(patch.document())))?;
        }
        let options = write_options(cx, parsed)?;
        let part = parsed.some("subresource");
        match info.api(cx).await?.patch(&info.name, part, &patch, &options).await {
            Ok(patched) => print::print_outcome(cx, parsed, &patched, "edited"),
            Err(error) => {
                self.refused(info, error, sent);
                Ok(())
            }
        }
    }

    fn refused(&self, info: &Info, error: ClientError, sent: &mut Sent) {
        let resource = info.place.resource.qualified();
        let name = &info.name;
        if error.reason() == "Invalid" {
            let causes = error.status().and_then(|status| status.details.as_ref());
            let causes = causes.and_then(|details| details.causes.as_ref()).into_iter().flatten();
            let details = causes.map(|cause| {
                let text = |part: &Option<String>| part.clone().unwrap_or_default();
                format!("{}: {}", text(&cause.field), text(&cause.message))
            });
            let details = details.collect();
            sent.reasons.push(self.invalid(info, details));
        } else if error.not_found() {
            sent.gone = true;
            self.cx
                .say_err(&format!("error: {resource} {name:?} could not be found on the server"));
        } else {
            sent.retryable = true;
            let error = CliError::from(error);
            self.cx.say_err(&format!("error: {resource} {name:?} could not be patched: {error}"));
        }
    }
}

/// A fresh file whose name ends in digits alone, as Go makes them.
fn numbered(prefix: &str, suffix: &str) -> std::io::Result<NamedTempFile> {
    let mut number = lifecycle::clock::now().as_nanosecond().unsigned_abs() % 10_000_000_000;
    loop {
        let prefix = format!("{prefix}{number}");
        let made = tempfile::Builder::new().prefix(&prefix).suffix(suffix).rand_bytes(0).tempfile();
        match made {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
            made => return made,
        }
    }
}

/// What became of the objects of a try.
#[derive(Default)]
struct Sent {
    reasons: Vec<Reason>,
    gone: bool,
    retryable: bool,
}

/// Tells whether two texts say the same, comments aside.
fn same(one: &str, other: &str) -> bool {
    match (yaml::parse(one), yaml::parse(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => without_comments(one) == without_comments(other),
    }
}

fn without_comments(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with('#')).collect()
}

/// Refuses what is no object before it is looked at further, as kubectl's check does.
fn checked(edited: &str) -> Result<(), String> {
    let value = yaml::parse(&without_comments(edited)).map_err(|error| error.to_string())?;
    if !value.is_object() {
        let kind = if value.is_null() { "EOF" } else { "the file is no object" };
        return Err(kind.to_owned());
    }
    let missing: Vec<&str> = [("apiVersion", "apiVersion not set"), ("kind", "kind not set")]
        .into_iter()
        .filter(|(field, _)| value[*field].as_str().is_none_or(str::is_empty))
        .map(|(_, words)| words)
        .collect();
    match missing.as_slice() {
        [] => Ok(()),
        [one] => Err((*one).to_owned()),
        many => Err(format!("[{}]", many.join(", "))),
    }
}

/// What an object is after the editor; `None` if nothing changed.
pub(crate) fn edited(
    cx: &Context,
    parsed: &Parsed,
    object: &Value,
) -> Result<Option<Value>, CliError> {
    let json = parsed.text("output") == "json";
    let body =
        if json { format!("{}\n", yaml::pretty(object, "    ")) } else { yaml::to_string(object) };
    let text = if json { body.clone() } else { format!("{NOTE}{body}") };
    let suffix = if json { ".json" } else { ".yaml" };
    let mut file = numbered("kubectl-edit-", suffix)?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    cx.flush();
    edit_file(file.path())?;
    let after = std::fs::read_to_string(file.path())?;
    if after == text {
        return Ok(None);
    }
    let kept: String = after.split_inclusive('\n').filter(|line| !line.starts_with('#')).collect();
    if kept.trim().is_empty() {
        return Ok(None);
    }
    let value = yaml::parse(&kept).map_err(|error| {
        let text = format!("The edited file had a syntax error: {error}");
        CliError::plain(text)
    })?;
    Ok((value != *object).then_some(value))
}

fn edit_file(path: &std::path::Path) -> Result<(), CliError> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let editor =
        variable("KUBE_EDITOR").or_else(|| variable("EDITOR")).unwrap_or_else(|| "vi".to_owned());
    let mut command = if editor.contains([' ', '"', '\'']) {
        let shell = variable("SHELL").unwrap_or_else(|| "/bin/bash".to_owned());
        let mut command = Command::new(shell);
        command.arg("-c").arg(format!("{editor} {:?}", path.display().to_string()));
        command
    } else {
        let mut command = Command::new(&editor);
        command.arg(path);
        command
    };
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(CliError::plain(format!("unable to launch the editor {editor:?}")))
        }
        _ => Err(CliError::plain(format!("there was a problem with the editor {editor:?}"))),
    }
}

/// `create --edit`: objects of files through the editor, then created.
pub(crate) async fn edited_create(
    cx: &Context,
    parsed: &Parsed,
    found: Found,
) -> Result<(), CliError> {
    let run = dry_run(cx, parsed)?;
    for mut info in found.infos {
        let Some(after) = edited(cx, parsed, &info.object)? else {
            cx.say_err("Edit cancelled, no changes made.");
            continue;
        };
        info.object = after;
        if run != "client" {
            info.object =
                info.api(cx).await?.create(&info.object, &write_options(cx, parsed)?).await?;
        }
        print::print_outcome(cx, parsed, &info.object, &print::dry("created", run))?;
    }
    CliError::all(found.errors)
}
