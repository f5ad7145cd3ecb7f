//! Finding out whether a write happened when no answer came (reliability.md 2.3).

use crate::endpoint::Meta;

/// How an object that may have been created is found again.
#[derive(Debug)]
pub struct Lookup {
    /// The list to look in.
    pub list: &'static Meta,
    /// Arguments of the create that the server keeps unique; with one of them the create is of class K, else N.
    pub unique: &'static [&'static str],
    /// Argument of the create and list parameter that finds it; the first argument that was given is used.
    pub by: &'static [(&'static str, &'static str)],
    /// Arguments that both share, such as the organization.
    pub scope: &'static [&'static str],
    /// Argument of the create and the answer's field (a dot goes into objects and lists) that must be equal.
    pub same: &'static [(&'static str, &'static str)],
}
