//! What a column sets: an argument, or a member of an argument that is a JSON object.

use clerk_api::declare::{Field, Kind, Meta};
use clerk_api_admin::input::spelling::{Spelling, long};
use clerk_api_admin::problem::Problem;

use super::nearest::nearest;

/// What a column sets.
#[derive(Debug, Clone)]
pub(crate) struct Aim {
    pub(crate) field: &'static Field,
    /// The members on the way into an object; none for the argument itself.
    pub(crate) path: Vec<String>,
}

/// What a column of this name sets, if it is a flag's name or a member's.
pub(crate) fn find(meta: &Meta, name: &str) -> Option<Aim> {
    let plain = |name: &str| name.trim().to_lowercase().replace(' ', "_");
    let argument = |name: &str| {
        let field = Spelling::Columns.find(meta, &plain(name));
        // Bytes of a file do not fit into a cell.
        field.filter(|field| !matches!(field.kind, Kind::Upload))
    };
    if let Some(field) = argument(name) {
        let path = Vec::new();
        return Some(Aim { field, path });
    }
    let (head, members) = name.trim().split_once('.')?;
    let field = argument(head).filter(|field| matches!(field.kind, Kind::Object))?;
    let path: Vec<String> = members.split('.').map(str::to_owned).collect();
    let whole = path.iter().all(|member| !member.is_empty());
    whole.then_some(Aim { field, path })
}

/// The problem of a `--map` to something that is no argument.
pub(super) fn missing(meta: &Meta, entry: &str, name: &str) -> Box<Problem> {
    let problem = Problem::usage(format!("--map {entry}: there is no flag {name:?}"));
    let names: Vec<String> = meta.fields.iter().map(long).collect();
    match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => problem.hint(format!("did you mean {near}?")),
        None => problem.hint(format!("the flags are: {}", names.join(", "))),
    }
}
