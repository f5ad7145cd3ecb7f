//! The folder that an export is written to before it is sent: nobody else can read it, and it goes with its owner.

use clerk_api_admin::problem::{Outcome, Problem};
use tempfile::TempDir;

/// Makes it.
pub(super) fn folder() -> Outcome<TempDir> {
    let folder = tempfile::Builder::new().prefix("clerk-api-").tempdir();
    folder.map_err(|error| Problem::io("cannot make a folder for the export", &error))
}
