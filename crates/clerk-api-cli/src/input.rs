//! Values that come from files and standard input: `@file`, `-`, and `@@x` for a literal `@x`.

use std::io::Read as _;

use fs_err as fs;

use crate::error::{Failure, Outcome};

/// The most that is read as one value or one list of targets.
const MOST: u64 = 256 * 1024 * 1024;

/// Reads values; standard input can be taken once.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    stdin_taken_by: Option<String>,
}

impl Inputs {
    /// A value as it is meant: read from a file or standard input where it says so.
    pub(crate) fn text(&mut self, flag: &str, given: &str) -> Outcome<String> {
        match self.elsewhere(flag, given)? {
            Some(text) => Ok(without_line_end(&text).to_owned()),
            None => Ok(literal(given).to_owned()),
        }
    }

    /// Several values: one a line where they come from elsewhere, with the line's number.
    pub(crate) fn lines(
        &mut self,
        flag: &str,
        given: &str,
    ) -> Outcome<Vec<(Option<usize>, String)>> {
        let Some(text) = self.elsewhere(flag, given)? else {
            return Ok(vec![(None, literal(given).to_owned())]);
        };
        let lines = text.lines().enumerate();
        let kept = lines.filter(|(_, line)| !line.trim().is_empty());
        Ok(kept
            .map(|(index, line)| (Some(index + 1), line.trim().to_owned()))
            .collect())
    }

    /// Whether a value says that it comes from elsewhere.
    pub(crate) fn is_elsewhere(given: &str) -> bool {
        given == "-" || (given.starts_with('@') && !given.starts_with("@@"))
    }

    fn elsewhere(&mut self, flag: &str, given: &str) -> Outcome<Option<String>> {
        if !Self::is_elsewhere(given) {
            return Ok(None);
        }
        let (bytes, from) = if given == "-" {
            (self.stdin(flag)?, "standard input".to_owned())
        } else {
            (
                file(flag, &given[1..])?,
                format!("the file {}", &given[1..]),
            )
        };
        decode(bytes, flag, &from).map(Some)
    }

    /// All of standard input, for one taker.
    pub(crate) fn stdin(&mut self, flag: &str) -> Outcome<Vec<u8>> {
        if let Some(first) = &self.stdin_taken_by {
            return Err(Failure::usage(format!(
                "{flag} and {first} both read standard input"
            )));
        }
        self.stdin_taken_by = Some(flag.to_owned());
        let mut bytes = Vec::new();
        let read = std::io::stdin()
            .lock()
            .take(MOST + 1)
            .read_to_end(&mut bytes);
        read.map_err(|error| Failure::io("cannot read standard input", &error))?;
        checked_length(bytes, flag)
    }

    /// Whether standard input was taken as data, so that nobody can be asked over it.
    pub(crate) const fn took_stdin(&self) -> bool {
        self.stdin_taken_by.is_some()
    }
}

fn file(flag: &str, path: &str) -> Outcome<Vec<u8>> {
    let refused = |error: &dyn std::fmt::Display| {
        Failure::usage(format!("{flag} names a file that cannot be read: {error}"))
            .hint("a value that itself begins with @ is written with @@")
    };
    let file = fs::File::open(path).map_err(|error| refused(&error))?;
    let mut bytes = Vec::new();
    file.take(MOST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| refused(&error))?;
    checked_length(bytes, flag)
}

fn checked_length(bytes: Vec<u8>, flag: &str) -> Outcome<Vec<u8>> {
    if bytes.len() as u64 > MOST {
        return Err(Failure::usage(format!("{flag} is larger than 256 MiB")));
    }
    Ok(bytes)
}

/// UTF-8 only; a byte order mark is dropped (reliability.md 8.5).
fn decode(bytes: Vec<u8>, flag: &str, from: &str) -> Outcome<String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(
            Failure::usage(format!("{flag}: {from} is UTF-16, not UTF-8"))
                .hint("convert it first: iconv -f UTF-16 -t UTF-8"),
        );
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::usage(format!("{flag}: {from} is not UTF-8 (byte {at})"))
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

fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
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

    #[test]
    fn plain_values_and_doubled_at_signs_are_literal() {
        let mut inputs = Inputs::default();
        assert_eq!(inputs.text("--x", "Ada").unwrap(), "Ada");
        assert_eq!(inputs.text("--x", "@@ada").unwrap(), "@ada");
        assert_eq!(inputs.text("--x", "").unwrap(), "");
    }

    #[test]
    fn a_file_is_one_text_or_one_value_a_line() {
        let (_file, given) = temporary(b"\xef\xbb\xbfuser_1\r\n\n  user_2\n");
        let mut inputs = Inputs::default();
        assert_eq!(inputs.text("--x", &given).unwrap(), "user_1\r\n\n  user_2");
        let lines = inputs.lines("--x", &given).unwrap();
        assert_eq!(
            lines,
            [
                (Some(1), "user_1".to_owned()),
                (Some(3), "user_2".to_owned())
            ]
        );
    }

    #[test]
    fn reliability_8_5_only_utf_8_is_taken() {
        let mut inputs = Inputs::default();
        let (_file, given) = temporary(b"\xff\xfeA\0");
        assert!(
            inputs
                .text("--x", &given)
                .unwrap_err()
                .message
                .contains("UTF-16")
        );
        let (_file, given) = temporary(b"ab\xff");
        let message = inputs.text("--x", &given).unwrap_err().message;
        assert!(message.contains("not UTF-8 (byte 2)"), "{message}");
    }

    #[test]
    fn a_file_that_is_not_there_is_a_usage_error_with_its_name() {
        let failure = Inputs::default()
            .text("--x", "@/nowhere/at/all")
            .unwrap_err();
        assert_eq!(failure.exit, crate::exit::Exit::Usage);
        assert!(
            failure.message.contains("/nowhere/at/all"),
            "{}",
            failure.message
        );
    }
}
