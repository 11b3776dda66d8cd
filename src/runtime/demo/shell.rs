//! A tiny shell: commands, quotes, variables, `;`, `&&`, `||`, `cd`, `export`, `exit`. What it cannot
//! do it says, rather than doing something else.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Then,
    And,
    Or,
}

struct Shell {
    name: String,
    variables: BTreeMap<String, String>,
    status: i32,
    exited: bool,
}

/// Runs `-c TEXT`, a script file, or standard input.
pub(super) fn run(name: &str, args: &[String]) -> i32 {
    // Ctrl-C is for the command in front.
    if let Err(error) = sys::process::pass_over_interrupt() {
        drop(writeln!(io::stderr(), "{name}: {error}"));
    }
    let variables = std::env::vars().collect();
    let mut shell = Shell { name: name.to_owned(), variables, status: 0, exited: false };
    let options: Vec<&String> = args.iter().take_while(|arg| arg.starts_with('-')).collect();
    let rest = args.get(options.len()..).unwrap_or_default();
    let inline = options.iter().any(|option| option.contains('c'));
    match rest.first() {
        Some(text) if inline => shell.script(text),
        Some(path) => match std::fs::read_to_string(path) {
            Ok(text) => shell.script(&text),
            Err(error) => {
                shell.complain(&format!("{path}: {error}"));
                return 127;
            }
        },
        None => shell.interact(),
    }
    shell.status
}

impl Shell {
    fn complain(&self, what: &str) {
        drop(writeln!(io::stderr(), "{}: {what}", self.name));
    }

    fn script(&mut self, text: &str) {
        for line in text.lines() {
            self.line(line);
            if self.exited {
                return;
            }
        }
    }

    fn interact(&mut self) {
        let terminal = io::stdin().is_terminal();
        while !self.exited {
            if terminal {
                let folder = std::env::current_dir().unwrap_or_default();
                let host = super::programs::hostname();
                drop(write!(io::stdout(), "root@{host}:{}# ", folder.display()));
                drop(io::stdout().flush());
            }
            let mut line = String::new();
            match io::stdin().lock().read_line(&mut line) {
                Ok(0) | Err(_) => break,
                Ok(_) => self.line(&line),
            }
        }
        if terminal {
            drop(writeln!(io::stdout(), "exit"));
        }
    }

    fn line(&mut self, line: &str) {
        let tokens = match tokens(line) {
            Ok(tokens) => tokens,
            Err(what) => {
                self.complain(&format!("{what} is not supported by this little shell"));
                self.status = 2;
                return;
            }
        };
        let mut run = true;
        for part in tokens.split_inclusive(|token| !matches!(token, Token::Word(_))) {
            let words: Vec<String> = part.iter().filter_map(|token| self.expand(token)).collect();
            if run && !words.is_empty() {
                self.status = self.command(&words);
            }
            run = match part.last() {
                Some(Token::And) => self.status == 0,
                Some(Token::Or) => self.status != 0,
                _ => true,
            };
            if self.exited {
                return;
            }
        }
    }

