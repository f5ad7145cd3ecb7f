//! What the databases of this crate have in common.

use std::time::Duration;

use rusqlite::{Connection, ErrorCode};

/// Between two tries where SQLite does not wait by itself.
const PAUSE: Duration = Duration::from_millis(5);

/// Switches to a write-ahead log, and sets how long statements wait for other processes. SQLite refuses all but one of several
/// processes that switch at once, whatever its time limit, so it is tried again for that long.
pub(crate) fn write_ahead(db: &Connection, busy: Duration) -> rusqlite::Result<()> {
    let mut tries = busy.as_millis() / PAUSE.as_millis();
    db.busy_timeout(Duration::ZERO)?;
    let switched = loop {
        match db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())) {
            Err(error) if tries > 0 && is_busy(&error) => tries -= 1,
            other => break other,
        }
        std::thread::park_timeout(PAUSE);
    };
    db.busy_timeout(busy)?;
    switched
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}
