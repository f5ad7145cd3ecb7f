//! What a head may be, and how a wrong one is refused.

use super::super::severity::Severity;
use super::*;

const GOOD: &str = "\
-- id: too-old
-- severity: high
-- title: Too old
-- says: {person} is too old
-- why: A first line
--   and a second.
-- mend: clerk-api users get {user_id}
-- about: user_id
-- number: days = 90, \"days, until it is old\"
-- moment: cutoff = days before now
-- reference: SOC 2 CC6.1
-- reference: CIS Controls v8 5.3

SELECT id AS user_id, name AS person
FROM users
WHERE created_at < :cutoff AND :days > 0 AND created_at < :now
";

#[test]
fn a_head_gives_a_rule() {
    let rule = read("mine/too-old.sql", GOOD).unwrap();
    assert_eq!(rule.id, "too-old");
    assert_eq!(rule.severity, Severity::High);
    assert_eq!(rule.why, "A first line and a second.");
    assert_eq!(rule.about, ["user_id"]);
    assert_eq!(rule.numbers[0].doc, "days, until it is old");
    assert_eq!(rule.references.len(), 2);
    assert_eq!(rule.line, 13);
    let sql = rule.render(&rule.defaults(), 1_800_000_000_123).unwrap();
    assert!(
        sql.contains(
            "created_at < '2026-10-17T08:00:00.123Z' AND 90 > 0 AND created_at < '2027-01-15T08:00:00.123Z'"
        ),
        "{sql}"
    );
}

#[test]
fn a_wrong_head_is_an_error_with_file_and_line() {
    let wrong = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        read("f.sql", &GOOD.replace(from, to)).unwrap_err().message
    };
    for (from, to, message) in [
        ("-- id: too-old\n", "", "f.sql:1: the head has no id"),
        (
            "id: too-old",
            "id: Too Old",
            "f.sql:1: id: \"Too Old\" is not made of a-z, 0-9 and hyphens",
        ),
        (
            "severity: high",
            "severity: bad",
            "f.sql:2: severity: \"bad\" is no severity: take one of info, low, medium, high, critical",
        ),
        (
            "title: Too old",
            "titel: Too old",
            "f.sql:3: there is no key \"titel\": take one of id, severity, title, says, why, mend, about, number, moment, reference",
        ),
        (
            "{person}",
            "{person",
            "f.sql:4: says: the brace before \"person is too old\" is not closed",
        ),
        (
            "about: user_id",
            "about: user id",
            "f.sql:8: about: \"user id\" is no name of a column",
        ),
        (
            "days = 90, ",
            "days = ninety, ",
            "f.sql:9: number: \"days = ninety, \\\"days, until it is old\\\"\" is not `name = 30, \"what it means\"`",
        ),
        (
            "cutoff = days",
            "cutoff = weeks",
            "f.sql:10: moment: there is no number \"weeks\"",
        ),
        (
            "-- title: Too old\n",
            "-- title: Too old\n-- title: Twice\n",
            "f.sql:4: title is given twice, first in line 3",
        ),
        (
            "-- why",
            "-- nothing\n-- why",
            "f.sql:5: \"nothing\" is not `key: value`",
        ),
        (":cutoff", ":end", "f.sql:16: :end has no value"),
    ] {
        assert_eq!(wrong(from, to), message);
    }
    let (head, _) = GOOD.split_once("\n\n").unwrap();
    assert_eq!(
        read("f.sql", head).unwrap_err().message,
        "f.sql:13: there is no SQL after the head"
    );
}
