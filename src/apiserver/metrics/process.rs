//! What the process uses, as Prometheus' own client libraries tell it.
//! Source: proc(5), and Prometheus' "Writing client libraries", process metrics.

use std::fs;

use super::page::{Kind, Page};

/// Ticks a second in `/proc`: the kernel's interface fixes it, whatever the kernel's own is.
const TICKS_A_SECOND: f64 = 100.0;

/// Writes the process' metrics; what cannot be read is left out.
pub(super) fn write(page: &mut Page) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let mut gauge = |name: &str, help: &str, value: Option<f64>| {
        if let Some(value) = value {
            let kind = if name.ends_with("_total") { Kind::Counter } else { Kind::Gauge };
            page.family(name, kind, help);
            page.sample(name, &[], value);
        }
    };
    gauge(
        "process_cpu_seconds_total",
        "Total user and system CPU time spent in seconds.",
        field(&stat, 14).zip(field(&stat, 15)).map(|(user, own)| (user + own) / TICKS_A_SECOND),
    );
    gauge(
        "process_max_fds",
        "Maximum number of open file descriptors.",
        limit(&limits, "Max open files"),
    );
    let open = fs::read_dir("/proc/self/fd").ok().and_then(|all| u32::try_from(all.count()).ok());
    gauge("process_open_fds", "Number of open file descriptors.", open.map(f64::from));
    gauge(
        "process_resident_memory_bytes",
        "Resident memory size in bytes.",
        kilobytes(&status, "VmRSS:"),
    );
    let boot = fs::read_to_string("/proc/stat").unwrap_or_default();
    let boot =
        boot.lines().find_map(|line| line.strip_prefix("btime ")?.trim().parse::<f64>().ok());
    gauge(
        "process_start_time_seconds",
        "Start time of the process since unix epoch in seconds.",
        boot.zip(field(&stat, 22)).map(|(boot, ticks)| boot + ticks / TICKS_A_SECOND),
    );
    gauge(
        "process_virtual_memory_bytes",
        "Virtual memory size in bytes.",
        kilobytes(&status, "VmSize:"),
    );
    gauge(
        "process_virtual_memory_max_bytes",
        "Maximum amount of virtual memory available in bytes.",
        limit(&limits, "Max address space"),
    );
}

/// A field of `/proc/self/stat` by its number in proc(5), from the fourth on.
fn field(stat: &str, number: usize) -> Option<f64> {
    // The program's name may hold anything but the last bracket.
    let (_, rest) = stat.rsplit_once(") ")?;
    rest.split(' ').nth(number.checked_sub(3)?)?.trim().parse().ok()
}

fn kilobytes(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()? * 1024.0)
}

/// The soft limit; without one, the largest number, as client libraries tell it.
fn limit(limits: &str, name: &str) -> Option<f64> {
    let line = limits.lines().find_map(|line| line.strip_prefix(name))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(18_446_744_073_709_551_615.0),
        number => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proc_is_read() {
        let stat = "7 (a) b) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0 1 0 4242 1 2";
        assert_eq!(field(stat, 14), Some(250.0));
        assert_eq!(field(stat, 22), Some(4242.0));
        assert_eq!(kilobytes("A: 1\nVmRSS:\t  12 kB\n", "VmRSS:"), Some(12_288.0));
        let limits = "Max open files            1024   4096   files\nMax address space  unlimited";
        assert_eq!(limit(limits, "Max open files"), Some(1024.0));
        assert!(limit(limits, "Max address space").is_some_and(|most| most > 1e19));
    }

    #[test]
    fn this_process_has_all_of_them() {
        let mut page = Page::default();
        write(&mut page);
        assert_eq!(page.into_text().matches("# TYPE process_").count(), 7);
    }
}
