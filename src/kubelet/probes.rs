//! Probes: whether a container has started, is alive, is ready. One task a probe, until it ends.

use std::time::Duration;

use client::EventKind::Warning;
use k8s_openapi::api::core::v1::{Container, ObjectReference, Pod, Probe};
use lifecycle::{StopToken, Task};
use runtime::Sandbox;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

use crate::host::Host;
use crate::pod::stop::{port, run};
use crate::{http, pod};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Question {
    Startup,
    Liveness,
    Readiness,
}

impl Question {
    fn word(self) -> &'static str {
        match self {
            Self::Startup => "Startup",
            Self::Liveness => "Liveness",
            Self::Readiness => "Readiness",
        }
    }

    /// The probe that asks it.
    pub(crate) fn of(self, container: &Container) -> Option<&Probe> {
        match self {
            Self::Startup => container.startup_probe.as_ref(),
            Self::Liveness => container.liveness_probe.as_ref(),
            Self::Readiness => container.readiness_probe.as_ref(),
        }
    }
}

/// A probe's answer has changed, thresholds counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct News {
    pub(crate) container: String,
    pub(crate) id: String,
    pub(crate) question: Question,
    pub(crate) passed: bool,
}

/// Counts answers until they are enough to believe.
#[derive(Debug)]
pub(crate) struct Verdict {
    successes: i32,
    failures: i32,
    success_threshold: i32,
    failure_threshold: i32,
}

impl Verdict {
    pub(crate) fn new(probe: &Probe) -> Self {
        Self {
            successes: 0,
            failures: 0,
            success_threshold: probe.success_threshold.unwrap_or(1).max(1),
            failure_threshold: probe.failure_threshold.unwrap_or(3).max(1),
        }
    }

    /// What is believed after one more answer, if that says anything.
    pub(crate) fn count(&mut self, passed: bool) -> Option<bool> {
        if passed {
            self.failures = 0;
            self.successes = self.successes.saturating_add(1);
            (self.successes >= self.success_threshold).then_some(true)
        } else {
            self.successes = 0;
            self.failures = self.failures.saturating_add(1);
            (self.failures >= self.failure_threshold).then_some(false)
        }
    }
}

/// What probing a container needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) host: Arc<Host>,
    pub(crate) sandbox: Sandbox,
    pub(crate) id: String,
    pub(crate) ip: String,
    pub(crate) container: Container,
    pub(crate) about: ObjectReference,
    pub(crate) news: mpsc::Sender<News>,
    /// Turns true once the startup probe has passed.
    pub(crate) started: watch::Receiver<bool>,
}

/// Starts the probes of a container that runs; they end with the tasks.
pub(crate) fn start(subject: &Subject, stop: &StopToken) -> Vec<Task> {
    let questions = [Question::Startup, Question::Liveness, Question::Readiness];
    let asked = questions.into_iter().filter_map(|question| {
        let probe = question.of(&subject.container)?.clone();
        let work = ask(subject.clone(), question, probe);
        Some(lifecycle::spawn("kubelet/probe", stop, work))
    });
    asked.collect()
}

async fn ask(mut subject: Subject, question: Question, probe: Probe) {
    let seconds = |value: Option<i32>, least: u64| {
        Duration::from_secs(u64::try_from(value.unwrap_or(0)).unwrap_or(0).max(least))
    };
    let period = seconds(probe.period_seconds.or(Some(10)), 1);
    let limit = seconds(probe.timeout_seconds, 1);
    let delay = seconds(probe.initial_delay_seconds, 0);
    if question != Question::Startup && subject.started.wait_for(|started| *started).await.is_err()
    {
        return;
    }
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let mut verdict = Verdict::new(&probe);
    let mut believed = None;
    // Failures right after the start come close together, so that readiness is not missed by a period.
    let mut eager = question != Question::Liveness;
    let mut pause = Duration::from_millis(100).min(period);
    loop {
        let answer = match tokio::time::timeout(limit, once(&subject, &probe)).await {
            Ok(answer) => answer,
            Err(_) => Err(timed_out(&subject, &probe, limit)),
        };
        if let Err(message) = &answer {
            let text = format!("{} probe failed: {message}", question.word());
            if !eager {
                subject.host.recorder.event(&subject.about, Warning, "Unhealthy", text);
            }
        }
        let passed = answer.is_ok();
        let counted = if eager && !passed { None } else { verdict.count(passed) };
        if let Some(now) = counted
            && believed != Some(now)
        {
            believed = Some(now);
            let news = News {
                container: subject.container.name.clone(),
                id: subject.id.clone(),
                question,
                passed: now,
            };
            if subject.news.send(news).await.is_err() || (question == Question::Startup && now) {
                return;
            }
        }
        let wait = if eager && !passed { pause } else { period };
        pause *= 2;
        eager = eager && !passed && pause < period;
        tokio::time::sleep(wait).await;
    }
}

