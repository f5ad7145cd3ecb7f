//! Faults on demand: what goes wrong, with which request, how often (reliability 11.5).

mod line;
mod pattern;
mod switch;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use serde::{Deserialize, Deserializer, Serialize};

use crate::store::Frozen;
use pattern::Pattern;
pub(crate) use switch::{Cable, Connection};

/// Most faults at a time.
const MOST: usize = 100;

/// What goes wrong with requests that match.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Fault {
    /// Method and path, such as `POST /users/*/ban`: `*` stands for any method, or for one segment, and `**` at
    /// the end for any number of them.
    pub on: String,
    /// Answer with this status, without doing anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What the body of that response is.
    #[serde(default)]
    pub body: FaultBody,
    /// The `Retry-After` header of that response, sensible or not; with status 429, one second where absent, and no
    /// header where it is empty.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text"
    )]
    pub retry_after: Option<String>,
    /// Wait so many milliseconds before anything else.
    #[serde(default)]
    pub delay_ms: u64,
    /// Break the connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<FaultCut>,
    /// Never answer; the request is not carried out.
    #[serde(default)]
    pub hang: bool,
    /// Answer reads from the state at the moment when this fault was added.
    #[serde(default)]
    pub stale: bool,
    /// Begin with the nth request that matches, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// From there on only every so many requests that match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// Strike so often at most; 1 where `nth` is given without `every`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Strike with this probability, 0 to 1; the same requests in the same order meet the same luck.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
}

/// The body of a response that a fault gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultBody {
    /// JSON, as the API's own errors.
    #[default]
    Api,
    /// A page, as a proxy in front of the API gives.
    Html,
    /// Nothing.
    Empty,
}

/// Where a connection breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FaultCut {
    /// Before the request is carried out.
    Before,
    /// After it was carried out, before any byte of the response.
    After,
    /// In the middle of the response's body, after the request was carried out.
    Body,
}

/// A number or a text, as a text.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(serde_json::Number),
        Text(String),
    }
    Ok(Option::deserialize(from)?.map(|either| match either {
        Either::Number(number) => number.to_string(),
        Either::Text(text) => text,
    }))
}

impl Fault {
    /// Says what is wrong with a fault, in a sentence.
    ///
    /// # Errors
    ///
    /// When it cannot be matched or does nothing.
    pub fn check(&self) -> Result<(), String> {
        Pattern::parse(&self.on)?;
        if self
            .status
            .is_some_and(|status| !(100..=599).contains(&status) || status < 200)
        {
            return Err("the status must be between 200 and 599".to_owned());
        }
        if self.nth == Some(0) || self.every == Some(0) || self.times == Some(0) {
            return Err("nth, every and times count from 1".to_owned());
        }
        if self
            .probability
            .is_some_and(|chance| !(0.0..=1.0).contains(&chance))
        {
            return Err("the probability must be between 0 and 1".to_owned());
        }
        let kinds = [
            self.status.is_some(),
            self.cut.is_some(),
            self.hang,
            self.stale,
        ];
        match kinds.iter().filter(|given| **given).count() {
            0 if self.delay_ms == 0 => {
                Err("a fault needs an effect: give status, delay_ms, cut, hang or stale".to_owned())
            }
            0 | 1 => Ok(()),
            _ => Err("only one of status, cut, hang and stale can happen at once".to_owned()),
        }
    }
}

/// A fault that is in force.
#[derive(Debug)]
struct Active {
    id: u64,
    fault: Fault,
    pattern: Pattern,
    enabled: bool,
    matched: u64,
    struck: u64,
    /// For stale reads: what they see.
    frozen: Option<Arc<Frozen>>,
}

/// A fault as it is listed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Listed {
    pub(crate) id: u64,
    pub(crate) enabled: bool,
    /// Requests that matched.
    pub(crate) matched: u64,
    /// Requests that it struck.
    pub(crate) struck: u64,
    #[serde(flatten)]
    pub(crate) fault: Fault,
}

/// A fault that strikes a request.
#[derive(Clone, Debug)]
pub(crate) struct Strike {
    pub(crate) id: u64,
    pub(crate) fault: Fault,
    pub(crate) frozen: Option<Arc<Frozen>>,
}

/// The faults of a running server.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    on: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last: u64,
    active: Vec<Active>,
}

impl Faults {
    /// Adds a fault that `Fault::check` finds good, and returns its number.
    pub(crate) fn add(&self, fault: Fault, frozen: Option<Frozen>) -> Result<u64, String> {
        fault.check()?;
        let pattern = Pattern::parse(&fault.on)?;
        let mut state = self.state();
        if state.active.len() == MOST {
            return Err(format!("there are {MOST} faults already"));
        }
        state.last += 1;
        let id = state.last;
        state.active.push(Active {
            id,
            fault,
            pattern,
            enabled: true,
            matched: 0,
            struck: 0,
            frozen: frozen.map(Arc::new),
        });
        self.on.store(true, Ordering::Relaxed);
        Ok(id)
    }

