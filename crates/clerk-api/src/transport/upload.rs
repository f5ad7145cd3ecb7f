//! Requests whose bodies are too large for memory: files on their way to an object store.

use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use ::hyper::body::{Body, Frame, SizeHint};
use bytes::Bytes;

/// So many bytes are read at a time.
const PIECE: u64 = 256 * 1024;

/// A body that is read while it is sent.
pub(super) struct Upload {
    source: Box<dyn Read + Send>,
    /// How many bytes are left.
    left: u64,
    /// How many bytes the connection took.
    taken: Arc<AtomicU64>,
}

impl Upload {
    /// A body of so many bytes, and how many of them the connection took.
    pub(super) fn of(source: impl Read + Send + 'static, length: u64) -> (Self, Arc<AtomicU64>) {
        let taken = Arc::new(AtomicU64::new(0));
        let upload = Self {
            source: Box::new(source),
            left: length,
            taken: Arc::clone(&taken),
        };
        (upload, taken)
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let mut piece = vec![0; usize::try_from(self.left.min(PIECE)).unwrap_or(0)];
        let read = match self.source.read(&mut piece) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            read => read,
        };
        Poll::Ready(Some(read.map(|read| {
            piece.truncate(read);
            self.left -= read as u64;
            self.taken.fetch_add(read as u64, Ordering::Relaxed);
            Frame::data(piece.into())
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
