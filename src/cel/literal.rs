//! Texts and bytes as they are written in expressions. Source: cel-go, `parser/unescape.go`.

/// How a text is quoted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quote {
    pub(crate) letter: char,
    pub(crate) width: usize,
    /// Whether backslashes are letters.
    pub(crate) raw: bool,
}

/// One letter or byte of a literal.
enum Unit {
    Letter(char),
    Byte(u8),
}

/// The text that is written so. Errors: what cannot be escaped so.
pub(crate) fn text(letters: &[char], raw: bool) -> Result<String, String> {
    let mut out = String::new();
    for unit in units(letters, raw, false)? {
        match unit {
            Unit::Letter(letter) => out.push(letter),
            Unit::Byte(byte) => out.push(char::from(byte)),
        }
    }
    Ok(out)
}

/// The bytes that are written so. Errors: what cannot be escaped so.
pub(crate) fn bytes(letters: &[char], raw: bool) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    for unit in units(letters, raw, true)? {
        match unit {
            Unit::Letter(letter) => out.extend(letter.to_string().into_bytes()),
            Unit::Byte(byte) => out.push(byte),
        }
    }
    Ok(out)
}

fn units(letters: &[char], raw: bool, bytes: bool) -> Result<Vec<Unit>, String> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at).copied() {
        at += 1;
        if letter != '\\' || raw {
            if letter != '\r' {
                out.push(Unit::Letter(letter));
            }
            continue;
        }
        let Some(kind) = letters.get(at).copied() else {
            return Err("unable to unescape string, found '\\' as last character".into());
        };
        at += 1;
        let mut digits = |count: usize, radix: u32| -> Result<u32, String> {
            let text: String = letters.get(at..at + count).unwrap_or_default().iter().collect();
            at += count;
            let fits = text.chars().count() == count && text.chars().all(|it| it.is_digit(radix));
            let number = fits.then(|| u32::from_str_radix(&text, radix).ok()).flatten();
            number.ok_or_else(|| "unable to unescape string".to_owned())
        };
        out.push(match kind {
            'a' => Unit::Letter('\u{7}'),
            'b' => Unit::Letter('\u{8}'),
            'f' => Unit::Letter('\u{c}'),
            'n' => Unit::Letter('\n'),
            'r' => Unit::Letter('\r'),
            't' => Unit::Letter('\t'),
            'v' => Unit::Letter('\u{b}'),
            '\\' | '\'' | '"' | '`' | '?' => Unit::Letter(kind),
            'x' | 'X' => unit(digits(2, 16)?, bytes)?,
            'u' if !bytes => unit(digits(4, 16)?, false)?,
            'U' if !bytes => unit(digits(8, 16)?, false)?,
            '0'..='3' => {
                let rest = digits(2, 8)?;
                unit(kind.to_digit(8).unwrap_or(0) * 64 + rest, bytes)?
            }
            _ => return Err("unable to unescape string".into()),
        });
    }
    Ok(out)
}

fn unit(number: u32, byte: bool) -> Result<Unit, String> {
    let wrong = || "unable to unescape string".to_owned();
    if byte {
        return u8::try_from(number).map(Unit::Byte).map_err(|_| wrong());
    }
    char::from_u32(number).map(Unit::Letter).ok_or_else(wrong)
}
