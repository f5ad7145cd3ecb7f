//! The process that runs a jq filter: this program once more, started by a hidden first argument.
//!
//! A filter can recurse without end until the stack overflows, which ends the process. So it runs in one that
//! has neither a key nor the outcome of a call. This file is its side; `filter` is the other side, which starts it.

use std::ffi::OsStr;
use std::io::{self, BufWriter, Read, Write};
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use super::jq::{Failed, Jq, Output, check_input};
use super::options::OutputError;

/// The first argument that makes a process one of these; no command has such a name.
pub const ARGUMENT: &str = "__jq";
/// How long a filter may run without giving a result.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
/// The code of a process whose filter took longer.
pub(super) const TOO_LONG: u8 = 75;
/// Deep enough for any filter that ends.
const STACK: usize = 64 * 1024 * 1024;
/// The memory limit of a filter, on systems with such a limit.
#[cfg(unix)]
const MEMORY: u64 = 4 * 1024 * 1024 * 1024;

/// The kinds of frames: one byte, the length as eight, the content.
pub(super) mod tag {
    /// To the worker: the filter's text.
    pub(in super::super) const FILTER: u8 = b'F';
    /// To the worker: inputs to run it on, each with its length in front.
    pub(in super::super) const RUN: u8 = b'R';
    /// To the worker: a text that may be an input.
    pub(in super::super) const CHECK: u8 = b'C';
    /// From the worker: a result that is a string.
    pub(in super::super) const TEXT: u8 = b'T';
    /// From the worker: a result that is not.
    pub(in super::super) const JSON: u8 = b'J';
    /// From the worker: this one is done.
    pub(in super::super) const DONE: u8 = b'D';
    /// From the worker: the filter failed, or does not compile.
    pub(in super::super) const FAILED: u8 = b'X';
    /// From the worker: the input cannot be read.
    pub(in super::super) const UNREADABLE: u8 = b'U';
}

/// Whether this process was started to be one.
pub fn is_wanted(first: Option<&OsStr>) -> bool {
    first.is_some_and(|first| first == ARGUMENT)
}

/// Serves until standard input ends. This thread only watches how long the other one takes.
pub fn serve() -> ExitCode {
    limit();
    let (watched, watch) = channel();
    let worker = thread::Builder::new().stack_size(STACK);
    let worker = worker.spawn(move || {
        // An error means that nobody reads or writes any more.
        let _ = work(&mut io::stdin().lock(), io::stdout().lock(), &watched);
    });
    if worker.is_err() {
        return ExitCode::FAILURE;
    }
    let mut busy = false;
    loop {
        let next = if busy {
            watch.recv_timeout(PATIENCE)
        } else {
            watch.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match next {
            Ok(now) => busy = now,
            Err(RecvTimeoutError::Timeout) => return TOO_LONG.into(),
            Err(RecvTimeoutError::Disconnected) => return ExitCode::SUCCESS,
        }
    }
}

/// Bounds what the filter can take, leaves no core dump, and ends with the process that started it.
#[cfg(unix)]
fn limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let lower = |resource, most: u64| {
        let now = getrlimit(resource);
        let least = |limit: Option<u64>| Some(limit.map_or(most, |limit| limit.min(most)));
        // A system that refuses leaves it to its own limits.
        let _ = setrlimit(
            resource,
            Rlimit {
                current: least(now.current),
                maximum: least(now.maximum),
            },
        );
    };
    lower(Resource::As, MEMORY);
    lower(Resource::Core, 0);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
}

#[cfg(not(unix))]
fn limit() {}

/// Reports to the watch when this thread waits and when it works.
struct Watched<W> {
    out: W,
    watch: Sender<bool>,
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tell(false);
        let written = self.out.write(bytes);
        self.tell(true);
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl<W> Watched<W> {
    fn tell(&self, busy: bool) {
        // The watch lives as long as the process.
        let _ = self.watch.send(busy);
    }
}

fn work(input: &mut impl Read, out: impl Write, watch: &Sender<bool>) -> io::Result<()> {
    let watched = Watched {
        out,
        watch: watch.clone(),
    };
    let mut out = BufWriter::with_capacity(64 * 1024, watched);
    let mut jq = None;
    loop {
        out.get_ref().tell(false);
        let (tag, content) = read_frame(input)?;
        out.get_ref().tell(true);
        match (tag, &jq) {
            (tag::FILTER, _) => match Jq::new(&text(content)?) {
                Ok(compiled) => {
                    jq = Some(compiled);
                    write_frame(&mut out, tag::DONE, b"")?;
                }
                Err(error) => write_frame(&mut out, tag::FAILED, refusal(&error).as_bytes())?,
            },
            (tag::RUN, Some(jq)) => run(jq, &content, &mut out)?,
            (tag::CHECK, _) => answer(
                check_input(&text(content)?).err(),
                tag::UNREADABLE,
                &mut out,
            )?,
            _ => return Err(io::ErrorKind::InvalidData.into()),
        }
        out.flush()?;
    }
}

/// Runs the filter on each input; after a failure the rest is left.
fn run(jq: &Jq, mut inputs: &[u8], out: &mut impl Write) -> io::Result<()> {
    while !inputs.is_empty() {
        let input = text(read_part(&mut inputs)?)?;
        let ran = jq.run(&input, |output| match output {
            Output::Text(text) => write_frame(out, tag::TEXT, text.as_bytes()),
            Output::Json(text) => write_frame(out, tag::JSON, text.as_bytes()),
        });
        match ran {
            Ok(()) => answer(None, tag::DONE, out)?,
            Err(Failed::Unreadable(reason)) => answer(Some(reason), tag::UNREADABLE, out)?,
            Err(Failed::Filter(reason)) => return answer(Some(reason), tag::FAILED, out),
            Err(Failed::Passing(error)) => return Err(error),
        }
    }
    Ok(())
}

fn answer(reason: Option<String>, bad: u8, out: &mut impl Write) -> io::Result<()> {
    match reason {
        None => write_frame(out, tag::DONE, b""),
        Some(reason) => write_frame(out, bad, reason.as_bytes()),
    }
}

/// Why a filter does not compile: its place if it has one, a line end, the reason.
fn refusal(error: &OutputError) -> String {
    match error {
        OutputError::Jq { position, message } => format!("{position}\n{message}"),
        OutputError::JqSize(message) => format!("\n{message}"),
        other => format!("\n{other}"),
    }
}

fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Writes one frame.
pub(super) fn write_frame(out: &mut impl Write, tag: u8, content: &[u8]) -> io::Result<()> {
    out.write_all(&[tag])?;
    write_part(out, content)
}

/// Writes a length and what has it.
pub(super) fn write_part(out: &mut impl Write, content: &[u8]) -> io::Result<()> {
    out.write_all(&(content.len() as u64).to_le_bytes())?;
    out.write_all(content)
}

/// Reads one frame.
pub(super) fn read_frame(input: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut tag = [0];
    input.read_exact(&mut tag)?;
    Ok((tag[0], read_part(input)?))
}

fn read_part(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    let mut content = Vec::new();
    input.take(length).read_to_end(&mut content)?;
    if (content.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(content)
}
