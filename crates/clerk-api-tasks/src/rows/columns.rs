//! The columns of an input, by the names that people write for them.

use std::sync::Arc;

use clerk_api_admin::problem::Problem;

use super::nearest::{nearest, plain};

/// The columns of an input.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    pub(crate) names: Vec<Arc<str>>,
    plain: Vec<String>,
}

impl Columns {
    pub(crate) fn new(names: &[Arc<str>]) -> Self {
        Self {
            names: names.to_vec(),
            plain: names.iter().map(|name| plain(name)).collect(),
        }
    }

    /// The column of this name. `first_name` finds `First Name` too, unless there are two such.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let exact = self.names.iter().position(|column| **column == *name);
        exact.or_else(|| {
            let wanted = plain(name);
            let mut same = (0..self.plain.len()).filter(|place| self.plain[*place] == wanted);
            let found = same.next();
            found.filter(|_| same.next().is_none())
        })
    }

    /// The problem of a column that is not there; `place` says who asks for it.
    pub(crate) fn missing(&self, place: &str, name: &str) -> Box<Problem> {
        let problem = Problem::usage(format!("{place}: the input has no column {name:?}"));
        let names = || self.names.iter().map(AsRef::as_ref);
        match nearest(name, names()) {
            Some(near) => problem.hint(format!("did you mean {near:?}?")),
            None => {
                let all: Vec<&str> = names().take(30).collect();
                problem.hint(format!("its columns are: {}", all.join(", ")))
            }
        }
    }
}

/// Whether the values of a column of this name are never shown (reliability.md 7.6).
pub(super) fn is_secret(name: &str) -> bool {
    const WORDS: [&str; 7] = [
        "password",
        "passwd",
        "digest",
        "secret",
        "token",
        "backup_codes",
        "ticket",
    ];
    let name = plain(name);
    WORDS.iter().any(|word| name.contains(word))
}
