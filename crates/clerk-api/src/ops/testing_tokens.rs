//! Testing tokens: bypass bot detection in tests.

use crate::declare::{Op, endpoint};
use crate::model::TestingToken;

endpoint! {
    /// Creates a testing token: bypasses bot detection in tests.
    pub struct CreateTestingToken = "testing_tokens.create", CreateTestingToken: Post "/testing_tokens", Create, None => TestingToken;
}

pub(super) static OPS: &[Op] = &[Op::of::<CreateTestingToken>()];
