//! A profile's key command: a program that prints the key, such as a password manager (reliability.md 7.1).

use std::process::Stdio;
use std::time::Duration;

use clerk_api_admin::problem::{Outcome, Problem, ProblemKind};
use tokio::io::AsyncReadExt as _;
use zeroize::Zeroizing;

use super::LARGEST;
use crate::setup::config::Sourced;
use crate::setup::hardening;

/// Long enough for somebody to touch a sensor, short enough for a script to notice (reliability.md 7.1).
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs the command, without a shell, and gives what it prints. What it says on standard error reaches the person.
/// Its words are not repeated in errors: one of them may be a secret.
pub(super) async fn output(command: &Sourced<Vec<String>>) -> Outcome<Zeroizing<Vec<u8>>> {
    output_within(PATIENCE, command).await
}

async fn output_within(
    patience: Duration,
    command: &Sourced<Vec<String>>,
) -> Outcome<Zeroizing<Vec<u8>>> {
    let source = &command.source;
    let (program, arguments) = command
        .value
        .split_first()
        .ok_or_else(|| Problem::config(format!("the {source} is empty")))?;
    let failed = |how: String| {
        Problem::new(
            ProblemKind::Key,
            "key_command_failed",
            format!("the {source} {how}"),
        )
        .hint(format!(
            "run {program} by itself to see why; it must print only the key"
        ))
    };
    let mut run = tokio::process::Command::new(program);
    run.args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut child = hardening::with_usual_files(|| run.spawn())
        .map_err(|error| failed(format!("cannot be run: {program}: {error}")))?;
    // Reserved at once, so that no copy of the key is left behind by growing.
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * LARGEST));
    let finished = async {
        if let Some(output) = child.stdout.take() {
            let mut output = output.take(LARGEST as u64 + 1);
            while output.read_buf(&mut *bytes).await? > 0 {}
        }
        if bytes.len() > LARGEST {
            return Ok(None);
        }
        child.wait().await.map(Some)
    };
    match tokio::time::timeout(patience, finished).await {
        Err(_) => Err(failed(format!(
            "printed no key within {} s",
            patience.as_secs()
        ))),
        Ok(Err(error)) => Err(failed(format!("cannot be read: {error}"))),
        Ok(Ok(None)) => Err(failed("printed more than one line with a key".to_owned())),
        Ok(Ok(Some(status))) if !status.success() => {
            Err(failed(format!("failed ({program}: {status})")))
        }
        Ok(Ok(Some(_))) => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::config::Source;

    #[tokio::test]
    async fn reliability_7_1_a_key_command_has_ten_seconds() {
        assert_eq!(PATIENCE, Duration::from_secs(10));
        let command = Sourced {
            value: ["sleep", "60"].map(str::to_owned).to_vec(),
            source: Source::KeyCommand("prod".to_owned()),
        };
        let second = Duration::from_secs(1);
        let problem = output_within(second, &command).await.unwrap_err();
        let message = "the key_command of profile prod printed no key within 1 s";
        assert_eq!(problem.message, message);
    }
}
