//! The time of day, which processes and restarts have in common. Waits and spacing use the library's clock, which never goes back.

/// Tells the time of day, for what several processes write into one file.
pub trait WallClock: Send + Sync {
    /// Returns the microseconds since 1970. It may jump, in both directions.
    fn micros(&self) -> i64;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemWall;

impl WallClock for SystemWall {
    fn micros(&self) -> i64 {
        jiff::Timestamp::now().as_microsecond()
    }
}

/// One moment on both clocks, in microseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// On the clock that never goes back.
    pub(super) own: i64,
    /// On the time scale of the file.
    pub(super) stamp: i64,
}

/// Places this process on the time scale of the file, and notices when the computer's clock was moved.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    offset: Option<i64>,
}

/// Smaller differences between the clocks are corrections of the computer's clock, which are harmless.
const MOVED: i64 = 1_000_000;

impl Timeline {
    /// The moment on both scales. Where the file is shared the wall clock is followed if it was moved.
    pub(super) fn at(&mut self, own: i64, wall: i64, shared: bool) -> Moment {
        let offset = match self.offset {
            Some(offset) if !shared || (wall - own - offset).abs() <= MOVED => offset,
            _ => wall - own,
        };
        self.offset = Some(offset);
        Moment {
            own,
            stamp: own + offset,
        }
    }
}
