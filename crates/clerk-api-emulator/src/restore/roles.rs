//! Roles, their permissions and role sets: few, and needed by all else, so they wait until the first other object comes.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::error::{Put, Refusal};
use super::object;
use crate::id::Ids;
use crate::resource::permissions::rows as permissions;
use crate::resource::role_sets::rows as role_sets;
use crate::resource::roles::rows as roles;
use crate::resource::roles::wire::{Permission, Role, RoleSet};
use crate::store::Tx;

/// The roles that every new instance has.
const BUILT_IN: [&str; 2] = ["org:admin", "org:member"];
/// The set that every new instance has.
const USUAL_SET: &str = "role_set:default";

#[derive(Debug, Default)]
pub(super) struct Roles {
    waiting: Vec<object::Role>,
    waiting_sets: Vec<object::RoleSet>,
    /// The numbers of roles and sets by their keys, once they are in the database.
    known: Option<Known>,
}

#[derive(Debug)]
struct Known {
    roles: BTreeMap<String, i64>,
    sets: BTreeMap<String, i64>,
    initial: i64,
}

impl Roles {
    pub(super) fn role(&mut self, text: &str) -> Put {
        self.waiting.push(serde_json::from_str(text)?);
        Ok(Ok(()))
    }

    pub(super) fn set(&mut self, text: &str) -> Put {
        self.waiting_sets.push(serde_json::from_str(text)?);
        Ok(Ok(()))
    }

    pub(super) fn are_known(&self) -> bool {
        self.known.is_some()
    }

    pub(super) fn number(&self, key: Option<&str>) -> Option<i64> {
        self.known.as_ref()?.roles.get(key?).copied()
    }

    /// The number of a set; that of the initial one where no set has the key.
    pub(super) fn set_number(&self, key: Option<&str>) -> i64 {
        let Some(known) = &self.known else { return 0 };
        let named = key.and_then(|key| known.sets.get(key));
        named.copied().unwrap_or(known.initial)
    }

    /// Puts what waits in place of what a new instance has; where no roles came, that stays. Returns how many roles and sets
    /// were put in, and how many sets have no role that came.
    pub(super) fn put(
        &mut self,
        tx: &Tx<'_>,
        ids: &Ids,
        now: i64,
    ) -> Result<(u64, u64, u64), Refusal> {
        let (mut given, sets) = (
            std::mem::take(&mut self.waiting),
            std::mem::take(&mut self.waiting_sets),
        );
        let mut counts = (given.len() as u64, 0, 0);
        if !given.is_empty() {
            clear(tx.db())?;
            given.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
            for role in given {
                put_role(tx, role, ids, now)?;
            }
            for set in &sets {
                let put = put_set(tx, set, ids, now)?;
                *(if put { &mut counts.1 } else { &mut counts.2 }) += 1;
            }
            name_initial(tx, ids, now)?;
        }
        let numbers = |table: &str| -> rusqlite::Result<BTreeMap<String, i64>> {
            let mut all = tx.db().prepare(&format!("SELECT key, seq FROM {table}"))?;
            let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect()
        };
        self.known = Some(Known {
            roles: numbers("roles")?,
            sets: numbers("role_sets")?,
            initial: role_sets::initial(tx.db())?.seq,
        });
        Ok(counts)
    }
}

fn clear(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "DELETE FROM role_set_roles; DELETE FROM role_sets; DELETE FROM role_permissions; DELETE FROM roles",
    )
}

