//! Paths into a schema, such as `.spec.color` and `.labels['a']`.
//! Source: `ValidFieldPath` of `pkg/apiserver/schema/cel/validation.go`.

use machinery::field::Path;
use serde_json::Value;

/// What a path leads to.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    /// The road as field errors write it.
    pub(crate) path: Path,
    /// The first field of it.
    pub(crate) first: String,
    /// The schema there.
    pub(crate) schema: &'a Value,
}

/// Whether `['a']` may stand in a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Brackets {
    /// It may.
    Allowed,
    /// It may not.
    Refused,
}

/// Follows a path. Errors: what is wrong with it, in Kubernetes' words.
pub(crate) fn follow<'a>(
    text: &str,
    schema: &'a Value,
    brackets: Brackets,
) -> Result<Found<'a>, String> {
    let mut found = Found { path: Path::default(), first: String::new(), schema };
    let mut tokens = tokens(text).into_iter();
    let end = || "unexpected end of JSON path".to_owned();
    while let Some(token) = tokens.next() {
        match token {
            "[" if brackets == Brackets::Refused => {
                return Err("array notation is not allowed".into());
            }
            "[" => {
                let quoted = tokens.next().ok_or_else(end)?;
                let inner = quoted.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
                let Some(inner) = inner.filter(|_| quoted.len() > 1) else {
                    return Err(format!("expected single quoted string but got {quoted}"));
                };
                found.step(&unescaped(inner)?)?;
                let close = tokens.next().ok_or_else(end)?;
                if close != "]" {
                    return Err(format!("expected ] but got {close}"));
                }
            }
            "." => found.step(tokens.next().ok_or_else(end)?)?,
            other => return Err(format!("expected [ or . but got: {other}")),
        }
    }
    Ok(found)
}

impl Found<'_> {
    fn step(&mut self, name: &str) -> Result<(), String> {
        let invalid = || "does not refer to a valid field".to_owned();
        let properties = self.schema.get("properties").filter(|it| it.is_object());
        if let Some(properties) = properties {
            self.schema = properties.get(name).ok_or_else(invalid)?;
            self.path = self.path.child(name);
        } else {
            let of = self.schema.get("additionalProperties").filter(|it| it.is_object());
            self.schema = of.ok_or_else(invalid)?;
            self.path = self.path.key(name);
        }
        if self.first.is_empty() {
            name.clone_into(&mut self.first);
        }
        Ok(())
    }
}

fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => quoted_length(rest),
            '.' | '[' | ']' => 1,
            _ => rest.find(['.', '[', ']']).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn quoted_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let closes = |at: &usize| {
        bytes.get(*at) == Some(&b'\'') && bytes.get(at.saturating_sub(1)) != Some(&b'\\')
    };
    (1..bytes.len()).find(closes).map_or(text.len(), |at| at + 1)
}

/// The text of a literal in single quotes.
fn unescaped(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        out.push(match letters.next() {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some(other @ ('\'' | '"' | '\\')) => other,
            _ => return Err("invalid string literal: invalid syntax".into()),
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_followed() {
        let schema = json!({"properties": {
            "spec": {"properties": {"color": {"type": "string"}}},
            "labels": {"additionalProperties": {"type": "string"}}}});
        for (path, brackets, found) in [
            (".spec.color", Brackets::Refused, Ok("spec.color")),
            (".labels['a.b']", Brackets::Allowed, Ok("labels[a.b]")),
            (".labels['a.b']", Brackets::Refused, Err("array notation is not allowed")),
            (".spec.nosuch", Brackets::Refused, Err("does not refer to a valid field")),
            ("bad[", Brackets::Refused, Err("expected [ or . but got: bad")),
            (".spec.", Brackets::Refused, Err("unexpected end of JSON path")),
            (".labels[a]", Brackets::Allowed, Err("expected single quoted string but got a")),
        ] {
            let got = follow(path, &schema, brackets).map(|found| found.path.to_string());
            assert_eq!(got.as_deref().map_err(String::as_str), found, "{path}");
        }
    }
}
