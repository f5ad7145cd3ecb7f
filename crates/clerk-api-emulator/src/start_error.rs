//! Why an emulator did not start.

use std::path::PathBuf;

/// Why an emulator did not start, or a database could not be emptied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port is taken, or there is no loopback interface.
    #[error("cannot listen on port {port}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database cannot be opened or written.
    #[error("cannot open the database")]
    Database(#[from] rusqlite::Error),
    /// The database was made by a later release.
    #[error("the database has format {found}, this release knows up to {newest}")]
    Newer {
        /// The format in the file.
        found: usize,
        /// The newest that this release knows.
        newest: usize,
    },
    /// A file is no instance, or not only that.
    #[error("{} is not an instance of the local Clerk, or has more or less in it", .0.display())]
    Foreign(PathBuf),
    /// The database is a link, somebody else's, or open to others.
    #[error("the database {} {reason}", .path.display())]
    NotOwn {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The running instance did not do it.
    #[error("the instance failed: {0}")]
    Instance(String),
    /// A fault that was to be in force from the start makes no sense.
    #[error("no such fault: {0}")]
    Fault(String),
    /// A file or folder cannot be made, or a thread cannot be started.
    #[error("cannot prepare the emulator")]
    Io(#[from] std::io::Error),
}
