//! What several targets check.

/// Whether a character does something to a terminal other than take its place.
#[must_use]
pub fn moves_a_terminal(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0xad | 0x61c | 0x180e | 0x200b | 0x200e..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
            | 0xfeff | 0xfff9..=0xfffb | 0xe0000..=0xe0fff)
}

/// Splits the input's text at its first line break.
#[must_use]
pub fn two_texts(input: &[u8]) -> Option<(&str, &str)> {
    std::str::from_utf8(input).ok()?.split_once('\n')
}
