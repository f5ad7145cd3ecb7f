//! Tokens that get tests past the detection of bots.

use crate::declare::{Op, endpoint};
use crate::model::TestingToken;

endpoint! {
    /// Makes a token that gets a test of the sign-in past the detection of bots.
    pub struct CreateTestingToken = "testing_tokens.create", CreateTestingToken: Post "/testing_tokens", Create, None => TestingToken;
}

pub(super) static OPS: &[Op] = &[Op::of::<CreateTestingToken>()];
