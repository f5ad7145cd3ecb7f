//! The results of a filter as rows of a table or of CSV.

use super::jq::Output;
use super::options::RenderError;
use super::rows::Shape;
use super::token::{Token, Tokens, items};

/// Gives each row of a result, as an object: an object is one, a list of objects is several, any other list is one with its
/// members numbered, and a plain value is one under the name `value`.
pub(super) fn rows(
    result: &Output,
    each: &mut dyn FnMut(&str) -> Result<(), RenderError>,
) -> Result<(), RenderError> {
    let json = match result {
        Output::Json(json) => json,
        Output::Text(text) => return each(&format!("{{\"value\":{}}}", quoted(text))),
    };
    let is_object = |value: &str| Tokens::new(value).next() == Some(Token::Open(b'{'));
    match Shape::of(json) {
        Shape::One(one) if is_object(one) => each(one),
        Shape::One(plain) => each(&format!("{{\"value\":{plain}}}")),
        Shape::Bare(list) if !items(list).all(is_object) => each(&numbered(list)),
        list => list.rows().try_for_each(each),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn numbered(list: &str) -> String {
    let cells = items(list).zip(1..);
    let cells: Vec<_> = cells
        .map(|(item, number)| format!("\"{number}\":{item}"))
        .collect();
    format!("{{{}}}", cells.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(result: &Output) -> Vec<String> {
        let mut all = Vec::new();
        rows(result, &mut |row| {
            all.push(row.to_owned());
            Ok(())
        })
        .unwrap();
        all
    }

    #[test]
    fn every_result_is_rows() {
        let json = |text: &str| all(&Output::Json(text.to_owned()));
        assert_eq!(json(r#"{"a":1}"#), [r#"{"a":1}"#]);
        assert_eq!(json(r#"[{"a":1},{"a":2}]"#), [r#"{"a":1}"#, r#"{"a":2}"#]);
        assert_eq!(
            json(r#"{"data":[{"a":1}],"total_count":9}"#),
            [r#"{"a":1}"#]
        );
        assert_eq!(json(r#"["x",[2]]"#), [r#"{"1":"x","2":[2]}"#]);
        assert_eq!(json("7"), [r#"{"value":7}"#]);
        assert_eq!(json("[]"), Vec::<String>::new());
        assert_eq!(
            all(&Output::Text("a\"b".to_owned())),
            [r#"{"value":"a\"b"}"#]
        );
    }
}
