//! Rows of one file that are for the same person.

use std::collections::BTreeMap;

use clerk_api_admin::call::Call;
use clerk_api_admin::problem::{Outcome, Problem};
use sha2::{Digest as _, Sha256};

use super::existing::values;
use super::policy::Key;
use crate::rows::{Position, shown};

/// The addresses, numbers and usernames of the rows so far, as hashes with their lines. The journal tells rows with the same first key
/// from each other; this tells rows that share any other, of which the API would refuse the second.
#[derive(Default)]
pub(super) struct Taken(BTreeMap<[u8; 16], u64>);

impl Taken {
    /// Refuses a row that shares something with an earlier one, and remembers what others have.
    pub(super) fn check(&mut self, at: Position, call: &Call) -> Outcome<()> {
        let mut own = Vec::new();
        for key in Key::ALL {
            for value in values(call, key) {
                let text = format!("{}\0{}", key.parameter(), key.folded(&value));
                let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
                let mut hash = [0; 16];
                hash.copy_from_slice(&digest[..16]);
                if let Some(line) = self.0.get(&hash) {
                    let (again, name) = (at.line, key.called());
                    let value = shown(&value);
                    return Err(Problem::usage(format!(
                        "line {again}: the {name} {value} is in line {line} already: only the first of them is used"
                    )));
                }
                own.push(hash);
            }
        }
        self.0.extend(own.into_iter().map(|hash| (hash, at.line)));
        Ok(())
    }
}
