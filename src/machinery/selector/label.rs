//! Label selectors as text (`a=b,c in (d,e),!f`) and as objects (`matchLabels`, `matchExpressions`).
//! Source: `k8s.io/apimachinery/pkg/labels`.

use std::fmt;

use serde_json::Value;

use super::SelectorError;
use crate::{field::go_quoted, names};

/// How a requirement compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The value is one of the set.
    In,
    /// The value is none of the set, or there is none.
    NotIn,
    /// There is a value.
    Exists,
    /// There is no value.
    DoesNotExist,
    /// The value is a greater number.
    GreaterThan,
    /// The value is a smaller number.
    LessThan,
}

/// One condition on one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The label's key.
    pub key: String,
    /// The comparison.
    pub operator: Operator,
    /// The values to compare with, sorted.
    pub values: Vec<String>,
}

impl Requirement {
    /// Tells whether a label's value, or its absence, satisfies the condition.
    pub fn matches(&self, value: Option<&str>) -> bool {
        match self.operator {
            Operator::In => value.is_some_and(|value| self.has(value)),
            Operator::NotIn => !value.is_some_and(|value| self.has(value)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan => self.compare(value).is_some_and(|(left, right)| left > right),
            Operator::LessThan => self.compare(value).is_some_and(|(left, right)| left < right),
        }
    }

    fn has(&self, value: &str) -> bool {
        self.values.iter().any(|one| one == value)
    }

    fn compare(&self, value: Option<&str>) -> Option<(i64, i64)> {
        Some((value?.parse().ok()?, self.values.first()?.parse().ok()?))
    }
}

/// Conditions that must all hold. The empty selector matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelSelector {
    /// The conditions.
    pub requirements: Vec<Requirement>,
}

impl LabelSelector {
    /// Reads a selector from text.
    ///
    /// Errors: in the words of `labels.Parse`.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let tokens = tokens(text)?;
        Parser { tokens: &tokens, at: 0 }.selector()
    }

    /// Reads a `metav1.LabelSelector`; `None` where an expression makes no sense.
    pub fn from_object(object: &Value) -> Option<Self> {
        let mut requirements = Vec::new();
        for (key, value) in crate::meta::strings(object, "/matchLabels") {
            requirements.push(Requirement {
                key: key.into(),
                operator: Operator::In,
                values: vec![value.into()],
            });
        }
        for expression in crate::meta::items(object, "/matchExpressions") {
            let operator = match crate::meta::text(expression, "/operator") {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                _ => return None,
            };
            let mut values: Vec<String> = crate::meta::items(expression, "/values")
                .iter()
                .filter_map(|value| Some(value.as_str()?.to_owned()))
                .collect();
            values.sort();
            let key = crate::meta::text(expression, "/key").to_owned();
            requirements.push(Requirement { key, operator, values });
        }
        Some(Self { requirements })
    }

    /// Tells whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Tells whether the labels that `label` looks up satisfy all conditions.
    pub fn matches<'a>(&self, label: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.requirements.iter().all(|requirement| requirement.matches(label(&requirement.key)))
    }

    /// Tells whether the labels of `object` satisfy all conditions.
    pub fn matches_object(&self, object: &Value) -> bool {
        self.is_empty() || self.matches(|key| crate::meta::label(object, key))
    }
}

impl fmt::Display for LabelSelector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, requirement) in self.requirements.iter().enumerate() {
            if index > 0 {
                out.write_str(",")?;
            }
            let Requirement { key, operator, values } = requirement;
            let list = values.join(",");
            match operator {
                Operator::In if values.len() == 1 => write!(out, "{key}={list}"),
                Operator::In => write!(out, "{key} in ({list})"),
                Operator::NotIn if values.len() == 1 => write!(out, "{key}!={list}"),
                Operator::NotIn => write!(out, "{key} notin ({list})"),
                Operator::Exists => write!(out, "{key}"),
                Operator::DoesNotExist => write!(out, "!{key}"),
                Operator::GreaterThan => write!(out, "{key}>{list}"),
                Operator::LessThan => write!(out, "{key}<{list}"),
            }?;
        }
        Ok(())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Symbol(&'static str),
    End,
}

