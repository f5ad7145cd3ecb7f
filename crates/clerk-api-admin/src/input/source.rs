//! Files and standard input, for the arguments that are declared to take them: `@file`, `-`, and `@@x` for a literal `@x`.
//!
//! Reads are limited to the size that the argument can have, and never come from `/proc` or `/dev` (reliability.md 7.7b).

use std::io::Read as _;
use std::path::Path;

use clerk_api::value::Upload;
use fs_err as fs;

use crate::problem::{Outcome, Problem};
use crate::target::reference;

/// The most that is read as one text: metadata has 8 KB, ten invitations with theirs a tenth of this.
const TEXT: u64 = 1024 * 1024;
/// The most that is read as a list of targets: more than a million ids.
const LIST: u64 = 64 * 1024 * 1024;
/// The most that is read from standard input as a key.
const KEY: u64 = 64 * 1024;

/// Reads values; standard input can be taken once.
#[derive(Debug, Default)]
pub struct Inputs {
    stdin_taken_by: Option<String>,
}

impl Inputs {
    /// A text, such as JSON: the argument itself, or the content of the file or standard input that it names.
    pub fn text(&mut self, label: &str, given: &str) -> Outcome<String> {
        match self.elsewhere(label, given, TEXT)? {
            Some(text) => Ok(text),
            None => Ok(literal(given).to_owned()),
        }
    }

    /// The targets in a file or standard input, one a line, each with the line's number; nothing where the argument names neither.
    pub fn lines(&mut self, label: &str, given: &str) -> Outcome<Option<Vec<(usize, String)>>> {
        let Some(text) = self.elsewhere(label, given, LIST)? else {
            return Ok(None);
        };
        let mut lines: Vec<&str> = text.lines().map(str::trim).collect();
        // Blank lines at the end are line ends too many; a list of nothing else is none.
        while lines.len() > 1 && lines.last().is_some_and(|line| line.is_empty()) {
            lines.pop();
        }
        let mut targets = Vec::with_capacity(lines.len());
        for (index, line) in lines.into_iter().enumerate() {
            if let Some(what) = reference::slip(line) {
                return Err(broken_pipe(label, index as u64 + 1, &what));
            }
            targets.push((index + 1, line.to_owned()));
        }
        Ok(Some(targets))
    }

