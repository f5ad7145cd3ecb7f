//! The names of the parts of a `multipart/form-data` body; what is in a file is not judged.

/// Returns the name of every part, or a sentence on what is wrong with the body.
pub(crate) fn part_names(content_type: &str, body: &[u8]) -> Result<Vec<String>, String> {
    let boundary =
        parameter(content_type, "boundary").ok_or("the content type names no boundary")?;
    let text = String::from_utf8_lossy(body);
    let mark = format!("--{boundary}");
    let mut sections = text.split(mark.as_str());
    // Text before the first boundary has no meaning.
    sections.next();
    let mut names = Vec::new();
    for section in sections {
        if section.starts_with("--") {
            return Ok(names);
        }
        let (head, _) = section
            .split_once("\r\n\r\n")
            .ok_or("a part has no end of its headers")?;
        let disposition = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.trim()
                .eq_ignore_ascii_case("content-disposition")
                .then_some(value)
        });
        let name = disposition.and_then(|value| parameter(value, "name"));
        names.push(name.ok_or("a part has no name")?);
    }
    Err("the closing boundary is missing".to_owned())
}

fn parameter(header: &str, wanted: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case(wanted) && !value.is_empty()).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::part_names;

    const TYPE: &str = "multipart/form-data; boundary=\"x y\"";

    #[test]
    fn names_are_read_whatever_the_bytes() {
        let body = b"--x y\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n\xff\xd8\r\n--x y\r\ncontent-disposition: form-data; name=id\r\n\r\n1\r\n--x y--\r\n";
        assert_eq!(part_names(TYPE, body).unwrap(), ["file", "id"]);
    }

    #[test]
    fn broken_bodies_are_errors() {
        assert!(
            part_names("multipart/form-data", b"")
                .unwrap_err()
                .contains("boundary")
        );
        assert!(
            part_names(TYPE, b"--x y\r\nA: b\r\n\r\n1\r\n--x y--")
                .unwrap_err()
                .contains("no name")
        );
        let open = b"--x y\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1";
        assert!(part_names(TYPE, open).unwrap_err().contains("closing"));
    }
}
