//! Ports of the node that lead into pods: a file a pod, so that they survive any end of this process,
//! and the rules made from it.

use std::fmt;
use std::fmt::Write as _;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::NetworkError;
use crate::plan::MARK;

/// A port of the node that leads to a port of a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPort {
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
    /// The node's address on which it is open; every one of them where none is given.
    pub address: Option<Ipv4Addr>,
    /// The node's port.
    pub port: u16,
    /// The pod's port.
    pub inside: u16,
}

impl HostPort {
    fn meets(&self, other: &Self) -> bool {
        let apart =
            self.address.is_some() && other.address.is_some() && self.address != other.address;
        self.port == other.port && self.protocol == other.protocol && !apart
    }

    /// The map that leads to it, and its key there.
    fn place(&self) -> (&'static str, String) {
        let Self { protocol, port, .. } = self;
        match self.address {
            Some(address) => ("host-addresses", format!("{address} . {protocol} . {port}")),
            None => ("host-ports", format!("{protocol} . {port}")),
        }
    }

    fn chain(&self) -> String {
        let digest = Sha256::digest(self.to_string());
        digest.iter().take(6).fold("host-".to_owned(), |mut name, byte| {
            // Writing to a String cannot fail.
            write!(name, "{byte:02x}").unwrap_or_default();
            name
        })
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { protocol, address, port, inside } = self;
        let address = address.unwrap_or(Ipv4Addr::UNSPECIFIED);
        write!(out, "{protocol} {address} {port} {inside}")
    }
}

impl FromStr for HostPort {
    type Err = io::Error;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let broken = || io::Error::new(io::ErrorKind::InvalidData, format!("no port: {line:?}"));
        let words: Vec<&str> = line.split(' ').collect();
        let [protocol, address, port, inside] = words.as_slice() else { return Err(broken()) };
        let address: Ipv4Addr = address.parse().map_err(|_| broken())?;
        Ok(Self {
            protocol: (*protocol).to_owned(),
            address: Some(address).filter(|address| !address.is_unspecified()),
            port: port.parse().map_err(|_| broken())?,
            inside: inside.parse().map_err(|_| broken())?,
        })
    }
}

/// What one pod has published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Published {
    pub(crate) pod: String,
    pub(crate) ip: Ipv4Addr,
    pub(crate) ports: Vec<HostPort>,
}

/// The folder of what is published.
#[derive(Debug)]
pub(crate) struct Ports(PathBuf);

impl Ports {
    pub(crate) fn open(folder: PathBuf) -> Result<Self, NetworkError> {
        std::fs::create_dir_all(&folder)
            .map_err(|source| NetworkError::State { path: folder.clone(), source })?;
        Ok(Self(folder))
    }

    pub(crate) fn all(&self) -> Result<Vec<Published>, NetworkError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| NetworkError::State { path, source }
        };
        let mut all = Vec::new();
        for entry in std::fs::read_dir(&self.0).map_err(failed(&self.0))? {
            let path = entry.map_err(failed(&self.0))?.path();
            let text = std::fs::read_to_string(&path).map_err(failed(&path))?;
            let mut lines = text.lines();
            // A file without its first line was not finished: nothing was published either.
            let Some(ip) = lines.next().and_then(|ip| ip.parse().ok()) else { continue };
            let ports = lines.map(str::parse).collect::<Result<_, _>>().map_err(failed(&path))?;
            let name = path.file_name().unwrap_or_default();
            all.push(Published { pod: name.to_string_lossy().into_owned(), ip, ports });
        }
        Ok(all)
    }

    pub(crate) fn write(&self, published: &Published) -> Result<(), NetworkError> {
        let mut text = format!("{}\n", published.ip);
        for port in &published.ports {
            // Writing to a String cannot fail.
            writeln!(text, "{port}").unwrap_or_default();
        }
        let path = self.0.join(&published.pod);
        std::fs::write(&path, text).map_err(|source| NetworkError::State { path, source })
    }

    pub(crate) fn remove(&self, pod: &str) -> Result<(), NetworkError> {
        let path = self.0.join(pod);
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(NetworkError::State { path, source })
            }
            _ => Ok(()),
        }
    }
}

