//! What a form leads to is said on the page after it, once.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::form::Form;
use crate::http::error::ApiError;

/// Notes that wait to be read; of more, the oldest go.
const MOST: usize = 32;

/// What is wrong, and perhaps the field that it is about.
pub(super) type Problem = (Option<String>, String);

/// What became of a form.
#[derive(Clone, Debug)]
pub(super) enum Note {
    Done(String),
    /// With the form to correct.
    Refused {
        problems: Vec<Problem>,
        form: Form,
    },
}

impl Note {
    pub(super) fn refused(error: &ApiError, form: Form) -> Self {
        let problems = error.problems().iter();
        Self::Refused {
            problems: problems
                .map(|problem| {
                    (
                        problem.param().map(str::to_owned),
                        problem.long().to_owned(),
                    )
                })
                .collect(),
            form,
        }
    }
}

/// The notes of a server.
#[derive(Debug, Default)]
pub(super) struct Notes(Mutex<(u64, VecDeque<(u64, Note)>)>);

impl Notes {
    /// Keeps a note and returns its number.
    pub(super) fn add(&self, note: Note) -> u64 {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0 += 1;
        let number = kept.0;
        if kept.1.len() == MOST {
            kept.1.pop_front();
        }
        kept.1.push_back((number, note));
        number
    }

    /// Takes a note; another time it is gone.
    pub(super) fn take(&self, number: u64) -> Option<Note> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.1.iter().position(|(one, _)| *one == number)?;
        kept.1.remove(place).map(|(_, note)| note)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_once_and_old_ones_go() {
        let notes = Notes::default();
        let first = notes.add(Note::Done("first".to_owned()));
        let second = notes.add(Note::Done("second".to_owned()));
        assert!(matches!(notes.take(second), Some(Note::Done(text)) if text == "second"));
        assert!(notes.take(second).is_none());
        for _ in 0..MOST {
            notes.add(Note::Done(String::new()));
        }
        assert!(notes.take(first).is_none());
    }
}