    /// A file to upload: its name and its bytes. The argument is its path, with or without `@`, or `-`.
    pub fn upload(&mut self, label: &str, given: &str) -> Outcome<Upload> {
        if given == "-" {
            let bytes = self.stdin_up_to(label, Upload::MOST)?;
            let file_name = "file".to_owned();
            return Ok(Upload { file_name, bytes });
        }
        let path = if Self::is_elsewhere(given) {
            &given[1..]
        } else {
            literal(given)
        };
        let bytes = file(label, path, Upload::MOST)?;
        let name = Path::new(path).file_name();
        let file_name = name.map_or_else(
            || "file".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        Ok(Upload { file_name, bytes })
    }

    /// Whether a value names a file or standard input.
    pub fn is_elsewhere(given: &str) -> bool {
        given == "-" || (given.starts_with('@') && !given.starts_with("@@"))
    }

    fn elsewhere(&mut self, label: &str, given: &str, most: u64) -> Outcome<Option<String>> {
        if !Self::is_elsewhere(given) {
            return Ok(None);
        }
        let (bytes, from) = if given == "-" {
            (self.stdin_up_to(label, most)?, "standard input".to_owned())
        } else {
            (
                file(label, &given[1..], most)?,
                format!("the file {}", &given[1..]),
            )
        };
        decode(bytes, label, &from).map(Some)
    }

    /// A key from standard input.
    pub fn stdin(&mut self, label: &str) -> Outcome<Vec<u8>> {
        self.stdin_up_to(label, KEY)
    }

    /// All of standard input, for one taker.
    fn stdin_up_to(&mut self, label: &str, most: u64) -> Outcome<Vec<u8>> {
        if let Some(first) = &self.stdin_taken_by {
            return Err(Problem::usage(format!(
                "{label} and {first} both read standard input"
            )));
        }
        self.stdin_taken_by = Some(label.to_owned());
        bounded(std::io::stdin().lock(), most)
            .map_err(|error| Problem::io("cannot read standard input", &error))?
            .ok_or_else(|| too_large(label, "standard input", most))
    }

    /// Copies all of standard input into a new file that only its owner can read.
    ///
    /// # Errors
    /// Something else takes standard input, or the file cannot be written.
    pub fn spool_stdin(&mut self, label: &str, path: &Path) -> Outcome<()> {
        if let Some(first) = &self.stdin_taken_by {
            return Err(Problem::usage(format!(
                "{label} and {first} both read standard input"
            )));
        }
        self.stdin_taken_by = Some(label.to_owned());
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let copied = options.open(path).and_then(|mut file| {
            std::io::copy(&mut std::io::stdin().lock(), &mut file)?;
            file.sync_all()
        });
        copied.map_err(|error| Problem::io("cannot keep standard input", &error))
    }

    /// Whether standard input was read as data, so that it cannot be used for questions.
    pub const fn took_stdin(&self) -> bool {
        self.stdin_taken_by.is_some()
    }
}

/// The text of a file that a flag names by its path.
pub fn text_file(label: &str, path: &str) -> Outcome<String> {
    decode(file(label, path, TEXT)?, label, &format!("the file {path}"))
}

/// The bytes of a regular file, not one that the system generates.
fn file(label: &str, path: &str, most: u64) -> Outcome<Vec<u8>> {
    let unreadable = |error: std::io::Error| {
        Problem::usage(format!(
            "{label}: the file {path:?} cannot be read: {error}"
        ))
    };
    let no_data = || {
        Problem::usage(format!("{label}: {path} is not a regular file"))
            .hint("to read the output of another program, pipe it in: … | clerk-api … -")
    };
    if is_of_system(Path::new(path)) {
        return Err(no_data());
    }
    let real = Path::new(path).canonicalize().map_err(unreadable)?;
    // Before it is opened: to open a FIFO waits for its writer.
    if is_of_system(&real) || !real.metadata().map_err(unreadable)?.is_file() {
        return Err(no_data());
    }
    let file = fs::File::open(&real).map_err(unreadable)?;
    bounded(file, most)
        .map_err(unreadable)?
        .ok_or_else(|| too_large(label, path, most))
}

/// Whether a path leads to what the system makes up: processes, devices, open files.
fn is_of_system(path: &Path) -> bool {
    path.starts_with("/proc") || path.starts_with("/dev")
}

/// Everything from a reader, or nothing if it is larger than the limit.
fn bounded(reader: impl std::io::Read, most: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(most + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

fn too_large(label: &str, from: &str, most: u64) -> Box<Problem> {
    let most = match most / (1024 * 1024) {
        0 => format!("{} KB", most / 1024),
        mega => format!("{mega} MB"),
    };
    Problem::usage(format!(
        "{label}: {from} is larger than the limit of {most}"
    ))
}

/// The problem of a line in a list of names that does not name anything.
pub fn broken_pipe(label: &str, line: u64, what: &str) -> Box<Problem> {
    Problem::usage(format!(
        "{label}: line {line} is {what}, which does not name anything"
    ))
    .hint("the command before the pipe probably failed: run it by itself and look at that line")
}

/// UTF-8 only; a byte order mark is dropped (reliability.md 8.5).
fn decode(bytes: Vec<u8>, label: &str, from: &str) -> Outcome<String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(
            Problem::usage(format!("{label}: {from} is UTF-16, not UTF-8"))
                .hint("convert it first: iconv -f UTF-16 -t UTF-8"),
        );
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Problem::usage(format!("{label}: {from} is not UTF-8 (byte {at})"))
    })?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map_or_else(|| text.clone(), str::to_owned))
}