    pub(crate) fn list(&self) -> Vec<Listed> {
        let state = self.state();
        let listed = state.active.iter().map(|active| Listed {
            id: active.id,
            enabled: active.enabled,
            matched: active.matched,
            struck: active.struck,
            fault: active.fault.clone(),
        });
        listed.collect()
    }

    /// Switches a fault on or off; false if there is no such fault.
    pub(crate) fn enable(&self, id: u64, enabled: bool) -> bool {
        let mut state = self.state();
        let found = state.active.iter_mut().find(|active| active.id == id);
        found.map(|active| active.enabled = enabled).is_some()
    }

    /// Removes a fault; false if there is no such fault.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut state = self.state();
        let before = state.active.len();
        state.active.retain(|active| active.id != id);
        self.on.store(!state.active.is_empty(), Ordering::Relaxed);
        state.active.len() < before
    }

    /// Removes all faults.
    pub(crate) fn clear(&self) {
        self.state().active.clear();
        self.on.store(false, Ordering::Relaxed);
    }

    /// Returns the fault that strikes a request: the first that matches and whose turn it is.
    pub(crate) fn strike(&self, method: &Method, path: &str) -> Option<Strike> {
        if !self.on.load(Ordering::Relaxed) {
            return None;
        }
        let mut state = self.state();
        let mut matching = state.active.iter_mut().filter(|active| {
            let possible = *method == Method::GET || !active.fault.stale;
            active.enabled && possible && active.pattern.matches(method, path)
        });
        let active = loop {
            let active = matching.next()?;
            if active.turn() {
                break active;
            }
        };
        Some(Strike {
            id: active.id,
            fault: active.fault.clone(),
            frozen: active.frozen.clone(),
        })
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Active {
    /// Counts a request that matches, and returns whether the fault applies to it.
    fn turn(&mut self) -> bool {
        self.matched += 1;
        let first = self.fault.nth.unwrap_or(1);
        let once = self.fault.nth.is_some() && self.fault.every.is_none();
        let times = self.fault.times.or(once.then_some(1));
        let on_turn = self.matched >= first
            && (self.matched - first).is_multiple_of(self.fault.every.unwrap_or(1));
        let lucky = self.fault.probability.is_none_or(|chance| {
            // A fixed sequence for each fault: a run can be repeated.
            let drawn = (self.id << 32 | self.matched).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11;
            #[expect(
                clippy::cast_precision_loss,
                reason = "53 bits are what a double holds"
            )]
            let drawn = drawn as f64 / (1_u64 << 53) as f64;
            drawn < chance
        });
        let strikes = on_turn && lucky && times.is_none_or(|times| self.struck < times);
        self.struck += u64::from(strikes);
        strikes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(text: &str, requests: usize) -> Vec<usize> {
        let faults = Faults::default();
        faults
            .add(text.parse().expect("a fault"), None)
            .expect("good");
        (1..=requests)
            .filter(|_| true)
            .filter(|_| faults.strike(&Method::POST, "/v1/users").is_some())
            .collect()
    }

    #[test]
    fn a_fault_strikes_when_it_is_its_turn() {
        assert_eq!(struck("POST /users status=503", 3), [1, 2, 3]);
        assert_eq!(struck("POST /users status=503 nth=2", 5), [2]);
        assert_eq!(struck("POST /users status=503 times=2", 5), [1, 2]);
        assert_eq!(struck("POST /users status=503 nth=2 every=2", 7), [2, 4, 6]);
        assert_eq!(struck("POST /users status=503 nth=2 times=3", 7), [2, 3, 4]);
        assert!(struck("GET /users status=503", 3).is_empty());
    }

    #[test]
    fn luck_is_the_same_every_time() {
        let half = struck("* /** status=500 probability=0.5", 200);
        assert!((60..140).contains(&half.len()), "{}", half.len());
        assert_eq!(half, struck("* /** status=500 probability=0.5", 200));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for bad in [
            "POST /users",
            "POST /users status=99",
            "POST /users status=503 cut=after",
            "POST /users status=503 nth=0",
            "POST /users status=503 probability=2",
            "POST /users status=503 colour=red",
            "users status=503",
        ] {
            let fault = bad.parse::<Fault>().and_then(|fault| fault.check());
            assert!(fault.is_err(), "{bad}");
        }
    }
}
