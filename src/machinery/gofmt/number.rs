//! Numbers as Go's `strconv` reads them.

use std::num::{IntErrorKind, ParseIntError};

use crate::field::go_quoted;

/// `strconv.ParseUint` in base ten, for numbers up to `most`. Errors: Go's words.
pub fn parse_uint(text: &str, most: u64) -> Result<u64, String> {
    let refused = |why: &str| format!("strconv.ParseUint: parsing {}: {why}", go_quoted(text));
    let number = text.parse::<u64>().map_err(|error: ParseIntError| match error.kind() {
        IntErrorKind::PosOverflow => refused("value out of range"),
        _ => refused("invalid syntax"),
    });
    match number {
        Ok(_) if text.starts_with('+') => Err(refused("invalid syntax")),
        Ok(number) if number > most => Err(refused("value out of range")),
        number => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_go_reads_them() {
        for (text, want) in [
            ("0", Ok(0)),
            ("007", Ok(7)),
            ("99", Ok(99)),
            ("100", Err("value out of range")),
            ("99999999999999999999", Err("value out of range")),
            ("+1", Err("invalid syntax")),
            ("-1", Err("invalid syntax")),
            ("", Err("invalid syntax")),
            ("1a", Err("invalid syntax")),
        ] {
            let want = want
                .map_err(|why| format!("strconv.ParseUint: parsing {}: {why}", go_quoted(text)));
            assert_eq!(parse_uint(text, 99), want, "{text}");
        }
    }
}
