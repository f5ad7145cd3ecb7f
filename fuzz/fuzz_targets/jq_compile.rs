//! `--jq`: any filter compiles or is refused with a place inside it.
#![no_main]

use clerk_api_admin::format::{OutputError, OutputOptions, Renderer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|code: &str| {
    let options = OutputOptions {
        jq: Some(code.to_owned()),
        ..OutputOptions::default()
    };
    match Renderer::new(&options).err() {
        None | Some(OutputError::JqSize(_)) => {}
        Some(OutputError::Jq { position, .. }) => assert!(position <= code.chars().count() + 1),
        Some(other) => panic!("{other}"),
    }
});