    /// Puts variables in; the marks that [`tokens`] left say where.
    fn expand(&self, token: &Token) -> Option<String> {
        let Token::Word(word) = token else { return None };
        let mut parts = word.split('\u{1}');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('\u{2}').unwrap_or((part, ""));
            if name == "?" {
                out.push_str(&self.status.to_string());
            } else if let Some(value) = self.variables.get(name) {
                out.push_str(value);
            }
            out.push_str(rest);
        }
        Some(out)
    }

    fn command(&mut self, words: &[String]) -> i32 {
        let (name, args) = (words.first().map(String::as_str).unwrap_or_default(), words.get(1..));
        let args = args.unwrap_or_default();
        match name {
            "exit" => {
                self.exited = true;
                args.first().and_then(|code| code.parse().ok()).unwrap_or(self.status)
            }
            "cd" => {
                let to = args.first().map_or("/", String::as_str);
                match std::env::set_current_dir(to) {
                    Ok(()) => 0,
                    Err(error) => {
                        self.complain(&format!("cd: {to}: {error}"));
                        1
                    }
                }
            }
            "pwd" => {
                let folder = std::env::current_dir().unwrap_or_default();
                i32::from(writeln!(io::stdout(), "{}", folder.display()).is_err())
            }
            "export" => {
                for setting in args {
                    self.assign(setting);
                }
                0
            }
            _ if args.is_empty() && is_assignment(name) => {
                self.assign(name);
                0
            }
            _ => self.spawn(name, args),
        }
    }

    fn assign(&mut self, setting: &str) {
        if let Some((name, value)) = setting.split_once('=') {
            self.variables.insert(name.to_owned(), value.to_owned());
        }
    }

    fn spawn(&self, name: &str, args: &[String]) -> i32 {
        let result = Command::new(name).args(args).env_clear().envs(&self.variables).status();
        match result {
            Ok(status) => status.code().or(status.signal().map(|s| 128 + s)).unwrap_or(1),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.complain(&format!("{name}: command not found"));
                127
            }
            Err(error) => {
                self.complain(&format!("{name}: {error}"));
                126
            }
        }
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// Splits a line; `Err` names what is not understood.
fn tokens(line: &str) -> Result<Vec<Token>, String> {
    let mut chars = line.chars().peekable();
    let (mut tokens, mut word) = (Vec::new(), None::<String>);
    while let Some(c) = chars.next() {
        let operator = match c {
            ';' | '\n' => Some(Token::Then),
            '&' if chars.next_if_eq(&'&').is_some() => Some(Token::And),
            '|' if chars.next_if_eq(&'|').is_some() => Some(Token::Or),
            '#' if word.is_none() => break,
            c if c.is_whitespace() => {
                tokens.extend(word.take().map(Token::Word));
                continue;
            }
            _ => None,
        };
        if let Some(operator) = operator {
            tokens.extend(word.take().map(Token::Word));
            tokens.push(operator);
            continue;
        }
        let text = word.get_or_insert_default();
        match c {
            '\'' => quoted(&mut chars, text, '\'')?,
            '"' => quoted(&mut chars, text, '"')?,
            '\\' => text.extend(chars.next()),
            '$' => variable(&mut chars, text)?,
            '&' | '|' | '<' | '>' | '(' | ')' | '`' | '*' => return Err(format!("'{c}'")),
            c => text.push(c),
        }
    }
    tokens.extend(word.take().map(Token::Word));
    Ok(tokens)
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn quoted(chars: &mut Chars<'_>, text: &mut String, quote: char) -> Result<(), String> {
    loop {
        match chars.next() {
            None => return Err("an open quote".to_owned()),
            Some(c) if c == quote => return Ok(()),
            Some('$') if quote == '"' => variable(chars, text)?,
            Some('\\') if quote == '"' => text.extend(chars.next()),
            Some(c) => text.push(c),
        }
    }
}

/// Marks a variable: its value is known only when the command runs.
fn variable(chars: &mut Chars<'_>, text: &mut String) -> Result<(), String> {
    let mut name = String::new();
    if chars.next_if_eq(&'?').is_some() {
        name.push('?');
    } else if chars.next_if_eq(&'{').is_some() {
        loop {
            match chars.next() {
                Some('}') => break,
                Some(c) if c.is_ascii_alphanumeric() || c == '_' => name.push(c),
                _ => return Err("this use of ${}".to_owned()),
            }
        }
    } else {
        while let Some(c) = chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
            name.push(c);
        }
    }
    match name.as_str() {
        "" if chars.peek() == Some(&'(') => return Err("$()".to_owned()),
        "" => text.push('$'),
        name => text.extend(['\u{1}'].into_iter().chain(name.chars()).chain(['\u{2}'])),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell() -> Shell {
        let variables = BTreeMap::from([("A".to_owned(), "1 2".to_owned())]);
        Shell { name: "sh".to_owned(), variables, status: 0, exited: false }
    }

    #[test]
    fn words_are_split_quoted_and_filled_in() {
        for (line, want) in [
            ("echo a  b", vec!["echo", "a", "b"]),
            ("echo 'a  b' \"c $A\"", vec!["echo", "a  b", "c 1 2"]),
            ("echo $A${A}x $B.", vec!["echo", "1 21 2x", "."]),
            ("echo '$A' \\$A", vec!["echo", "$A", "$A"]),
            ("# nothing", vec![]),
        ] {
            let tokens = tokens(line).unwrap();
            let words: Vec<String> = tokens.iter().filter_map(|t| shell().expand(t)).collect();
            assert_eq!(words, want, "{line}");
        }
    }

    #[test]
    fn what_it_cannot_do_is_an_error() {
        for line in ["a | b", "a > b", "a &", "echo $(b)", "echo 'a", "ls *"] {
            assert!(tokens(line).is_err(), "{line}");
        }
    }

    #[test]
    fn exit_codes_decide() {
        for (line, want) in
            [("exit 3", 3), ("true && exit 4", 4), ("false || exit 5", 5), ("false && exit 6", 1)]
        {
            let mut shell = shell();
            shell.variables = std::env::vars().collect();
            shell.line(line);
            assert_eq!(shell.status, want, "{line}");
        }
    }
}
