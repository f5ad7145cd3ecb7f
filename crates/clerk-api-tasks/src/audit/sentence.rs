//! A sentence or a command line of a rule, with the columns of a row in it.

use clerk_api_admin::text::shell;

/// A text with `{column}` in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Column(String),
}

impl Sentence {
    /// Takes a text apart.
    ///
    /// # Errors
    /// A brace that is alone, or something in braces that is no name of a column.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after
                .split_once('}')
                .ok_or_else(|| format!("the brace before {after:?} is not closed"))?;
            if !is_name(name) {
                return Err(format!("{{{name}}} is no name of a column"));
            }
            parts.push(Part::Text(before.to_owned()));
            parts.push(Part::Column(name.to_owned()));
            rest = behind;
        }
        parts.push(Part::Text(rest.to_owned()));
        parts.retain(|part| *part != Part::Text(String::new()));
        Ok(Self { parts })
    }

    /// The columns in it.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Column(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// The sentence with these values.
    pub fn with<T: AsRef<str>>(&self, mut value: impl FnMut(&str) -> T) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Column(name) => text.push_str(value(name).as_ref()),
            }
        }
        text
    }

    /// The same as a command line: values of others cannot add words or commands to it.
    pub fn as_command<T: AsRef<str>>(&self, mut value: impl FnMut(&str) -> T) -> String {
        self.with(|name| shell::word(value(name).as_ref()))
    }

    /// The text as the rule has it.
    #[must_use]
    pub fn source(&self) -> String {
        self.with(|name| format!("{{{name}}}"))
    }
}

/// Whether a text can be the name of a column, number or moment.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_filled_in() {
        let sentence = Sentence::parse("{person} is in {organization}").unwrap();
        assert_eq!(
            sentence.columns().collect::<Vec<_>>(),
            ["person", "organization"]
        );
        assert_eq!(
            sentence.with(str::to_uppercase),
            "PERSON is in ORGANIZATION"
        );
        assert_eq!(sentence.source(), "{person} is in {organization}");
        assert!(Sentence::parse("{person").is_err());
        assert!(Sentence::parse("{a b}").is_err());
    }

    #[test]
    fn values_of_others_stay_one_word_of_a_command() {
        let command = Sentence::parse("do {it}").unwrap();
        let with = |value: &str| command.as_command(|_| value.to_owned());
        assert_eq!(with("user_1"), "do user_1");
        assert_eq!(with("a; rm -rf /"), "do 'a; rm -rf /'");
    }
}
