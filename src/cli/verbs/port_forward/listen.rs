//! The addresses and ports of this machine that are listened on.
//! Source: client-go, `tools/portforward`.

use std::{collections::BTreeMap, io, net::IpAddr};

use tokio::net::TcpListener;

use super::ports::Forwarded;
use crate::{context::Context, report::CliError};

/// An address, and whether it is one of those of which one is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Address {
    ip: IpAddr,
    one_is_enough: bool,
}

/// Reads addresses, in their order as text: `localhost` means both of its own.
fn addresses(texts: &[String]) -> Result<Vec<Address>, CliError> {
    let mut found = BTreeMap::new();
    for text in texts {
        if text == "localhost" {
            for ip in ["127.0.0.1", "::1"] {
                let Ok(parsed) = ip.parse() else { continue };
                let local = Address { ip: parsed, one_is_enough: true };
                found.entry(ip.to_owned()).or_insert(local);
            }
            continue;
        }
        let ip = text.parse();
        let ip = ip.map_err(|_| CliError::plain(format!("{text} is not a valid IP")))?;
        found.insert(text.clone(), Address { ip, one_is_enough: false });
    }
    Ok(found.into_values().collect())
}

/// Where is listened, once it is known that all addresses are some.
#[derive(Debug)]
pub(super) struct Places(Vec<Address>);

impl Places {
    /// Reads the addresses that a user names.
    ///
    /// Errors: something else.
    pub(super) fn parse(texts: &[String]) -> Result<Self, CliError> {
        Ok(Self(addresses(texts)?))
    }

    /// Listens on all ports, and says which they are.
    ///
    /// Errors: none of them can be had.
    pub(super) async fn listen(
        &self,
        cx: &Context,
        ports: &[Forwarded],
    ) -> Result<Vec<(TcpListener, Forwarded)>, CliError> {
        let mut ports = ports.to_vec();
        let mut listeners = Vec::new();
        let mut heard = false;
        for port in &mut ports {
            match self.listen_on(cx, port).await {
                Ok(found) => {
                    heard = true;
                    listeners.extend(found.into_iter().map(|listener| (listener, *port)));
                }
                Err(error) => {
                    cx.say_err(&format!("Unable to listen on port {}: {error}", port.local));
                }
            }
        }
        cx.flush();
        if heard {
            return Ok(listeners);
        }
        let all: Vec<String> = ports.iter().map(ToString::to_string).collect();
        let all = all.join(" ");
        Err(CliError::plain(format!("unable to listen on any of the requested ports: [{all}]")))
    }

    /// Listens on a port, which becomes the one that was found where any will do.
    async fn listen_on(
        &self,
        cx: &Context,
        port: &mut Forwarded,
    ) -> Result<Vec<TcpListener>, CliError> {
        let (mut listeners, mut errors) = (Vec::new(), Vec::new());
        let (mut local, mut missing, mut refused) = (false, false, false);
        for Address { ip, one_is_enough } in &self.0 {
            match listener(*ip, port.local).await {
                Ok((listener, found)) => {
                    port.local = found;
                    let shown = if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() };
                    cx.say(&format!("Forwarding from {shown}:{found} -> {}", port.remote))?;
                    listeners.push(listener);
                    local |= one_is_enough;
                }
                Err(error) => {
                    errors.push(format!("unable to create listener: Error {error}"));
                    missing |= one_is_enough;
                    refused |= !one_is_enough;
                }
            }
        }
        if refused || missing && !local {
            let errors = errors.join(" ");
            return Err(CliError::plain(format!(
                "Listeners failed to create with the following errors: [{errors}]"
            )));
        }
        Ok(listeners)
    }
}

async fn listener(ip: IpAddr, port: u16) -> Result<(TcpListener, u16), String> {
    let bound = async {
        let listener = TcpListener::bind((ip, port)).await?;
        let port = listener.local_addr()?.port();
        Ok((listener, port))
    };
    bound.await.map_err(|error: io::Error| {
        let (version, shown) =
            if ip.is_ipv6() { (6, format!("[{ip}]")) } else { (4, ip.to_string()) };
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => "address already in use".to_owned(),
            io::ErrorKind::AddrNotAvailable => "cannot assign requested address".to_owned(),
            _ => crate::report::io_words(&error),
        };
        format!("listen tcp{version} {shown}:{port}: bind: {why}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stand_in_order() {
        let read = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            let found = addresses(&texts).map_err(|error| error.to_string())?;
            Ok(found.iter().map(|one| (one.ip.to_string(), one.one_is_enough)).collect())
        };
        let list = |all: &[(&str, bool)]| -> Result<Vec<(String, bool)>, String> {
            Ok(all.iter().map(|(ip, enough)| ((*ip).to_owned(), *enough)).collect())
        };
        assert_eq!(read(&["localhost"]), list(&[("127.0.0.1", true), ("::1", true)]));
        let both = list(&[("10.0.0.1", false), ("127.0.0.1", true), ("::1", true)]);
        assert_eq!(read(&["localhost", "10.0.0.1"]), both);
        let named = list(&[("127.0.0.1", false)]);
        assert_eq!(read(&["127.0.0.1"]), named);
        assert_eq!(read(&["nowhere"]), Err("nowhere is not a valid IP".to_owned()));
    }
}
