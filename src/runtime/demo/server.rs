//! The tutorial's server: says which pod answers, and which version it is.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use nix::sys::signal::{SigSet, Signal};

const PORT: u16 = 8080;
/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asked to end, it serves on until nobody has come for this long: whoever sends callers here hears of
/// the end no sooner than it does.
const QUIET: Duration = Duration::from_millis(250);
/// But no longer than this.
const LONGEST: Duration = Duration::from_secs(3);

/// Serves until it is asked to end.
pub(super) fn run(_args: &[String]) -> i32 {
    let mut mask = SigSet::empty();
    mask.add(Signal::SIGTERM);
    mask.add(Signal::SIGINT);
    let app = match mask.thread_block().map_err(io::Error::from).and_then(|()| listen()) {
        Ok(app) => app,
        Err(error) => {
            drop(writeln!(io::stderr(), "bootcamp: {error}"));
            return 1;
        }
    };
    // The serving threads inherit the mask, so the signal comes here; returning ends the process.
    let asked = mask.wait();
    app.fall_silent();
    i32::from(asked.is_err())
}

fn listen() -> io::Result<Arc<App>> {
    let listener =
        TcpListener::bind(("::", PORT)).or_else(|_| TcpListener::bind(("0.0.0.0", PORT)))?;
    let host = super::programs::hostname();
    let version = std::env::var("VERSION").unwrap_or_else(|_| "1".to_owned());
    let answer = format!("Hello Kubernetes bootcamp! | Running on: {host} | v={version}\n");
    let started = lifecycle::clock::now();
    writeln!(
        io::stdout(),
        "Kubernetes Bootcamp App Started At: {started:.3} | Running On:  {host} \n"
    )?;
    let requests = AtomicU64::new(0);
    let (callers, called) = (Mutex::new(0), Condvar::new());
    let app = Arc::new(App { host, answer, started, requests, callers, called });
    let served = Arc::clone(&app);
    std::thread::Builder::new().name("listen".to_owned()).spawn(move || {
        for stream in listener.incoming().flatten() {
            let app = Arc::clone(&served);
            app.count_caller();
            let answer = move || drop(app.answer(stream));
            // Out of threads: this one request is dropped, the next may fare better.
            drop(std::thread::Builder::new().stack_size(128 << 10).spawn(answer));
        }
    })?;
    Ok(app)
}

struct App {
    host: String,
    answer: String,
    started: jiff::Timestamp,
    requests: AtomicU64,
    callers: Mutex<u64>,
    called: Condvar,
}

impl App {
    fn count_caller(&self) {
        *self.callers.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.called.notify_all();
    }

    /// Returns when nobody has come for a while.
    fn fall_silent(&self) {
        let last = lifecycle::clock::instant() + LONGEST;
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        while lifecycle::clock::instant() < last {
            let before = *callers;
            let waited = self.called.wait_timeout(callers, QUIET);
            let (now, result) = waited.unwrap_or_else(PoisonError::into_inner);
            callers = now;
            if result.timed_out() && *callers == before {
                return;
            }
        }
    }

    fn answer(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream);
        while read_head(&mut reader)? {
            let total = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
            let body = &self.answer;
            let length = body.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n{body}"
            );
            reader.get_mut().write_all(head.as_bytes())?;
            let now = lifecycle::clock::now();
            let uptime = now.duration_since(self.started).as_secs_f64();
            writeln!(
                io::stdout(),
                "Running On: {} | Total Requests: {total} | App Uptime: {uptime} seconds | Log Time: {now:.3}",
                self.host
            )?;
        }
        Ok(())
    }
}

/// Reads one request's head. `false`: there is no further request.
fn read_head(reader: &mut BufReader<TcpStream>) -> io::Result<bool> {
    use std::io::Read as _;
    let mut first = true;
    loop {
        let mut line = String::new();
        if reader.by_ref().take(8192).read_line(&mut line)? == 0 {
            return Ok(false);
        }
        if line.trim_end().is_empty() && !first {
            return Ok(true);
        }
        first = false;
    }
}
