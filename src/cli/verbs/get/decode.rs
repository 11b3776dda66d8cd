//! `get secret NAME -o decode`: what a secret holds, to be read by people. Ours, not kubectl's.
//!
//! `-o decode` is a YAML document a secret, `-o decode=KEY` one value as it is, to the byte.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use machinery::{meta, yaml};
use serde_json::{Value, json};

use crate::{
    context::Context,
    report::CliError,
    resolve::{self, Ask, Info},
};

/// What `-o` asks for, if it is this format: a key, or all of them.
pub(super) fn wanted(output: &str) -> Option<&str> {
    match output.split_once('=') {
        Some(("decode", key)) => Some(key),
        None if output == "decode" => Some(""),
        _ => None,
    }
}

pub(super) async fn run(cx: &Context, ask: &Ask, key: &str) -> Result<(), CliError> {
    let found = resolve::find(cx, &ask.clone().latest()).await?;
    let many = found.infos.len() > 1;
    for info in &found.infos {
        if !(info.place.resource.kind == "Secret" && info.place.resource.group.is_empty()) {
            let text = format!("-o decode is for secrets, and {} is none", info.title());
            return Err(CliError::plain(text));
        }
        if key.is_empty() {
            cx.separate_documents()?;
            if many {
                cx.say(&format!("# {}", info.name))?;
            }
            cx.out(&document(&info.object["data"])?)?;
        } else {
            cx.out_bytes(&value_of(info, key)?)?;
        }
    }
    CliError::all(found.errors)
}

fn bytes_of(name: &str, value: &Value) -> Result<Vec<u8>, CliError> {
    BASE64_STANDARD
        .decode(value.as_str().unwrap_or_default())
        .map_err(|error| CliError::plain(format!("the value of {name} is no base64: {error}")))
}

fn value_of(info: &Info, key: &str) -> Result<Vec<u8>, CliError> {
    let data = &info.object["data"];
    if let Some(value) = data.get(key) {
        return bytes_of(key, value);
    }
    let known = data.as_object().into_iter().flatten();
    let known: Vec<&str> = known.map(|(name, _)| name.as_str()).collect();
    let name = meta::name(&info.object);
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    Err(CliError::plain(format!("secret {name:?} has no key {key:?}; its keys: {known}")))
}

/// All values by key: text as text, anything else as YAML has binary data.
fn document(data: &Value) -> Result<String, CliError> {
    let mut out = String::new();
    for (name, value) in data.as_object().into_iter().flatten() {
        let bytes = bytes_of(name, value)?;
        let fits = |text: &str| text.chars().all(|c| !c.is_control() || c == '\n' || c == '\t');
        if let Some(text) = String::from_utf8(bytes).ok().filter(|text| fits(text)) {
            out.push_str(&yaml::to_string(&json!({ name.as_str(): text })));
        } else {
            let line = yaml::to_string(&json!({ name.as_str(): value }));
            out.push_str(&line.replacen(": ", ": !!binary ", 1));
        }
    }
    if out.is_empty() {
        out.push_str("{}\n");
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_what_they_are() {
        let data = json!({"a": "aGVsbG8=", "b": "bDE=", "bin": "AAE=", "lines": "eAp5Cg==", "yes": "eWVz"});
        let want = "a: hello\nb: l1\nbin: !!binary AAE=\nlines: |\n  x\n  y\n\"yes\": \"yes\"\n";
        assert_eq!(document(&data).unwrap(), want);
        assert_eq!(document(&Value::Null).unwrap(), "{}\n");
        assert!(document(&json!({"a": "*"})).is_err());
    }

    #[test]
    fn the_format_is_told_from_others() {
        assert_eq!(wanted("decode"), Some(""));
        assert_eq!(wanted("decode=tls.key"), Some("tls.key"));
        assert_eq!(wanted("yaml"), None);
    }
}
