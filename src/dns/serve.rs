//! The server's sockets: UDP, and TCP for answers that are too large.

use std::{io, net::SocketAddrV4, sync::Arc, time::Duration};

use hickory_proto::op::Message;
use lifecycle::{StopToken, Task, Tasks};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UdpSocket},
    sync::Semaphore,
    time::timeout,
};

use crate::{
    answer::{Reply, failure, reply},
    forward::Upstream,
    zone::Zone,
};

/// Largest question over UDP.
const MAX_QUESTION: usize = 4096;
/// Largest answer over UDP to those who do not say more (RFC 1035 2.3.4).
const SMALL: usize = 512;
/// Questions answered at a time; more wait in the socket's own queue.
const AT_ONCE: usize = 256;
/// How long a TCP connection may be silent.
const SILENCE: Duration = Duration::from_secs(10);

#[derive(Debug)]
struct Server {
    zone: Zone,
    upstream: Upstream,
}

/// Opens the sockets and answers until `stop`.
pub(crate) async fn start(
    listen: SocketAddrV4,
    zone: Zone,
    upstream: Upstream,
    stop: &StopToken,
) -> io::Result<Vec<Task>> {
    let udp = Arc::new(UdpSocket::bind(listen).await?);
    let tcp = TcpListener::bind(listen).await?;
    let server = Arc::new(Server { zone, upstream });
    let tasks = Tasks::new(stop);
    Ok(vec![
        lifecycle::spawn("dns/udp", stop, serve_udp(Arc::clone(&server), udp, tasks.clone())),
        lifecycle::spawn("dns/tcp", stop, serve_tcp(server, tcp, tasks)),
    ])
}

async fn serve_udp(server: Arc<Server>, socket: Arc<UdpSocket>, tasks: Tasks) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut buffer = vec![0; MAX_QUESTION];
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let (size, peer) = match socket.recv_from(&mut buffer).await {
            Ok(heard) => heard,
            Err(error) => {
                tracing::debug!(%error, "cannot read a question");
                continue;
            }
        };
        let Some(question) = buffer.get(..size).map(<[u8]>::to_vec) else { continue };
        let (server, socket) = (Arc::clone(&server), Arc::clone(&socket));
        tasks.spawn("dns/question", async move {
            let _place = place;
            if let Some(answer) = server.answer(&question, Limit::Datagram).await
                && let Err(error) = socket.send_to(&answer, peer).await
            {
                tracing::debug!(%error, "cannot send an answer");
            }
        });
    }
}

async fn serve_tcp(server: Arc<Server>, socket: TcpListener, tasks: Tasks) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = socket.accept().await else { continue };
        let server = Arc::clone(&server);
        tasks.spawn("dns/connection", async move {
            let _place = place;
            if let Err(error) = server.converse(stream).await {
                tracing::debug!(%error, "connection ended early");
            }
        });
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Limit {
    Datagram,
    Stream,
}

impl Server {
    async fn converse(&self, mut stream: TcpStream) -> io::Result<()> {
        loop {
            let Ok(length) = timeout(SILENCE, stream.read_u16()).await else { return Ok(()) };
            let length = match length {
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
                Err(error) => return Err(error),
            };
            let mut question = vec![0; usize::from(length)];
            timeout(SILENCE, stream.read_exact(&mut question)).await??;
            let Some(answer) = self.answer(&question, Limit::Stream).await else { return Ok(()) };
            let length = u16::try_from(answer.len()).map_err(|_| io::ErrorKind::InvalidData)?;
            stream.write_u16(length).await?;
            stream.write_all(&answer).await?;
        }
    }

    async fn answer(&self, question: &[u8], limit: Limit) -> Option<Vec<u8>> {
        let message = Message::from_vec(question).ok()?;
        let answer = match reply(&self.zone, &message)? {
            Reply::Ready(answer) => *answer,
            Reply::Forward => match self.upstream.ask(question).await {
                Ok(answer) => return Some(answer),
                Err(error) => {
                    tracing::debug!(%error, "no name server answers");
                    failure(&message)
                }
            },
        };
        let bytes = answer.to_vec().ok()?;
        let room = usize::from(message.max_payload()).max(SMALL);
        if limit == Limit::Datagram && bytes.len() > room {
            return answer.truncate().to_vec().ok();
        }
        Some(bytes)
    }
}