/// The first of the ports that another pod has published already, and which pod.
pub(crate) fn taken<'a>(
    wanted: &Published,
    all: &'a [Published],
) -> Option<(&'a HostPort, &'a str)> {
    let others = all.iter().filter(|other| other.pod != wanted.pod);
    others
        .flat_map(|other| other.ports.iter().map(|port| (port, other.pod.as_str())))
        .find(|(port, _)| wanted.ports.iter().any(|own| own.meets(port)))
}

/// The commands that publish a pod's ports.
pub(crate) fn rules(table: &str, pods: &str, published: &Published) -> String {
    let mut out = String::new();
    for port in &published.ports {
        let (chain, (map, key)) = (port.chain(), port.place());
        let HostPort { protocol, inside, .. } = port;
        // Who comes from a pod or from 127.0.0.1 must hear the answer through this node.
        let lines = [
            format!("add chain ip {table} {chain}"),
            format!(
                "add rule ip {table} {chain} ip saddr {{ {pods}, 127.0.0.0/8 }} meta mark set meta mark or {MARK}"
            ),
            format!(
                "add rule ip {table} {chain} meta l4proto {protocol} dnat to {}:{inside}",
                published.ip
            ),
            format!("add element ip {table} {map} {{ {key} : goto {chain} }}"),
        ];
        for line in lines {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

/// The commands that take them back.
pub(crate) fn removal(table: &str, published: &Published) -> String {
    let mut out = String::new();
    for port in &published.ports {
        let (chain, (map, key)) = (port.chain(), port.place());
        for line in [
            format!("delete element ip {table} {map} {{ {key} }}"),
            format!("flush chain ip {table} {chain}"),
            format!("delete chain ip {table} {chain}"),
        ] {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(pod: &str, lines: &[&str]) -> Published {
        let ports = lines.iter().map(|line| line.parse().unwrap()).collect();
        Published { pod: pod.to_owned(), ip: "10.244.0.5".parse().unwrap(), ports }
    }

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let ports = Ports::open(folder.path().join("ports")).unwrap();
        let pod = published("a", &["tcp 0.0.0.0 8080 80", "udp 127.0.0.1 53 5353"]);
        ports.write(&pod).unwrap();
        assert_eq!(ports.all().unwrap(), [pod]);
        ports.remove("a").unwrap();
        ports.remove("a").unwrap();
        assert_eq!(ports.all().unwrap(), []);
        assert!("tcp 8080".parse::<HostPort>().is_err());
    }

    #[test]
    fn a_port_belongs_to_one_pod() {
        let all = [published("a", &["tcp 0.0.0.0 80 1", "tcp 10.0.0.1 81 1"])];
        for (line, want) in [
            ("tcp 0.0.0.0 80 2", true),
            ("tcp 10.0.0.9 80 2", true),
            ("udp 0.0.0.0 80 2", false),
            ("tcp 10.0.0.2 81 2", false),
            ("tcp 0.0.0.0 81 2", true),
        ] {
            assert_eq!(taken(&published("b", &[line]), &all).is_some(), want, "{line}");
        }
        assert_eq!(taken(&published("a", &["tcp 0.0.0.0 80 1"]), &all), None, "its own");
    }

    #[test]
    fn rules_are_made_and_taken_back() {
        let pod = published("a", &["tcp 10.0.0.1 8080 80"]);
        let chain = pod.ports[0].chain();
        let made = rules("t", "10.244.0.0/24", &pod);
        assert!(
            made.contains(&format!(
                "add element ip t host-addresses {{ 10.0.0.1 . tcp . 8080 : goto {chain} }}"
            )),
            "{made}"
        );
        assert!(made.contains("meta l4proto tcp dnat to 10.244.0.5:80"), "{made}");
        let removed = removal("t", &pod);
        assert!(
            removed.starts_with("delete element ip t host-addresses { 10.0.0.1 . tcp . 8080 }\n"),
            "{removed}"
        );
        assert!(removed.ends_with(&format!("delete chain ip t {chain}\n")), "{removed}");
    }
}