impl Token {
    fn text(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Symbol(symbol) => symbol,
            Self::End => "",
        }
    }
}

const SYMBOLS: [&str; 9] = ["!=", "==", "=", "!", ",", "(", ")", ">", "<"];

fn tokens(text: &str) -> Result<Vec<Token>, SelectorError> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
            out.push(Token::Symbol(symbol));
            rest = rest.strip_prefix(symbol).unwrap_or_default().trim_start();
            continue;
        }
        let end = rest
            .find(|letter: char| letter.is_whitespace() || "=!(),><".contains(letter))
            .unwrap_or(rest.len());
        if end == 0 {
            return Err(SelectorError(format!("unable to parse requirement: {rest}")));
        }
        let (word, after) = rest.split_at(end);
        out.push(Token::Word(word.to_owned()));
        rest = after.trim_start();
    }
    out.push(Token::End);
    Ok(out)
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn selector(mut self) -> Result<LabelSelector, SelectorError> {
        let mut requirements = Vec::new();
        if *self.peek() == Token::End {
            return Ok(LabelSelector::default());
        }
        loop {
            match self.peek() {
                Token::Word(_) | Token::Symbol("!") => {}
                other => {
                    let found = other.text();
                    return Err(SelectorError(format!(
                        "found '{found}', expected: !, identifier, or 'end of string'"
                    )));
                }
            }
            let wrap = |error: SelectorError| {
                SelectorError(format!("unable to parse requirement: {}", error.0))
            };
            requirements.push(self.requirement().map_err(wrap)?);
            match self.next() {
                Token::End => break,
                Token::Symbol(",") => {
                    if !matches!(self.peek(), Token::Word(_) | Token::Symbol("!")) {
                        let found = self.peek().text().to_owned();
                        return Err(SelectorError(format!(
                            "found '{found}', expected: identifier after ','"
                        )));
                    }
                }
                other => {
                    let found = other.text();
                    return Err(SelectorError(format!(
                        "found '{found}', expected: ',' or 'end of string'"
                    )));
                }
            }
        }
        requirements.sort_by(|left, right| left.key.cmp(&right.key));
        Ok(LabelSelector { requirements })
    }

    fn requirement(&mut self) -> Result<Requirement, SelectorError> {
        let negated = *self.peek() == Token::Symbol("!");
        if negated {
            self.at += 1;
        }
        let key = match self.next() {
            Token::Word(key) => key,
            other => {
                let found = other.text();
                return Err(SelectorError(format!("found '{found}', expected: identifier")));
            }
        };
        check(&names::qualified_name(&key), "<nil>", &key)?;
        if negated {
            return Ok(Requirement { key, operator: Operator::DoesNotExist, values: vec![] });
        }
        if matches!(self.peek(), Token::End | Token::Symbol(",")) {
            return Ok(Requirement { key, operator: Operator::Exists, values: vec![] });
        }
        let (operator, values) = self.comparison()?;
        let mut wrong = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let number = matches!(operator, Operator::GreaterThan | Operator::LessThan);
            if number && value.parse::<i64>().is_err() {
                let why = ["for 'Gt', 'Lt' operators, the value must be an integer".to_owned()];
                wrong.extend(check(&why, &format!("values[{index}]"), value).err());
            }
            let place = format!("values[{index}][{key}]");
            wrong.extend(check(&names::label_value(value), &place, value).err());
        }
        match wrong.as_slice() {
            [] => Ok(Requirement { key, operator, values }),
            [one] => Err(SelectorError(one.0.clone())),
            several => {
                let all: Vec<&str> = several.iter().map(|one| one.0.as_str()).collect();
                Err(SelectorError(format!("[{}]", all.join(", "))))
            }
        }
    }

    fn comparison(&mut self) -> Result<(Operator, Vec<String>), SelectorError> {
        let operator = match self.next() {
            Token::Symbol("=" | "==") => return Ok((Operator::In, vec![self.exact()?])),
            Token::Symbol("!=") => return Ok((Operator::NotIn, vec![self.exact()?])),
            Token::Symbol(">") => return Ok((Operator::GreaterThan, vec![self.exact()?])),
            Token::Symbol("<") => return Ok((Operator::LessThan, vec![self.exact()?])),
            Token::Word(word) if word == "in" => Operator::In,
            Token::Word(word) if word == "notin" => Operator::NotIn,
            other => {
                let found = other.text();
                return Err(SelectorError(format!(
                    "found '{found}', expected: in, notin, =, ==, !=, gt, lt"
                )));
            }
        };
        Ok((operator, self.set()?))
    }

    fn exact(&mut self) -> Result<String, SelectorError> {
        match self.peek() {
            Token::End | Token::Symbol(",") => Ok(String::new()),
            Token::Word(_) => Ok(self.next().text().to_owned()),
            Token::Symbol(found) => {
                Err(SelectorError(format!("found '{found}', expected: identifier")))
            }
        }
    }

    fn set(&mut self) -> Result<Vec<String>, SelectorError> {
        let open = self.next();
        if open != Token::Symbol("(") {
            return Err(SelectorError(format!("found '{}' expected: '('", open.text())));
        }
        let found = |token: &Token, expected: &str| {
            SelectorError(format!("found '{}', expected: {expected}", token.text()))
        };
        let first = self.peek().clone();
        let mut values = Vec::new();
        match first {
            Token::Word(_) | Token::Symbol(",") => {}
            Token::Symbol(")") => values.push(String::new()),
            other => return Err(found(&other, "',', ')' or identifier")),
        }
        while *self.peek() != Token::Symbol(")") {
            match self.next() {
                Token::Word(word) => {
                    values.push(word);
                    if !matches!(self.peek(), Token::Symbol("," | ")")) {
                        return Err(found(self.peek(), "',' or ')'"));
                    }
                }
                Token::Symbol(",") => {
                    if values.is_empty() || matches!(self.peek(), Token::Symbol("," | ")")) {
                        values.push(String::new());
                    }
                }
                other => return Err(found(&other, "',', or identifier")),
            }
        }
        self.at += 1;
        values.sort();
        values.dedup();
        Ok(values)
    }
}

