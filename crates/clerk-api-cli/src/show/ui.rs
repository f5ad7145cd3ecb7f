//! The terminal: the only file that writes to standard output and standard error, besides the list in `picker.rs`.

use std::io::{self, BufRead as _, BufWriter, IsTerminal as _, Write};

use clerk_api_admin::format::json;
use clerk_api_admin::problem::{Problem, ProblemKind};
use clerk_api_admin::text::redact::{redact, redact_value};
use clerk_api_admin::text::sanitize;
use clerk_api_admin::text::secrets::Secrets;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::failure;

/// When to use colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ColorWhen {
    #[default]
    Auto,
    Always,
    Never,
}

/// What the environment says about colors.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ColorEnv {
    pub(crate) no_color: bool,
    pub(crate) force: bool,
    pub(crate) dumb: bool,
    /// Whether the terminal can only print lines.
    pub(crate) plain: bool,
}

/// How to write to the terminal or pipe; decided once.
#[derive(Debug)]
pub(crate) struct Ui {
    pub(crate) stdin_terminal: bool,
    pub(crate) stdout_terminal: bool,
    /// Whether a file takes the output.
    pub(crate) stdout_file: bool,
    pub(crate) stderr_terminal: bool,
    pub(crate) color_out: bool,
    pub(super) color_err: bool,
    /// Whether the terminal can do more than print lines.
    pub(super) draws: bool,
    pub(crate) quiet: bool,
    pub(crate) verbose: u8,
    /// What no output shows.
    pub(crate) secrets: Secrets,
}

impl Ui {
    /// Looks at the terminal. The flag goes before the environment.
    pub(crate) fn new(when: ColorWhen, env: ColorEnv, quiet: bool, verbose: u8) -> Self {
        let stdout_terminal = io::stdout().is_terminal();
        let stderr_terminal = io::stderr().is_terminal();
        let color = |terminal: bool| match when {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto if env.no_color => false,
            ColorWhen::Auto => env.force || (terminal && !env.dumb),
        };
        Self {
            stdin_terminal: io::stdin().is_terminal(),
            stdout_terminal,
            stdout_file: is_file(&io::stdout()),
            stderr_terminal,
            color_out: color(stdout_terminal),
            color_err: color(stderr_terminal),
            draws: stderr_terminal && !env.plain,
            quiet,
            verbose,
            secrets: Secrets::default(),
        }
    }

