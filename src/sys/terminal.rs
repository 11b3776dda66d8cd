//! Terminal sizes. Everything else about terminals is `nix`'s termios.

use std::io;
use std::os::fd::{AsFd, AsRawFd as _};

use nix::libc;
use nix::pty::Winsize;

/// Sets the size of the terminal behind `terminal`; its foreground processes get SIGWINCH.
pub fn resize(terminal: impl AsFd, columns: u16, rows: u16) -> io::Result<()> {
    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    let fd = terminal.as_fd().as_raw_fd();
    // SAFETY: the descriptor is borrowed for the call, and `size` is the struct TIOCSWINSZ reads.
    let answer = unsafe { libc::ioctl(fd, libc::TIOCSWINSZ, &raw const size) };
    if answer < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// The size of the terminal behind `terminal`, as (columns, rows).
pub fn size(terminal: impl AsFd) -> io::Result<(u16, u16)> {
    let mut size = Winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    let fd = terminal.as_fd().as_raw_fd();
    // SAFETY: the descriptor is borrowed for the call, and `size` is the struct TIOCGWINSZ fills.
    let answer = unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) };
    if answer < 0 { Err(io::Error::last_os_error()) } else { Ok((size.ws_col, size.ws_row)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_set_is_the_size_read() {
        let pty = nix::pty::openpty(None, None).unwrap();
        resize(&pty.master, 132, 43).unwrap();
        assert_eq!(size(&pty.slave).unwrap(), (132, 43));
    }
}
