//! What unix sockets carry beside bytes: descriptors, and who is at the other end.

use std::io::{self, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd as _, FromRawFd as _, OwnedFd, RawFd};

use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, UnixAddr, getsockopt, recvmsg, sockopt::PeerCredentials,
};

/// Who made the other end of a unix socket, as the kernel attests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Process number at the time of connecting.
    pub pid: i32,
    /// Effective user.
    pub uid: u32,
    /// Effective group.
    pub gid: u32,
}

/// Says who is at the other end of a connected unix socket.
pub fn peer(socket: &impl AsFd) -> io::Result<Peer> {
    let found = getsockopt(&socket.as_fd(), PeerCredentials)?;
    Ok(Peer { pid: found.pid(), uid: found.uid(), gid: found.gid() })
}

/// Receives one descriptor, as runc sends a console's.
///
/// Blocks: until a message arrives. Errors: `InvalidData` for a message without a descriptor.
pub fn receive_descriptor(socket: &impl AsFd) -> io::Result<OwnedFd> {
    let mut bytes = [0_u8; 4096];
    let mut parts = [IoSliceMut::new(&mut bytes)];
    let mut space = nix::cmsg_space!([RawFd; 4]);
    let flags = MsgFlags::MSG_CMSG_CLOEXEC;
    let message =
        recvmsg::<UnixAddr>(socket.as_fd().as_raw_fd(), &mut parts, Some(&mut space), flags)?;
    let mut owned = Vec::new();
    for part in message.cmsgs()? {
        let ControlMessageOwned::ScmRights(received) = part else { continue };
        for fd in received {
            // SAFETY: the kernel installed this descriptor for us with this message.
            owned.push(unsafe { OwnedFd::from_raw_fd(fd) });
        }
    }
    owned.into_iter().next().ok_or_else(|| io::ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::sys::socket::{ControlMessage, sendmsg};
    use std::io::{IoSlice, Read as _, Write as _};
    use std::os::unix::net::UnixStream;

    #[test]
    fn a_descriptor_crosses_a_socket() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let (mut kept, given) = UnixStream::pair().unwrap();
        let fds = [given.as_raw_fd()];
        sendmsg::<UnixAddr>(
            theirs.as_raw_fd(),
            &[IoSlice::new(b"x")],
            &[ControlMessage::ScmRights(&fds)],
            MsgFlags::empty(),
            None,
        )
        .unwrap();
        let mut arrived = UnixStream::from(receive_descriptor(&ours).unwrap());
        kept.write_all(b"hello").unwrap();
        let mut read = [0; 5];
        arrived.read_exact(&mut read).unwrap();
        assert_eq!(&read, b"hello");
    }

    #[test]
    fn the_peer_is_ourselves() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let found = peer(&ours).unwrap();
        assert_eq!(found.pid, i32::try_from(std::process::id()).unwrap());
    }
}
