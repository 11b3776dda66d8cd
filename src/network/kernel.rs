//! Carries plans out: route netlink, one request and its answer at a time.
//!
//! Acts in the network namespace of the calling thread. What is there already counts as done.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::AsRawFd as _;
use std::path::Path;

use netlink_packet_core::{
    NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage,
    NetlinkPayload,
};
use netlink_packet_route::address::{AddressAttribute, AddressMessage, AddressScope};
use netlink_packet_route::link::{
    InfoBridgePort, InfoData, InfoKind, InfoPortData, InfoPortKind, InfoVeth, LinkAttribute,
    LinkFlags, LinkInfo, LinkMessage,
};
use netlink_packet_route::route::{
    RouteAddress, RouteAttribute, RouteHeader, RouteMessage, RouteProtocol, RouteScope, RouteType,
};
use netlink_packet_route::{AddressFamily, RouteNetlinkMessage};
use netlink_sys::{Socket, SocketAddr, protocols::NETLINK_ROUTE};
use nix::errno::Errno;

use crate::plan::Step;
use crate::{Cidr, NetworkError};

/// Does the steps in order; stops at the first that fails.
pub(crate) fn carry_out(steps: &[Step]) -> Result<(), NetworkError> {
    let failed = |step: &Step, source| NetworkError::Step { step: step.to_string(), source };
    let Some(first) = steps.first() else { return Ok(()) };
    let mut kernel = Kernel::open().map_err(|source| failed(first, source))?;
    steps.iter().try_for_each(|step| kernel.step(step).map_err(|source| failed(step, source)))
}

struct Kernel {
    socket: Socket,
    sequence: u32,
}

impl Kernel {
    fn open() -> io::Result<Self> {
        let mut socket = Socket::new(NETLINK_ROUTE)?;
        socket.bind_auto()?;
        socket.connect(&SocketAddr::new(0, 0))?;
        Ok(Self { socket, sequence: 0 })
    }