/// Asks once; `Err` says why the answer is no.
async fn once(subject: &Subject, probe: &Probe) -> Result<(), String> {
    let container = &subject.container;
    if let Some(exec) = &probe.exec {
        let command = exec.command.clone().unwrap_or_default();
        let (code, output) = run(&subject.sandbox, &subject.id, command).await?;
        let text = || String::from_utf8_lossy(&output).into_owned();
        return if code == 0 { Ok(()) } else { Err(text()) };
    }
    if let Some(get) = &probe.http_get {
        let url = url(subject, probe).ok_or("the probe names no port of the container")?;
        let headers = get.http_headers.iter().flatten();
        let headers: Vec<_> = headers.map(|h| (h.name.clone(), h.value.clone())).collect();
        let answer = http::get(&url, &headers).await.map_err(|error| error.to_string())?;
        // Redirects count as answers, as they do for the kubelet when they lead elsewhere.
        let failed = || format!("HTTP probe failed with statuscode: {}", answer.status);
        return (200..400).contains(&answer.status).then_some(()).ok_or_else(failed);
    }
    if let Some(socket) = &probe.tcp_socket {
        let host = socket.host.as_deref().filter(|host| !host.is_empty()).unwrap_or(&subject.ip);
        let port =
            port(&socket.port, container).ok_or("the probe names no port of the container")?;
        return http::dial(&format!("{host}:{port}")).await.map(drop);
    }
    Err("this kind of probe is not supported by kanoe yet".to_owned())
}

fn url(subject: &Subject, probe: &Probe) -> Option<String> {
    let get = probe.http_get.as_ref()?;
    let host = get.host.as_deref().filter(|host| !host.is_empty()).unwrap_or(&subject.ip);
    let port = port(&get.port, &subject.container)?;
    let scheme = get.scheme.as_deref().unwrap_or("HTTP").to_ascii_lowercase();
    let path = get.path.as_deref().unwrap_or("/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    Some(format!("{scheme}://{host}:{port}{slash}{path}"))
}

fn timed_out(subject: &Subject, probe: &Probe, limit: Duration) -> String {
    match url(subject, probe) {
        Some(url) => format!(
            "Get \"{url}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
        ),
        None if probe.exec.is_some() => {
            let command = probe.exec.as_ref().and_then(|exec| exec.command.clone());
            let words = command.unwrap_or_default();
            let shown = words.first().map(String::as_str).unwrap_or_default();
            format!("command timed out: \"{shown}\" timed out after {}s", limit.as_secs())
        }
        None => "i/o timeout".to_owned(),
    }
}

/// How long a container that failed a probe is given to end.
pub(crate) fn grace(pod: &Pod, container: &str, question: Question) -> Option<i64> {
    let spec = pod.spec.as_ref()?;
    let (_, container) = pod::container(spec, container)?;
    question.of(container)?.termination_grace_period_seconds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_believed_once_there_are_enough() {
        let probe =
            Probe { success_threshold: Some(2), failure_threshold: Some(3), ..Probe::default() };
        let mut verdict = Verdict::new(&probe);
        let answers = [true, true, false, false, false, true, false, false, false];
        let seen: String = answers
            .into_iter()
            .map(|answer| match verdict.count(answer) {
                None => '.',
                Some(true) => '+',
                Some(false) => '-',
            })
            .collect();
        assert_eq!(seen, ".+..-...-");
    }
}
