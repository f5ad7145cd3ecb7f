//! What JSON does not have becomes blanks, so that each position stays.

/// A text without comments and without commas before closing brackets, of the same length, and where these commas were.
pub(super) fn blanked(text: &str) -> (String, Vec<usize>) {
    let bytes = text.as_bytes();
    let mut json = bytes.to_vec();
    let (mut at, mut comma, mut trailing) = (0, None, Vec::new());
    if text.starts_with('\u{feff}') {
        json[..3].fill(b' ');
        at = 3;
    }
    while at < bytes.len() {
        let rest = &text[at..];
        let end = match bytes[at] {
            b'"' => end_of_string(bytes, at),
            b'/' if rest.starts_with("//") => at + rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => {
                at + rest.find("*/").map_or(rest.len(), |end| end + 2)
            }
            byte => {
                match byte {
                    b',' => comma = Some(at),
                    b'}' | b']' => trailing.extend(comma.take()),
                    byte if byte.is_ascii_whitespace() => {}
                    _ => comma = None,
                }
                at += text[at..].chars().next().map_or(1, char::len_utf8);
                continue;
            }
        };
        if bytes[at] == b'/' {
            let kept = |byte: &mut u8| {
                if !byte.is_ascii_whitespace() {
                    *byte = b' ';
                }
            };
            json[at..end].iter_mut().for_each(kept);
        } else {
            comma = None;
        }
        at = end;
    }
    for comma in &trailing {
        json[*comma] = b' ';
    }
    (String::from_utf8_lossy(&json).into_owned(), trailing)
}

/// The position behind a string that begins here.
pub(super) fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}
