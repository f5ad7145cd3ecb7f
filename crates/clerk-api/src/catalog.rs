//! All operations of the API: those with types in [`ops`], and the others as plain facts.
//!
//! An operation without types has the same [`Meta`] as the others, so that [`Client::call`](crate::Client::call),
//! [`Client::walk`](crate::Client::walk) and [`request::build`](crate::request::build) take it: what is checked before it is sent and what
//! is repeated follow from its facts. Its name is `api.` and its operation id in snake case.

mod facts;

use std::sync::LazyLock;

use crate::declare::{Meta, Verb};
use crate::ops;

/// One operation a line: method, path, operation id, effect, arguments. `facts.rs` says how arguments are written.
static FACTS: &str = include_str!("catalog/undeclared.txt");

static UNDECLARED: LazyLock<Vec<&'static Meta>> =
    LazyLock::new(|| FACTS.lines().filter_map(facts::read).collect());

/// Every operation of the API: first those with types, in the order of their groups.
pub fn all() -> impl Iterator<Item = &'static Meta> {
    ops::all().map(|op| op.meta).chain(undeclared())
}

/// The operations without types.
pub fn undeclared() -> impl Iterator<Item = &'static Meta> {
    UNDECLARED.iter().copied()
}

/// The operation of this name or operation id, such as `users.list`, `GetUserList` or `ListMachines`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Meta> {
    all().find(|meta| meta.name == name || meta.spec_id == name)
}

/// The operations whose method, path, name or operation id contains all words of a text, in any case.
pub fn search(text: &str) -> impl Iterator<Item = &'static Meta> + use<> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    all().filter(move |meta| {
        let all = format!(
            "{} {} {} {}",
            meta.verb.as_str(),
            meta.path,
            meta.spec_id,
            meta.name
        );
        let all = all.to_lowercase();
        words.iter().all(|word| all.contains(word.as_str()))
    })
}

/// The operations whose path fits this one, whatever their method, each with the values of its path's arguments. Words of a template go
/// before arguments: `/users/count` is no user.
#[must_use]
pub fn at(path: &str) -> Vec<(&'static Meta, Vec<(&'static str, String)>)> {
    let fits = all().filter_map(|meta| Some((meta, values(meta.path, path)?)));
    let mut found: Vec<_> = fits.collect();
    let least = found.iter().map(|(_, values)| values.len()).min();
    found.retain(|(_, values)| Some(values.len()) == least);
    found
}

/// The operation with this method and path.
#[must_use]
pub fn with(verb: Verb, path: &str) -> Option<(&'static Meta, Vec<(&'static str, String)>)> {
    at(path).into_iter().find(|(meta, _)| meta.verb == verb)
}

/// The values of a template's arguments in a path; nothing where the path is another one.
fn values(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut values = Vec::new();
    let mut given = path.split('/');
    for wanted in template.split('/') {
        let given = given.next()?;
        match argument(wanted) {
            Some(name) => values.push((name, given.to_owned())),
            None if wanted != given => return None,
            None => {}
        }
    }
    given.next().is_none().then_some(values)
}

/// The name of an argument of a path, where its segment is one.
fn argument(segment: &'static str) -> Option<&'static str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::{Class, Paging};
    use crate::{Args, request};

    #[test]
    fn every_line_is_an_operation_that_no_type_has() {
        assert_eq!(undeclared().count(), FACTS.lines().count());
        for meta in undeclared() {
            let twins =
                all().filter(|other| other.spec_id == meta.spec_id || other.name == meta.name);
            assert_eq!(twins.count(), 1, "{}", meta.spec_id);
        }
        assert_eq!(all().count(), 249);
    }

    #[test]
    fn a_path_finds_the_operation_that_says_most_of_it() {
        let found =
            |verb, path| with(verb, path).map(|(meta, values)| (meta.spec_id, values.len()));
        assert_eq!(found(Verb::Get, "/users/count"), Some(("GetUsersCount", 0)));
        assert_eq!(found(Verb::Get, "/users/user_1"), Some(("GetUser", 1)));
        assert_eq!(
            found(Verb::Delete, "/machines/mch_1"),
            Some(("DeleteMachine", 1))
        );
        assert_eq!(found(Verb::Get, "/users/"), Some(("GetUser", 1)));
        assert_eq!(found(Verb::Get, "/users/user_1/x/y"), None);
        assert_eq!(found(Verb::Post, "/machines/mch_1"), None);
        assert_eq!(find("ListMachines").unwrap().name, "api.list_machines");
        assert_eq!(find("createApiKey").unwrap().name, "api.create_api_key");
        assert_eq!(find("users.list").unwrap().spec_id, "GetUserList");
    }

    #[test]
    fn reliability_7_5_a_path_without_types_leads_nowhere_else() {
        for id in [
            "",
            ".",
            "..",
            "a/b",
            "%2e",
            "mch_1?x=1",
            "mch_1#",
            "mch 1",
            "mch_ü",
            "x\n",
        ] {
            let mut args = Args::new();
            args.set("machine_id", &id).unwrap();
            let built = request::build(find("GetMachine").unwrap(), &args);
            assert!(built.is_err(), "{id:?}: {built:?}");
        }
    }

    #[test]
    fn reliability_1_what_is_repeated_follows_from_the_facts() {
        let class = |id: &str| find(id).unwrap().class(&Args::new());
        assert_eq!(class("verifyApiKey"), Class::Read);
        assert_eq!(class("CreateMachine"), Class::Unkeyed);
        assert_eq!(class("UpdateMachine"), Class::Idempotent);
        assert_eq!(class("DeleteMachine"), Class::Idempotent);
        // The first secret would be gone with the response that shows it.
        assert_eq!(class("RotateMachineSecretKey"), Class::Unkeyed);
        assert_eq!(find("ListMachines").unwrap().paging, Paging::Offset);
    }
}
