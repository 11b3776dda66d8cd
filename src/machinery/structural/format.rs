//! Formats of text. Source: `k8s.io/kube-openapi/pkg/validation/strfmt`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Tells whether text has a format; unknown formats restrict nothing.
pub fn is_format(format: &str, text: &str) -> bool {
    match format {
        "date-time" | "datetime" => text.parse::<jiff::Timestamp>().is_ok(),
        "date" => text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10,
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "ip" => text.parse::<IpAddr>().is_ok(),
        "cidr" => is_cidr(text),
        "mac" => is_mac(text),
        "uuid" | "uuid3" | "uuid4" | "uuid5" => is_uuid(format, text),
        "hostname" => is_hostname(text),
        "email" => text.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty() && !user.contains(char::is_whitespace) && is_hostname(host)
        }),
        "uri" => text.split_once(':').is_some_and(|(scheme, rest)| {
            let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.');
            scheme.starts_with(|it: char| it.is_ascii_alphabetic())
                && scheme.chars().all(plain)
                && !rest.is_empty()
                && !rest.contains(char::is_whitespace)
        }),
        "byte" => crate::base64::is_standard(text),
        "hexcolor" => {
            let digits = text.strip_prefix('#').unwrap_or(text);
            matches!(digits.len(), 3 | 6) && digits.bytes().all(|it| it.is_ascii_hexdigit())
        }
        "duration" => is_duration(text),
        _ => true,
    }
}

fn is_cidr(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else { return false };
    let Ok(length) = length.parse::<u8>() else { return false };
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => length <= 32,
        Ok(IpAddr::V6(_)) => length <= 128,
        Err(_) => false,
    }
}

fn is_mac(text: &str) -> bool {
    let parts: Vec<&str> = text.split([':', '-']).collect();
    let hex = |part: &&str| part.len() == 2 && part.bytes().all(|it| it.is_ascii_hexdigit());
    matches!(parts.len(), 6 | 8 | 20) && parts.iter().all(hex)
}

fn is_uuid(format: &str, text: &str) -> bool {
    let hex: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    let version = hex.get(12).copied();
    let fits = match format {
        "uuid3" => version == Some(b'3'),
        "uuid4" => version == Some(b'4'),
        "uuid5" => version == Some(b'5'),
        _ => true,
    };
    fits && hex.len() == 32 && hex.iter().all(u8::is_ascii_hexdigit)
}

fn is_hostname(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|it| it.is_alphanumeric() || it == '-')
    };
    text.len() <= 255 && text.split('.').all(label)
}

/// Go's durations, and those of people: `1h30m`, `3 days`.
fn is_duration(text: &str) -> bool {
    const UNITS: [&str; 24] = [
        "ns", "us", "µs", "ms", "s", "m", "h", "d", "w", "nano", "micro", "milli", "sec", "secs",
        "second", "seconds", "min", "mins", "minute", "minutes", "hour", "hours", "day", "days",
    ];
    let mut rest = text.trim_start_matches(['-', '+']).trim_start();
    if rest == "0" {
        return true;
    }
    let mut parts = 0;
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(|it: char| it.is_ascii_digit() || it == '.');
        if unit.len() == rest.len() {
            return false;
        }
        let unit = unit.trim_start();
        let after = unit.trim_start_matches(char::is_alphabetic);
        let Some(word) = unit.strip_suffix(after) else { return false };
        if !UNITS.contains(&word) {
            return false;
        }
        parts += 1;
        rest = after.trim_start();
    }
    parts > 0
}
