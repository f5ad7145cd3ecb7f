//! A jq filter at work: what it is run on, who runs it, and what comes back.
//!
//! It sees what the format would print: one row at a time for NDJSON, the whole document for the others. The document of a
//! walk is collected, so it has a limit.

use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::jq::{Failed, Jq, Output, check_input};
use super::options::{OutputError, RenderError};
use super::worker::{self, read_frame, tag, write_frame, write_part};

/// What is done with a result.
pub(super) type Each<'a> = dyn FnMut(Output) -> Result<(), RenderError> + 'a;

/// The result of one input: nothing, or why it could not be read.
pub(super) type Read = Result<(), String>;

/// A compiled filter.
pub(super) enum Filter {
    /// In this process.
    Here(Jq),
    /// In a process of its own.
    Apart(Box<Worker>),
}

impl Filter {
    /// Compiles a filter, in a process of its own where a program for it is named.
    pub(super) fn new(code: &str, program: Option<&Path>) -> Result<Self, OutputError> {
        Ok(match program {
            Some(program) => Self::Apart(Box::new(Worker::start(program, code)?)),
            None => Self::Here(Jq::new(code)?),
        })
    }

    /// Runs it on each input; says of each whether it could be read.
    pub(super) fn run(
        &mut self,
        inputs: &[impl AsRef<str>],
        each: &mut Each<'_>,
    ) -> Result<Vec<Read>, RenderError> {
        match self {
            Self::Here(jq) => {
                let run = |input: &str| match jq.run(input, &mut *each) {
                    Ok(()) => Ok(Ok(())),
                    Err(Failed::Unreadable(reason)) => Ok(Err(reason)),
                    Err(Failed::Filter(reason)) => Err(RenderError::Jq(reason)),
                    Err(Failed::Passing(error)) => Err(error),
                };
                inputs.iter().map(AsRef::as_ref).map(run).collect()
            }
            Self::Apart(worker) => worker.run(inputs, each),
        }
    }

    /// Whether a text can be an input.
    pub(super) fn check(&mut self, input: &str) -> Result<Read, RenderError> {
        match self {
            Self::Here(_) => Ok(check_input(input)),
            Self::Apart(worker) => worker.check(input),
        }
    }
}

/// The process that runs it. It ends when its standard input does.
pub(super) struct Worker {
    child: Child,
    to: BufWriter<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Worker {
    fn start(program: &Path, code: &str) -> Result<Self, OutputError> {
        let mut worker = Self::spawn(program).map_err(OutputError::Start)?;
        match worker.ask(tag::FILTER, code) {
            Ok((tag::DONE, _)) => Ok(worker),
            Ok((_, refusal)) => Err(refused(&String::from_utf8_lossy(&refusal))),
            Err(error) => Err(worker.did_not_compile(error)),
        }
    }

    /// The error for a process that ended before the filter was compiled: it overflowed, or it is not this program.
    fn did_not_compile(&mut self, error: io::Error) -> OutputError {
        let status = self.child.wait().ok();
        match status.and_then(|status| status.code()) {
            Some(0..=255) => OutputError::Start(error),
            _ => OutputError::JqSize("it is nested too deeply to compile".to_owned()),
        }
    }

    fn spawn(program: &Path) -> io::Result<Self> {
        let mut command = Command::new(program);
        command
            .arg(worker::ARGUMENT)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        // Ctrl-C is for this process. It reports what was done, and needs the filter for that.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        Ok(Self {
            child,
            to: BufWriter::with_capacity(64 * 1024, to),
            from: BufReader::with_capacity(64 * 1024, from),
        })
    }

    /// Sends one frame and reads the one that answers it.
    fn ask(&mut self, tag: u8, content: &str) -> io::Result<(u8, Vec<u8>)> {
        write_frame(&mut self.to, tag, content.as_bytes())?;
        self.to.flush()?;
        read_frame(&mut self.from)
    }

    fn send(&mut self, inputs: &[impl AsRef<str>]) -> io::Result<()> {
        let length: usize = inputs.iter().map(|input| input.as_ref().len() + 8).sum();
        self.to.write_all(&[tag::RUN])?;
        self.to.write_all(&(length as u64).to_le_bytes())?;
        for input in inputs {
            write_part(&mut self.to, input.as_ref().as_bytes())?;
        }
        self.to.flush()
    }

    fn run(
        &mut self,
        inputs: &[impl AsRef<str>],
        each: &mut Each<'_>,
    ) -> Result<Vec<Read>, RenderError> {
        self.send(inputs).map_err(|_| self.died())?;
        let mut read = Vec::new();
        while read.len() < inputs.len() {
            let (tag, content) = read_frame(&mut self.from).map_err(|_| self.died())?;
            let text = String::from_utf8_lossy(&content).into_owned();
            match tag {
                tag::TEXT => each(Output::Text(text))?,
                tag::JSON => each(Output::Json(text))?,
                tag::DONE => read.push(Ok(())),
                tag::UNREADABLE => read.push(Err(text)),
                _ => return Err(RenderError::Jq(text)),
            }
        }
        Ok(read)
    }

    fn check(&mut self, input: &str) -> Result<Read, RenderError> {
        match self.ask(tag::CHECK, input).map_err(|_| self.died())? {
            (tag::DONE, _) => Ok(Ok(())),
            (_, reason) => Ok(Err(String::from_utf8_lossy(&reason).into_owned())),
        }
    }

    /// What to say of a process that ended in the middle.
    fn died(&mut self) -> RenderError {
        let code = self.child.wait().ok().and_then(|status| status.code());
        RenderError::Jq(if code == Some(i32::from(worker::TOO_LONG)) {
            format!("it ran for more than {} s", worker::PATIENCE.as_secs())
        } else {
            "it recursed too deeply or took too much memory".to_owned()
        })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may be in the middle of a result that is no longer wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The reason as the worker wrote it: the place if there is one, a line end, the message.
fn refused(refusal: &str) -> OutputError {
    let (position, message) = refusal.split_once('\n').unwrap_or(("", refusal));
    let message = message.to_owned();
    match position.parse() {
        Ok(position) => OutputError::Jq { position, message },
        Err(_) => OutputError::JqSize(message),
    }
}
