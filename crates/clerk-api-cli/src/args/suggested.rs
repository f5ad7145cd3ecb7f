//! Arguments that take any text but know likely words, for help and completions.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser, ValueParser};
use clap::{Arg, Command, Error};

/// A parser that takes any text but knows likely ones, for help and completions.
pub(crate) fn suggested(words: Vec<String>) -> ValueParser {
    ValueParser::new(Suggested(words))
}

/// Takes any text, but knows likely ones: the API may learn new words before we do.
#[derive(Debug, Clone)]
struct Suggested(Vec<String>);

impl TypedValueParser for Suggested {
    type Value = String;

    fn parse_ref(
        &self,
        cmd: &Command,
        arg: Option<&Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, Error> {
        StringValueParser::new().parse_ref(cmd, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}
