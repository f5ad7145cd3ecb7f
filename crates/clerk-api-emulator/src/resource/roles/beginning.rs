//! What a new instance has: the permissions of every instance, two roles, and the set of both.

use rusqlite::Connection;

use super::wire::{Permission, Role, RoleSet};
use super::{rows, system};
use crate::id::Ids;
use crate::resource::permissions::rows as permissions;
use crate::resource::role_sets::rows as role_sets;
use crate::store::{StoreError, Tx};

/// Fills a database that has never had roles. The ids follow from the instance's own, so that they are new in every
/// instance and the same for the same seed.
pub(crate) fn fill(db: &Connection, instance_id: &str, now: i64) -> Result<(), StoreError> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM roles)";
    if !db.query_row(sql, [], |row| row.get(0))? {
        return Ok(());
    }
    let seed = instance_id.bytes().fold(0_u64, |sum, byte| {
        sum.wrapping_mul(0x0100_0000_01B3) ^ u64::from(byte)
    });
    let ids = Ids::new(Some(seed));
    // They sort before all that the instance itself makes, even in the same moment.
    let next = |prefix: &str| ids.next(prefix, now - 1);
    let (mut all, mut of_members) = (Vec::new(), Vec::new());
    for system in &system::SYSTEM {
        let permission = Permission {
            object: "permission".into(),
            id: next("perm"),
            name: system.name.to_owned(),
            key: system.key.to_owned(),
            description: system.description.to_owned(),
            kind: "system".into(),
            created_at: now,
            updated_at: now,
        };
        let seq = permissions::put(db, &permission, true)?;
        all.push(seq);
        if system.of_members {
            of_members.push(seq);
        }
    }
    let tx = Tx::new(db);
    let role = |key: &str, name: &str, permissions: &[i64]| {
        let role = Role::new(next("role"), key.to_owned(), name.to_owned(), now);
        rows::put(&tx, &role, permissions, false)
            .map_err(|_| StoreError::Broken("A role of a new instance was refused."))
    };
    let admin = role("org:admin", "Admin", &all)?;
    let member = role("org:member", "Member", &of_members)?;
    let (key, name) = ("role_set:default".to_owned(), "Primary Role Set".to_owned());
    let mut set = RoleSet::new(next("rset"), key, name, now);
    set.set_initial(true);
    let seq = role_sets::put(db, &set, member, admin)?;
    role_sets::include(db, seq, &[admin, member])?;
    Ok(())
}