fn check(wrong: &[String], place: &str, value: &str) -> Result<(), SelectorError> {
    if wrong.is_empty() {
        return Ok(());
    }
    let quoted = go_quoted(value);
    Err(SelectorError(format!("{place}: Invalid value: {quoted}: {}", wrong.join("; "))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn selectors_match_what_they_say() {
        let labels = |key: &str| match key {
            "a" => Some("1"),
            "b" => Some("x"),
            _ => None,
        };
        for (text, expected) in [
            ("", true),
            ("a=1", true),
            ("a==1,b=x", true),
            ("a!=1", false),
            ("c!=1", true),
            ("a", true),
            ("!a", false),
            ("!c", true),
            ("b in (x,y)", true),
            ("b notin (x, y)", false),
            ("c notin (x)", true),
            ("a>0", true),
            ("a<1", false),
        ] {
            assert_eq!(LabelSelector::parse(text).unwrap().matches(labels), expected, "{text}");
        }
    }

    #[test]
    fn selectors_are_written_as_kubernetes_writes_them() {
        let selector = LabelSelector::parse("b in (y,x),a==1,!c,d").unwrap();
        assert_eq!(selector.to_string(), "a=1,b in (x,y),!c,d");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["a in", "=", ",", "a,", "a=b=c", "a b", "-a", "a=-"] {
            assert!(LabelSelector::parse(text).is_err(), "{text}");
        }
        for (text, want) in [
            ("a in (", "found '', expected: ',', ')' or identifier"),
            ("a in (=", "found '=', expected: ',', ')' or identifier"),
            ("a in (b=", "found '=', expected: ',' or ')'"),
            ("a in (b,=", "found '=', expected: ',', or identifier"),
            (
                "a>b",
                "values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the value must be an integer",
            ),
        ] {
            let told = LabelSelector::parse(text).unwrap_err().to_string();
            assert_eq!(told, format!("unable to parse requirement: {want}"), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*") {
            drop(LabelSelector::parse(&text));
        }
    }
}
