//! Words of a shell's command line, for commands that are shown to be copied.

use std::fmt::Write as _;

/// A text as one word, quoted where it has to be: it cannot add words or commands. Control characters, which a terminal would act on,
/// are written as `$'\x1b'`.
#[must_use]
pub fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@._:+-".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain) {
        return text.to_owned();
    }
    if !text.chars().any(char::is_control) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let mut word = "$'".to_owned();
    for c in text.chars() {
        match c {
            '\'' | '\\' => word.extend(['\\', c]),
            c if c.is_control() => {
                for byte in c.to_string().bytes() {
                    // Writing into a string does not fail.
                    let _ = write!(word, "\\x{byte:02x}");
                }
            }
            c => word.push(c),
        }
    }
    word.push('\'');
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_one_word() {
        for (text, expected) in [
            ("user_1", "user_1"),
            ("ada@example.com", "ada@example.com"),
            ("a; rm -rf /", "'a; rm -rf /'"),
            ("it's", r"'it'\''s'"),
            ("-x", "'-x'"),
            ("", "''"),
            ("\x1b[", r"$'\x1b['"),
        ] {
            assert_eq!(word(text), expected);
        }
    }
}
