//! A response on its way from a call to the walk that made it, before it is checked: the walk can ask for the next page already.

use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;

use bytes::Bytes;

/// Where a call shows its response before it spends time on checking it.
#[derive(Default)]
pub(crate) struct Prefetch(Mutex<Option<Bytes>>);

impl Prefetch {
    /// Shows it, and lets the caller that waits act on it first.
    pub(crate) async fn show(&self, body: &Bytes) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(body.clone());
        give_way().await;
    }

    /// What was shown since the last look.
    pub(crate) fn take(&self) -> Option<Bytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Lets the task that polls this continue once before it continues itself.
async fn give_way() {
    let mut gave = false;
    poll_fn(|context| {
        if gave {
            return Poll::Ready(());
        }
        gave = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
