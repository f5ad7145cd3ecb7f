//! The signals that end what runs in the foreground.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use clerk_api_admin::problem::{Interruption, Outcome, Problem};
use tokio::process::Child;

use super::exit::Exit;

/// A wish that something end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(unix),
    expect(dead_code, reason = "other systems have only Ctrl-C")
)]
pub(crate) enum Signal {
    Interrupt,
    Terminate,
    Hangup,
}

/// Ends the process by the signal that its exit code stands for, if it does (reliability.md 4.11): a shell's loop goes on
/// after an exit code, and ends where a command died of Ctrl-C.
#[cfg(unix)]
pub(crate) fn die_of(exit: Exit) {
    if matches!(exit, Exit::Hangup | Exit::Interrupt | Exit::Terminate) {
        let signal = i32::from(exit.code()) - 128;
        // If it fails, the exit code says the same.
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
}

/// Other systems have exit codes only.
#[cfg(not(unix))]
pub(crate) const fn die_of(_: Exit) {}

#[cfg(unix)]
pub(crate) struct Signals(Vec<(Signal, tokio::signal::unix::Signal)>);

#[cfg(unix)]
impl Signals {
    pub(crate) fn new() -> Outcome<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [
            (Signal::Interrupt, SignalKind::interrupt()),
            (Signal::Terminate, SignalKind::terminate()),
            (Signal::Hangup, SignalKind::hangup()),
        ];
        kinds
            .into_iter()
            .map(|(which, kind)| Ok((which, signal(kind)?)))
            .collect::<std::io::Result<_>>()
            .map(Self)
            .map_err(|error| Problem::io("cannot listen for signals", &error))
    }

    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Signal> {
        for (which, signal) in &mut self.0 {
            if signal.poll_recv(context).is_ready() {
                return Poll::Ready(*which);
            }
        }
        Poll::Pending
    }
}

#[cfg(not(unix))]
pub(crate) struct Signals(tokio::signal::windows::CtrlC);

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn new() -> Outcome<Self> {
        tokio::signal::windows::ctrl_c()
            .map(Self)
            .map_err(|error| Problem::io("cannot listen for signals", &error))
    }

    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Signal> {
        self.0.poll_recv(context).map(|_| Signal::Interrupt)
    }
}

impl Signals {
    /// Waits for something; nothing comes of it where a signal asked to end and it took too long after that, or a second
    /// one came (reliability.md 4.11). What was asked first is in `asked`.
    pub(crate) async fn let_finish<T>(
        &mut self,
        asked: &mut Option<Signal>,
        patience: Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let mut work = pin!(work);
        let mut limit = pin!(None::<tokio::time::Sleep>);
        poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(Some(done));
            }
            while let Poll::Ready(signal) = self.poll(context) {
                if asked.replace(asked.unwrap_or(signal)).is_some() {
                    return Poll::Ready(None);
                }
                limit.set(Some(tokio::time::sleep(patience)));
            }
            match limit.as_mut().as_pin_mut() {
                Some(limit) => limit.poll(context).map(|()| None),
                None => Poll::Pending,
            }
        })
        .await
    }

    pub(crate) async fn wait(&mut self) -> Signal {
        poll_fn(|context| self.poll(context)).await
    }
}

impl Signal {
    /// How the signal is used to ask for the end.
    pub(crate) const fn interruption(self) -> Interruption {
        match self {
            Self::Interrupt => Interruption::Interrupt,
            Self::Terminate => Interruption::Terminate,
            Self::Hangup => Interruption::Hangup,
        }
    }

    /// Passes it on to a process, which may have ended by now.
    #[cfg(unix)]
    pub(crate) fn send(self, child: &Child) {
        use rustix::process::{Pid, Signal, kill_process};
        let signal = match self {
            Self::Interrupt => Signal::INT,
            Self::Terminate => Signal::TERM,
            Self::Hangup => Signal::HUP,
        };
        let pid = child
            .id()
            .and_then(|id| i32::try_from(id).ok())
            .and_then(Pid::from_raw);
        if let Some(pid) = pid {
            let _ = kill_process(pid, signal);
        }
    }

    /// Ctrl-C reaches every process of a console by itself.
    #[cfg(not(unix))]
    pub(crate) fn send(self, _: &Child) {}
}
