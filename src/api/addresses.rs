//! Addresses and ranges of addresses, in the one strict form that new objects have.
//! Source: `k8s.io/apimachinery/pkg/util/validation/ip.go`.

use std::net::IpAddr;

use machinery::field::{Errors, Path};
use serde_json::Value;

pub(crate) const IP_WORDS: &str = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
const LEADING_ZEROS: &str = "must not have leading 0s";

/// Refuses an address that is none.
pub(crate) fn ip(value: &Value, path: &Path, errors: &mut Errors) -> Option<IpAddr> {
    let text = value.as_str().unwrap_or_default();
    if let Some(problem) = ip_problem(text) {
        errors.invalid(path, value, problem);
    }
    text.parse().ok()
}

/// What is wrong with an address, if anything is: it has one form, without zeros that some programs
/// take for octal, and IPv4 is not dressed up as IPv6.
pub(crate) fn ip_problem(text: &str) -> Option<&'static str> {
    match text.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) if address.to_ipv4_mapped().is_some() => {
            Some("must not be an IPv4-mapped IPv6 address")
        }
        Ok(_) => None,
        Err(_) => {
            let parts: Vec<&str> = text.split('.').collect();
            let digits = |part: &&str| part.trim_start_matches('0').parse::<u8>().is_ok();
            let zeros = parts.len() == 4
                && parts.iter().all(|part| {
                    digits(part) || !part.is_empty() && part.bytes().all(|it| it == b'0')
                });
            Some(if zeros { LEADING_ZEROS } else { IP_WORDS })
        }
    }
}

/// What is unwise about an address: IPv6 in another form than that of RFC 5952.
pub(crate) fn address_warning(at: &Path, text: &str) -> Option<String> {
    let IpAddr::V6(address) = text.parse().ok()? else { return None };
    let usual = address.to_string();
    (usual != text).then(|| {
        format!("{at}: IPv6 address {text:?} should be in RFC 5952 canonical format ({usual:?})")
    })
}

/// What is unwise about a range: bits behind its length, or IPv6 in an unusual form.
pub(crate) fn range_warning(at: &Path, text: &str) -> Option<String> {
    let (address, length) = parse_cidr(text)?;
    let first = first_of(address, length);
    if first != address {
        let most = if address.is_ipv4() { 32 } else { 128 };
        return Some(format!(
            "{at}: CIDR value {text:?} is ambiguous in this context (should be \"{first}/{length}\" \
             or \"{address}/{most}\"?)"
        ));
    }
    let usual = format!("{address}/{length}");
    (address.is_ipv6() && usual != text).then(|| {
        format!("{at}: IPv6 CIDR value {text:?} should be in RFC 5952 canonical format ({usual:?})")
    })
}

/// The first address of the range of that length that `address` is in.
fn first_of(address: IpAddr, length: u8) -> IpAddr {
    match address {
        IpAddr::V4(it) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length.min(32))).unwrap_or(0);
            IpAddr::V4((u32::from(it) & mask).into())
        }
        IpAddr::V6(it) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length.min(128))).unwrap_or(0);
            IpAddr::V6((u128::from(it) & mask).into())
        }
    }
}

/// A range of addresses: `10.0.0.0/8`.
pub(crate) fn parse_cidr(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let length: u8 = length.parse().ok().filter(|_| !length.starts_with('+'))?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    (length <= most).then_some((address, length))
}

/// A range as its standard writes it: the address without what the length leaves open.
pub(crate) fn canonical_cidr(address: IpAddr, length: u8) -> String {
    format!("{}/{length}", first_of(address, length))
}

/// Refuses a range of addresses that is none, or is not written as one.
pub(crate) fn cidr(value: &Value, path: &Path, errors: &mut Errors) -> Option<(IpAddr, u8)> {
    match read_cidr(value.as_str().unwrap_or_default()) {
        Ok(range) => Some(range),
        Err(why) => {
            errors.invalid(path, value, why);
            None
        }
    }
}

fn read_cidr(text: &str) -> Result<(IpAddr, u8), &'static str> {
    const WORDS: &str = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
    let (address, length) = text.split_once('/').ok_or(WORDS)?;
    let octets: Vec<&str> = address.split('.').map(without_zeros).collect();
    let plain = format!("{}/{}", octets.join("."), without_zeros(length));
    let range = parse_cidr(&plain).ok_or(WORDS)?;
    let (address, length) = range;
    if plain != text {
        return Err("must not have leading 0s in IP or prefix length");
    }
    if matches!(address, IpAddr::V6(address) if address.to_ipv4_mapped().is_some()) {
        return Err("must not have an IPv4-mapped IPv6 address");
    }
    if first_of(address, length) != address {
        return Err("must not have bits set beyond the prefix length");
    }
    Ok(range)
}

/// Digits without zeros before them; other text stays.
fn without_zeros(text: &str) -> &str {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let rest = if digits { text.trim_start_matches('0') } else { text };
    if rest.is_empty() && digits && !text.is_empty() { "0" } else { rest }
}
