//! What a process knows of its permits, and the one decision: may this request go now, and if not, when.
//!
//! Each process keeps to the limits by itself, on a clock that never goes back; the file then makes all processes together keep to
//! them, over restarts too.

use std::collections::VecDeque;
use std::path::PathBuf;

use super::clock::{Moment, Timeline};
use super::file::{FileError, Row, Rows, SharedFile, Visit};
use super::lease::{AHEAD, Lease};
use super::lesson::{Gate, Lesson};
use super::object::Objects;
use super::rule::{Rule, counts_for, next_permit};
use super::share::Share;
use super::table::{Bucket, Table, Want};

/// What the file says is believed for so long (reliability.md 3.6).
const FRESH: i64 = 250_000;
/// The number of buckets that there is one of each.
const SINGLE: usize = Bucket::SINGLE.len();

/// Whether a request may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Go,
    /// Not for so many microseconds, because of this bucket.
    Wait(i64, Bucket),
}

impl Step {
    /// The longer wait of two.
    fn and(self, wait: i64, bucket: Bucket) -> Self {
        match self {
            Self::Wait(longer, _) if longer >= wait => self,
            _ if wait > 0 => Self::Wait(wait, bucket),
            _ => self,
        }
    }
}

/// The shared file, as far as this process has come with it.
enum Shared {
    None,
    Closed(PathBuf),
    Open(PathBuf, SharedFile),
}

/// A time that has always been over.
const LONG_AGO: i64 = i64::MIN / 4;

/// One bucket as this process sees it.
struct Track {
    /// When the next permit is due, on the own clock.
    next: i64,
    /// When this process sent what counts, on the own clock.
    sends: VecDeque<i64>,
    lesson: Lesson,
    lease: Lease,
    /// When this process sent a probe, on the own clock.
    probe: Option<i64>,
}

/// The governor's memory.
pub(super) struct State {
    table: Option<Table>,
    share: Share,
    /// 1, or a half where the file cannot be used.
    part: f64,
    shared: Shared,
    timeline: Timeline,
    tracks: [Track; SINGLE],
    pub(super) objects: Objects,
    /// When the file was read, on the own clock.
    read: Option<i64>,
    visits: u64,
    /// What the user should know, once.
    pub(super) warning: Option<String>,
}

impl State {
    pub(super) fn new(table: Option<Table>, share: Share) -> Self {
        Self {
            table,
            share,
            part: 1.0,
            shared: Shared::None,
            timeline: Timeline::default(),
            tracks: std::array::from_fn(|_| Track::new()),
            objects: Objects::default(),
            read: None,
            visits: 0,
            warning: None,
        }
    }

    /// Names the file. Where no limit is known there is nothing to share.
    pub(super) fn share_in(&mut self, path: PathBuf) {
        if self.table.is_some() {
            self.shared = Shared::Closed(path);
        }
    }

    pub(super) fn at(&mut self, own: i64, wall: i64) -> Moment {
        let shared = !matches!(self.shared, Shared::None);
        self.timeline.at(own, wall, shared)
    }

    /// The rule of a bucket without what was learned; none where no limit is known.
    pub(super) fn usual(&self, bucket: Bucket) -> Option<Rule> {
        let table = self.table.as_ref()?;
        Some(Rule::of(table, bucket, self.share, self.part))
    }

    /// The rule of a bucket, with what was learned.
    pub(super) fn rule(&self, bucket: Bucket, stamp: i64) -> Option<Rule> {
        let rule = self.usual(bucket)?;
        let Some(track) = self.tracks.get(bucket.index()) else {
            return Some(rule);
        };
        Some(rule.times(track.lesson.pace(stamp, rule.window())))
    }

    fn window(&self, bucket: Bucket) -> i64 {
        self.usual(bucket)
            .map_or_else(|| bucket.usual_window(), Rule::window)
    }

    /// Decides about a request, and takes its permits if it may go and `take` says so. `demand`: how many requests want to go.
    pub(super) fn step(&mut self, want: Want<'_>, now: Moment, demand: u32, take: bool) -> Step {
        let own = self.own(want, now);
        if let Step::Wait(..) = own
            && (take || matches!(self.shared, Shared::None))
        {
            return own;
        }
        self.open();
        let step = match std::mem::replace(&mut self.shared, Shared::None) {
            Shared::Open(path, file) => match self.together(&file, want, now, demand, take) {
                Ok(step) => {
                    self.shared = Shared::Open(path, file);
                    step
                }
                Err(error) => {
                    self.alone(&path, &error.into());
                    self.own(want, now)
                }
            },
            _ => self.own(want, now),
        };
        let step = match (own, step) {
            (Step::Wait(wait, bucket), step) => step.and(wait, bucket),
            (Step::Go, step) => step,
        };
        if step == Step::Go && take {
            self.sent(want, now);
        }
        step
    }

    /// Opens the file where that was not done yet.
    fn open(&mut self) {
        if let Shared::Closed(path) = &self.shared {
            let path = path.clone();
            match SharedFile::open(&path) {
                Ok(file) => self.shared = Shared::Open(path, file),
                Err(error) => self.alone(&path, &error),
            }
        }
    }

