//! Field selectors: `status.phase=Running,metadata.name!=x`. Source:
//! `k8s.io/apimachinery/pkg/fields`.

use super::SelectorError;

/// One condition on one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRequirement {
    /// The field, such as `status.phase`.
    pub field: String,
    /// Whether the value must be equal, or must not be.
    pub equal: bool,
    /// The value.
    pub value: String,
}

/// Conditions that must all hold. The empty selector matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldSelector {
    /// The conditions.
    pub requirements: Vec<FieldRequirement>,
}

impl FieldSelector {
    /// Reads a selector from text; `\` escapes `,`, `=` and itself.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let mut requirements = Vec::new();
        let mut terms = terms(text);
        terms.sort();
        for term in terms {
            if term.is_empty() {
                continue;
            }
            let Some((field, equal, value)) = split(&term) else {
                return Err(SelectorError(format!(
                    "invalid selector: '{text}'; can't understand '{term}'"
                )));
            };
            let value = unescape(value)?;
            requirements.push(FieldRequirement { field: field.to_owned(), equal, value });
        }
        Ok(Self { requirements })
    }

    /// Tells whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Tells whether the fields that `value` looks up satisfy all conditions.
    pub fn matches(&self, value: impl Fn(&str) -> String) -> bool {
        self.requirements.iter().all(|one| (value(&one.field) == one.value) == one.equal)
    }

    /// The value that `field` must be equal to, if the selector says one.
    pub fn exact(&self, field: &str) -> Option<&str> {
        let found = self.requirements.iter().find(|one| one.equal && one.field == field)?;
        Some(&found.value)
    }
}

fn terms(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut escaped = false;
    for letter in text.chars() {
        if letter == ',' && !escaped {
            out.push(String::new());
            continue;
        }
        escaped = letter == '\\' && !escaped;
        if let Some(last) = out.last_mut() {
            last.push(letter);
        }
    }
    out
}

/// Field, whether it must be equal, and value, at the first operator wherever it stands.
fn split(term: &str) -> Option<(&str, bool, &str)> {
    for (at, _) in term.char_indices() {
        let (field, rest) = term.split_at(at);
        if let Some(value) = rest.strip_prefix("!=") {
            return Some((field, false, value));
        }
        if let Some(value) = rest.strip_prefix("==").or_else(|| rest.strip_prefix('=')) {
            return Some((field, true, value));
        }
    }
    None
}

fn unescape(value: &str) -> Result<String, SelectorError> {
    let wrong = |why: String| Err(SelectorError(format!("invalid field selector: {why}")));
    let mut out = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(escaped @ ('\\' | ',' | '=')) => out.push(escaped),
                Some(other) => return wrong(format!("invalid escape sequence: \\{other}")),
                None => return wrong("invalid escape sequence: \\".to_owned()),
            },
            // Go shows the letter as the number that it is.
            ',' | '=' => {
                return wrong(format!("unescaped character in value: {}", u32::from(letter)));
            }
            other => out.push(other),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_read_with_escapes() {
        let selector = FieldSelector::parse(r"a=1,b!=x\,y,c==").unwrap();
        let read: Vec<_> = selector
            .requirements
            .iter()
            .map(|one| (one.field.as_str(), one.equal, one.value.as_str()))
            .collect();
        assert_eq!(read, [("a", true, "1"), ("b", false, "x,y"), ("c", true, "")]);
        for (text, want) in [
            ("a", "invalid selector: 'a'; can't understand 'a'"),
            ("b,a", "invalid selector: 'b,a'; can't understand 'a'"),
            (r"a=\x", r"invalid field selector: invalid escape sequence: \x"),
            (r"a=b\", "invalid field selector: invalid escape sequence: \\"),
            ("a=b=c", "invalid field selector: unescaped character in value: 61"),
        ] {
            assert_eq!(FieldSelector::parse(text).unwrap_err().to_string(), want, "{text}");
        }
    }
}