fn literal(given: &str) -> &str {
    if given.starts_with("@@") {
        &given[1..]
    } else {
        given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn temporary(content: &[u8]) -> (tempfile::NamedTempFile, String) {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), content).unwrap();
        let given = format!("@{}", file.path().display());
        (file, given)
    }

    fn lines(content: &str) -> Outcome<Vec<(usize, String)>> {
        let (_file, given) = temporary(content.as_bytes());
        Ok(Inputs::default().lines("--x", &given)?.unwrap())
    }

    #[test]
    fn plain_values_and_doubled_at_signs_are_literal() {
        let mut inputs = Inputs::default();
        assert_eq!(inputs.text("--x", "{}").unwrap(), "{}");
        assert_eq!(inputs.text("--x", "@@ada").unwrap(), "@ada");
        assert_eq!(inputs.lines("--x", "user_1").unwrap(), None);
    }

    #[test]
    fn a_file_is_one_text_or_one_target_a_line() {
        let (_file, given) = temporary(b"\xef\xbb\xbf{}\r\n");
        assert_eq!(Inputs::default().text("--x", &given).unwrap(), "{}\r\n");
        assert_eq!(
            lines("\u{feff}user_1\r\n  user_2\n\n\n").unwrap(),
            [(1, "user_1".to_owned()), (2, "user_2".to_owned())]
        );
        assert_eq!(lines("").unwrap(), []);
    }

    #[test]
    fn signs_of_a_broken_pipe_are_refused_with_their_line() {
        for (content, line) in [
            ("user_1\nnull\n", 2),
            ("undefined\n", 1),
            ("None", 1),
            ("user_1\nNaN\nuser_2", 2),
            ("true\n", 1),
            ("user_1\n\nuser_2\n", 2),
            ("\n", 1),
            ("user_1\n  \nuser_2", 2),
            ("user_1\n-rf\n", 2),
            ("user_1\n--yes\n", 2),
        ] {
            let failure = lines(content).unwrap_err();
            assert_eq!(failure.kind, crate::problem::ProblemKind::Usage);
            let place = format!("line {line} ");
            assert!(
                failure.message.contains(&place),
                "{content:?}: {}",
                failure.message
            );
        }
    }

    #[test]
    fn reliability_8_5_only_utf_8_is_taken() {
        let mut inputs = Inputs::default();
        let (_file, given) = temporary(b"\xff\xfeA\0");
        let message = inputs.text("--x", &given).unwrap_err().message;
        assert!(message.contains("UTF-16"), "{message}");
        let (_file, given) = temporary(b"ab\xff");
        let message = inputs.text("--x", &given).unwrap_err().message;
        assert!(message.contains("not UTF-8 (byte 2)"), "{message}");
    }

    #[test]
    fn a_file_that_is_not_there_is_a_usage_error_with_its_name() {
        let failure = Inputs::default()
            .text("--x", "@/nowhere/at/all")
            .unwrap_err();
        assert_eq!(failure.kind, crate::problem::ProblemKind::Usage);
        let message = failure.message;
        assert!(message.contains("/nowhere/at/all"), "{message}");
    }

    #[test]
    fn reliability_7_7b_nothing_is_read_that_the_system_makes_up() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        fs_err::os::unix::fs::symlink("/proc/self/environ", &link).unwrap();
        let around = folder.path().join("../../../../../../proc/self/environ");
        for path in [
            "/proc/self/environ".to_owned(),
            "//proc/self/environ".to_owned(),
            "/dev/zero".to_owned(),
            "/dev/stdin".to_owned(),
            "/dev/fd/0".to_owned(),
            "/dev/null".to_owned(),
            link.display().to_string(),
            around.display().to_string(),
            folder.path().display().to_string(),
        ] {
            let given = format!("@{path}");
            let message = |got: Box<Problem>| got.message;
            let json = message(Inputs::default().text("--x", &given).unwrap_err());
            let list = message(Inputs::default().lines("--x", &given).unwrap_err());
            let file = message(Inputs::default().upload("--x", &path).unwrap_err());
            for message in [json, list, file] {
                assert!(
                    message.ends_with("is not a regular file"),
                    "{path}: {message}"
                );
            }
        }
    }

    #[test]
    fn reliability_7_7b_a_read_is_bounded_by_its_kind() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().display().to_string();
        let given = format!("@{path}");
        let sized = |size: u64| file.as_file().set_len(size).unwrap();
        sized(TEXT + 1);
        let message = Inputs::default().text("--x", &given).unwrap_err().message;
        assert!(
            message.ends_with("larger than the limit of 1 MB"),
            "{message}"
        );
        sized(Upload::MOST);
        let bytes = Inputs::default().upload("--x", &path).unwrap().bytes;
        assert_eq!(bytes.len() as u64, Upload::MOST);
        sized(Upload::MOST + 1);
        let message = Inputs::default().upload("--x", &path).unwrap_err().message;
        assert!(
            message.contains("larger than the limit of 10 MB"),
            "{message}"
        );
    }
}
