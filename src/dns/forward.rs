//! Questions about other zones go to the machine's own name servers, over UDP, then TCP.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket},
    time::timeout,
};

/// How long one server may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// Largest message over UDP with EDNS.
const MAX_UDP: usize = 4096;

/// The servers to ask, in order.
#[derive(Debug, Clone)]
pub(crate) struct Upstream(Vec<SocketAddr>);

impl Upstream {
    /// The servers that the machine asks itself.
    pub(crate) fn of_machine() -> Self {
        Self(parse(&std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default()))
    }

    /// Asks the servers one after the other, and returns the first answer.
    ///
    /// Errors: none answers, or there is none.
    pub(crate) async fn ask(&self, question: &[u8]) -> io::Result<Vec<u8>> {
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for server in &self.0 {
            match timeout(PATIENCE, ask_one(*server, question)).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => last = error,
                Err(_) => last = io::ErrorKind::TimedOut.into(),
            }
        }
        Err(last)
    }
}

async fn ask_one(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let any: SocketAddr = match server.ip() {
        IpAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        IpAddr::V6(_) => (std::net::Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any).await?;
    socket.connect(server).await?;
    socket.send(question).await?;
    let mut buffer = vec![0; MAX_UDP];
    let size = loop {
        let size = socket.recv(&mut buffer).await?;
        // An answer to another question is somebody's attempt to deceive.
        if buffer.get(..2) == question.get(..2) {
            break size;
        }
    };
    buffer.truncate(size);
    // Bit 1 of the third byte: the answer was cut off (RFC 1035 4.1.1).
    if buffer.get(2).is_some_and(|flags| flags & 2 != 0) {
        return ask_over_tcp(server, question).await;
    }
    Ok(buffer)
}

async fn ask_over_tcp(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(question.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    stream.write_u16(length).await?;
    stream.write_all(question).await?;
    let length = stream.read_u16().await?;
    let mut answer = vec![0; usize::from(length)];
    stream.read_exact(&mut answer).await?;
    Ok(answer)
}

fn parse(text: &str) -> Vec<SocketAddr> {
    text.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            (words.next() == Some("nameserver")).then(|| words.next())?
        })
        .filter_map(|address| Some(SocketAddr::new(address.parse().ok()?, 53)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_from_resolv_conf() {
        let text =
            "# a comment\nsearch x\nnameserver 192.0.2.1\nnameserver 2001:db8::1\nnameserver x\n";
        let servers: Vec<_> = parse(text).iter().map(ToString::to_string).collect();
        assert_eq!(servers, ["192.0.2.1:53", "[2001:db8::1]:53"]);
    }
}
