//! Objects that are being changed: one write at a time each, and some time between two.

use std::collections::BTreeMap;

/// A write that nobody heard of after this long is over: the longest time of a call.
const OVER: i64 = 60_000_000;
/// Objects that are remembered; where there are more, those that nothing is known of any more go.
const MANY: usize = 10_000;

/// The objects that this process changed a short while ago; times in microseconds of the clock that never goes back.
#[derive(Debug, Default)]
pub(super) struct Objects(BTreeMap<String, Object>);

#[derive(Debug, Clone, Copy, Default)]
struct Object {
    /// The latest write.
    at: Option<i64>,
    /// Since when a write is under way.
    writing: Option<i64>,
}

impl Objects {
    /// Claims the object for one write, or says how long another one has it at most.
    pub(super) fn claim(&mut self, name: &str, now: i64) -> Result<(), i64> {
        let object = self.0.entry(name.to_owned()).or_default();
        if let Some(since) = object.writing
            && now < since + OVER
        {
            return Err(since + OVER - now);
        }
        object.writing = Some(now);
        Ok(())
    }

    /// The write is over, or does not take place.
    pub(super) fn release(&mut self, name: &str) {
        if let Some(object) = self.0.get_mut(name) {
            object.writing = None;
        }
    }

    /// How long the next write of the object has to wait.
    pub(super) fn wait(&self, name: &str, now: i64, gap: i64) -> i64 {
        let at = self.0.get(name).and_then(|object| object.at);
        at.map_or(0, |at| (at + gap - now).max(0))
    }

    /// A write goes out.
    pub(super) fn write(&mut self, name: &str, now: i64, gap: i64) {
        if self.0.len() > MANY {
            let known = |object: &Object| object.writing.is_some() || object.at > Some(now - gap);
            self.0.retain(|_, object| known(object));
        }
        let object = self.0.entry(name.to_owned()).or_default();
        object.at = Some(now);
        object.writing = Some(now);
    }
}
