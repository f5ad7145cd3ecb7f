//! What has the key of a create already, looked for before the create is sent.

use serde_json::Value;

use super::Search;
use crate::args::Args;
use crate::declare::Lookup;
use crate::list::Page;

/// The status of invitations and entries that still count.
const OPEN: &str = "pending";

impl Lookup {
    /// The arguments of a create by which what is there already is found: those that the API keeps unique, where there are any.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.pairs().map(|(argument, _)| argument)
    }

    fn pairs(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let counts = |argument: &str| self.unique.is_empty() || self.unique.contains(&argument);
        let pairs = self.by.iter().copied();
        pairs.filter(move |(argument, _)| counts(argument))
    }
}

impl<'a> Search<'a> {
    /// One look-up for each key that was given, in the order in which they count.
    pub(crate) fn of_keys(lookup: &'static Lookup, created: &'a Args) -> Vec<Self> {
        let given = lookup.pairs().filter(|(argument, _)| created.has(argument));
        let searches = given.filter_map(|pair| Self::by(lookup, created, pair));
        searches.filter_map(Self::of_open).collect()
    }

    /// Invitations that are not open any more do not stand in the way of a new one.
    fn of_open(mut self) -> Option<Self> {
        if self.lookup.list.field("status").is_some() {
            self.args.set("status", &OPEN).ok()?;
        }
        Some(self)
    }

    /// The text of the object with the key, if the page has one.
    pub(crate) fn found(&self, page: &Page) -> Option<String> {
        let mut objects = page.rows().filter_map(|row| self.objects(row)).flatten();
        let has_key = |object: &Value| self.lookup.has_key(self.created, self.by, object);
        objects
            .find(|(_, object)| has_key(object))
            .map(|(text, _)| text)
    }
}
