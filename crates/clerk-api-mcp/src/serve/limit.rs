//! What ends a call before its work does: the client gives it up, or its time is over (reliability.md 10.4).

use std::time::Duration;

use clerk_api_admin::phrase::duration;
use clerk_api_admin::problem::{Problem, ProblemKind};
use tokio::sync::mpsc;

use super::client::{Context, notify};
use crate::approval::Ended;
use crate::turn::{Progress, Turn};

/// The time of a call is counted in so many steps.
const STEPS: u32 = 60;

/// Runs the work of a call until it ends, the client gives it up, or its time is over; the time that a person takes does not count.
pub(super) async fn limited<T>(
    turn: &Turn,
    progress: Option<mpsc::UnboundedReceiver<Progress>>,
    context: &Context,
    work: impl Future<Output = Ended<T>>,
) -> Ended<T> {
    let mut work = std::pin::pin!(work);
    let longest = turn.session.settings.longest;
    let step = longest / STEPS;
    let mut steps = tokio::time::interval(step);
    let mut passed = Duration::ZERO;
    let mut progress = progress;
    let mut told = 0;
    loop {
        tokio::select! {
            ended = &mut work => return ended,
            () = context.ct.cancelled() => return Err(ended_early("cancelled", "the client gave the call up").into()),
            Some(far) = heard(&mut progress) => {
                if far.0 > told || told == 0 {
                    told = far.0.max(1);
                    notify(context, far).await;
                }
            }
            _ = steps.tick() => {
                passed += if turn.waits.get() { Duration::ZERO } else { step };
                if passed > longest {
                    let message = format!("the call took longer than {}", duration(longest));
                    return Err(ended_early("timeout", &message).into());
                }
            }
        }
    }
}

/// The next report of progress; where there are none, nothing ever comes.
async fn heard<T>(progress: &mut Option<mpsc::UnboundedReceiver<T>>) -> Option<T> {
    match progress {
        Some(receiver) => match receiver.recv().await {
            None => std::future::pending().await,
            some => some,
        },
        None => std::future::pending().await,
    }
}

fn ended_early(code: &'static str, message: &str) -> Box<Problem> {
    let mut problem = Problem::new(ProblemKind::Later, code, message);
    problem.sent = clerk_api::Sent::Unknown;
    problem
}
