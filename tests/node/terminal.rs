//! `exec -ti` in a real terminal: raw while it lasts, its size and keys reach the program, and it is
//! put back as it was.

use std::process::{Child, Command};

use nix::sys::termios::{LocalFlags, tcgetattr};
use serde_json::json;
use support::Screen;

use crate::{cluster::Cluster, house::inside};

/// Runs a command in the pod `term`, on a terminal.
fn exec(cluster: &Cluster, screen: &Screen, command: &[&str]) -> Child {
    play(cluster, screen, &[&["exec", "-ti", "term", "--"], command].concat())
}

fn play(cluster: &Cluster, screen: &Screen, words: &[&str]) -> Child {
    let mut kanoe = Command::new(env!("CARGO_BIN_EXE_kanoe"));
    kanoe.args(words);
    kanoe.env("KANOE_HOME", cluster.house.folder.path()).env("HOME", "/proc/nowhere");
    screen.run(kanoe.env_remove("KUBECONFIG"))
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

    let mut screen = Screen::open();
    let before = tcgetattr(&screen.master).unwrap();
    let program = "trap 'echo size $(stty size)' WINCH; trap 'echo interrupted; exit 5' INT; \
                   echo size $(stty size); until read line && test -n \"$line\"; do :; done; echo got $line; \
                   while true; do sleep 999 & wait $!; kill $!; done";
    let mut child = exec(&cluster, &screen, &["sh", "-c", program]);

    // The size comes at the start, and may break off the program's first `read`.
    screen.shows("size 30 100\r\n");
    let raw = LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG;
    assert!(
        !tcgetattr(&screen.master).unwrap().local_flags.intersects(raw),
        "every key goes to the program"
    );
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

#[tokio::test]
async fn the_demo_shell_outlives_what_ctrl_c_ends() {
    if !inside("terminal::the_demo_shell_outlives_what_ctrl_c_ends") {
        return;
    }
    let cluster = Cluster::start().await;
    let container = json!({ "name": "c", "image": "kanoe.local/bootcamp:v1" });
    let spec = json!({ "terminationGracePeriodSeconds": 0, "containers": [container] });
    cluster.pod("term", spec).await;
    cluster.until_ready("term").await;
    let mut screen = Screen::open();
    let mut child = exec(&cluster, &screen, &["sh"]);
    screen.shows("# ");
    screen.types(b"cat\r");
    // Shown as it is typed, and again by the command: it runs.
    screen.types(b"hello\r");
    screen.shows("hello\r\nhello\r\n");
    screen.types(b"\x03");
    screen.shows("# ");
    screen.types(b"exit 7\r");
    screen.shows("command terminated with exit code 7");
    assert_eq!(child.wait().unwrap().code(), Some(7));
    cluster.end();
}

#[tokio::test]
async fn who_attaches_may_leave_and_come_back() {
    if !inside("terminal::who_attaches_may_leave_and_come_back") {
        return;
    }
    let cluster = Cluster::start().await;
    let container = json!({
        "name": "c", "image": "localhost/busybox:1", "stdin": true, "tty": true,
        "command": ["sh", "-c", "while read line; do echo got $line; done"],
    });
    let spec = json!({ "terminationGracePeriodSeconds": 0, "containers": [container] });
    cluster.pod("term", spec).await;
    cluster.until_ready("term").await;
    let mut screen = Screen::open();
    for word in ["one", "two"] {
        let mut child = play(&cluster, &screen, &["attach", "-ti", "term"]);
        screen.shows("try pressing enter.\r\n");
        screen.types(format!("{word}\r").as_bytes());
        screen.shows(&format!("got {word}\r\n"));
        screen.types(b"\x10\x11");
        screen.shows(
            "Session ended, resume using 'kanoe attach term -c c -n default -i -t' command\r\n",
        );
        assert!(child.wait().unwrap().success());
    }
    let mut other = play(&cluster, &screen, &["attach", "-ti", "term", "--detach-keys=ctrl-x"]);
    screen.shows("try pressing enter.\r\n");
    screen.types(b"\x10three\x18");
    screen.shows("Session ended");
    assert!(other.wait().unwrap().success());
    let mut wrong = play(&cluster, &screen, &["attach", "-ti", "term", "--detach-keys=nope"]);
    screen.shows("error: could not bind detach keys: unknown character: 'nope'");
    assert!(!wrong.wait().unwrap().success());
    cluster.end();
}