    /// How many requests of a counted bucket are within its window, over all processes, and how long the bucket is blocked.
    pub(super) fn used(&mut self, bucket: Bucket, now: Moment) -> (usize, i64) {
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

    /// Goes on without the file, at half the pace.
    fn alone(&mut self, path: &std::path::Path, error: &FileError) {
        self.shared = Shared::None;
        self.part = 0.5;
        self.warning = Some(format!(
            "cannot share the rate limit with other processes: {}: {error}; this one takes half of its share",
            path.display()
        ));
    }

    /// What this process knows by itself.
    fn own(&self, want: Want<'_>, now: Moment) -> Step {
        let mut step = Step::Go;
        // The file may know better by now.
        let shared = !matches!(self.shared, Shared::None);
        let stale = shared && !self.is_fresh(now);
        for bucket in want.buckets() {
            let track = &self.tracks[bucket.index()];
            match track.lesson.gate(now.stamp) {
                Gate::Shut { wait, probing } if !stale => {
                    let soon = shared && probing;
                    step = step.and(if soon { wait.min(FRESH) } else { wait }, bucket);
                }
                _ => {}
            }
            step = match self.rule(bucket, now.stamp) {
                Some(Rule::Spread { late, .. }) => {
                    step.and(next_permit(track.next, now.own, late) - now.own, bucket)
                }
                Some(Rule::Counted { most, window }) => {
                    step.and(track.full_for(now.own, window, most), bucket)
                }
                None => step,
            };
        }
        if let (Some(object), Some(Rule::Spread { gap, .. })) =
            (want.object, self.usual(Bucket::Object))
        {
            step = step.and(self.objects.wait(object, now.own, gap), Bucket::Object);
        }
        step
    }

    /// The request goes: this process counts it.
    fn sent(&mut self, want: Want<'_>, now: Moment) {
        for bucket in want.buckets() {
            let rule = self.rule(bucket, now.stamp);
            let track = &mut self.tracks[bucket.index()];
            match rule {
                Some(Rule::Spread { gap, late, .. }) => {
                    track.next = next_permit(track.next, now.own, late) + gap;
                }
                Some(Rule::Counted { window, .. }) => track.count(now.own, window),
                None => {}
            }
            if track.lesson.gate(now.stamp) == Gate::Probe {
                track.lesson.begin_probe(now.stamp);
                track.probe = Some(now.own);
            }
        }
        if let (Some(object), Some(Rule::Spread { gap, .. })) =
            (want.object, self.usual(Bucket::Object))
        {
            self.objects.write(object, now.own, gap);
        }
    }

    /// What all processes together may do; takes the permits from the file if the request may go.
    fn together(
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

    fn is_fresh(&self, now: Moment) -> bool {
        self.read.is_some_and(|read| now.own - read < FRESH)
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

    /// What came of a request: a refusal with the wait that it asks for, another answer, or none. Returns whether anything follows.
    pub(super) fn came(&mut self, want: Want<'_>, now: Moment, began: i64, came: Came) -> bool {
        let mut learned = false;
        if let Came::Refused(asked) = came {
            let bucket = blamed(want, asked);
            let window = self.window(bucket);
            let hourly = bucket != Bucket::Instance;
            learned = true;
            self.tracks[bucket.index()].probe = None;
            self.learn(bucket, now, |lesson| {
                lesson.refuse(now.stamp, asked, window, hourly);
            });
        }
        for bucket in want.buckets() {
            // What was sent before the probe says nothing of the block.
            let track = &mut self.tracks[bucket.index()];
            if track.probe.is_some_and(|probe| began + 1_000 >= probe) {
                track.probe = None;
                learned = true;
                let answered = came == Came::Answered;
                self.learn(bucket, now, |lesson| lesson.end_probe(now.stamp, answered));
            }
        }
        learned
    }

    /// Changes what is known of a bucket, for all processes.
    fn learn(&mut self, bucket: Bucket, now: Moment, change: impl Fn(&mut Lesson)) {
        let shared = std::mem::replace(&mut self.shared, Shared::None);
        let Shared::Open(path, file) = shared else {
            self.shared = shared;
            change(&mut self.tracks[bucket.index()].lesson);
            return;
        };
        let learned = file.visit().and_then(|visit| {
            let mut rows = visit.rows(now.stamp, |bucket| self.window(bucket))?;
            let row = &mut rows[bucket.index()];
            change(&mut row.lesson);
            visit.store(bucket, row)?;
            visit.commit()?;
            Ok(row.lesson)
        });
        match learned {
            Ok(lesson) => {
                self.tracks[bucket.index()].lesson = lesson;
                self.shared = Shared::Open(path, file);
            }
            Err(error) => {
                change(&mut self.tracks[bucket.index()].lesson);
                self.alone(&path, &error.into());
            }
        }
    }
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// A 429, with the microseconds that it asks to wait.
    Refused(Option<i64>),
    Answered,
    Nothing,
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

/// The bucket that a refusal is about: an hourly limit asks for more than a minute.
fn blamed(want: Want<'_>, asked: Option<i64>) -> Bucket {
    let long = asked.is_none_or(|asked| asked > 60_000_000);
    want.extra.filter(|_| long).unwrap_or(Bucket::Instance)
}

impl Track {
    fn new() -> Self {
        Self {
            next: LONG_AGO,
            sends: VecDeque::new(),
            lesson: Lesson::default(),
            lease: Lease::default(),
            probe: None,
        }
    }

    /// How long the own log has no room, where so many may be in any window.
    fn full_for(&self, now: i64, window: i64, most: usize) -> i64 {
        let since = now - counts_for(window);
        let last = self.sends.len().checked_sub(most);
        let leaves = last.and_then(|index| self.sends.get(index));
        leaves.map_or(0, |at| (at - since).max(0))
    }

    /// How many requests count now.
    fn within(&self, now: i64, window: i64) -> usize {
        let since = now - counts_for(window);
        self.sends.iter().filter(|at| **at > since).count()
    }

    fn count(&mut self, now: i64, window: i64) {
        let since = now - counts_for(window);
        while self.sends.front().is_some_and(|at| *at <= since) {
            self.sends.pop_front();
        }
        self.sends.push_back(now);
    }
}
