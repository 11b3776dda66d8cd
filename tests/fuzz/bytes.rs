//! Mutations of bytes.

use crate::{Input, Random, Terms};

const ODD: [u8; 16] =
    [0, 1, 9, 10, 0x1f, b' ', b'"', b'\'', b'/', b'\\', 0x7f, 0x80, 0xc0, 0xed, 0xfe, 0xff];
const NUMBERS: [&str; 14] = [
    "0",
    "-1",
    "1",
    "007",
    "2147483648",
    "-9223372036854775808",
    "9223372036854775807",
    "18446744073709551616",
    "1e308",
    "1e-400",
    "0.1",
    "1e9999999999",
    "99999999999999999999999999999999999999999999",
    "-0",
];

impl Input for Vec<u8> {
    fn mutated(&self, others: &[Self], terms: Terms<'_>, random: &mut Random) -> Self {
        let mut bytes = self.clone();
        for _ in 0..=random.below(4) {
            change(&mut bytes, others, terms, random);
        }
        bytes.truncate(terms.longest);
        bytes
    }

    fn smaller(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut step = self.len() / 2;
        while step > 0 {
            for start in (0..self.len()).step_by(step) {
                let mut bytes = self.clone();
                drop(bytes.drain(start..(start + step).min(self.len())));
                all.push(bytes);
            }
            step /= 2;
        }
        all
    }

    fn shown(&self) -> String {
        match std::str::from_utf8(self) {
            Ok(text) => format!("{text:?}"),
            Err(_) => format!("b\"{}\"", self.escape_ascii()),
        }
    }
}

/// One mutation.
fn change(bytes: &mut Vec<u8>, others: &[Vec<u8>], terms: Terms<'_>, random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    match random.below(12) {
        0 => flip(bytes, random),
        1 => bytes.insert(at, *random.choose(&ODD).unwrap_or(&0)),
        2 => bytes.insert(at, random.byte()),
        3 => drop(bytes.drain(random.range(bytes.len()))),
        4 => bytes.truncate(at),
        5 => number(bytes, random),
        6 => repeat(bytes, random, (4, terms.longest)),
        7 => repeat(bytes, random, (1 << 12, terms.longest)),
        8 => {
            let other = random.choose(others).cloned().unwrap_or_default();
            let part = other[random.range(other.len())].to_vec();
            drop(bytes.splice(at..at, part));
        }
        9 => {
            let other = random.choose(others).cloned().unwrap_or_default();
            bytes.truncate(at);
            bytes.extend_from_slice(&other[random.below(other.len() + 1)..]);
        }
        _ => {
            let word = random.choose(terms.words).copied().unwrap_or_default();
            let gone = if random.below(2) == 0 { at..at } else { random.range(bytes.len()) };
            drop(bytes.splice(gone, word.bytes()));
        }
    }
}

fn flip(bytes: &mut [u8], random: &mut Random) {
    let at = random.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << random.below(8);
    }
}

/// Repeats a part, up to so many times.
fn repeat(bytes: &mut Vec<u8>, random: &mut Random, (times, longest): (usize, usize)) {
    let range = random.range(bytes.len());
    let part = bytes[range.clone()].to_vec();
    let most = longest.saturating_sub(bytes.len()) / part.len().max(1);
    let many = part.repeat((1 + random.below(times)).min(most));
    drop(bytes.splice(range.end..range.end, many));
}

/// Puts an odd number where a number stands.
fn number(bytes: &mut Vec<u8>, random: &mut Random) {
    let starts: Vec<usize> = (0..bytes.len())
        .filter(|at| bytes[*at].is_ascii_digit() && (*at == 0 || !bytes[*at - 1].is_ascii_digit()))
        .collect();
    let Some(start) = random.choose(&starts).copied() else { return };
    let end = bytes[start..].iter().position(|byte| !byte.is_ascii_digit());
    let end = end.map_or(bytes.len(), |length| start + length);
    let number = random.choose(&NUMBERS).copied().unwrap_or_default();
    drop(bytes.splice(start..end, number.bytes()));
}
