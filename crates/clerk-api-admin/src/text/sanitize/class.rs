//! Classes of characters, as far as the sanitizer asks (sources: Unicode's `Default_Ignorable_Code_Point`, `Bidi_Control`, `Emoji`).

use unicode_width::UnicodeWidthChar;

/// Characters that are never shown unchanged.
pub(super) fn is_forbidden(c: char) -> bool {
    match u32::from(c) {
        0x20..=0x7e => false,
        // C0, DEL, C1; the soft hyphen
        0x00..=0x1f | 0x7f..=0x9f | 0xad => true,
        0xa0..=0x34e => false,
        // grapheme joiner, Arabic letter mark, Syriac abbreviation mark
        0x34f | 0x61c | 0x70f
        // fillers of Hangul and Khmer that show nothing
        | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x3164 | 0xffa0
        // Mongolian selectors
        | 0x180b..=0x180f
        // zero-width space, marks of direction, separators of lines and paragraphs, embeddings, overrides
        | 0x200b | 0x200e..=0x200f | 0x2028..=0x202e
        // word joiner, invisible operators, isolates, deprecated format characters
        | 0x2060..=0x206f
        // byte order mark, interlinear annotation, noncharacters
        | 0xfeff | 0xfff0..=0xfffb | 0xfffe..=0xffff | 0xfdd0..=0xfdef
        // Egyptian and shorthand format controls, musical ones
        | 0x13430..=0x1343f | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a
        // tags and the selectors of the supplement
        | 0xe0000..=0xe0fff => true,
        code => code & 0xfffe == 0xfffe,
    }
}

/// Zero-width joiner and non-joiner.
pub(super) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// The variation selectors 1 to 16.
pub(super) fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}')
}

/// Characters that stack on the one before them.
pub(super) fn is_mark(c: char) -> bool {
    !c.is_ascii() && c.width() == Some(0)
}

/// Digits and signs that make a keycap together with U+20E3.
pub(super) fn is_keycap_base(c: char) -> bool {
    matches!(c, '0'..='9' | '#' | '*')
}

/// Pictures, by the blocks they live in: a selector after an arrow that is no emoji does no harm.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(
        u32::from(c),
        0xa9 | 0xae | 0x203c | 0x2049 | 0x2122 | 0x2139
            | 0x2190..=0x21ff
            | 0x2300..=0x23ff
            | 0x24c2
            | 0x25a0..=0x27bf
            | 0x2934..=0x2935
            | 0x2b00..=0x2bff
            | 0x3030 | 0x303d | 0x3297 | 0x3299
            | 0x1f000..=0x1faff
    )
}