    /// Standard output, buffered. The caller flushes it.
    #[expect(clippy::unused_self, reason = "output is reached through the Ui only")]
    pub(crate) fn out(&self) -> BufWriter<io::StdoutLock<'static>> {
        BufWriter::with_capacity(64 * 1024, io::stdout().lock())
    }

    /// Standard output for a thread of its own, buffered. The writer flushes it.
    #[expect(clippy::unused_self, reason = "output is reached through the Ui only")]
    pub(crate) fn stream(&self) -> Box<dyn Write + Send> {
        Box::new(BufWriter::with_capacity(64 * 1024, io::stdout()))
    }

    /// Writes a text of ours (help, a man page) to standard output.
    pub(crate) fn print(&self, text: &str) -> Result<(), Box<Problem>> {
        let mut out = self.out();
        out.write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .map_err(|error| Problem::output(&error))
    }

    /// Whether someone can be asked.
    pub(crate) const fn can_ask(&self) -> bool {
        self.stdin_terminal && self.stderr_terminal
    }

    /// One line that the reader must see, on a terminal or not.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            self.line("note", "36", text);
        }
    }

    /// What a command came to, besides its output: a note at a terminal, elsewhere one JSON object for programs.
    pub(crate) fn result(&self, text: &str, facts: &Value) {
        if self.stderr_terminal {
            return self.note(text);
        }
        if self.quiet {
            return;
        }
        let mut facts = facts.clone();
        facts["message"] = text.into();
        redact_value(&mut facts, &self.secrets);
        self.raw(&json::compact(&facts.to_string()));
    }

    /// One line for a person at a terminal.
    pub(crate) fn tell(&self, text: &str) {
        if self.stderr_terminal && !self.quiet {
            self.plain(text);
        }
    }

    /// Shows at a terminal what a call waits for; does nothing without a terminal.
    pub(crate) fn waiting_teller(&self) -> Option<impl Fn(&clerk_api::Waiting) + use<>> {
        let over_progress = self.shows_progress();
        (self.stderr_terminal && !self.quiet).then_some(move |waiting: &clerk_api::Waiting| {
            let text = redact(&waiting.to_string(), &Secrets::default());
            let clear = if over_progress { "\r\x1b[K" } else { "" };
            let mut err = io::stderr().lock();
            let _ = writeln!(err, "{clear}waiting: {}", sanitize::text(&text));
        })
    }

    /// Warns of what goes wrong within a call and stops nothing; not where all is to be quiet, as completion is.
    pub(crate) fn warner(&self) -> impl Fn(&str) + Send + Sync + use<> {
        let (over_progress, quiet) = (self.shows_progress(), self.quiet);
        move |text: &str| {
            if quiet {
                return;
            }
            let text = redact(text, &Secrets::default());
            let text = sanitize::text(&text);
            let clear = if over_progress { "\r\x1b[K" } else { "" };
            let mut err = io::stderr().lock();
            let _ = writeln!(err, "{clear}warning: {text}");
        }
    }

    /// One line for those who asked for details.
    pub(crate) fn detail(&self, level: u8, text: &str) {
        if self.verbose >= level {
            self.line("debug", "2", text);
        }
    }

    /// How far a walk is, over the line before; for a person who sees no rows go by.
    pub(crate) fn progress(&self, rows: u64, total: Option<u64>) {
        if self.shows_progress() {
            let of = total.map_or_else(String::new, |total| format!(" of {total}"));
            let mut err = io::stderr().lock();
            let _ = write!(err, "\r\x1b[K{rows} rows{of}").and_then(|()| err.flush());
        }
    }

    /// A bar for so many rows, at a terminal.
    pub(crate) fn bar(&self, rows: u64) -> Option<ProgressBar> {
        self.bar_like(rows, "{bar:24} {pos}/{len} rows, {wide_msg}")
    }

    /// The same for bytes on their way.
    pub(crate) fn bar_of_bytes(&self, bytes: u64) -> Option<ProgressBar> {
        self.bar_like(bytes, "{bar:24} {bytes}/{total_bytes}, {wide_msg}")
    }

    fn bar_like(&self, length: u64, template: &str) -> Option<ProgressBar> {
        if !self.stderr_terminal || self.quiet {
            return None;
        }
        let style = ProgressStyle::with_template(template);
        let bar = ProgressBar::new(length);
        bar.set_style(
            style
                .unwrap_or_else(|_| ProgressStyle::default_bar())
                .progress_chars("=> "),
        );
        Some(bar)
    }

    /// Takes the progress line away.
    pub(crate) fn progress_end(&self) {
        if self.shows_progress() {
            let mut err = io::stderr().lock();
            let _ = write!(err, "\r\x1b[K").and_then(|()| err.flush());
        }
    }

    const fn shows_progress(&self) -> bool {
        self.stderr_terminal && !self.stdout_terminal && !self.quiet
    }

    /// Something that is wrong but stops nothing.
    pub(crate) fn warn(&self, text: &str) {
        self.line("warning", "33", text);
    }

    /// A failure: sentences at a terminal, one JSON object elsewhere.
    pub(crate) fn failure(&self, failure: &Problem) {
        if failure.kind == ProblemKind::Closed {
            return;
        }
        if !self.stderr_terminal {
            let object = failure::json(failure, &self.secrets);
            self.raw(&json::compact(&object.to_string()));
            return;
        }
        let row = failure.row.as_ref();
        let place = row.map_or_else(String::new, |row| format!("row {}: ", row.number));
        self.line("error", "1;31", &format!("{place}{}", failure.message));
        for cause in failure.causes(&self.secrets) {
            self.line("  because", "2", &cause);
        }
        if let Some(facts) = failure.facts() {
            self.line("  answer", "2", &facts);
        }
        for hint in failure::hints(failure) {
            self.line("hint", "36", &hint);
        }
    }

    /// A help text of ours, for a command line that asked for too little.
    pub(crate) fn help(&self, text: &str) {
        for line in text.lines() {
            self.plain(line);
        }
    }

    /// Asks, and returns the line that was typed, or nothing if there was none.
    pub(crate) fn ask(&self, question: &str) -> Option<String> {
        let shown = redact(&sanitize::text(question), &self.secrets);
        let mut err = io::stderr().lock();
        let _ = write!(err, "{shown} ").and_then(|()| err.flush());
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line).ok()?;
        if read == 0 {
            let _ = writeln!(err);
            return None;
        }
        Some(line.trim().to_owned())
    }

    fn line(&self, label: &str, color: &str, text: &str) {
        let text = redact(text, &self.secrets);
        for (index, part) in text.lines().enumerate() {
            let part = sanitize::text(part);
            match (index, self.color_err) {
                (0, true) => self.raw(&format!("\x1b[{color}m{label}:\x1b[0m {part}")),
                (0, false) => self.raw(&format!("{label}: {part}")),
                _ => self.raw(&format!("  {part}")),
            }
        }
    }

    fn plain(&self, text: &str) {
        self.raw(&sanitize::text(&redact(text, &self.secrets)));
    }

    /// The last step: a line that is clean goes out. A closed standard error is silent.
    #[expect(clippy::unused_self, reason = "output is reached through the Ui only")]
    fn raw(&self, line: &str) {
        let mut err = io::stderr().lock();
        let _ = writeln!(err, "{line}");
    }
}

/// Whether an output is a file.
#[cfg(unix)]
fn is_file(output: &impl std::os::fd::AsFd) -> bool {
    let status = rustix::fs::fstat(output);
    status.is_ok_and(|status| rustix::fs::FileType::from_raw_mode(status.st_mode).is_file())
}

/// Whether an output is a file: not known here, so what it reads is treated like a log.
#[cfg(not(unix))]
fn is_file(_: &io::Stdout) -> bool {
    false
}

/// The message of a panic: the version and where to report it, no data (reliability.md 7.8).
pub(crate) fn install_panic_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| {
            format!(" at {}:{}", place.file(), place.line())
        });
        let version = env!("CARGO_PKG_VERSION");
        let text = format!("this is a bug in clerk-api {version}{place}; please report it");
        let mut err = io::stderr().lock();
        let _ = writeln!(err, "{}", redact(&text, &Secrets::default()));
    }));
}
