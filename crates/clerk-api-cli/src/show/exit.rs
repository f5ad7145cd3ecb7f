//! Exit codes: public, and never renumbered (reliability.md section 5).

use std::process::ExitCode;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Done = 0,
    Failed = 1,
    Usage = 2,
    Partly = 3,
    Key = 4,
    Absent = 5,
    Rejected = 6,
    Refused = 7,
    Unknown = 8,
    Changed = 9,
    Locked = 10,
    Bug = 70,
    Io = 74,
    Later = 75,
    NotRun = 126,
    NoCommand = 127,
    Hangup = 129,
    Interrupt = 130,
    Pipe = 141,
    Terminate = 143,
}

/// Every code with its meaning, for the help text and the test that guards the numbers.
pub(crate) const TABLE: &[(Exit, &str)] = &[
    (Exit::Done, "success: everything was done"),
    (Exit::Failed, "any other failure"),
    (
        Exit::Usage,
        "usage, invalid input or configuration; nothing was sent",
    ),
    (Exit::Partly, "some rows failed or were rejected"),
    (Exit::Key, "the key is missing, refused or revoked"),
    (Exit::Absent, "the named object does not exist"),
    (Exit::Rejected, "the API rejected the request"),
    (
        Exit::Refused,
        "not confirmed, or refused by a safety guard; nothing was sent",
    ),
    (
        Exit::Unknown,
        "the outcome is unknown: look before running again",
    ),
    (Exit::Changed, "the plan, its input or the instance changed"),
    (Exit::Locked, "locked by another process"),
    (Exit::Bug, "a bug in clerk-api; please report it"),
    (Exit::Io, "local I/O: output or a file could not be written"),
    (Exit::Later, "try later: rate limit or outage"),
    (Exit::NotRun, "`local exec`: the command could not be run"),
    (Exit::NoCommand, "`local exec`: the command was not found"),
    (Exit::Hangup, "ended because the terminal closed (SIGHUP)"),
    (Exit::Interrupt, "ended by Ctrl-C (SIGINT)"),
    (Exit::Pipe, "the reader of the output closed it"),
    (Exit::Terminate, "ended by another program (SIGTERM)"),
];

impl Exit {
    /// The number.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_5_the_numbers_never_change() {
        let table: String = TABLE
            .iter()
            .map(|(exit, meaning)| format!("{} {exit:?}: {meaning}\n", exit.code()))
            .collect();
        insta::assert_snapshot!(table, @r"
        0 Done: success: everything was done
        1 Failed: any other failure
        2 Usage: usage, invalid input or configuration; nothing was sent
        3 Partly: some rows failed or were rejected
        4 Key: the key is missing, refused or revoked
        5 Absent: the named object does not exist
        6 Rejected: the API rejected the request
        7 Refused: not confirmed, or refused by a safety guard; nothing was sent
        8 Unknown: the outcome is unknown: look before running again
        9 Changed: the plan, its input or the instance changed
        10 Locked: locked by another process
        70 Bug: a bug in clerk-api; please report it
        74 Io: local I/O: output or a file could not be written
        75 Later: try later: rate limit or outage
        126 NotRun: `local exec`: the command could not be run
        127 NoCommand: `local exec`: the command was not found
        129 Hangup: ended because the terminal closed (SIGHUP)
        130 Interrupt: ended by Ctrl-C (SIGINT)
        141 Pipe: the reader of the output closed it
        143 Terminate: ended by another program (SIGTERM)
        ");
    }
}
