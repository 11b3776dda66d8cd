//! Asking for a name and a password where a kubeconfig says nothing of who its user is.
//! Source: client-go, `tools/clientcmd/auth_loaders.go`.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    os::fd::AsFd as _,
};

use client::{ClientError, kubeconfig::Connection};
use rustix::termios::{self, LocalModes, OptionalActions};

use crate::{context::Context, preferences, report::CliError};

/// The connection with somebody who makes it.
///
/// Errors: nobody answers, or the user's preferences forbid the program that would.
pub(crate) fn identified(cx: &Context, mut connection: Connection) -> Result<Connection, CliError> {
    let plugin = connection.user.exec.as_ref();
    let refused =
        plugin.and_then(|exec| preferences::refused_plugin(&cx.global("kuberc"), &exec.command));
    if let Some(why) = refused {
        return Err(ClientError::Credentials(why).into());
    }
    // Who only wants to know what a line may go on with is not asked for a password.
    if !connection.is_nameless() || cx.boots_nothing() {
        return Ok(connection);
    }
    ask("Username")?;
    connection.user.username = Some(line()?.ok_or_else(|| CliError::plain("EOF"))?);
    ask("Password")?;
    let unread = || CliError::plain("error reading input for Password");
    if !io::stdin().is_terminal() {
        return Err(unread());
    }
    let hidden = Hidden::begin().ok_or_else(unread)?;
    let password = line();
    drop(hidden);
    println_after()?;
    connection.user.password = Some(password?.ok_or_else(unread)?);
    Ok(connection)
}

fn ask(what: &str) -> Result<(), CliError> {
    let mut out = io::stdout();
    Ok(write!(out, "Please enter {what}: ").and_then(|()| out.flush())?)
}

/// The line that was not seen ends.
fn println_after() -> Result<(), CliError> {
    Ok(writeln!(io::stdout())?)
}

/// The next line without its end; `None` where there is none.
fn line() -> Result<Option<String>, CliError> {
    let mut text = String::new();
    let read = io::stdin().lock().read_line(&mut text)?;
    Ok((read > 0).then(|| text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// While it lives, the terminal does not show what is typed.
struct Hidden(termios::Termios);

impl Hidden {
    fn begin() -> Option<Self> {
        let stdin = io::stdin();
        let before = termios::tcgetattr(stdin.as_fd()).ok()?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        termios::tcsetattr(stdin.as_fd(), OptionalActions::Now, &silent).ok()?;
        Some(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        let back = termios::tcsetattr(io::stdin().as_fd(), OptionalActions::Now, &self.0);
        if back.is_err() {
            // The terminal went away; there is nothing to put back.
            drop(io::stdout().flush());
        }
    }
}
