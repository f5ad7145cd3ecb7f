//! Organizations with their members, open invitations and findings, to be shown as a tree.

use std::collections::BTreeMap;

use clerk_api_admin::problem::Outcome;
use serde_json::{Map, Value, json};

use super::database::{Bounds, Database, quoted};
use super::report::Report;

const MEMBERS: &str = "\
SELECT m.organization_id, m.user_id, COALESCE(u.primary_email_address, u.username, u.name, u.id) AS person, u.name, m.role,
       m.can_manage, u.last_sign_in_at, CASE WHEN u.banned THEN 'banned' WHEN u.locked THEN 'locked' ELSE 'active' END AS status
FROM memberships m LEFT JOIN users u ON u.id = m.user_id";

const INVITATIONS: &str = "\
SELECT organization_id, id, email_address, role, created_at, expires_at
FROM organization_invitations WHERE status = 'pending'";

const ORGANIZATIONS: &str =
    "SELECT id, name, slug, created_at, max_allowed_memberships FROM organizations";

/// The rows of a table by the organization that they belong to.
type Rows = BTreeMap<String, Vec<Value>>;

/// Every organization with what belongs to it, by name.
///
/// # Errors
/// A file that is no export.
pub fn organizations(database: &Database, report: &Report) -> Outcome<Vec<Value>> {
    let only = report.organization.as_ref().map(|(id, _)| id.as_str());
    let mut members = of_each(
        database,
        MEMBERS,
        "m.organization_id",
        only,
        "m.can_manage DESC, person",
    )?;
    let mut invitations = of_each(
        database,
        INVITATIONS,
        "organization_id",
        only,
        "email_address",
    )?;
    let mut findings = findings(report);
    let mut all = Vec::new();
    for mut row in rows(
        database,
        ORGANIZATIONS,
        "id",
        only,
        "COALESCE(slug, name), id",
    )? {
        let id = row["id"].as_str().unwrap_or_default().to_owned();
        let take = |rows: &mut Rows| Value::Array(rows.remove(&id).unwrap_or_default());
        row.insert("members".to_owned(), take(&mut members));
        row.insert("invitations".to_owned(), take(&mut invitations));
        row.insert("findings".to_owned(), take(&mut findings));
        all.push(Value::Object(row));
    }
    Ok(all)
}

fn of_each(
    database: &Database,
    sql: &str,
    column: &str,
    only: Option<&str>,
    order: &str,
) -> Outcome<Rows> {
    let mut of_each = Rows::new();
    for mut row in rows(database, sql, column, only, order)? {
        if let Some(Value::String(id)) = row.shift_remove("organization_id") {
            of_each.entry(id).or_default().push(Value::Object(row));
        }
    }
    Ok(of_each)
}

fn rows(
    database: &Database,
    sql: &str,
    column: &str,
    only: Option<&str>,
    order: &str,
) -> Outcome<Vec<Map<String, Value>>> {
    let only = only.map_or_else(String::new, |id| {
        let word = if sql.contains("WHERE") {
            "AND"
        } else {
            "WHERE"
        };
        format!(" {word} {column} = {}", quoted(id))
    });
    let mut rows = Vec::new();
    database.read(
        &format!("{sql}{only} ORDER BY {order}"),
        Bounds::OWN,
        |columns, cells| {
            let values = columns
                .iter()
                .cloned()
                .zip(cells.iter().map(|cell| json!(cell)));
            let mut row: Map<String, Value> = values.collect();
            if let Some(can_manage) = row.get_mut("can_manage") {
                *can_manage = (*can_manage == 1).into();
            }
            rows.push(row);
            Ok(())
        },
    )?;
    Ok(rows)
}

/// The findings of each organization, the worst first. Those about a person are with the person's organizations only where the
/// report is about one.
fn findings(report: &Report) -> Rows {
    let mut of_each = Rows::new();
    for rule in report.worst_first() {
        for finding in &rule.findings {
            let of_rule = rule
                .value(finding, "organization_id")
                .map(|cell| cell.shown());
            let only = report.organization.as_ref().map(|(id, _)| id.clone());
            let Some(id) = of_rule.or(only) else { continue };
            of_each.entry(id).or_default().push(json!({
                "rule": rule.rule.id,
                "severity": rule.severity.as_str(),
                "says": rule.says(finding),
                "mend": rule.mend(finding),
            }));
        }
    }
    of_each
}
