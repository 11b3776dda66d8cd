//! `exec -ti` in a real terminal: raw while it lasts, its size and keys reach the program, and it is
//! put back as it was.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    os::fd::AsFd as _,
    process::{Command, Stdio},
};

use nix::{
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::termios::{LocalFlags, tcgetattr},
};
use serde_json::json;

use crate::{cluster::Cluster, house::inside};

/// How long a terminal may show nothing, in milliseconds, before the test gives up.
const PATIENCE: u16 = 30_000;

/// A terminal's far end, and what it has shown.
struct Screen {
    master: File,
    shown: String,
}

impl Screen {
    /// Waits until the terminal has shown a text, and forgets everything up to it.
    fn shows(&mut self, text: &str) {
        let mut buffer = [0; 4096];
        loop {
            if let Some((_, rest)) = self.shown.split_once(text) {
                self.shown = rest.to_owned();
                return;
            }
            let mut ready = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
            let heard = poll(&mut ready, PollTimeout::from(PATIENCE)).unwrap();
            assert!(heard > 0, "no {text:?} after {:?}", self.shown);
            let count = self.master.read(&mut buffer).unwrap();
            self.shown.push_str(&String::from_utf8_lossy(&buffer[..count]));
            eprintln!("shown: {:?}", self.shown);
        }
    }

    fn types(&mut self, keys: &[u8]) {
        self.master.write_all(keys).unwrap();
    }

    fn modes(&self) -> LocalFlags {
        tcgetattr(&self.master).unwrap().local_flags
    }
}

#[tokio::test]
async fn a_terminal_is_lent_to_the_program_and_given_back() {
    if !inside("terminal::a_terminal_is_lent_to_the_program_and_given_back") {
        return;
    }
    let cluster = Cluster::start().await;
    let container =
        json!({ "name": "c", "image": "localhost/busybox:1", "command": ["sleep", "999"] });
    let spec = json!({ "terminationGracePeriodSeconds": 0, "containers": [container] });
    cluster.pod("term", spec).await;
    cluster.until_ready("term").await;

    let pty = nix::pty::openpty(None, None).unwrap();
    sys::terminal::resize(&pty.master, 100, 30).unwrap();
    let mut screen = Screen { master: File::from(pty.master), shown: String::new() };
    let before = tcgetattr(&screen.master).unwrap();
    let program = "trap 'echo size $(stty size)' WINCH; trap 'echo interrupted; exit 5' INT; \
                   echo size $(stty size); until read line && test -n \"$line\"; do :; done; echo got $line; \
                   while true; do sleep 999 & wait $!; kill $!; done";
    let slave = || Stdio::from(pty.slave.try_clone().unwrap());
    let mut child = Command::new("setsid")
        .args(["--ctty", env!("CARGO_BIN_EXE_kanoe")])
        .args(["exec", "-ti", "term", "--", "sh", "-c", program])
        .env("KANOE_HOME", cluster.house.folder.path())
        .env("HOME", "/nonexistent")
        .env_remove("KUBECONFIG")
        .stdin(slave())
        .stdout(slave())
        .stderr(slave())
        .spawn()
        .unwrap();

    // The size comes at the start, and may break off the program's first `read`.
    screen.shows("size 30 100\r\n");
    let raw = LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG;
    assert!(!screen.modes().intersects(raw), "every key goes to the program");
    screen.types(b"one\x7f\x7fff\r");
    screen.shows("got off\r\n");
    sys::terminal::resize(&screen.master, 132, 43).unwrap();
    screen.shows("size 43 132\r\n");
    screen.types(b"\x03");
    screen.shows("interrupted\r\n");
    screen.shows("command terminated with exit code 5");
    assert_eq!(child.wait().unwrap().code(), Some(5));
    assert_eq!(tcgetattr(&screen.master).unwrap(), before, "the terminal is as it was");
    cluster.end();
}
