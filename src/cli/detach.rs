//! The keys that end an attached session and leave its process running.
//! Source: `github.com/moby/term`, `ToBytes` and `NewEscapeProxy`.

use crate::{args::Parsed, report::CliError};

/// Keys that are pressed one after the other, and how many of them were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DetachKeys {
    keys: Vec<u8>,
    pressed: usize,
}

impl DetachKeys {
    /// Those that `--detach-keys` names, such as `ctrl-p,ctrl-q`; the usual ones where it is empty.
    ///
    /// Errors: a key that is none.
    pub(crate) fn of(parsed: &Parsed) -> Result<Self, CliError> {
        let text = if parsed.knows("detach-keys") { parsed.text("detach-keys") } else { "" };
        let text = if text.is_empty() { "ctrl-p,ctrl-q" } else { text };
        Ok(Self { keys: text.split(',').map(byte).collect::<Result<_, _>>()?, pressed: 0 })
    }

    /// What of the input goes on, and whether the keys were pressed in it.
    pub(crate) fn pass(&mut self, input: &[u8]) -> (Vec<u8>, bool) {
        let mut passed = Vec::with_capacity(input.len());
        for letter in input {
            if self.keys.get(self.pressed) == Some(letter) {
                self.pressed += 1;
                if self.pressed == self.keys.len() {
                    return (passed, true);
                }
                continue;
            }
            // It was something else: what was held back goes on.
            passed.extend_from_slice(&self.keys[..self.pressed]);
            self.pressed = usize::from(self.keys.first() == Some(letter));
            if self.pressed == 0 {
                passed.push(*letter);
            } else if self.pressed == self.keys.len() {
                return (passed, true);
            }
        }
        (passed, false)
    }
}

fn byte(key: &str) -> Result<u8, CliError> {
    const CONTROLS: &[u8] = b"@abcdefghijklmnopqrstuvwxyz[\\]^_";
    let unknown =
        || CliError::plain(format!("could not bind detach keys: unknown character: '{key}'"));
    match (key.as_bytes(), key.strip_prefix("ctrl-").map(str::as_bytes)) {
        ([letter], _) => Ok(*letter),
        (b"DEL", _) => Ok(127),
        (_, Some([letter])) => {
            let at = CONTROLS.iter().position(|control| control == letter);
            at.and_then(|at| u8::try_from(at).ok()).ok_or_else(unknown)
        }
        _ => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> DetachKeys {
        DetachKeys { keys: text.split(',').map(|key| byte(key).unwrap()).collect(), pressed: 0 }
    }

    #[test]
    fn keys_are_named() {
        assert_eq!(keys("ctrl-p,ctrl-q").keys, [16, 17]);
        assert_eq!(keys("ctrl-@,ctrl-_,DEL,x").keys, [0, 31, 127, b'x']);
        assert!(byte("ctrl-P").is_err() && byte("").is_err() && byte("xy").is_err());
    }

    #[test]
    fn keys_are_held_back_until_it_is_known_what_they_are() {
        let mut two = keys("a,b");
        assert_eq!(two.pass(b"xa"), (b"x".to_vec(), false));
        assert_eq!(two.pass(b"ay"), (b"aay".to_vec(), false));
        assert_eq!(two.pass(b"za"), (b"z".to_vec(), false));
        assert_eq!(two.pass(b"brest"), (Vec::new(), true));
        assert_eq!(keys("q").pass(b"12q3"), (b"12".to_vec(), true));
    }
}
