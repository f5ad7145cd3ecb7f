//! What a process knows of its permits, and the one decision: may this request go now, and if not, when.
//!
//! Each process keeps to the limits by itself, on a clock that never goes back; the file then makes all processes together keep to
//! them, over restarts too.

mod learn;
mod together;
mod track;

use std::path::PathBuf;

use super::clock::{Moment, Timeline};
use super::file::{FileError, SharedFile};
use super::lesson::Gate;
use super::object::Objects;
use super::rule::{Rule, next_permit};
use super::share::Share;
use super::table::{Bucket, Table, Want};
use track::Track;

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

    /// Goes on without the file.
    fn alone(&mut self, path: &std::path::Path, error: &FileError) {
        self.stay_alone(&format!("{}: {error}", path.display()));
    }

    /// Goes on without a file, at half the pace.
    pub(super) fn stay_alone(&mut self, reason: &str) {
        self.shared = Shared::None;
        if self.table.is_some() {
            self.part = 0.5;
            self.warning = Some(format!(
                "cannot share the rate limit with other processes: {reason}; this one takes half of its share"
            ));
        }
    }

    /// Whether the file was read a short while ago.
    fn is_fresh(&self, now: Moment) -> bool {
        self.read.is_some_and(|read| now.own - read < FRESH)
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
}
