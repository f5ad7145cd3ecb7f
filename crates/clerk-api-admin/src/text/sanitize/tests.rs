//! The hostile corpus, and properties over any text.

use proptest::prelude::*;

use super::*;

/// No text after `text` holds any of these, however it began.
fn moves_a_terminal(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0xad | 0x61c | 0x180e | 0x200b | 0x200e..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
            | 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe0fff)
}

#[test]
fn reliability_8_3_no_line_is_a_command_of_a_runner() {
    for (raw, shown) in [
        ("::error::x", ":\\:error::x"),
        ("a\n \t::error::x", "a\n \t:\\:error::x"),
        (":::x", ":\\::x"),
        ("a::b\n: :c", "a::b\n: :c"),
        ("x ##[group]", "x #\\#[group]"),
        ("##VSO[task]", "#\\#VSO[task]"),
        ("## title", "## title"),
    ] {
        assert_eq!(for_logs(raw, true), shown, "{raw:?}");
    }
    assert_eq!(for_logs("::x\r\n::y", false), "::x\r\n:\\:y");
}

#[test]
fn reliability_10_5_what_cannot_be_seen_is_replaced_for_agents() {
    for (raw, shown) in [
        ("ad\u{200b}min", "ad\u{fffd}min"),
        ("\x1b[31mred\n", "\u{fffd}[31mred\u{fffd}"),
        ("gpj.\u{202e}exe", "gpj.\u{fffd}exe"),
        ("\u{e0041}x", "\u{fffd}x"),
        ("##[group] ::error::x", "##[group] ::error::x"),
        ("Zoë 👩‍🚀", "Zoë 👩‍🚀"),
    ] {
        assert_eq!(replaced(raw), shown, "{raw:?}");
    }
}

#[test]
fn hostile_corpus_is_shown_and_moves_nothing() {
    // reliability.md 8.1, 8.3
    for (raw, shown) in [
        ("a\tb\r\nc\0", "a\\tb\\r\\nc\\x00"),
        ("\x1b[2J\x1b]0;owned\x07", "\\x1b[2J\\x1b]0;owned\\x07"),
        ("\x7f\u{9b}31m\u{85}", "\\x7f\\u{9b}31m\\u{85}"),
        ("gpj.\u{202e}exe", "gpj.\\u{202e}exe"),
        ("\u{2066}x\u{2069}\u{200f}", "\\u{2066}x\\u{2069}\\u{200f}"),
        ("a\u{2028}b\u{2029}", "a\\u{2028}b\\u{2029}"),
        (
            "ad\u{200b}min\u{2060}\u{feff}",
            "ad\\u{200b}min\\u{2060}\\u{feff}",
        ),
        ("\u{e0041}\u{e0001}", "\\u{e0041}\\u{e0001}"),
        ("\u{3164}\u{115f}", "\\u{3164}\\u{115f}"),
        ("a\u{fe0f}b\u{e0100}", "a\\u{fe0f}b\\u{e0100}"),
        ("pay\u{200d}pal", "pay\u{200d}pal"),
        ("1\u{200d}2", "1\\u{200d}2"),
        ("a\u{200d}", "a\\u{200d}"),
        ("a\u{200c}\u{200d}b", "a\\u{200c}\\u{200d}b"),
        ("\u{301}x", "\\u{301}x"),
        ("##[error]no", "#\\x23[error]no"),
        ("x ##VSO[task.setvariable]", "x #\\x23VSO[task.setvariable]"),
        ("###[x", "##\\x23[x"),
        ("::set-output name=a::b", ":\\x3aset-output name=a::b"),
        ("  ::error::x", "  :\\x3aerror::x"),
        (":::", ":\\x3a:"),
    ] {
        assert_eq!(text(raw), shown, "{raw:?}");
    }
}

