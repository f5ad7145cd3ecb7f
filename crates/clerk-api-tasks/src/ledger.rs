//! What agents used up on an instance, on the disk, so that no new connection resets it (reliability.md 10.3, 10.4): objects destroyed
//! and people invited per day, calls per second, and the answers that count no more.

use std::path::Path;
use std::time::Duration;

use clerk_api_admin::problem::{Outcome, Problem};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior};

use crate::private;
use crate::sqlite::write_ahead;

/// How long a transaction waits for another process's.
const BUSY: Duration = Duration::from_secs(5);
const DAY: i64 = 24 * 60 * 60 * 1000;
const SECOND: i64 = 1000;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS spent (day INTEGER NOT NULL, what TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, what)) STRICT;
CREATE TABLE IF NOT EXISTS calls (second INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS burnt (nonce TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
";

/// The ledger of one instance. Times are in milliseconds since 1970; days are those of UTC.
#[derive(Debug)]
pub struct Ledger {
    db: Connection,
}

impl Ledger {
    /// Opens the ledger of an instance in the state folder, and makes it where there is none.
    ///
    /// # Errors
    /// It cannot be used, or others could change it.
    pub fn open(state: &Path, instance: &str) -> Outcome<Self> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if instance.is_empty() || !instance.chars().all(is_part) {
            return Err(Problem::refused(format!(
                "{instance:?} is no id of an instance"
            )));
        }
        let path = state.join("mcp").join(format!("{instance}.sqlite"));
        private::prepare(&path)
            .map_err(|error| Problem::io(format!("cannot use {}", path.display()), &error))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || {
            let db = Connection::open_with_flags(&path, flags)?;
            write_ahead(&db, BUSY)?;
            db.execute_batch(SCHEMA)?;
            Ok(db)
        };
        open().map(|db| Self { db }).map_err(|error| failed(&error))
    }

    /// Notes that so many more are used up today, unless that would be more than `most`: then it says how many are left.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn spend(&self, what: &str, count: u64, most: u64, now: i64) -> Outcome<Result<(), u64>> {
        let spend = || {
            let visit = self.visit()?;
            let left = most.saturating_sub(spent(&visit, what, now)?);
            if count > left {
                return Ok(Err(left));
            }
            let day = now.div_euclid(DAY);
            visit.execute("DELETE FROM spent WHERE day < ?1", [day - 1])?;
            visit.execute(
                "INSERT INTO spent VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET count = count + excluded.count",
                (day, what, i64::try_from(count).unwrap_or(i64::MAX)),
            )?;
            visit.commit()?;
            Ok(Ok(()))
        };
        spend().map_err(|error| failed(&error))
    }

    /// How many are used up today.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn spent(&self, what: &str, now: i64) -> Outcome<u64> {
        spent(&self.db, what, now).map_err(|error| failed(&error))
    }

    /// Burns what may be used once; says whether it was still whole. It is remembered until it would be over anyway.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn burn(&self, nonce: &str, until: i64, now: i64) -> Outcome<bool> {
        let burn = || {
            let visit = self.visit()?;
            visit.execute("DELETE FROM burnt WHERE until < ?1", [now])?;
            let new = visit.execute(
                "INSERT INTO burnt VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                (nonce, until),
            )?;
            visit.commit()?;
            Ok(new == 1)
        };
        burn().map_err(|error| failed(&error))
    }

    /// Takes a place in this second; where all are taken, says how many milliseconds later to ask again.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn admit(&self, most: u64, now: i64) -> Outcome<Option<u64>> {
        let admit = || {
            let visit = self.visit()?;
            let second = now.div_euclid(SECOND);
            visit.execute("DELETE FROM calls WHERE second < ?1", [second])?;
            let query = "SELECT count FROM calls WHERE second = ?1";
            let count: Option<i64> = visit
                .query_row(query, [second], |row| row.get(0))
                .optional()?;
            if count.unwrap_or(0) >= i64::try_from(most).unwrap_or(i64::MAX) {
                let wait = SECOND - now.rem_euclid(SECOND);
                return Ok(Some(u64::try_from(wait).unwrap_or(0)));
            }
            visit.execute(
                "INSERT INTO calls VALUES (?1, 1) ON CONFLICT DO UPDATE SET count = count + 1",
                [second],
            )?;
            visit.commit()?;
            Ok(None)
        };
        admit().map_err(|error| failed(&error))
    }

    fn visit(&self) -> rusqlite::Result<Transaction<'_>> {
        Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)
    }
}

fn spent(db: &Connection, what: &str, now: i64) -> rusqlite::Result<u64> {
    let query = "SELECT count FROM spent WHERE day = ?1 AND what = ?2";
    let found = db.query_row(query, (now.div_euclid(DAY), what), |row| {
        row.get::<_, i64>(0)
    });
    let count = found.optional()?.unwrap_or(0);
    Ok(u64::try_from(count).unwrap_or(u64::MAX))
}

/// A guard that cannot be evaluated refuses (reliability.md 7.7c).
fn failed(error: &rusqlite::Error) -> Box<Problem> {
    Problem::io("cannot use the ledger of what agents used up", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reliability_10_4_a_budget_is_of_a_day_and_of_all_processes() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = [(); 2].map(|()| Ledger::open(folder.path(), "ins_1").unwrap());
        assert_eq!(one.spend("destroyed", 20, 25, DAY).unwrap(), Ok(()));
        assert_eq!(other.spend("destroyed", 6, 25, DAY + 5).unwrap(), Err(5));
        assert_eq!(other.spend("destroyed", 5, 25, DAY + 5).unwrap(), Ok(()));
        assert_eq!(one.spent("destroyed", DAY + 6).unwrap(), 25);
        assert_eq!(one.spend("invited", 1, 10, DAY + 6).unwrap(), Ok(()));
        assert_eq!(one.spend("destroyed", 1, 25, 2 * DAY).unwrap(), Ok(()));
        let elsewhere = Ledger::open(folder.path(), "ins_2").unwrap();
        assert_eq!(elsewhere.spent("destroyed", DAY).unwrap(), 0);
        assert!(Ledger::open(folder.path(), "../x").is_err());
    }

    #[test]
    fn reliability_10_3_what_is_burnt_stays_burnt() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(folder.path(), "ins_1").unwrap();
        assert!(ledger.burn("a", 100, 1).unwrap());
        assert!(!ledger.burn("a", 100, 2).unwrap());
        drop(ledger);
        let ledger = Ledger::open(folder.path(), "ins_1").unwrap();
        assert!(!ledger.burn("a", 100, 3).unwrap());
        assert!(ledger.burn("b", 100, 3).unwrap());
    }

    #[test]
    fn reliability_10_4_a_second_has_so_many_places() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(folder.path(), "ins_1").unwrap();
        for _ in 0..5 {
            assert_eq!(ledger.admit(5, 7_250).unwrap(), None);
        }
        assert_eq!(ledger.admit(5, 7_250).unwrap(), Some(750));
        assert_eq!(ledger.admit(5, 8_000).unwrap(), None);
    }
}
