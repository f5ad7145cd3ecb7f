//! How many requests are in flight at once (reliability.md 3.5). Rows are claimed a little ahead, so that requests need not wait for the disk.

use std::cell::Cell;

use tokio::sync::Notify;

/// The requests in flight, and those that wait to be.
#[derive(Debug, Default)]
pub(super) struct Slots {
    taken: Cell<usize>,
    /// Nothing goes out: what waits gives its rows back.
    closed: Cell<bool>,
    changed: Notify,
}

impl Slots {
    /// Waits until fewer than `most` requests are in flight. Says whether one may go: if not, there is a pause or the run ends.
    pub(super) async fn take(&self, most: impl Fn() -> usize) -> bool {
        loop {
            if self.closed.get() {
                return false;
            }
            if self.taken.get() < most() {
                self.taken.set(self.taken.get() + 1);
                // There may be room for another one, as `most` grows.
                self.changed.notify_one();
                return true;
            }
            self.changed.notified().await;
        }
    }

    /// A request has its result.
    pub(super) fn give_back(&self) {
        self.taken.set(self.taken.get() - 1);
        self.changed.notify_one();
    }

    /// Says whether requests may go out.
    pub(super) fn set_open(&self, open: bool) {
        self.closed.set(!open);
        if !open {
            self.changed.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    use super::Slots;

    /// What a future came to so far.
    async fn so_far<F: Future>(future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        let mut future = future;
        poll_fn(|context| {
            Poll::Ready(match future.as_mut().poll(context) {
                Poll::Ready(output) => Some(output),
                Poll::Pending => None,
            })
        })
        .await
    }

    #[tokio::test]
    async fn a_request_waits_for_the_result_of_another_one() {
        let slots = Slots::default();
        let mut second = pin!(slots.take(|| 1));
        assert!(slots.take(|| 1).await);
        assert_eq!(so_far(second.as_mut()).await, None);
        slots.give_back();
        assert_eq!(so_far(second).await, Some(true));
    }

    #[tokio::test]
    async fn what_waits_does_not_go_once_nothing_may() {
        let slots = Slots::default();
        let mut waiting = pin!(slots.take(|| 1));
        assert!(slots.take(|| 1).await);
        assert_eq!(so_far(waiting.as_mut()).await, None);
        slots.set_open(false);
        assert_eq!(so_far(waiting).await, Some(false));
        slots.set_open(true);
        slots.give_back();
        assert!(slots.take(|| 1).await);
    }
}
