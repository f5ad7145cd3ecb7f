//! One binary for the tests of this crate.
#![expect(
    clippy::unwrap_used,
    reason = "the functions that tests share may unwrap as tests do"
)]

mod catalog;
mod creates;
mod declarations;
mod facts;
mod judge_answer;
mod judge_command;
mod judge_official;
mod judge_request;
mod judge_shape;
mod judge_version;
mod models;
mod sample;
mod tiny;
