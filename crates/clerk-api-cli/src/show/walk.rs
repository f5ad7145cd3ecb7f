//! `--all`: every page of a list, fetched on a thread of its own while the page before is printed.
//!
//! At most two pages wait, so memory stays constant however slow the reader is.

use std::io::{self, Write};
use std::thread;

use clerk_api::list::Page;
use clerk_api::{Error, Pager, Walk};
use tokio::sync::mpsc::{Sender, channel};

use clerk_api_admin::format::{RenderError, Renderer, Report};

/// How many pages may wait to be printed.
const WAITING: usize = 2;

/// How a walk ended.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// The rows that were printed.
    pub(crate) rows: u64,
    /// How many rows match in all, where the API says so.
    pub(crate) total: Option<u64>,
    /// Whether the walk ended by its own limit and there are more rows.
    pub(crate) more: bool,
    /// Whether a page came at all.
    pub(crate) answered: bool,
    /// What the client knows of it: whether all rows are known to have come.
    pub(crate) walk: Walk,
    /// What the user should know about the output.
    pub(crate) report: Report,
    /// Why it ended early; what was printed before is well-formed.
    pub(crate) failure: Option<Failure>,
}

/// Why a walk ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A page could not be fetched.
    #[error(transparent)]
    Fetch(Box<Error>),
    /// A row could not be written.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// Neither a thread nor a runtime could be started.
    #[error("cannot start the walk")]
    Start(#[source] io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Render(RenderError::Write(error))
    }
}

/// Fetches all pages and prints their rows; `progress` is called after each page with the rows so far and the total. After `enough` rows
/// were printed, no page is asked for any more.
pub(crate) async fn walk(
    pager: Pager,
    renderer: &mut Renderer,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64, Option<u64>),
    enough: Option<u64>,
) -> Walked {
    let fetch = move |pages: Sender<Result<Page, Failure>>| send_all(pager, &pages);
    print_all(fetch, renderer, out, progress, enough).await
}

/// Runs the pager to its end, or until the receiver is gone.
fn send_all(mut pager: Pager, pages: &Sender<Result<Page, Failure>>) -> Walk {
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            // without a receiver there is nothing to report
            let _ = pages.blocking_send(Err(Failure::Start(error)));
            return pager.walk();
        }
    };
    runtime.block_on(async {
        // The reader may be slow, such as a pager that a person pages through.
        while let Ok(room) = pager.meanwhile(pages.reserve()).await
            && let Some(page) = pager.next().await
        {
            room.send(page.map_err(|error| Failure::Fetch(Box::new(error))));
        }
    });
    pager.walk()
}

/// What a walk needs of a page.
trait Rows: Send + 'static {
    fn print(&self, renderer: &mut Renderer, out: &mut dyn Write) -> Result<u64, RenderError>;
    /// The whole response.
    fn text(&self) -> &str;
    fn total(&self) -> Option<u64>;
    fn more(&self) -> bool;
}

impl Rows for Page {
    fn print(&self, renderer: &mut Renderer, out: &mut dyn Write) -> Result<u64, RenderError> {
        renderer.page(self.text(), self.rows(), out)
    }

    fn text(&self) -> &str {
        // It was checked as UTF-8 while it was read.
        std::str::from_utf8(self.raw()).unwrap_or_default()
    }

    fn total(&self) -> Option<u64> {
        self.total_count
    }

    fn more(&self) -> bool {
        self.more
    }
}

