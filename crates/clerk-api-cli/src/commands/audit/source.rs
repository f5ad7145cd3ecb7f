//! What an audit looks at: the file that was named.

use clap::ArgMatches;
use clerk_api_admin::problem::{Outcome, Problem};
use clerk_api_tasks::audit::database::Database;

use super::args::{FROM, path};
use crate::setup::context::Context;

/// Opens what is looked at.
#[expect(clippy::unused_async, reason = "a sweep waits for the network")]
pub(super) async fn open(matches: &ArgMatches, _context: &mut Context) -> Outcome<Database> {
    match path(matches, FROM) {
        Some(file) => Database::open(file),
        None => {
            Err(Problem::usage("nothing to look at").hint("name an export: --from acme.sqlite"))
        }
    }
}
