//! Work that blocks or computes for long, beside the threads that serve.

use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

/// Runs the work on a thread for such; `None` if it panics.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (tell, told) = oneshot::channel();
    start(Box::new(move || {
        // A caller that has hung up does not matter.
        let _ = tell.send(work());
    }));
    told.await.ok()
}

/// Boxed, so that tokio's tasks are compiled once and not for each closure.
fn start(work: Box<dyn FnOnce() + Send>) {
    drop(spawn_blocking(work));
}
