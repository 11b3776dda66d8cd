//! Which pod has which address: a file per address, so that it survives any end of this process.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Cidr, NetworkError};

#[derive(Debug)]
pub(crate) struct Ipam {
    folder: PathBuf,
    range: Cidr,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    owners: BTreeMap<Ipv4Addr, String>,
    /// Offset given out last: an address rests as long as others are free.
    last: u32,
}

impl Ipam {
    pub(crate) fn open(folder: &Path, range: Cidr) -> Result<Self, NetworkError> {
        let failed = |source| NetworkError::State { path: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let mut state = State { last: 1, ..State::default() };
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(ip) = entry.file_name().to_string_lossy().parse::<Ipv4Addr>() else { continue };
            let owner = std::fs::read_to_string(entry.path()).map_err(failed)?;
            if owner.is_empty() {
                // The process ended between making the file and writing it: nobody has the address.
                std::fs::remove_file(entry.path()).map_err(failed)?;
                continue;
            }
            state.last = state.last.max(u32::from(ip) - u32::from(range.network()));
            state.owners.insert(ip, owner);
        }
        Ok(Self { folder: folder.to_owned(), range, state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn find(&self, owner: &str) -> Option<Ipv4Addr> {
        self.state().owners.iter().find(|(_, known)| *known == owner).map(|(ip, _)| *ip)
    }

    pub(crate) fn owners(&self) -> Vec<String> {
        self.state().owners.values().cloned().collect()
    }

    /// Gives `owner` an address, the one it has already if it does.
    pub(crate) fn allocate(&self, owner: &str) -> Result<Ipv4Addr, NetworkError> {
        if let Some(ip) = self.find(owner) {
            return Ok(ip);
        }
        let mut state = self.state();
        // The first is the gateway's, the last the broadcast's.
        let usable = u32::try_from(self.range.size().saturating_sub(3)).unwrap_or(u32::MAX - 3);
        for step in 0..usable {
            let offset = 2 + (state.last.saturating_sub(1).wrapping_add(step)) % usable;
            let ip = self.range.nth(offset);
            if state.owners.contains_key(&ip) {
                continue;
            }
            self.record(ip, owner)?;
            state.owners.insert(ip, owner.to_owned());
            state.last = offset;
            return Ok(ip);
        }
        Err(NetworkError::NoAddresses { range: self.range })
    }

    fn record(&self, ip: Ipv4Addr, owner: &str) -> Result<(), NetworkError> {
        let path = self.folder.join(ip.to_string());
        let write = || std::fs::File::create(&path)?.write_all(owner.as_bytes());
        write().map_err(|source| NetworkError::State { path: path.clone(), source })
    }

    pub(crate) fn release(&self, owner: &str) -> Result<(), NetworkError> {
        let Some(ip) = self.find(owner) else { return Ok(()) };
        let path = self.folder.join(ip.to_string());
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(NetworkError::State { path, source });
            }
            _ => {}
        }
        self.state().owners.remove(&ip);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path, range: &str) -> Ipam {
        Ipam::open(folder, range.parse().unwrap()).unwrap()
    }

    #[test]
    fn addresses_are_given_once_and_rest_before_they_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let ipam = open(folder.path(), "10.0.0.0/29");
        let give = |pod: &str| ipam.allocate(pod).map(|ip| ip.octets()[3]).ok();
        assert_eq!(give("a"), Some(2));
        assert_eq!(give("a"), Some(2), "the same again");
        assert_eq!(give("b"), Some(3));
        ipam.release("a").unwrap();
        assert_eq!([give("c"), give("d"), give("e")], [Some(4), Some(5), Some(6)]);
        assert_eq!(give("f"), Some(2), "the released one, at last");
        assert_eq!(give("g"), None, "all are taken");
    }

    #[test]
    fn a_restart_forgets_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path(), "10.0.0.0/24");
        let given = first.allocate("a").unwrap();
        std::fs::write(folder.path().join("10.0.0.9"), "").unwrap();
        let second = open(folder.path(), "10.0.0.0/24");
        assert_eq!(second.find("a"), Some(given));
        assert_eq!(second.owners(), ["a"]);
        assert_ne!(second.allocate("b").unwrap(), given);
    }
}