async fn print_all<P: Rows>(
    fetch: impl FnOnce(Sender<Result<P, Failure>>) -> Walk + Send + 'static,
    renderer: &mut Renderer,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64, Option<u64>),
    enough: Option<u64>,
) -> Walked {
    let mut walked = Walked::default();
    let (sender, mut pages) = channel(WAITING);
    let fetcher = thread::Builder::new().name("walk".to_owned());
    let fetcher = match fetcher.spawn(move || fetch(sender)) {
        Ok(fetcher) => fetcher,
        Err(error) => {
            walked.failure = Some(Failure::Start(error));
            return walked;
        }
    };
    while walked.failure.is_none() {
        let Some(page) = pages.recv().await else {
            break;
        };
        walked.failure = page
            .and_then(|page| print_page(&page, &mut walked, renderer, out, progress))
            .err();
        if enough.is_some_and(|enough| walked.rows >= enough) {
            walked.more = true;
            break;
        }
    }
    drop(pages);
    let nothing_came = walked.failure.is_none() && !walked.answered;
    if nothing_came {
        walked.failure = renderer.list_start(None, out).err().map(Failure::Render);
    }
    // What was written stays well-formed; half a document is nothing that a filter should see.
    let ends = match &walked.failure {
        None => true,
        Some(Failure::Render(_)) => false,
        Some(_) => walked.answered && !renderer.needs_whole(),
    };
    if ends {
        match renderer
            .list_end(out)
            .and_then(|report| Ok(out.flush().map(|()| report)?))
        {
            Ok(report) => walked.report = report,
            Err(error) => walked.failure = walked.failure.or(Some(Failure::Render(error))),
        }
    }
    // After a failure the fetcher may still wait for the network; it ends with the process.
    if walked.failure.is_none() {
        match fetcher.join() {
            Ok(walk) => walked.walk = walk,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    walked
}

fn print_page<P: Rows>(
    page: &P,
    walked: &mut Walked,
    renderer: &mut Renderer,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(u64, Option<u64>),
) -> Result<(), Failure> {
    if !std::mem::replace(&mut walked.answered, true) {
        renderer.list_start(Some(page.text()), out)?;
    }
    walked.rows += page.print(renderer, out)?;
    renderer.pause(out)?;
    walked.total = walked.total.or(page.total());
    walked.more = page.more();
    out.flush()?;
    progress(walked.rows, walked.total);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, mpsc};

    use super::*;
    use clerk_api_admin::format::{Format, OutputOptions};

    struct Fake(Vec<&'static str>);

    impl Rows for Fake {
        fn text(&self) -> &'static str {
            "[]"
        }

        fn print(&self, renderer: &mut Renderer, out: &mut dyn Write) -> Result<u64, RenderError> {
            for row in &self.0 {
                renderer.row(row, out)?;
            }
            Ok(self.0.len() as u64)
        }

        fn total(&self) -> Option<u64> {
            Some(9)
        }

        fn more(&self) -> bool {
            self.0.len() == 1
        }
    }

    fn print(
        fetch: impl FnOnce(Sender<Result<Fake, Failure>>) -> Walk + Send + 'static,
        renderer: &mut Renderer,
        out: &mut dyn Write,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Walked {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime
            .unwrap()
            .block_on(print_all(fetch, renderer, out, progress, None))
    }

    fn renderer(format: Format) -> Renderer {
        let options = OutputOptions {
            format,
            ..OutputOptions::default()
        };
        Renderer::new(&options).unwrap()
    }

    fn printed(pages: Vec<Result<Fake, Failure>>) -> (String, Walked) {
        let mut out = Vec::new();
        let fetch = move |sender: Sender<Result<Fake, Failure>>| {
            for page in pages {
                sender.blocking_send(page).unwrap();
            }
            Walk::default()
        };
        let walked = print(fetch, &mut renderer(Format::Json), &mut out, &mut |_, _| {});
        (String::from_utf8(out).unwrap(), walked)
    }

    #[test]
    fn pages_become_one_array() {
        let (out, walked) = printed(vec![
            Ok(Fake(vec!["1", "2"])),
            Ok(Fake(vec![])),
            Ok(Fake(vec!["3"])),
        ]);
        assert_eq!(out, "[1,2,3]\n");
        assert_eq!((walked.rows, walked.total, walked.more), (3, Some(9), true));
        assert!(walked.failure.is_none());
        assert_eq!(printed(vec![]).0, "[]\n");
    }

    #[test]
    fn a_failure_in_the_middle_closes_the_array() {
        let failure = Failure::Start(io::Error::other("cut"));
        let (out, walked) = printed(vec![Ok(Fake(vec!["1", "2"])), Err(failure)]);
        assert_eq!(out, "[1,2]\n");
        assert_eq!(walked.rows, 2);
        assert!(matches!(walked.failure, Some(Failure::Start(_))));
    }

    #[test]
    fn a_closed_pipe_ends_the_fetching_at_once() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (ended, end) = mpsc::channel();
        let sent = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&sent);
        let fetch = move |sender: Sender<Result<Fake, Failure>>| {
            while sender.blocking_send(Ok(Fake(vec!["1"]))).is_ok() {
                counted.fetch_add(1, Ordering::Relaxed);
            }
            ended.send(()).unwrap();
            Walk::default()
        };
        let walked = print(
            fetch,
            &mut renderer(Format::Ndjson),
            &mut Closed,
            &mut |_, _| {},
        );
        assert!(matches!(
            walked.failure,
            Some(Failure::Render(RenderError::Write(_)))
        ));
        end.recv().unwrap();
        assert!(sent.load(Ordering::Relaxed) <= WAITING + 1);
    }

    #[test]
    fn a_panic_while_fetching_is_not_taken_for_the_end() {
        let fetch = |_: Sender<Result<Fake, Failure>>| -> Walk {
            std::panic::resume_unwind(Box::new("bug"))
        };
        let walk = std::panic::AssertUnwindSafe(|| {
            print(
                fetch,
                &mut renderer(Format::Json),
                &mut Vec::new(),
                &mut |_, _| {},
            );
        });
        assert!(std::panic::catch_unwind(walk).is_err());
    }

    #[test]
    fn progress_is_told_after_each_page() {
        let mut seen = Vec::new();
        let fetch = |sender: Sender<Result<Fake, Failure>>| {
            sender.blocking_send(Ok(Fake(vec!["1", "2"]))).unwrap();
            sender.blocking_send(Ok(Fake(vec!["3"]))).unwrap();
            Walk::default()
        };
        let mut note = |rows, total| seen.push((rows, total));
        let walked = print(
            fetch,
            &mut renderer(Format::Ids),
            &mut Vec::new(),
            &mut note,
        );
        assert_eq!(walked.report.left_out, 3);
        assert_eq!(seen, [(2, Some(9)), (3, Some(9))]);
        seen.clear();
        let fetch = |sender: Sender<Result<Fake, Failure>>| {
            sender.blocking_send(Ok(Fake(vec!["1", "2"]))).unwrap();
            sender.blocking_send(Ok(Fake(vec!["3"]))).unwrap();
            Walk::default()
        };
        let mut note = |rows, total| seen.push((rows, total));
        print(
            fetch,
            &mut renderer(Format::Ndjson),
            &mut Vec::new(),
            &mut note,
        );
        assert_eq!(seen, [(2, Some(9)), (3, Some(9))]);
    }
}
