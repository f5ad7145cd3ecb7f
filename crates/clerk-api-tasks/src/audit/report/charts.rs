//! The numbers that the charts of a report show.

use clerk_api_admin::problem::Outcome;

use crate::audit::cell::Cell;
use crate::audit::database::{Database, quoted};
use crate::audit::rule::iso;

const DAY: i64 = 24 * 60 * 60 * 1000;
/// So many bars at most.
const BARS: usize = 12;

/// A chart of bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// What it shows.
    pub title: &'static str,
    /// Labels and amounts, from top to bottom.
    pub bars: Vec<(String, i64)>,
}

/// Sizes of organizations: the label, and the most members.
const SIZES: [(&str, i64); 8] = [
    ("none", 0),
    ("1", 1),
    ("2 to 5", 5),
    ("6 to 10", 10),
    ("11 to 25", 25),
    ("26 to 100", 100),
    ("101 to 500", 500),
    ("more than 500", i64::MAX),
];

/// Ages: the label, and the most days.
const SEEN: [(&str, i64); 5] = [
    ("within 7 days", 7),
    ("within 30 days", 30),
    ("within 90 days", 90),
    ("within a year", 365),
    ("earlier", i64::MAX),
];

const AGES: [(&str, i64); 5] = [
    ("up to 7 days", 7),
    ("up to 14 days", 14),
    ("up to 30 days", 30),
    ("up to 90 days", 90),
    ("older", i64::MAX),
];

/// Reads the numbers, of one organization if its id is given; charts without any are left out.
///
/// # Errors
/// A file that is no export.
pub fn read(database: &Database, now: i64, organization: Option<&str>) -> Outcome<Vec<Chart>> {
    let within = organization.map(quoted);
    let of = |column: &str| match &within {
        Some(id) => format!("{column} = {id}"),
        None => "TRUE".to_owned(),
    };
    let users = match &within {
        Some(id) => {
            format!("id IN (SELECT user_id FROM memberships WHERE organization_id = {id})")
        }
        None => "TRUE".to_owned(),
    };
    let mut charts = Vec::new();
    if within.is_none() {
        charts.push(sizes(database)?);
    }
    let roles = format!(
        "SELECT role, COUNT(*) FROM memberships WHERE {} GROUP BY role ORDER BY COUNT(*) DESC, role LIMIT {BARS}",
        of("organization_id")
    );
    charts.push(Chart {
        title: "Memberships by role",
        bars: counted(&database.rows(&roles)?),
    });
    let growth = format!(
        "SELECT substr(created_at, 1, 7), COUNT(*) FROM users WHERE {users} GROUP BY 1 ORDER BY 1 DESC LIMIT {BARS}"
    );
    let mut bars = counted(&database.rows(&growth)?);
    bars.reverse();
    charts.push(Chart {
        title: "Users by the month of their creation",
        bars,
    });
    let seen = ages(&SEEN, "last_sign_in_at", now);
    let seen = format!("SELECT {seen}, COUNT(*) FROM users WHERE {users} GROUP BY 1");
    charts.push(Chart {
        title: "Users by their last sign-in",
        bars: in_order(&SEEN, Some("never"), &database.rows(&seen)?),
    });
    let age = format!(
        "SELECT {}, COUNT(*) FROM organization_invitations WHERE status = 'pending' AND {} GROUP BY 1",
        ages(&AGES, "created_at", now),
        of("organization_id")
    );
    charts.push(Chart {
        title: "Open invitations by age",
        bars: in_order(&AGES, None, &database.rows(&age)?),
    });
    charts.retain(|chart| chart.bars.iter().any(|(_, count)| *count > 0));
    Ok(charts)
}

fn sizes(database: &Database) -> Outcome<Chart> {
    let mut bars: Vec<(String, i64)> = SIZES
        .iter()
        .map(|(label, _)| ((*label).to_owned(), 0))
        .collect();
    let rows = database.rows(
        "SELECT COALESCE(m.members, 0), COUNT(*) FROM organizations o LEFT JOIN (SELECT organization_id, COUNT(*) AS members FROM memberships GROUP BY organization_id) m ON m.organization_id = o.id GROUP BY 1",
    )?;
    for row in rows {
        let [Cell::Integer(members), Cell::Integer(count)] = row[..] else {
            continue;
        };
        let at = SIZES.iter().position(|(_, most)| members <= *most);
        if let Some((_, bar)) = at.and_then(|at| bars.get_mut(at)) {
            *bar += count;
        }
    }
    Ok(Chart {
        title: "Organizations by members",
        bars,
    })
}

/// An expression that gives the place of a moment in a list of ages; -1 where there is no moment.
fn ages(ages: &[(&str, i64)], column: &str, now: i64) -> String {
    let cases: String = (0..)
        .zip(ages)
        .filter_map(|(place, (_, days)): (usize, _)| {
            let at = iso(now.checked_sub(days.checked_mul(DAY)?)?)?;
            Some(format!(" WHEN {column} >= '{at}' THEN {place}"))
        })
        .collect();
    format!(
        "CASE WHEN {column} IS NULL THEN -1{cases} ELSE {} END",
        ages.len() - 1
    )
}

fn in_order(
    ages: &[(&str, i64)],
    never: Option<&str>,
    rows: &[Vec<Cell<'_>>],
) -> Vec<(String, i64)> {
    let count = |place: i64| {
        let row = rows.iter().find(|row| row[0] == Cell::Integer(place));
        row.map_or(0, |row| match row[1] {
            Cell::Integer(count) => count,
            _ => 0,
        })
    };
    let known = (0..)
        .zip(ages)
        .map(|(place, (label, _))| ((*label).to_owned(), count(place)));
    let never = never.map(|label| (label.to_owned(), count(-1)));
    known.chain(never).collect()
}

fn counted(rows: &[Vec<Cell<'_>>]) -> Vec<(String, i64)> {
    rows.iter()
        .filter_map(|row| match row.as_slice() {
            [label, Cell::Integer(count)] => Some((label.shown(), *count)),
            _ => None,
        })
        .collect()
}
