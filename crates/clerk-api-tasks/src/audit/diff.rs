//! What differs between two exports of an instance: who came, who went, who has another role or other access.

use clerk_api_admin::problem::Outcome;
use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::check::Organization;
use super::database::{Bounds, Database};
use super::rule::iso;

/// How somebody is called.
const WHO: &str = "COALESCE(u.primary_email_address, u.username, u.name, u.id)";
/// How an organization is called.
const WHERE: &str = "COALESCE(o.slug, o.name, o.id)";

/// The kinds of changes, each with what is selected, in terms of the tables of `queries`.
fn queries() -> Vec<(&'static str, String)> {
    let users = |from: &str| {
        format!(
            "SELECT NULL AS organization_id, NULL AS organization, u.id AS user_id, {WHO} AS who, {from}"
        )
    };
    let only = |kind: &str, other: &str| {
        format!(
            "NULL AS before, NULL AS after FROM {kind}.users u WHERE NOT EXISTS (SELECT 1 FROM {other}.users b WHERE b.id = u.id) ORDER BY u.id"
        )
    };
    let changed = |before: &str, after: &str| {
        format!(
            "{before} AS before, {after} AS after FROM main.users u JOIN old.users b ON b.id = u.id WHERE {before} IS NOT {after} ORDER BY u.id"
        )
    };
    let organizations = |kind: &str, other: &str| {
        format!(
            "SELECT o.id AS organization_id, {WHERE} AS organization, NULL AS user_id, NULL AS who, NULL AS before, NULL AS after FROM {kind}.organizations o WHERE NOT EXISTS (SELECT 1 FROM {other}.organizations b WHERE b.id = o.id) ORDER BY o.id"
        )
    };
    let members = |kind: &str, values: &str, rest: &str| {
        format!(
            "SELECT m.organization_id, {WHERE} AS organization, m.user_id, {WHO} AS who, {values} FROM {kind}.memberships m LEFT JOIN {kind}.organizations o ON o.id = m.organization_id LEFT JOIN {kind}.users u ON u.id = m.user_id {rest} ORDER BY m.organization_id, m.user_id"
        )
    };
    let missing = |other: &str| {
        format!(
            "WHERE NOT EXISTS (SELECT 1 FROM {other}.memberships b WHERE b.organization_id = m.organization_id AND b.user_id = m.user_id)"
        )
    };
    let same =
        "JOIN old.memberships b ON b.organization_id = m.organization_id AND b.user_id = m.user_id";
    let invitations = |before: &str, after: &str, rest: &str| {
        format!(
            "SELECT i.organization_id, {WHERE} AS organization, NULL AS user_id, i.email_address AS who, {before} AS before, {after} AS after {rest} ORDER BY i.id"
        )
    };
    let status = |table: &str| {
        format!(
            "CASE WHEN {table}.banned THEN 'banned' WHEN {table}.locked THEN 'locked' ELSE 'active' END"
        )
    };
    let factor =
        |table: &str| format!("CASE WHEN {table}.two_factor_enabled THEN 'on' ELSE 'off' END");
    vec![
        ("organization_came", organizations("main", "old")),
        ("organization_went", organizations("old", "main")),
        ("member_came", members("main", "NULL AS before, m.role AS after", &missing("old"))),
        ("member_went", members("old", "m.role AS before, NULL AS after", &missing("main"))),
        ("member_role", members("main", "b.role AS before, m.role AS after", &format!("{same} WHERE b.role IS NOT m.role"))),
        ("member_access", members("main", "b.permissions AS before, m.permissions AS after", &format!("{same} WHERE b.role IS m.role AND b.permissions IS NOT m.permissions"))),
        ("invitation_came", invitations("NULL", "i.role", "FROM main.organization_invitations i LEFT JOIN main.organizations o ON o.id = i.organization_id WHERE i.status = 'pending' AND NOT EXISTS (SELECT 1 FROM old.organization_invitations b WHERE b.id = i.id)")),
        ("invitation_went", invitations("i.role", "COALESCE(b.status, 'gone')", "FROM old.organization_invitations i LEFT JOIN old.organizations o ON o.id = i.organization_id LEFT JOIN main.organization_invitations b ON b.id = i.id WHERE i.status = 'pending' AND COALESCE(b.status, 'gone') <> 'pending'")),
        ("role_permissions", "SELECT NULL AS organization_id, NULL AS organization, NULL AS user_id, r.key AS who, b.permissions AS before, r.permissions AS after FROM main.roles r JOIN old.roles b ON b.key = r.key WHERE b.permissions IS NOT r.permissions ORDER BY r.key".to_owned()),
        ("user_came", users(&only("main", "old"))),
        ("user_went", users(&only("old", "main"))),
        ("user_address", users(&changed("b.primary_email_address", "u.primary_email_address"))),
        ("user_status", users(&changed(&status("b"), &status("u")))),
        ("user_second_factor", users(&changed(&factor("b"), &factor("u")))),
    ]
}

/// What differs: the document, whose `changes` are rows.
///
/// # Errors
/// A file that is no export.
pub fn document(old: &Database, new: Database, organization: Option<&str>) -> Outcome<Value> {
    let told = |database: &Database| -> Outcome<Value> {
        let source = database.source()?;
        Ok(json!({
            "file": source.file,
            "instance": source.fact("instance_id"),
            "swept_at": iso(source.read_at),
        }))
    };
    let (before, after) = (told(old)?, told(&new)?);
    let within = match organization {
        Some(wanted) => {
            Some(Organization::find(&new, wanted).or_else(|_| Organization::find(old, wanted))?)
        }
        None => None,
    };
    let both = new.attach_old(old)?;
    let mut summary = Map::new();
    let mut changes = Vec::new();
    for (change, sql) in queries() {
        let start = changes.len();
        both.read(&sql, Bounds::OWN, |columns, cells| {
            if within
                .as_ref()
                .is_none_or(|organization| organization.has(columns, &cells))
            {
                changes.push(row(change, columns, &cells));
            }
            Ok(())
        })?;
        summary.insert(change.to_owned(), (changes.len() - start).into());
    }
    Ok(json!({
        "object": "audit_diff",
        "old": before,
        "new": after,
        "same_instance": before["instance"] == after["instance"],
        "organization": within.map(|organization| organization.id),
        "summary": summary,
        "changes": changes,
    }))
}

fn row(change: &str, columns: &[String], cells: &[Cell<'_>]) -> Value {
    let mut row = Map::new();
    row.insert("change".to_owned(), change.into());
    let values = columns.iter().zip(cells);
    row.extend(values.map(|(name, cell)| (name.clone(), json!(cell))));
    Value::Object(row)
}
