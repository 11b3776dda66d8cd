//! A command line that is not finished yet, read as far as it goes. Pure.

use crate::{
    args::{self, Parsed},
    flags::{Flag, Type},
    verbs,
};

/// What is known of an unfinished line.
#[derive(Debug)]
pub(super) struct Line {
    /// The words of the verb so far.
    pub(super) path: String,
    /// What stands before the word in question.
    pub(super) parsed: Parsed,
    /// The flag whose value the word is.
    pub(super) flag: Option<Flag>,
    /// The word so far; of a value after `=` only the value.
    pub(super) word: String,
    /// The word stands after `--`.
    pub(super) after_dash: bool,
}

impl Line {
    /// Reads the words before the cursor, the last of which is in question.
    pub(super) fn read(program: &str, words: &[String]) -> Self {
        let (last, before) = match words.split_last() {
            Some((last, before)) => (last.clone(), before),
            None => (String::new(), [].as_slice()),
        };
        let after_dash = before.iter().any(|word| word == "--");
        let (verb, mut rest) = verbs::descend(before);
        let path = verb.map_or(String::new(), |verb| verb.path.to_owned());
        let flags = verbs::flags_at(&path);
        let (mut flag, mut word) = (None, last.clone());
        if !after_dash {
            if let Some((name, value)) = last.split_once('=').filter(|_| last.starts_with("--")) {
                flag = named(&flags, name.trim_start_matches('-'));
                value.clone_into(&mut word);
            } else if let Some(open) = rest.last().and_then(|word| unfinished(&flags, word)) {
                flag = Some(open);
                rest.pop();
            }
        }
        let parsed = args::parse(program, &path, &flags, &rest);
        // A line with a fault in it is still a line: what can be known without it is its plain words.
        let parsed = parsed.ok().flatten().unwrap_or_else(|| {
            let mut plain = Parsed::defaults_of(&flags);
            plain.path.clone_from(&path);
            plain.args = rest.into_iter().filter(|word| !word.starts_with('-')).collect();
            plain
        });
        Self { path, parsed, flag, word, after_dash }
    }

    /// Plain words before the one in question.
    pub(super) fn args(&self) -> &[String] {
        self.parsed.before_dash()
    }
}

fn named(flags: &[Flag], name: &str) -> Option<Flag> {
    flags.iter().find(|flag| flag.name == name).cloned()
}

/// The flag of a word that waits for its value in the next.
fn unfinished(flags: &[Flag], word: &str) -> Option<Flag> {
    let flag = if let Some(name) = word.strip_prefix("--") {
        named(flags, name)?
    } else {
        let letters = word.strip_prefix('-')?;
        let last = letters.chars().last()?;
        // In `-it` each letter but the last must be one that stands alone.
        let alone = |letter: char| {
            let known = flags.iter().find(|flag| flag.letter == Some(letter));
            known.is_some_and(|flag| flag.alone.is_some())
        };
        let before = letters.strip_suffix(last)?;
        if !before.chars().all(alone) {
            return None;
        }
        flags.iter().find(|flag| flag.letter == Some(last)).cloned()?
    };
    Some(flag).filter(|flag| flag.alone.is_none() && flag.kind != Type::Bool)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Line {
        let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        Line::read("kanoe", &words)
    }

    fn told(text: &str) -> (String, Vec<String>, Option<&'static str>, String) {
        let line = read(text);
        let args = line.args().to_vec();
        (line.path, args, line.flag.map(|flag| flag.name), line.word)
    }

    #[test]
    fn lines_are_read_as_far_as_they_go() {
        let args = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        for (text, path, words, flag, word) in [
            ("get po", "get", args(&[]), None, "po"),
            ("get pods -n kube-system a", "get", args(&["pods"]), None, "a"),
            ("get -n ku", "get", args(&[]), Some("namespace"), "ku"),
            ("get --namespace=ku", "get", args(&[]), Some("namespace"), "ku"),
            ("-n x rollout status d", "rollout status", args(&[]), None, "d"),
            ("exec -it web -c ", "exec", args(&["web"]), Some("container"), ""),
            ("exec -itc ", "exec", args(&[]), Some("container"), ""),
            ("get -A ", "get", args(&[]), None, ""),
            ("get --bogus pods ", "get", args(&["pods"]), None, ""),
            ("logs web --fo", "logs", args(&["web"]), None, "--fo"),
        ] {
            assert_eq!(told(text), (path.to_owned(), words, flag, word.to_owned()), "{text}");
        }
        assert!(read("exec web -- l").after_dash);
        assert_eq!(read("get -n x pods ").parsed.text("namespace"), "x");
    }
}