#[test]
fn honest_text_of_many_scripts_stays() {
    for raw in [
        "Zoë Ångström",
        "می\u{200c}خواهم",
        "क्\u{200d}ष",
        "👩\u{200d}💻",
        "❤\u{fe0f}\u{200d}🔥",
        "👍🏽",
        "1\u{fe0f}\u{20e3}",
        "☀\u{fe0e}",
        "e\u{301}\u{302}\u{303}\u{304}",
        "a::b org:admin",
        "# heading ## two",
        "C:\\x1b",
        "한국어 日本語 ไทยํ้",
        "",
    ] {
        assert!(
            matches!(text(raw), Cow::Borrowed(kept) if kept == raw),
            "{raw:?}"
        );
    }
}

#[test]
fn the_fifth_mark_and_all_after_it_are_shown() {
    let raw = format!("e{}x\u{301}", "\u{301}".repeat(6));
    let kept = format!("e{}", "\u{301}".repeat(4));
    assert_eq!(text(&raw), format!("{kept}\\u{{301}}\\u{{301}}x\u{301}"));
}

#[test]
fn stray_bytes_are_shown_as_hexadecimal() {
    assert_eq!(bytes(b"a\xff\xc3(\x1b"), "a\\xff\\xc3(\\x1b");
    assert_eq!(bytes("ok ü".as_bytes()), "ok ü");
}

#[test]
fn json_keeps_the_value_and_shows_the_same_characters() {
    // reliability.md 8.2
    let raw = "a\u{202e}b\u{e0041}\u{7f} ##[x ::";
    let shown = json_string(raw);
    assert_eq!(shown, "a\\u202eb\\udb40\\udc41\\u007f #\\u0023[x ::");
    let back: String = serde_json::from_str(&format!("\"{shown}\"")).unwrap();
    assert_eq!(back, raw);
}

#[test]
fn yaml_escapes_are_those_of_yaml() {
    assert_eq!(
        yaml_string("a\"\\\n\x1b\u{9b}\u{202e}\u{e0041}é"),
        "a\\\"\\\\\\n\\x1b\\x9b\\u202e\\U000e0041é"
    );
}

/// Text that often holds what matters here.
fn any_text() -> impl Strategy<Value = String> {
    let c = prop_oneof![
        any::<char>(),
        proptest::char::range('\0', '\u{a0}'),
        proptest::sample::select(
            "#[:vso ae1*❤👩\u{200c}\u{200d}\u{fe0f}\u{301}\u{20e3}\u{202e}\u{34f}\u{94d}\u{915}"
                .chars()
                .collect::<Vec<_>>()
        ),
    ];
    proptest::collection::vec(c, 0..24).prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #[test]
    fn nothing_that_moves_a_terminal_comes_through(raw in any_text()) {
        prop_assert!(!text(&raw).chars().any(moves_a_terminal));
        prop_assert!(!json_string(&raw).chars().any(moves_a_terminal));
        prop_assert!(!yaml_string(&raw).chars().any(moves_a_terminal));
        let shown = text(&raw);
        prop_assert!(!shown.contains("##[") && !shown.to_lowercase().contains("##vso["));
        prop_assert!(!shown.trim_start().starts_with("::"));
    }

    #[test]
    fn a_second_pass_changes_nothing(raw in any_text()) {
        let once = text(&raw).into_owned();
        prop_assert_eq!(text(&once), once.as_str());
        let once = json_string(&raw).into_owned();
        prop_assert_eq!(json_string(&once), once.as_str());
        prop_assert!(is_json_clean(&once));
    }

    #[test]
    fn plain_text_is_unchanged(raw in "[ -\"$-9;-~éßñüЖ語]{0,40}") {
        prop_assert_eq!(text(&raw), raw.as_str());
    }

    #[test]
    fn json_strings_keep_their_value(value in any_text()) {
        let json = serde_json::to_string(&value).unwrap();
        let shown = json_string(&json[1..json.len() - 1]);
        let back: String = serde_json::from_str(&format!("\"{shown}\"")).unwrap();
        prop_assert_eq!(back, value);
    }

    #[test]
    fn bytes_never_move_a_terminal(raw in proptest::collection::vec(any::<u8>(), 0..40)) {
        prop_assert!(!bytes(&raw).chars().any(moves_a_terminal));
    }
}
