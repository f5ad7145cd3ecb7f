//! What all processes together may do, by the file.

use super::super::clock::Moment;
use super::super::file::{Row, Rows, SharedFile, Visit};
use super::super::lease::AHEAD;
use super::super::lesson::Gate;
use super::super::rule::{Rule, next_permit};
use super::super::table::{Bucket, Want};
use super::{FRESH, Shared, State, Step};

impl State {
    /// What all processes together may do; takes the permits from the file if the request may go.
    pub(super) fn together(
        &mut self,
        file: &SharedFile,
        want: Want<'_>,
        now: Moment,
        demand: u32,
        take: bool,
    ) -> rusqlite::Result<Step> {
        if let Some(step) = self.in_hand(want, now, take) {
            return Ok(step);
        }
        let visit = if take { file.visit()? } else { file.look()? };
        let mut rows = visit.rows(now.stamp, |bucket| self.window(bucket))?;
        for (track, row) in self.tracks.iter_mut().zip(&rows) {
            track.lesson = row.lesson;
        }
        self.read = Some(now.own);
        let mut step = self.elsewhere(&visit, want, now, take)?;
        if step == Step::Go {
            step = self.leased(&visit, &mut rows, want, now, demand, take)?;
        }
        if take && step == Step::Go {
            self.write_down(&visit, &mut rows, want, now)?;
        }
        visit.commit()?;
        Ok(step)
    }

    /// The answer where permits in hand suffice, or where the next one in hand is not yet due.
    fn in_hand(&mut self, want: Want<'_>, now: Moment, take: bool) -> Option<Step> {
        if !self.is_fresh(now) || want.object.is_some() {
            return None;
        }
        let mut step = Step::Go;
        for bucket in want.buckets() {
            let Some(Rule::Spread { late, .. }) = self.rule(bucket, now.stamp) else {
                return None;
            };
            let track = &mut self.tracks[bucket.index()];
            if track.lesson.gate(now.stamp) != Gate::Open {
                return None;
            }
            let due = track.lease.next(now.stamp, late)?;
            step = step.and(due - now.stamp, bucket);
        }
        if take && step == Step::Go {
            for bucket in want.buckets() {
                self.tracks[bucket.index()].lease.spend();
            }
        }
        Some(step)
    }

    /// Blocks, logs and objects, as the file has them.
    fn elsewhere(
        &self,
        visit: &Visit<'_>,
        want: Want<'_>,
        now: Moment,
        take: bool,
    ) -> rusqlite::Result<Step> {
        let mut step = Step::Go;
        for bucket in want.buckets() {
            let gate = self.tracks[bucket.index()].lesson.gate(now.stamp);
            if let Gate::Shut { wait, probing } = gate {
                step = step.and(if probing { wait.min(FRESH) } else { wait }, bucket);
            }
            if let Some(Rule::Counted { most, window }) = self.rule(bucket, now.stamp) {
                if take {
                    visit.clamp_log(bucket, now.stamp)?;
                }
                let wait = visit.full_for(bucket, now.stamp, window, most)?;
                step = step.and(wait, bucket);
            }
        }
        if let (Some(object), Some(Rule::Spread { gap, .. })) =
            (want.object, self.usual(Bucket::Object))
            && let Some(at) = visit.changed(object, now.stamp)?
        {
            step = step.and(at + gap - now.stamp, Bucket::Object);
        }
        Ok(step)
    }

    /// Permits of the buckets that spread them: in hand, or taken from the file now.
    fn leased(
        &mut self,
        visit: &Visit<'_>,
        rows: &mut Rows,
        want: Want<'_>,
        now: Moment,
        demand: u32,
        take: bool,
    ) -> rusqlite::Result<Step> {
        let mut step = Step::Go;
        for bucket in want.buckets() {
            let Some(Rule::Spread { gap, late, .. }) = self.rule(bucket, now.stamp) else {
                continue;
            };
            let lease = &mut self.tracks[bucket.index()].lease;
            let row = &mut rows[bucket.index()];
            let due = match lease.next(now.stamp, late) {
                Some(due) => due,
                None => {
                    let due = next_permit(row.next, now.stamp, late);
                    if take && due <= now.stamp + AHEAD {
                        row.next = lease.renew(due, gap, now.stamp, demand);
                        visit.store(bucket, row)?;
                        due
                    } else {
                        due.max(now.stamp) - if take { AHEAD / 2 } else { 0 }
                    }
                }
            };
            step = step.and(due - now.stamp, bucket);
        }
        Ok(step)
    }

    /// The request goes: all processes count it.
    fn write_down(
        &mut self,
        visit: &Visit<'_>,
        rows: &mut Rows,
        want: Want<'_>,
        now: Moment,
    ) -> rusqlite::Result<()> {
        for bucket in want.buckets() {
            match self.rule(bucket, now.stamp) {
                Some(Rule::Counted { window, .. }) => visit.log(bucket, now.stamp, window)?,
                _ => self.tracks[bucket.index()].lease.spend(),
            }
            let row: &mut Row = &mut rows[bucket.index()];
            if row.lesson.gate(now.stamp) == Gate::Probe {
                row.lesson.begin_probe(now.stamp);
                visit.store(bucket, row)?;
            }
        }
        if let Some(object) = want.object {
            visit.change(object, now.stamp)?;
            self.visits += 1;
            if self.visits.is_multiple_of(64) {
                visit.forget_objects(now.stamp - 2 * self.window(Bucket::Object))?;
            }
        }
        Ok(())
    }

    /// How many requests of a counted bucket are within its window, over all processes, and how long the bucket is blocked.
    pub(in crate::governor) fn used(&mut self, bucket: Bucket, now: Moment) -> (usize, i64) {
        self.open();
        let window = self.window(bucket);
        let mut used = self.tracks[bucket.index()].within(now.own, window);
        // A plan is an estimate: what cannot be read now is told at the first permit.
        if let Shared::Open(_, file) = &self.shared
            && let Ok((count, rows)) = look_up(file, bucket, now, |bucket| self.window(bucket))
        {
            used = used.max(count);
            for (track, row) in self.tracks.iter_mut().zip(&rows) {
                track.lesson = row.lesson;
            }
        }
        let blocked = match self.tracks[bucket.index()].lesson.gate(now.stamp) {
            Gate::Shut { wait, .. } => wait,
            _ => 0,
        };
        (used, blocked)
    }
}

/// What the file knows of a bucket, and its rows.
fn look_up(
    file: &SharedFile,
    bucket: Bucket,
    now: Moment,
    window: impl Fn(Bucket) -> i64,
) -> rusqlite::Result<(usize, Rows)> {
    let look = file.look()?;
    let rows = look.rows(now.stamp, &window)?;
    Ok((look.used(bucket, now.stamp, window(bucket))?, rows))
}
