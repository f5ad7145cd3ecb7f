//! Request limits as Clerk publishes them (reliability 11.5). They are off until somebody asks for them, are
//! counted in this process's memory, and go by the instance's clock.

mod rule;
mod window;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use http::Method;
use serde::{Deserialize, Serialize};

use rule::Rule;
use window::Window;

/// Objects whose limits are remembered; where there are more, those with nothing to remember go.
const OBJECTS: usize = 10_000;

/// Which kind of Clerk instance the limits are those of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LimitProfile {
    /// 100 requests in 10 seconds.
    Development,
    /// 1000 requests in 10 seconds.
    Production,
}

/// How requests are counted over time; Clerk does not say how it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LimitWindow {
    /// Windows follow one another, and each begins with nothing counted.
    #[default]
    Fixed,
    /// The window ends at every request's moment.
    Sliding,
}

/// The limits that a server enforces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Limits {
    /// Whose they are; `None` for no request limits.
    #[serde(default)]
    pub profile: Option<LimitProfile>,
    /// How requests are counted.
    #[serde(default)]
    pub window: LimitWindow,
    /// How many times faster than real time the windows pass: with 3600 an hour passes in a second. At least 1.
    #[serde(default = "one")]
    pub scale: u32,
    /// How many users the instance may have; `None` for any number.
    #[serde(default)]
    pub user_cap: Option<u32>,
}

fn one() -> u32 {
    1
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            profile: None,
            window: LimitWindow::Fixed,
            scale: 1,
            user_cap: None,
        }
    }
}

/// A request that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The limit that was reached.
    pub(crate) limit: &'static str,
    /// Whole seconds until a request may pass.
    pub(crate) retry_after: u64,
}

/// How much of a limit is in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Usage {
    pub(crate) limit: &'static str,
    /// The object whose limit it is, as it stands in paths.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) object: String,
    pub(crate) used: usize,
    pub(crate) allowed: usize,
    /// Milliseconds over which is counted, after scaling.
    pub(crate) window_ms: i64,
    /// Milliseconds until something of it is free again.
    pub(crate) frees_in_ms: i64,
}

/// The counters of a running server.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    on: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    limits: Limits,
    windows: BTreeMap<(&'static str, String), Window>,
}

impl Limiter {
    pub(crate) fn new(limits: Limits) -> Self {
        let limiter = Self::default();
        limiter.set(limits);
        limiter
    }

    /// Changes the limits and starts counting from zero.
    pub(crate) fn set(&self, limits: Limits) {
        let mut state = self.state();
        *state = State {
            limits,
            ..State::default()
        };
        state.limits.scale = limits.scale.max(1);
        self.on.store(
            limits.profile.is_some() || limits.user_cap.is_some(),
            Ordering::Relaxed,
        );
    }

    pub(crate) fn get(&self) -> Limits {
        self.state().limits
    }

    /// The number of users there may be.
    pub(crate) fn user_cap(&self) -> Option<u32> {
        if self.on.load(Ordering::Relaxed) {
            self.get().user_cap
        } else {
            None
        }
    }

    /// Counts a request against every limit that it falls under, or against none if one of them is reached.
    pub(crate) fn admit(&self, method: &Method, path: &str, now: i64) -> Result<(), Refusal> {
        if !self.on.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut state = self.state();
        let Some(profile) = state.limits.profile else {
            return Ok(());
        };
        let (kind, scale) = (state.limits.window, i64::from(state.limits.scale));
        let rules: Vec<(Rule, String)> = rule::of(profile, method, path).collect();
        for (rule, object) in &rules {
            let window = state
                .windows
                .entry((rule.name, object.clone()))
                .or_insert_with(|| Window::new(kind, rule.window_ms / scale));
            if let Some(wait) = window.wait(rule.allowed, now) {
                return Err(Refusal {
                    limit: rule.name,
                    retry_after: u64::try_from(wait).unwrap_or(0).div_ceil(1_000).max(1),
                });
            }
        }
        for (rule, object) in rules {
            if let Some(window) = state.windows.get_mut(&(rule.name, object)) {
                window.count(now);
            }
        }
        if state.windows.len() > OBJECTS {
            state.windows.retain(|_, window| window.used(now) > 0);
        }
        Ok(())
    }

