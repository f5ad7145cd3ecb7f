//! Every format over any response: no panic, and nothing that moves a terminal reaches one.
#![no_main]

use clerk_api_admin::view::view;
use clerk_api_admin::format::{Format, OutputOptions, Renderer};
use clerk_api_fuzz::moves_a_terminal;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|answer: &[u8]| {
    for format in Format::ALL {
        let options = OutputOptions {
            format,
            view: view("users.list"),
            to_terminal: true,
            width: Some(40),
            pretty: true,
            ..OutputOptions::default()
        };
        let mut out = Vec::new();
        let _ = Renderer::new(&options).unwrap().answer(answer, &mut out);
        let out = String::from_utf8(out).unwrap();
        let ends = |c| c == '\n' || (c == '\r' && format == Format::Csv);
        assert!(
            !out.chars().any(|c| !ends(c) && moves_a_terminal(c)),
            "{format:?}: {out:?}"
        );
    }
});
