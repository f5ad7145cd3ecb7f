//! A window that moves over a file: memory stays that of one row, and the hash of the whole grows with it.

use std::io;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::source::Source;

/// How much is read at once.
const CHUNK: usize = 256 * 1024;

/// The byte order mark of UTF-8.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// What of the file is in memory: from the byte that nobody has taken yet.
#[derive(Debug)]
pub(super) struct Window {
    source: Arc<Source>,
    buffer: Vec<u8>,
    head: usize,
    tail: usize,
    read: u64,
    ended: bool,
    hash: Sha256,
}

impl Window {
    /// A window at the beginning of a file, behind its byte order mark.
    pub(super) fn new(source: Arc<Source>) -> io::Result<Self> {
        let mut window = Self {
            source,
            buffer: Vec::new(),
            head: 0,
            tail: 0,
            read: 0,
            ended: false,
            hash: Sha256::new(),
        };
        window.grow()?;
        if window.bytes().starts_with(BOM) {
            window.skip(BOM.len());
        }
        Ok(window)
    }

    /// What is there.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.head..self.tail]
    }

    /// Where it begins in the file.
    pub(super) fn offset(&self) -> u64 {
        self.read - (self.tail - self.head) as u64
    }

    /// Takes bytes away at the front.
    pub(super) fn skip(&mut self, count: usize) {
        self.head += count;
    }

    /// Reads on; false at the end of the file.
    pub(super) fn grow(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        self.buffer.copy_within(self.head..self.tail, 0);
        self.tail -= self.head;
        self.head = 0;
        if self.buffer.len() < self.tail + CHUNK {
            self.buffer.resize(self.tail + CHUNK, 0);
        }
        let count = self.source.read(&mut self.buffer[self.tail..], self.read)?;
        self.hash.update(&self.buffer[self.tail..self.tail + count]);
        self.tail += count;
        self.read += count as u64;
        self.ended = count == 0;
        Ok(count > 0)
    }

    /// The SHA-256 of the file, once its end was reached.
    pub(super) fn digest(&self) -> Option<[u8; 32]> {
        self.ended.then(|| self.hash.clone().finalize().into())
    }
}