fn put_role(tx: &Tx<'_>, given: object::Role, ids: &Ids, now: i64) -> Result<(), Refusal> {
    let created = given.created_at.unwrap_or(now);
    let mut numbers = Vec::new();
    for one in given.permissions.into_iter().flatten() {
        let number = permission(tx.db(), one, ids, created)?;
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    let name = given.name.unwrap_or_else(|| given.key.clone());
    let custom = !BUILT_IN.contains(&given.key.as_str());
    let mut role = Role::new(given.id, given.key, name, created);
    role.description = given.description;
    role.updated_at = given.updated_at.unwrap_or(created);
    roles::put(tx, &role, &numbers, custom).map_err(|error| Refusal::broken(&error))?;
    Ok(())
}

/// The number of a permission, which is made if the instance does not have it.
fn permission(
    db: &Connection,
    given: object::Permission,
    ids: &Ids,
    now: i64,
) -> Result<i64, Refusal> {
    use rusqlite::OptionalExtension as _;
    let sql = "SELECT seq FROM permissions WHERE key = ?1";
    let found = db
        .query_row(sql, [&given.key], |row| row.get(0))
        .optional()?;
    if let Some(number) = found {
        return Ok(number);
    }
    let permission = Permission {
        object: "permission".into(),
        id: given.id.unwrap_or_else(|| ids.next("perm", now)),
        name: given.name.unwrap_or_else(|| given.key.clone()),
        key: given.key,
        description: given.description.unwrap_or_default(),
        kind: "user".into(),
        created_at: now,
        updated_at: now,
    };
    Ok(permissions::put(db, &permission, false)?)
}

/// Puts a set in; false if none of its roles is there.
fn put_set(tx: &Tx<'_>, given: &object::RoleSet, ids: &Ids, now: i64) -> Result<bool, Refusal> {
    let mut all = Vec::new();
    for one in given.roles.iter().flatten() {
        let found = one.key.as_deref().map(|key| roles::find(tx.db(), key));
        all.extend(found.transpose()?.flatten());
    }
    let key = |one: &Option<object::Keyed>| one.as_ref().and_then(|one| one.key.clone());
    let wanted = (key(&given.default_role), key(&given.creator_role));
    let Some((default_role, creator_role)) = chosen(&all, wanted) else {
        return Ok(false);
    };
    let created = given.created_at.unwrap_or(now);
    let name = given.name.clone().unwrap_or_else(|| given.key.clone());
    let id = given
        .id
        .clone()
        .unwrap_or_else(|| ids.next("rset", created));
    let mut set = RoleSet::new(id, given.key.clone(), name, created);
    set.description.clone_from(&given.description);
    set.updated_at = given.updated_at.unwrap_or(created);
    set.set_initial(given.kind.as_deref() == Some("initial"));
    let number = role_sets::put(tx.db(), &set, default_role, creator_role)?;
    let numbers: Vec<i64> = all.iter().map(|(number, _)| *number).collect();
    role_sets::include(tx.db(), number, &numbers)?;
    Ok(true)
}

/// Who new members and creators are in a set: the roles that it names, else the usual ones, else any that can be.
fn chosen(all: &[(i64, Role)], wanted: (Option<String>, Option<String>)) -> Option<(i64, i64)> {
    let named = |key: &str| all.iter().find(|(_, role)| role.key == key);
    let usual = |wanted: Option<String>, usual: &str| {
        let wanted = wanted.as_deref().and_then(named);
        wanted.or_else(|| named(usual))
    };
    let eligible = |wanted: bool| {
        let mut all = all.iter();
        all.find(|(_, role)| role.is_creator_eligible == wanted)
    };
    let any = all.first()?;
    let default_role = usual(wanted.0, BUILT_IN[1]).or_else(|| eligible(false));
    let creator_role = usual(wanted.1, BUILT_IN[0]).or_else(|| eligible(true));
    Some((default_role.unwrap_or(any).0, creator_role.unwrap_or(any).0))
}

/// Makes one set that of new organizations: the one that says so, else the usual one, else the first, else one of all roles.
fn name_initial(tx: &Tx<'_>, ids: &Ids, now: i64) -> Result<(), Refusal> {
    let db = tx.db();
    if db.query_row("SELECT count(*) FROM role_sets", [], |row| row.get(0)) == Ok(0) {
        let mut keys = db.prepare("SELECT key FROM roles ORDER BY seq")?;
        let keys = keys.query_map([], |row| Ok(object::Keyed { key: row.get(0)? }))?;
        let all = object::RoleSet {
            id: None,
            key: USUAL_SET.to_owned(),
            name: Some("Primary Role Set".to_owned()),
            description: None,
            kind: None,
            roles: Some(keys.collect::<Result<_, _>>()?),
            default_role: None,
            creator_role: None,
            created_at: None,
            updated_at: None,
        };
        put_set(tx, &all, ids, now)?;
    }
    let number: i64 = db.query_row(
        "SELECT seq FROM role_sets ORDER BY initial DESC, key = ?1 DESC, seq LIMIT 1",
        [USUAL_SET],
        |row| row.get(0),
    )?;
    let sql = "UPDATE role_sets SET initial = (seq = ?1),
        wire = json_set(wire, '$.type', CASE WHEN seq = ?1 THEN 'initial' ELSE 'custom' END)";
    db.execute(sql, [number])?;
    Ok(())
}
