//! Many verdicts as one report: counts by operation, and every violation once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::deviations::Deviation;
use crate::verdict::{Side, Verdict};

/// What a run of the judge found.
#[derive(Debug, Default)]
pub struct Report {
    exchanges: usize,
    unreadable: BTreeMap<String, String>,
    operations: BTreeMap<String, Tally>,
    groups: BTreeMap<Key, Group>,
    used: BTreeSet<Deviation>,
}

#[derive(Debug, Default)]
struct Tally {
    answers: BTreeMap<u16, usize>,
    requests_judged: usize,
    unjudged_answers: usize,
}

/// What makes two violations the same: array indexes and values do not.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    operation: String,
    side: Side,
    status: u16,
    place: String,
    pointer: String,
    rule: String,
}

#[derive(Debug)]
struct Group {
    count: usize,
    example: String,
    pointer: String,
    reason: String,
}

impl Report {
    /// Adds the verdict of one exchange; `origin` is its place, as `file:line`.
    pub fn add(&mut self, origin: &str, status: u16, verdict: Verdict) {
        self.exchanges += 1;
        let operation = verdict.operation.unwrap_or_else(|| "(none)".to_owned());
        let tally = self.operations.entry(operation.clone()).or_default();
        *tally.answers.entry(status).or_default() += 1;
        tally.requests_judged += usize::from(verdict.request_judged);
        tally.unjudged_answers += usize::from(!verdict.answer_judged);
        self.used.extend(verdict.used);
        for violation in verdict.violations {
            let key = Key {
                operation: operation.clone(),
                side: violation.side,
                status,
                place: violation.place,
                pointer: without_indexes(&violation.pointer),
                rule: violation.rule,
            };
            let first = || Group {
                count: 0,
                example: origin.to_owned(),
                pointer: violation.pointer,
                reason: violation.reason,
            };
            self.groups.entry(key).or_insert_with(first).count += 1;
        }
    }

    /// Adds a line or file that could not be read; that is a violation too.
    pub fn add_unreadable(&mut self, origin: &str, reason: &str) {
        self.unreadable.insert(origin.to_owned(), reason.to_owned());
    }

    /// Returns how many exchanges were judged.
    pub fn exchanges(&self) -> usize {
        self.exchanges
    }

    /// Returns how many different violations there are.
    pub fn violations(&self) -> usize {
        self.groups.len() + self.unreadable.len()
    }

    /// Returns the deviations that excused nothing.
    pub fn unused(&self) -> impl Iterator<Item = Deviation> {
        Deviation::all().filter(|entry| !self.used.contains(entry))
    }

    fn write_operations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (operation, tally) in &self.operations {
            let total: usize = tally.answers.values().sum();
            write!(
                f,
                "  {operation}: {total} (requests judged: {})",
                tally.requests_judged
            )?;
            for (status, count) in &tally.answers {
                write!(f, ", {status} × {count}")?;
            }
            if tally.unjudged_answers > 0 {
                write!(f, ", answers not judged: {}", tally.unjudged_answers)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    fn write_violations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (origin, reason) in &self.unreadable {
            writeln!(f, "\nunreadable: {origin}\n  {reason}")?;
        }
        for (key, group) in &self.groups {
            let side = match key.side {
                Side::Request => "request",
                Side::Answer => "answer",
            };
            writeln!(
                f,
                "\n{} {side} ({}): {} {}",
                key.operation, key.status, key.place, key.pointer
            )?;
            writeln!(f, "  {}", group.reason)?;
            writeln!(f, "  rule {}", key.rule)?;
            writeln!(
                f,
                "  {} ×, first at {} {}",
                group.count, group.example, group.pointer
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} exchanges, {} operations",
            self.exchanges,
            self.operations.len()
        )?;
        self.write_operations(f)?;
        self.write_violations(f)?;
        writeln!(f)?;
        for entry in &self.used {
            writeln!(
                f,
                "note: deviation used: {} ({})",
                entry.name(),
                entry.reason()
            )?;
        }
        for entry in self.unused() {
            writeln!(f, "note: deviation never used: {}", entry.name())?;
        }
        writeln!(f, "{} violations", self.violations())
    }
}

fn without_indexes(pointer: &str) -> String {
    let name = |name: &str| {
        let index = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
        if index {
            "*".to_owned()
        } else {
            name.to_owned()
        }
    };
    pointer.split('/').map(name).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::Report;
    use crate::verdict::{Side, Verdict, Violation};

    fn verdict(pointer: &str, reason: &str) -> Verdict {
        Verdict {
            operation: Some("ListThings".to_owned()),
            violations: vec![Violation {
                side: Side::Answer,
                place: "body".to_owned(),
                pointer: pointer.to_owned(),
                rule: "/a/type".to_owned(),
                reason: reason.to_owned(),
            }],
            ..Verdict::default()
        }
    }

    #[test]
    fn the_same_violation_is_told_once_with_count_and_first_place() {
        let mut report = Report::default();
        report.add("a.ndjson:1", 200, verdict("/0/id", "1 is wrong"));
        report.add("a.ndjson:9", 200, verdict("/12/id", "2 is wrong"));
        report.add("b.ndjson:1", 404, Verdict::default());
        assert_eq!((report.exchanges(), report.violations()), (3, 1));
        let text = report.to_string();
        assert!(
            text.contains("ListThings: 2 (requests judged: 0), 200 × 2"),
            "{text}"
        );
        assert!(
            text.contains(
                "body /*/id\n  1 is wrong\n  rule /a/type\n  2 ×, first at a.ndjson:1 /0/id"
            ),
            "{text}"
        );
        assert!(text.contains("(none): 1"), "{text}");
        assert!(
            text.contains("note: deviation never used: *?__clerk_api_version"),
            "{text}"
        );
    }

    #[test]
    fn unreadable_lines_count_as_violations() {
        let mut report = Report::default();
        report.add_unreadable("a.ndjson:3", "not JSON");
        assert_eq!(report.violations(), 1);
        assert!(report.to_string().contains("unreadable: a.ndjson:3"));
    }
}
