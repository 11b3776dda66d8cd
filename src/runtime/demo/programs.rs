//! The image's small commands, as far as looking around needs them.

use std::io::{self, BufRead as _, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::time::Duration;

/// Runs one command; answers with its exit code.
pub(super) fn run(name: &str, args: &[String]) -> i32 {
    let result = match name {
        "true" => return 0,
        "false" => return 1,
        "cat" => cat(args),
        "curl" => curl(args),
        "echo" => echo(args),
        "env" => env(args),
        "hostname" => writeln!(io::stdout(), "{}", hostname()),
        "ls" => ls(args),
        "sleep" => sleep(args),
        _ => Err(io::Error::other("not a command of this image")),
    };
    match result {
        Ok(()) => 0,
        Err(error) => {
            drop(writeln!(io::stderr(), "{name}: {error}"));
            if error.kind() == io::ErrorKind::NotFound && name == "env" { 127 } else { 1 }
        }
    }
}

pub(super) fn hostname() -> String {
    nix::unistd::gethostname().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn cat(paths: &[String]) -> io::Result<()> {
    let mut out = io::stdout();
    if paths.is_empty() {
        return relay(&mut io::stdin(), &mut out);
    }
    for path in paths {
        let opened = std::fs::File::open(path);
        let mut file = opened.map_err(|error| io::Error::other(format!("{path}: {error}")))?;
        relay(&mut file, &mut out)?;
    }
    Ok(())
}

/// Copies and flushes at once: whoever types wants to see it.
fn relay(from: &mut impl io::Read, to: &mut impl io::Write) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = from.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            return Ok(());
        };
        to.write_all(bytes)?;
        to.flush()?;
    }
}

/// `curl [-s] [http://]host[:port][/path]`: prints the body.
fn curl(args: &[String]) -> io::Result<()> {
    let url = args.iter().find(|arg| !arg.starts_with('-'));
    let url = url.ok_or_else(|| io::Error::other("which address?"))?;
    if url.starts_with("https:") {
        return Err(io::Error::other("this little one speaks plain http only"));
    }
    let rest = url.strip_prefix("http://").unwrap_or(url);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let address = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    let address = address.replace("localhost:", "127.0.0.1:");
    let mut stream = std::net::TcpStream::connect(&address)?;
    let request = format!("GET /{path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut reader = io::BufReader::new(stream);
    let (mut line, mut length) = (String::new(), u64::MAX);
    while reader.read_line(&mut line)? > 2 {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(u64::MAX);
        }
        line.clear();
    }
    relay(&mut reader.take(length), &mut io::stdout())
}

fn echo(args: &[String]) -> io::Result<()> {
    match args.split_first() {
        Some((first, rest)) if first == "-n" => write!(io::stdout(), "{}", rest.join(" ")),
        _ => writeln!(io::stdout(), "{}", args.join(" ")),
    }
}

/// Without arguments prints the environment; with them runs a command, `NAME=value` first.
fn env(args: &[String]) -> io::Result<()> {
    let (settings, command): (Vec<&String>, Vec<&String>) = {
        let first = args.iter().position(|arg| !arg.contains('=')).unwrap_or(args.len());
        let (settings, command) = args.split_at(first);
        (settings.iter().collect(), command.iter().collect())
    };
    let settings = settings.iter().filter_map(|setting| setting.split_once('='));
    if let Some((program, args)) = command.split_first() {
        return Err(Command::new(program).args(args).envs(settings).exec());
    }
    let mut out = io::stdout();
    for (name, value) in std::env::vars_os() {
        writeln!(out, "{}={}", name.to_string_lossy(), value.to_string_lossy())?;
    }
    settings.into_iter().try_for_each(|(name, value)| writeln!(out, "{name}={value}"))
}

fn ls(args: &[String]) -> io::Result<()> {
    if args.iter().any(|arg| arg.starts_with('-')) {
        return Err(io::Error::other("this little one takes no options"));
    }
    let here = [".".to_owned()];
    for path in if args.is_empty() { &here } else { args } {
        let failed = |error| io::Error::other(format!("{path}: {error}"));
        let mut names = vec![path.clone()];
        if std::fs::metadata(path).map_err(failed)?.is_dir() {
            let entries = std::fs::read_dir(path).map_err(failed)?.flatten();
            names = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        }
        names.sort();
        names.iter().try_for_each(|name| writeln!(io::stdout(), "{name}"))?;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "sleeping is what this command is for")]
fn sleep(args: &[String]) -> io::Result<()> {
    let text = args.first().map(String::as_str).unwrap_or_default();
    if matches!(text, "infinity" | "inf") {
        loop {
            std::thread::park();
        }
    }
    let seconds: f64 =
        text.parse().map_err(|_| io::Error::other(format!("invalid time interval '{text}'")))?;
    let wait = Duration::try_from_secs_f64(seconds).map_err(io::Error::other)?;
    std::thread::sleep(wait);
    Ok(())
}
