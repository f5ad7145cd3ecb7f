//! The columns of what this program makes itself.

use super::views::{ANY, IDS};
use super::{View, count, instant, text};

/// A command.
pub(super) static COMMAND: View = View {
    columns: &[
        text("COMMAND", "command"),
        text("CLASS", "class"),
        text("ABOUT", "about"),
    ],
    ..ANY
};

/// Something that was searched for.
pub(super) static FOUND: View = View {
    columns: &[
        text("KIND", "kind"),
        text("ID", "id"),
        text("NAME", "name"),
        text("EMAIL", "email_address"),
        text("SLUG", "slug"),
        text("ORGANIZATIONS", "organizations.slug"),
        text("ROLES", "organizations.role"),
        text("STATUS", "status"),
    ],
    ..ANY
};

/// A user to be chosen: by name, and by the address, number or username that tells them from others.
pub(super) static CHOICE: View = View {
    columns: &[
        text("NAME", "name"),
        text("IDENTIFIER", "identifier"),
        instant("LAST SIGN-IN", "last_sign_in_at"),
    ],
    ..ANY
};

/// A member of an organization, to be chosen likewise.
pub(super) static MEMBER_CHOICE: View = View {
    columns: &[
        text("NAME", "name"),
        text("IDENTIFIER", "identifier"),
        text("ROLE", "role"),
    ],
    ..ANY
};

/// An operation of the API.
pub(super) static OPERATION: View = View {
    columns: &[
        text("METHOD", "method"),
        text("PATH", "path"),
        text("OPERATION", "operation"),
        text("CLASS", "class"),
        text("COMMAND", "command"),
    ],
    ..ANY
};

/// Work over many rows; so few columns that a terminal shows ids whole, which begin with the time.
pub(super) static JOB: View = View {
    columns: &[
        text("ID", "id"),
        text("OPERATION", "operation"),
        text("PHASE", "phase"),
        count("DONE", "rows.done"),
        count("FAILED", "rows.failed"),
        count("LEFT", "rows.not_attempted"),
    ],
    more: &[],
    ids: IDS,
    hidden: &[],
};

/// A row of a job that failed.
pub(super) static JOB_ROW: View = View {
    columns: &[
        count("LINE", "line"),
        text("STATE", "state"),
        text("ERROR", "error"),
        text("TODO", "todo"),
    ],
    more: &[],
    ids: IDS,
    hidden: &[],
};

/// What an audit found.
pub(super) static FINDING: View = View {
    columns: &[
        text("SEVERITY", "severity"),
        text("RULE", "rule"),
        text("FINDING", "says"),
        text("WHAT TO DO", "mend"),
        text("FINGERPRINT", "fingerprint"),
    ],
    ids: &["fingerprint"],
    ..ANY
};

/// What differs between two exports.
pub(super) static CHANGE: View = View {
    columns: &[
        text("CHANGE", "change"),
        text("ORGANIZATION", "organization"),
        text("WHO", "who"),
        text("BEFORE", "before"),
        text("AFTER", "after"),
        text("ORGANIZATION ID", "organization_id"),
        text("USER ID", "user_id"),
    ],
    ..ANY
};

/// A rule of an audit.
pub(super) static RULE: View = View {
    columns: &[
        text("ID", "id"),
        text("SEVERITY", "severity"),
        text("TITLE", "title"),
        text("FILE", "file"),
    ],
    ..ANY
};

/// A column of a table of an export.
pub(super) static TABLE_COLUMN: View = View {
    columns: &[
        text("TABLE", "table"),
        text("COLUMN", "column"),
        text("TYPE", "type"),
        text("MEANING", "doc"),
    ],
    ids: &["column"],
    ..ANY
};
