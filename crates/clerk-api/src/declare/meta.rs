//! All facts of one operation, and how a lost create is found again. The two types name each other.

use super::effect::{Class, Effect, Form, Paging, Verb};
use super::field::Field;
use super::member::Member;
use super::rate::RateClass;
use super::resource::{Group, Resource};
use crate::args::Args;

/// All facts of one operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct Meta {
    /// The name, `group.verb`.
    pub name: &'static str,
    /// The operation id in the official specification.
    pub spec_id: &'static str,
    /// The HTTP method.
    pub verb: Verb,
    /// The path template below `/v1`.
    pub path: &'static str,
    /// What it does to the instance.
    pub effect: Effect,
    /// How its list is walked.
    pub paging: Paging,
    /// The form of its response.
    pub form: Form,
    /// The name of the type that its response is read as, such as `List<User>`.
    pub answer: &'static str,
    /// The members of its response's object, or of each row of its list.
    pub members: &'static [Member],
    /// Which published rate limit it falls under.
    pub rate: RateClass,
    /// What it does, for help texts: the first line is a summary.
    pub doc: &'static str,
    /// Its arguments in order.
    pub fields: &'static [Field],
    /// How to find out whether an uncertain create happened.
    pub lookup: Option<&'static Lookup>,
    /// Arguments that are sent unless the caller says otherwise.
    pub preset: &'static [(&'static str, &'static str)],
    /// The member of the object, and its value as JSON, that a change without arguments makes, such as `("banned", "true")`.
    pub makes: Option<(&'static str, &'static str)>,
}

impl Meta {
    /// The group of the name, such as "users".
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.name
            .split_once('.')
            .map_or(self.name, |(group, _)| group)
    }

    /// The verb of the name, such as `update_metadata`.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.name
            .split_once('.')
            .map_or(self.name, |(_, action)| action)
    }

    /// What the operation's group is about; an "object" for a group that is not one of this library's.
    #[must_use]
    pub fn resource(&self) -> &'static Resource {
        let group = Group::ALL.iter().find(|group| group.name == self.group());
        group.map_or(Resource::OBJECT, |group| group.resource)
    }

    /// The name of the type of its response's object, or of each row of its list, such as `User`.
    #[must_use]
    pub fn model(&self) -> &'static str {
        let row = self.answer.strip_prefix("List<");
        row.and_then(|row| row.strip_suffix('>'))
            .unwrap_or(self.answer)
    }

    /// The field of this name or alias.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields
            .iter()
            .find(|field| field.name == name || field.alias == Some(name))
    }

    /// Whether its response contains values that grant access, such as tokens.
    #[must_use]
    pub fn holds_secrets(&self) -> bool {
        self.members.iter().any(|member| member.secret)
    }

    /// The request class of a call with these arguments.
    #[must_use]
    pub fn class(&self, args: &Args) -> Class {
        match self.effect {
            Effect::Read => Class::Read,
            Effect::Update | Effect::Replace | Effect::Destroy => Class::Idempotent,
            Effect::Mail | Effect::Once | Effect::Rotate => Class::Unkeyed,
            Effect::Create => match self.lookup {
                Some(lookup) if lookup.is_keyed(args) => Class::Keyed,
                _ => Class::Unkeyed,
            },
        }
    }
}

/// How an object that may have been created is found again.
#[derive(Debug)]
#[non_exhaustive]
pub struct Lookup {
    /// The list to look in.
    pub list: &'static Meta,
    /// Where the objects are in a row of the list (a dot goes into objects and lists); empty: the row is the object.
    pub within: &'static str,
    /// Arguments of the create that the server keeps unique; with one of them the create is of class K, else N.
    pub unique: &'static [&'static str],
    /// Argument of the create and list parameter that finds it; the first argument that was given is used.
    /// An empty parameter: the list has none for it, and its first page is looked through.
    pub by: &'static [(&'static str, &'static str)],
    /// Arguments that both share, such as the organization.
    pub scope: &'static [&'static str],
    /// Argument of the create and the response's field (a dot goes into objects and lists) that must be equal.
    pub same: &'static [(&'static str, &'static str)],
    /// What the API does with a second one, where no unique argument was given.
    pub second: Second,
}

/// What the API does when the same create comes twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Second {
    /// It refuses.
    Refused,
    /// It refuses, unless this argument is true.
    RefusedUnless(&'static str),
    /// It makes another, or sends another email.
    Made,
}

impl Lookup {
    /// Whether the API itself sees to it that this create is not done twice.
    pub(crate) fn refuses_a_second(&self, args: &Args) -> bool {
        self.is_keyed(args)
            || match self.second {
                Second::Refused => true,
                Second::RefusedUnless(name) => {
                    args.get(name).is_none_or(|value| value.get() != "true")
                }
                Second::Made => false,
            }
    }

    /// Whether an argument was given that the server keeps unique.
    pub(crate) fn is_keyed(&self, args: &Args) -> bool {
        self.unique.iter().any(|name| args.has(name))
    }
}
