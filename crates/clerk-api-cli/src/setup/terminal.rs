//! How wide the terminal is.

use crate::setup::config;

/// The width for tables: known only where a terminal shows them, or where the environment says it.
pub(crate) fn width(is_terminal: bool) -> Option<u16> {
    if !is_terminal {
        return None;
    }
    config::columns().or_else(asked)
}

#[cfg(unix)]
fn asked() -> Option<u16> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    (size.ws_col > 0).then_some(size.ws_col)
}

#[cfg(not(unix))]
fn asked() -> Option<u16> {
    None
}
