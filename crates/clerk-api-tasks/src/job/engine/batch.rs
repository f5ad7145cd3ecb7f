//! Requests for several rows at once, where the API has an endpoint for it (reliability.md 4.6).

use clerk_api::declare::{Kind, Meta, Place};
use clerk_api::{Args, ops};
use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// The endpoint that does an operation for many objects.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bulk {
    pub(super) meta: &'static Meta,
    /// The argument that holds the objects.
    list: &'static clerk_api::declare::Field,
    /// How many objects one request takes.
    pub(super) most: usize,
}

impl Bulk {
    /// The bulk endpoint of an operation: `users.bulk_ban` for `users.ban`.
    pub(super) fn of(meta: &'static Meta) -> Option<Self> {
        let name = format!("{}.bulk_{}", meta.group(), meta.action());
        let bulk = ops::find(&name)?.meta;
        let list = bulk
            .fields
            .iter()
            .find(|field| matches!(field.place, Place::Body | Place::Whole) && field.many)?;
        let (_, most) = list.range?;
        Some(Self {
            meta: bulk,
            list,
            most: usize::try_from(most).ok()?,
        })
    }

    /// What rows must share to go in one request; nothing where a call cannot go with others.
    pub(super) fn scope(&self, meta: &'static Meta, args: &Args) -> Option<String> {
        let fits = |(name, _): (&str, &RawValue)| match self.list.kind {
            Kind::Records(fields) => {
                fields.iter().any(|field| field.name == name) || self.is_path(name)
            }
            _ => meta
                .fields
                .iter()
                .any(|field| field.name == name && field.place == Place::Path),
        };
        let mut all = args.iter();
        let shared = self
            .meta
            .fields
            .iter()
            .filter(|field| field.place == Place::Path);
        all.all(fits).then(|| {
            shared
                .filter_map(|field| args.get(field.name))
                .map(RawValue::get)
                .collect()
        })
    }

    fn is_path(&self, name: &str) -> bool {
        self.meta
            .fields
            .iter()
            .any(|field| field.place == Place::Path && field.name == name)
    }

    /// The arguments of one request for these calls of the operation.
    pub(super) fn args<'a>(
        &self,
        meta: &'static Meta,
        calls: impl Iterator<Item = &'a Args>,
    ) -> Outcome<Args> {
        let mut joined = Args::new();
        let mut items: Vec<Box<RawValue>> = Vec::new();
        for args in calls {
            for (name, value) in args.iter().filter(|(name, _)| self.is_path(name)) {
                joined.set_raw(name, value.to_owned());
            }
            items.push(self.item(meta, args)?);
        }
        joined
            .set(self.list.name, &items)
            .map_err(|error| Problem::usage(error.to_string()))?;
        Ok(joined)
    }

    /// One call as an element of the list: the id of its object, or all of its arguments.
    fn item(&self, meta: &'static Meta, args: &Args) -> Outcome<Box<RawValue>> {
        if matches!(self.list.kind, Kind::Records(_)) {
            let members: BTreeMap<&str, &RawValue> = args
                .iter()
                .filter(|(name, _)| !self.is_path(name))
                .collect();
            let text = serde_json::value::to_raw_value(&members);
            return text.map_err(|error| Problem::usage(error.to_string()));
        }
        let target = meta.fields.iter().rfind(|field| field.place == Place::Path);
        let id = target.and_then(|field| args.get(field.name));
        id.map(ToOwned::to_owned)
            .ok_or_else(|| Problem::usage("the row names no object"))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn reliability_4_6_operations_with_a_bulk_endpoint() {
        let mut table = String::new();
        for meta in ops::all().map(|op| op.meta) {
            if let Some(bulk) = Bulk::of(meta) {
                let _ = writeln!(
                    table,
                    "{} by {}, {} at once",
                    meta.name, bulk.meta.name, bulk.most
                );
            }
        }
        insta::assert_snapshot!(table, @r"
        users.ban by users.bulk_ban, 50 at once
        users.unban by users.bulk_unban, 50 at once
        invitations.create by invitations.bulk_create, 10 at once
        application_invitations.create by application_invitations.bulk_create, 10 at once
        waitlist.add by waitlist.bulk_add, 50 at once
        ");
    }

    #[test]
    fn rows_become_ids_or_records_of_one_request() {
        let find = |name: &str| ops::find(name).unwrap().meta;
        let args = |text: &str| serde_json::from_str::<Args>(text).unwrap();
        let joined = |name: &str, rows: &[&str]| {
            let (meta, rows) = (
                find(name),
                rows.iter().map(|row| args(row)).collect::<Vec<_>>(),
            );
            let bulk = Bulk::of(meta).unwrap();
            assert!(rows.iter().all(|row| bulk.scope(meta, row).is_some()));
            serde_json::to_string(&bulk.args(meta, rows.iter()).unwrap()).unwrap()
        };
        let banned = joined(
            "users.ban",
            &[r#"{"user_id":"user_1"}"#, r#"{"user_id":"user_2"}"#],
        );
        assert_eq!(banned, r#"{"user_ids":["user_1","user_2"]}"#);
        let invited = joined(
            "invitations.create",
            &[r#"{"organization_id":"org_1","email_address":"a@x.com","role":"org:member"}"#],
        );
        let expected = r#"{"invitations":[{"email_address":"a@x.com","role":"org:member"}],"organization_id":"org_1"}"#;
        assert_eq!(invited, expected);
    }
}
