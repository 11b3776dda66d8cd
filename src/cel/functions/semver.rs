//! Versions. Source: semver.org; `k8s.io/apiserver/pkg/cel/library/semverlib.go`.

use std::cmp::Ordering;

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Semver {
    numbers: [u64; 3],
    before: Vec<Part>,
    build: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Number(u64),
    Word(String),
}

impl Semver {
    /// Reads a version as it must be written; `None` where it is none.
    pub fn of(text: &str) -> Option<Self> {
        Self::parse(text, false).ok()
    }

    /// Reads a version. Errors: what is wrong with it.
    pub(crate) fn parse(text: &str, normalize: bool) -> Result<Self, String> {
        let text = if normalize { normalized(text) } else { text.to_owned() };
        if text.is_empty() {
            return Err("Version string empty".into());
        }
        let (rest, build) = text.split_once('+').unwrap_or((&text, ""));
        let (numbers, before) =
            rest.split_once('-').map_or((rest, None), |(numbers, before)| (numbers, Some(before)));
        let parts: Vec<&str> = numbers.split('.').collect();
        let [major, minor, patch] = parts.as_slice() else {
            return Err("No Major.Minor.Patch elements found".into());
        };
        let mut numbers = [0; 3];
        for (slot, text) in numbers.iter_mut().zip([major, minor, patch]) {
            *slot = number(text)?;
        }
        let before: Result<Vec<Part>, String> =
            before.iter().flat_map(|before| before.split('.')).map(part).collect();
        if text.contains('+') && !build.split('.').all(is_word) {
            return Err(format!("Invalid character(s) found in build meta data {build:?}"));
        }
        Ok(Self { numbers, before: before?, build: build.to_owned() })
    }

    pub(crate) fn numbers(&self) -> [u64; 3] {
        self.numbers
    }

    /// What comes first; builds do not matter.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| {
            match (self.before.is_empty(), other.before.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => {
                    let pairs = self.before.iter().zip(&other.before);
                    let first = pairs.map(|(one, two)| one.compare(two)).find(|it| it.is_ne());
                    first.unwrap_or_else(|| self.before.len().cmp(&other.before.len()))
                }
            }
        })
    }
}

impl Part {
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(one), Self::Number(two)) => one.cmp(two),
            (Self::Number(_), Self::Word(_)) => Ordering::Less,
            (Self::Word(_), Self::Number(_)) => Ordering::Greater,
            (Self::Word(one), Self::Word(two)) => one.cmp(two),
        }
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
}

fn number(text: &str) -> Result<u64, String> {
    if text.is_empty() || !text.bytes().all(|it| it.is_ascii_digit()) {
        return Err(format!("Invalid character(s) found in version number {text:?}"));
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(format!("Version number must not contain leading zeroes {text:?}"));
    }
    text.parse().map_err(|_| format!("Version number {text:?} is too large"))
}

fn part(text: &str) -> Result<Part, String> {
    if !is_word(text) {
        return Err(format!("Invalid character(s) found in prerelease {text:?}"));
    }
    if text.bytes().all(|it| it.is_ascii_digit()) {
        return number(text).map(Part::Number);
    }
    Ok(Part::Word(text.to_owned()))
}

/// Without `v`, with three numbers, without leading zeroes.
fn normalized(text: &str) -> String {
    let text = text.trim().trim_start_matches('v');
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    let mut parts: Vec<String> = numbers
        .splitn(3, '.')
        .map(|part| {
            let plain = part.trim_start_matches('0');
            if plain.is_empty() && !part.is_empty() { "0".to_owned() } else { plain.to_owned() }
        })
        .collect();
    while parts.len() < 3 && rest.is_empty() {
        parts.push("0".into());
    }
    format!("{}{rest}", parts.join("."))
}
