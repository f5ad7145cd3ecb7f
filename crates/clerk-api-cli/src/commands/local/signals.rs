//! The signals that end what runs in the foreground.

use std::future::poll_fn;
use std::task::{Context, Poll};

use tokio::process::Child;

use crate::error::{Failure, Outcome};

/// A wish that something end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(unix),
    expect(dead_code, reason = "other systems know Ctrl-C only")
)]
pub(super) enum Signal {
    Interrupt,
    Terminate,
    Hangup,
}

#[cfg(unix)]
pub(super) struct Signals(Vec<(Signal, tokio::signal::unix::Signal)>);

#[cfg(unix)]
impl Signals {
    pub(super) fn new() -> Outcome<Self> {
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
            .map_err(|error| Failure::io("cannot listen for signals", &error))
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Signal> {
        for (which, signal) in &mut self.0 {
            if signal.poll_recv(context).is_ready() {
                return Poll::Ready(*which);
            }
        }
        Poll::Pending
    }
}

#[cfg(not(unix))]
pub(super) struct Signals(tokio::signal::windows::CtrlC);

#[cfg(not(unix))]
impl Signals {
    pub(super) fn new() -> Outcome<Self> {
        tokio::signal::windows::ctrl_c()
            .map(Self)
            .map_err(|error| Failure::io("cannot listen for signals", &error))
    }

    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Signal> {
        self.0.poll_recv(context).map(|_| Signal::Interrupt)
    }
}

impl Signals {
    pub(super) async fn wait(&mut self) -> Signal {
        poll_fn(|context| self.poll(context)).await
    }
}

impl Signal {
    /// Passes it on to a process, which may have ended by now.
    #[cfg(unix)]
    pub(super) fn send(self, child: &Child) {
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
    pub(super) fn send(self, _: &Child) {}
}
