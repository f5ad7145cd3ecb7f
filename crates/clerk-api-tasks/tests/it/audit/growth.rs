//! No rule compares each row with each: an instance that is four times as large takes about four times the work.

use std::fmt::Write as _;
use std::path::Path;

use clerk_api_tasks::audit::{Rule, rules};
use rusqlite::{Connection, StatementStatus};

use super::world::{READ_AT, World};

/// Everybody is in one organization, sleeps, and has the number of everybody; as many are invited, from domains that it does not know.
fn one_organization(people: usize) -> String {
    let mut lines =
        "org big\ndomain big elsewhere.com\nrole-set role_set:default org:admin\n".to_owned();
    for at in 0..people {
        let _ = write!(
            lines,
            "user u{at} email=u{at}@mailinator.com last_sign_in_at=-200d name=Ada banned=1 two_factor_enabled=0
             phone u{at} +15550100
             member big u{at} org:admin
             invite i{at} big i{at}@foreign{at}.com org:admin expires_at=-1d
             invite m{at} big u{at}@mailinator.com org:member
             apply a{at} a{at}@x.com created_at=-90d\n"
        );
    }
    lines
}

/// One person has all organizations, and all are invited to each.
fn many_organizations(count: usize) -> String {
    let mut lines = "user chief email=chief@acme.com last_sign_in_at=-200d\n".to_owned();
    for at in 0..count {
        let _ = write!(
            lines,
            "org o{at} role_set_key=role_set:default
             domain o{at} elsewhere.com
             member o{at} chief org:admin
             user w{at} email=w{at}@acme.com last_sign_in_at=null
             invite o{at} o{at} w{at}+x@foreign.com org:admin\n"
        );
    }
    lines
}

/// What SQLite does for each rule, in steps of its machine: the same on every computer.
fn steps(export: &Path) -> Vec<(String, i32)> {
    let db = Connection::open(export).unwrap();
    db.execute_batch("ANALYZE; CREATE TEMP TABLE disposable_domains (domain TEXT PRIMARY KEY); INSERT INTO disposable_domains VALUES ('mailinator.com')").unwrap();
    let count = |rule: &Rule| {
        let sql = rule.render(&rule.defaults(), READ_AT).unwrap();
        let mut statement = db.prepare(&sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while rows.next().unwrap().is_some() {}
        drop(rows);
        (
            rule.id.clone(),
            statement.get_status(StatementStatus::VmStep),
        )
    };
    rules::built_in().unwrap().iter().map(count).collect()
}

#[test]
fn four_times_the_rows_are_not_sixteen_times_the_work() {
    // Both together: to guess by averages is wrong where one organization has half of all people.
    let both = |count| one_organization(count) + &many_organizations(count);
    for world in [
        &one_organization as &dyn Fn(usize) -> String,
        &many_organizations,
        &both,
    ] {
        let made = World::new();
        let small = steps(&made.export("small.sqlite", &world(150)));
        let large = steps(&made.export("large.sqlite", &world(600)));
        for ((rule, few), (_, many)) in small.into_iter().zip(large) {
            assert!(many < 7 * few.max(500), "{rule}: {few} steps, then {many}");
        }
    }
}
