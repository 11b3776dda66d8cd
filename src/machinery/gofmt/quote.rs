//! Go's string literals: `strconv.Quote` and `strconv.Unquote`. Text is bytes, as Go's is.

/// Which letters a literal keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// All that can be printed.
    Printable,
    /// ASCII alone.
    Ascii,
}

/// Text in quotes, with escapes where they are needed.
pub fn quote(text: &[u8], mark: char, letters: Letters) -> Vec<u8> {
    let mut out = vec![mark as u8];
    for chunk in text.utf8_chunks() {
        for letter in chunk.valid().chars() {
            escape(&mut out, letter, mark, letters);
        }
        for byte in chunk.invalid() {
            out.extend(format!("\\x{byte:02x}").bytes());
        }
    }
    out.push(mark as u8);
    out
}

fn escape(out: &mut Vec<u8>, letter: char, mark: char, letters: Letters) {
    let short = match letter {
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\u{c}' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        '\u{b}' => 'v',
        '\\' => '\\',
        letter if letter == mark => letter,
        letter if is_printable(letter) && (letter.is_ascii() || letters == Letters::Printable) => {
            return push(out, letter);
        }
        letter => {
            let code = u32::from(letter);
            let text = match code {
                0..0x20 | 0x7f => format!("\\x{code:02x}"),
                ..0x10000 => format!("\\u{code:04x}"),
                _ => format!("\\U{code:08x}"),
            };
            return out.extend(text.bytes());
        }
    };
    out.push(b'\\');
    push(out, short);
}

/// Adds a letter in UTF-8.
pub fn push(out: &mut Vec<u8>, letter: char) {
    out.extend(letter.encode_utf8(&mut [0; 4]).bytes());
}

/// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols and the blank.
pub fn is_printable(letter: char) -> bool {
    if letter.is_ascii() {
        return (' '..='~').contains(&letter);
    }
    // Rust's `Debug` of text escapes the very same letters; after another letter it keeps marks.
    let text = format!("a{letter}");
    format!("{text:?}").len() == text.len() + 2
}

/// A letter as Go's `%#U` shows it: `U+007E '~'`.
pub fn shown_letter(letter: char) -> String {
    let code = format!("U+{:04X}", u32::from(letter));
    if is_printable(letter) { format!("{code} '{letter}'") } else { code }
}

/// One letter of a literal, and how many bytes of it that took.
///
/// A byte that an escape names stands for itself: it need not be UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letter {
    /// A letter.
    Of(char),
    /// A bare byte.
    Byte(u8),
}

/// Reads the first letter of a literal's inside. Source: `strconv.UnquoteChar`. `None`: no literal.
pub fn unquote_letter(text: &[u8], mark: u8) -> Option<(Letter, usize)> {
    let first = *text.first()?;
    if first == mark && matches!(mark, b'\'' | b'"') {
        return None;
    }
    if first >= 0x80 {
        let chunk = text.utf8_chunks().next()?;
        let letter = chunk.valid().chars().next();
        return Some(match letter {
            Some(letter) => (Letter::Of(letter), letter.len_utf8()),
            None => (Letter::Of(char::REPLACEMENT_CHARACTER), 1),
        });
    }
    if first != b'\\' {
        return Some((Letter::Of(first as char), 1));
    }
    let escaped = *text.get(1)?;
    let letter = match escaped {
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'v' => '\u{b}',
        b'\\' => '\\',
        b'\'' | b'"' if escaped == mark => escaped as char,
        b'x' | b'u' | b'U' => return hexadecimal(text, escaped),
        b'0'..=b'7' => {
            let digits = std::str::from_utf8(text.get(1..4)?).ok()?;
            return Some((Letter::Byte(u8::from_str_radix(digits, 8).ok()?), 4));
        }
        _ => return None,
    };
    Some((Letter::Of(letter), 2))
}

fn hexadecimal(text: &[u8], kind: u8) -> Option<(Letter, usize)> {
    let end = match kind {
        b'x' => 4,
        b'u' => 6,
        _ => 10,
    };
    let digits = text.get(2..end)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let code = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    if kind == b'x' {
        return Some((Letter::Byte(u8::try_from(code).ok()?), end));
    }
    Some((Letter::Of(char::from_u32(code)?), end))
}

/// The inside of a literal whose marks are gone, to what it says.
pub fn unquote_inside(mut text: &[u8], mark: u8) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    while !text.is_empty() {
        let (letter, length) = unquote_letter(text, mark)?;
        match letter {
            Letter::Of(letter) => push(&mut out, letter),
            Letter::Byte(byte) => out.push(byte),
        }
        text = text.get(length..)?;
    }
    Some(out)
}

/// A literal in `"` or in `` ` ``.
pub fn unquote(text: &str) -> Option<Vec<u8>> {
    if let Some(raw) = text.strip_prefix('`').and_then(|text| text.strip_suffix('`')) {
        return Some(raw.replace('\r', "").into_bytes());
    }
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    if inside.contains('\n') {
        return None;
    }
    unquote_inside(inside.as_bytes(), b'"')
}
