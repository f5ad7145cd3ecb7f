//! The results of requests, and what follows for all processes.

use super::super::clock::Moment;
use super::super::lesson::{Came, Lesson};
use super::super::table::{Bucket, Want};
use super::{Shared, State};

impl State {
    /// The result of a request: a refusal with the wait that it asks for, another answer, or none. Returns whether anything follows.
    pub(in crate::governor) fn came(
        &mut self,
        want: Want<'_>,
        now: Moment,
        began: i64,
        came: Came,
    ) -> bool {
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

/// The bucket that a refusal is about: an hourly limit asks for more than a minute.
fn blamed(want: Want<'_>, asked: Option<i64>) -> Bucket {
    let long = asked.is_none_or(|asked| asked > 60_000_000);
    want.extra.filter(|_| long).unwrap_or(Bucket::Instance)
}
