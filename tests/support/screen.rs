//! A terminal for a program under test: what it shows, and keys for it.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    os::fd::{AsFd as _, OwnedFd},
    process::{Child, Command, Stdio},
};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// How long a terminal may show nothing, in milliseconds, before the test gives up.
const PATIENCE: u16 = 30_000;

/// A terminal's far end, and what it has shown.
#[derive(Debug)]
pub struct Screen {
    /// The far end.
    pub master: File,
    /// What was shown and not yet waited for.
    pub shown: String,
    slave: OwnedFd,
}

impl Screen {
    /// A terminal of 100 columns and 30 lines.
    pub fn open() -> Self {
        let size = nix::pty::Winsize { ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = nix::pty::openpty(Some(&size), None).expect("the system has terminals");
        Self { master: File::from(pty.master), shown: String::new(), slave: pty.slave }
    }

    /// Runs a command of the same words and environment as `like` in a session of its own on this terminal.
    pub fn run(&self, like: &Command) -> Child {
        let end = || Stdio::from(self.slave.try_clone().expect("a descriptor can be copied"));
        let mut command = Command::new("setsid");
        command.arg("--ctty").arg(like.get_program()).args(like.get_args());
        if let Some(folder) = like.get_current_dir() {
            command.current_dir(folder);
        }
        for (name, value) in like.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .expect("setsid is installed by `cargo xtask setup`")
    }

    /// Waits until the terminal has shown a text, and forgets everything up to it; answers with what
    /// was forgotten.
    pub fn shows(&mut self, text: &str) -> String {
        let mut buffer = [0; 4096];
        loop {
            if let Some((before, rest)) = self.shown.split_once(text) {
                let before = before.to_owned();
                self.shown = rest.to_owned();
                return before;
            }
            let mut ready = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
            let heard = poll(&mut ready, PollTimeout::from(PATIENCE)).expect("the wait is plain");
            assert!(heard > 0, "no {text:?} after {:?}", self.shown);
            let count = self.master.read(&mut buffer).expect("our own slave keeps it open");
            self.shown.push_str(&String::from_utf8_lossy(&buffer[..count]));
        }
    }

    /// Types keys.
    pub fn types(&mut self, keys: &[u8]) {
        self.master.write_all(keys).expect("our own slave keeps it open");
    }
}
