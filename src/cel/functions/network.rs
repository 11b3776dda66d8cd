//! Addresses and ranges of them. Source: `k8s.io/apiserver/pkg/cel/library/{ip,cidr}.go`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Give;
use crate::value::{EvalError, Value};

pub(super) fn call(function: &str, values: &[Value]) -> Option<Give> {
    Some(match (function, values) {
        ("ip", [Value::String(text)]) => ip(text).map(Value::Ip),
        ("ip", [Value::Cidr(ip, _)]) => Ok(Value::Ip(*ip)),
        ("isIP", [Value::String(text)]) => Ok(Value::Bool(ip(text).is_ok())),
        ("ip.isCanonical", [Value::String(text)]) => {
            ip(text).map(|ip| Value::Bool(ip.to_string() == text.as_ref()))
        }
        ("cidr", [Value::String(text)]) => cidr(text).map(|(ip, length)| Value::Cidr(ip, length)),
        ("isCIDR", [Value::String(text)]) => Ok(Value::Bool(cidr(text).is_ok())),
        (_, [Value::Ip(ip)]) => return of_ip(function, *ip),
        (_, [Value::Cidr(ip, length), rest @ ..]) => {
            return of_cidr(function, (*ip, *length), rest);
        }
        _ => return None,
    })
}

fn ip(text: &str) -> Result<IpAddr, EvalError> {
    let parsed = text.parse::<IpAddr>().map_err(|_| {
        let words = format!("IP Address {text:?} parse error during conversion from string");
        EvalError::new(format!("{words}: ParseAddr({text:?}): unable to parse IP"))
    })?;
    if let IpAddr::V6(address) = parsed
        && address.to_ipv4_mapped().is_some()
    {
        let words = format!("IPv4-mapped IPv6 address {text:?} is not allowed");
        return Err(EvalError::new(words));
    }
    Ok(parsed)
}

fn cidr(text: &str) -> Result<(IpAddr, u8), EvalError> {
    let words = || {
        EvalError::new(format!(
            "network address parse error during conversion from string: {text:?}"
        ))
    };
    let (address, length) = text.split_once('/').ok_or_else(words)?;
    let address = ip(address)?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let plain = length.len() == 1 || !length.starts_with(['0', '+']);
    let length = length.parse::<u8>().ok().filter(|length| plain && *length <= most);
    Ok((address, length.ok_or_else(words)?))
}

fn of_ip(function: &str, ip: IpAddr) -> Option<Give> {
    let flag = |flag: bool| Ok(Value::Bool(flag));
    Some(match function {
        "family" => Ok(Value::Int(if ip.is_ipv4() { 4 } else { 6 })),
        "isUnspecified" => flag(ip.is_unspecified()),
        "isLoopback" => flag(ip.is_loopback()),
        "isLinkLocalMulticast" => flag(match ip {
            IpAddr::V4(ip) => ip.octets().starts_with(&[224, 0, 0]),
            IpAddr::V6(ip) => ip.segments().first().is_some_and(|first| first & 0xff0f == 0xff02),
        }),
        "isLinkLocalUnicast" => flag(is_link_local(ip)),
        "isGlobalUnicast" => flag(
            !ip.is_unspecified()
                && !ip.is_loopback()
                && !ip.is_multicast()
                && !is_link_local(ip)
                && ip != IpAddr::V4(Ipv4Addr::BROADCAST),
        ),
        _ => return None,
    })
}

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

fn of_cidr(function: &str, whole: (IpAddr, u8), rest: &[Value]) -> Option<Give> {
    let (address, length) = whole;
    let flag = |flag: bool| Ok(Value::Bool(flag));
    Some(match (function, rest) {
        ("prefixLength", []) => Ok(Value::Int(i64::from(length))),
        ("masked", []) => Ok(Value::Cidr(masked(address, length), length)),
        ("containsIP", [Value::Ip(ip)]) => flag(holds(whole, *ip)),
        ("containsIP", [Value::String(text)]) => ip(text).map(|ip| Value::Bool(holds(whole, ip))),
        ("containsCIDR", [Value::Cidr(ip, other)]) => flag(*other >= length && holds(whole, *ip)),
        ("containsCIDR", [Value::String(text)]) => {
            cidr(text).map(|(ip, other)| Value::Bool(other >= length && holds(whole, ip)))
        }
        _ => return None,
    })
}

fn masked(ip: IpAddr, length: u8) -> IpAddr {
    match ip {
        IpAddr::V4(ip) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(length.min(32))).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from(u32::from(ip) & mask))
        }
        IpAddr::V6(ip) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(length.min(128))).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from(u128::from(ip) & mask))
        }
    }
}

fn holds((address, length): (IpAddr, u8), ip: IpAddr) -> bool {
    address.is_ipv4() == ip.is_ipv4() && masked(address, length) == masked(ip, length)
}