    /// How much of each limit is in use; limits that nothing counts against are left out.
    pub(crate) fn usage(&self, now: i64) -> Vec<Usage> {
        let mut state = self.state();
        let Some(profile) = state.limits.profile else {
            return Vec::new();
        };
        let windows = state.windows.iter_mut();
        windows
            .filter_map(|((name, object), window)| {
                let allowed = rule::allowed(profile, name)?;
                let used = window.used(now);
                (used > 0).then(|| Usage {
                    limit: name,
                    object: object.clone(),
                    used,
                    allowed,
                    window_ms: window.length(),
                    frees_in_ms: window.frees_in(now),
                })
            })
            .collect()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(window: LimitWindow, scale: u32) -> Limiter {
        Limiter::new(Limits {
            profile: Some(LimitProfile::Development),
            window,
            scale,
            user_cap: None,
        })
    }

    fn passes(limiter: &Limiter, method: &Method, path: &str, times: usize, now: i64) -> usize {
        (0..times)
            .filter(|_| limiter.admit(method, path, now).is_ok())
            .count()
    }

    #[test]
    fn nothing_is_limited_unless_asked_for() {
        let limiter = Limiter::default();
        assert_eq!(passes(&limiter, &Method::GET, "/v1/users", 5_000, 0), 5_000);
        assert!(limiter.usage(0).is_empty());
    }

    #[test]
    fn an_instance_has_so_many_requests_in_ten_seconds() {
        // reliability 3.1, 11.5
        let limiter = limiter(LimitWindow::Fixed, 1);
        assert_eq!(passes(&limiter, &Method::GET, "/v1/users", 150, 3_000), 100);
        let refusal = limiter.admit(&Method::GET, "/v1/users", 3_000);
        let expected = Refusal {
            limit: "instance",
            retry_after: 7,
        };
        assert_eq!(refusal, Err(expected));
        assert_eq!(passes(&limiter, &Method::GET, "/v1/jwks", 150, 3_000), 150);
        assert_eq!(
            passes(&limiter, &Method::GET, "/v1/users", 150, 10_000),
            100
        );
    }

    #[test]
    fn a_sliding_window_frees_what_is_older_than_itself() {
        let limiter = limiter(LimitWindow::Sliding, 1);
        assert_eq!(passes(&limiter, &Method::GET, "/v1/users", 60, 0), 60);
        assert_eq!(passes(&limiter, &Method::GET, "/v1/users", 60, 9_000), 40);
        assert_eq!(passes(&limiter, &Method::GET, "/v1/users", 100, 10_000), 60);
    }

    #[test]
    fn an_object_takes_ten_changes_and_others_do_not_suffer() {
        let limiter = limiter(LimitWindow::Fixed, 1);
        let metadata = "/v1/users/user_a/metadata";
        assert_eq!(passes(&limiter, &Method::PATCH, metadata, 8, 0), 8);
        assert_eq!(
            passes(&limiter, &Method::PATCH, "/v1/users/user_a", 8, 0),
            2
        );
        assert_eq!(
            passes(&limiter, &Method::PATCH, "/v1/users/user_b", 8, 0),
            8
        );
        let usage = limiter.usage(0);
        let of_a = usage.iter().find(|usage| usage.object == "user_a");
        assert_eq!(
            of_a.map(|usage| (usage.used, usage.allowed)),
            Some((10, 10))
        );
    }

    #[test]
    fn an_hour_passes_in_a_second_where_the_scale_says_so() {
        let limiter = limiter(LimitWindow::Fixed, 3_600);
        let invite = "/v1/invitations/bulk";
        assert_eq!(passes(&limiter, &Method::POST, invite, 30, 0), 25);
        assert_eq!(passes(&limiter, &Method::POST, invite, 30, 1_000), 25);
    }
}