    fn step(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::CreateNamespace(path) => create_namespace(path),
            Step::RemoveNamespace(path) => remove_namespace(path),
            Step::CreateBridge(name) => self.create_bridge(name),
            Step::CreateVeth { host, inside, namespace, bridge } => {
                self.create_veth(host, inside, namespace, bridge)
            }
            Step::RemoveLink(name) => self.remove_link(name),
            Step::RemoveLinks(prefix) => self.remove_links(prefix),
            Step::AddAddress { link, ip, prefix } => self.add_address(link, *ip, *prefix),
            Step::SetUp(link) => self.set_up(link),
            Step::AddRoute { to, via, link, source } => self.add_route(*to, *via, link, *source),
            Step::Sysctl { name, value } => {
                std::fs::write(Path::new("/proc/sys").join(name), value)
            }
        }
    }

    fn create_bridge(&mut self, name: &str) -> io::Result<()> {
        let mut link = LinkMessage::default();
        link.attributes.push(LinkAttribute::IfName(name.to_owned()));
        link.attributes.push(LinkAttribute::LinkInfo(vec![LinkInfo::Kind(InfoKind::Bridge)]));
        self.create(RouteNetlinkMessage::NewLink(link))
    }

    /// The pair is made with one end inside already, so that it never shows up among the host's.
    fn create_veth(
        &mut self,
        host: &str,
        inside: &str,
        namespace: &Path,
        bridge: &str,
    ) -> io::Result<()> {
        let namespace = std::fs::File::open(namespace)?;
        let mut peer = LinkMessage::default();
        peer.attributes.push(LinkAttribute::IfName(inside.to_owned()));
        peer.attributes.push(LinkAttribute::NetNsFd(namespace.as_raw_fd()));
        let mut link = LinkMessage::default();
        link.header.flags = LinkFlags::Up;
        link.header.change_mask = LinkFlags::Up;
        link.attributes.push(LinkAttribute::IfName(host.to_owned()));
        link.attributes.push(LinkAttribute::Controller(self.index(bridge)?));
        link.attributes.push(LinkAttribute::LinkInfo(vec![
            LinkInfo::Kind(InfoKind::Veth),
            LinkInfo::Data(InfoData::Veth(InfoVeth::Peer(peer))),
        ]));
        self.create(RouteNetlinkMessage::NewLink(link))?;
        self.let_hairpin(host)
    }

    /// Lets a bridge's port send back what came from it: a pod that reaches itself through a
    /// service is bridged so where the machine has `br_netfilter`.
    fn let_hairpin(&mut self, port: &str) -> io::Result<()> {
        let mut link = LinkMessage::default();
        link.header.index = self.index(port)?;
        link.attributes.push(LinkAttribute::LinkInfo(vec![
            LinkInfo::PortKind(InfoPortKind::Bridge),
            LinkInfo::PortData(InfoPortData::BridgePort(vec![InfoBridgePort::HairpinMode(true)])),
        ]));
        self.ask(RouteNetlinkMessage::NewLink(link), NLM_F_ACK).map(drop)
    }

    fn remove_link(&mut self, name: &str) -> io::Result<()> {
        let mut link = LinkMessage::default();
        link.attributes.push(LinkAttribute::IfName(name.to_owned()));
        let removed = self.ask(RouteNetlinkMessage::DelLink(link), NLM_F_ACK);
        forgive(removed.map(drop), Errno::ENODEV)
    }

    fn remove_links(&mut self, prefix: &str) -> io::Result<()> {
        let all = RouteNetlinkMessage::GetLink(LinkMessage::default());
        for answer in self.ask(all, NLM_F_DUMP)? {
            let RouteNetlinkMessage::NewLink(link) = answer else { continue };
            let name = link.attributes.iter().find_map(|attribute| match attribute {
                LinkAttribute::IfName(name) => Some(name.clone()),
                _ => None,
            });
            if let Some(name) = name.filter(|name| name.starts_with(prefix)) {
                self.remove_link(&name)?;
            }
        }
        Ok(())
    }

    fn add_address(&mut self, link: &str, ip: Ipv4Addr, prefix: u8) -> io::Result<()> {
        let mut address = AddressMessage::default();
        address.header.family = AddressFamily::Inet;
        address.header.prefix_len = prefix;
        address.header.scope = AddressScope::Universe;
        address.header.index = self.index(link)?;
        address.attributes.push(AddressAttribute::Local(IpAddr::V4(ip)));
        address.attributes.push(AddressAttribute::Address(IpAddr::V4(ip)));
        self.create(RouteNetlinkMessage::NewAddress(address))
    }

    fn set_up(&mut self, name: &str) -> io::Result<()> {
        let mut link = LinkMessage::default();
        link.header.index = self.index(name)?;
        link.header.flags = LinkFlags::Up;
        link.header.change_mask = LinkFlags::Up;
        self.ask(RouteNetlinkMessage::SetLink(link), NLM_F_ACK).map(drop)
    }

    fn add_route(
        &mut self,
        to: Cidr,
        via: Option<Ipv4Addr>,
        link: &str,
        source: Option<Ipv4Addr>,
    ) -> io::Result<()> {
        let mut route = RouteMessage::default();
        route.header.address_family = AddressFamily::Inet;
        route.header.destination_prefix_length = to.prefix();
        route.header.table = RouteHeader::RT_TABLE_MAIN;
        route.header.protocol = RouteProtocol::Boot;
        route.header.scope = if via.is_some() { RouteScope::Universe } else { RouteScope::Link };
        route.header.kind = RouteType::Unicast;
        if to.prefix() > 0 {
            let network = RouteAddress::Inet(to.network());
            route.attributes.push(RouteAttribute::Destination(network));
        }
        if let Some(via) = via {
            route.attributes.push(RouteAttribute::Gateway(RouteAddress::Inet(via)));
        }
        if let Some(source) = source {
            route.attributes.push(RouteAttribute::PrefSource(RouteAddress::Inet(source)));
        }
        route.attributes.push(RouteAttribute::Oif(self.index(link)?));
        self.create(RouteNetlinkMessage::NewRoute(route))
    }

    fn index(&mut self, name: &str) -> io::Result<u32> {
        let mut link = LinkMessage::default();
        link.attributes.push(LinkAttribute::IfName(name.to_owned()));
        let answers = self.ask(RouteNetlinkMessage::GetLink(link), NLM_F_ACK)?;
        let found = answers.into_iter().find_map(|answer| match answer {
            RouteNetlinkMessage::NewLink(link) => Some(link.header.index),
            _ => None,
        });
        found.ok_or_else(|| Errno::ENODEV.into())
    }

    fn create(&mut self, message: RouteNetlinkMessage) -> io::Result<()> {
        let created = self.ask(message, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
        forgive(created.map(drop), Errno::EEXIST)
    }

    /// Sends a request and collects what comes before its end.
    fn ask(
        &mut self,
        message: RouteNetlinkMessage,
        flags: u16,
    ) -> io::Result<Vec<RouteNetlinkMessage>> {
        self.sequence += 1;
        let mut header = NetlinkHeader::default();
        header.flags = NLM_F_REQUEST | flags;
        header.sequence_number = self.sequence;
        let mut request = NetlinkMessage::new(header, NetlinkPayload::from(message));
        request.finalize();
        let mut bytes = vec![0; request.buffer_len()];
        request.serialize(&mut bytes);
        self.socket.send(&bytes, 0)?;

        let mut answers = Vec::new();
        loop {
            let (packet, _) = self.socket.recv_from_full()?;
            let mut rest = packet.as_slice();
            while !rest.is_empty() {
                let answer = NetlinkMessage::<RouteNetlinkMessage>::deserialize(rest)
                    .map_err(|error| io::Error::other(error.to_string()))?;
                let length = usize::try_from(answer.header.length).unwrap_or(usize::MAX);
                // Messages are aligned to four bytes.
                rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
                match answer.payload {
                    NetlinkPayload::InnerMessage(inner) => answers.push(inner),
                    NetlinkPayload::Error(error) if error.code.is_some() => {
                        return Err(error.to_io());
                    }
                    NetlinkPayload::Error(_) | NetlinkPayload::Done(_) => return Ok(answers),
                    _ => {}
                }
            }
        }
    }
}

fn forgive(result: io::Result<()>, what: Errno) -> io::Result<()> {
    match result {
        Err(error) if error.raw_os_error() == Some(what as i32) => Ok(()),
        other => other,
    }
}

fn create_namespace(path: &Path) -> io::Result<()> {
    if path.exists() {
        // A file that nothing is mounted on is what an interrupted attempt left.
        if !sys::mount::below(path)?.is_empty() {
            return Ok(());
        }
        std::fs::remove_file(path)?;
    }
    sys::namespace::create_network(path)
}

fn remove_namespace(path: &Path) -> io::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    sys::mount::detach_below(path)?;
    std::fs::remove_file(path)
}
