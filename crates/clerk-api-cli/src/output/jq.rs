//! `--jq`: a filter in jq's language, compiled once.
//!
//! The filter sees data only: neither the environment (where the key may be) nor files, and it cannot end the process.

use jaq_core::data::JustLut;
use jaq_core::load::{Arena, File, Loader};
use jaq_core::native::{Fun, bome, run, v};
use jaq_core::{Compiler, Ctx, Error, Vars, load};
use jaq_json::{Val, read};

use super::options::{OutputError, RenderError};
use super::token::is_deeper_than;
use super::yaml::DEPTH;

type Filter = jaq_core::Filter<JustLut<Val>>;

/// The two formats that jq has and the libraries lack.
const FORMATS: &str = r#"
def @csv: [.[] | if . == null then "" elif isstring then "\"" + (split("\"") | join("\"\"")) + "\""
    elif isnumber or isboolean then tostring else error("\(type) is not valid in a csv row") end] | join(",");
def @tsv: [.[] | if . == null then "" elif isstring then split("\\") | join("\\\\") | split("\t") | join("\\t")
      | split("\n") | join("\\n") | split("\r") | join("\\r")
    elif isnumber or isboolean then tostring else error("\(type) is not valid in a tsv row") end] | join("\t");
"#;

/// A compiled filter.
pub(super) struct Jq {
    filter: Filter,
}

/// One result.
pub(super) enum Output {
    /// A string's value.
    Text(String),
    /// Other values, as compact JSON.
    Json(String),
}

impl Jq {
    /// Compiles a filter.
    pub(super) fn new(code: &str) -> Result<Self, OutputError> {
        let definitions = jaq_core::defs()
            .chain(jaq_std::defs())
            .chain(jaq_json::defs());
        let formats = load::parse(FORMATS, |parser| parser.defs()).unwrap_or_default();
        let definitions = definitions.chain(formats);
        let arena = Arena::default();
        let modules = Loader::new(definitions)
            .load(&arena, File { code, path: () })
            .map_err(|errors| {
                first_error(
                    code,
                    errors.into_iter().flat_map(|(_, error)| problems(error)),
                )
            })?;
        let filter = Compiler::default()
            .with_funs(functions())
            .compile(modules)
            .map_err(|errors| {
                let undefined = errors.into_iter().flat_map(|(_, errors)| errors);
                let undefined = undefined
                    .map(|(name, kind)| (name, format!("there is no {} {name}", kind.as_str())));
                first_error(code, undefined)
            })?;
        Ok(Self { filter })
    }

    /// Gives every result for one input to `each`.
    pub(super) fn run(
        &self,
        input: &str,
        mut each: impl FnMut(Output) -> Result<(), RenderError>,
    ) -> Result<(), RenderError> {
        if is_deeper_than(input, DEPTH) {
            return Err(RenderError::Json(format!(
                "it is deeper than {DEPTH} levels"
            )));
        }
        let input = read::parse_single(input.as_bytes())
            .map_err(|error| RenderError::Json(error.to_string()))?;
        let context = Ctx::<JustLut<Val>>::new(&self.filter.lut, Vars::new([]));
        for result in self.filter.id.run((context, input)) {
            match result.map_err(jaq_core::Exn::get_err) {
                Ok(Val::TStr(text)) => {
                    each(Output::Text(String::from_utf8_lossy(&text).into_owned()))?;
                }
                Ok(value) => each(Output::Json(value.to_string()))?,
                Err(Ok(error)) => return Err(RenderError::Jq(message(error.into_val()))),
                // `halt` ends the filter, not the process
                Err(Err(_)) => return Ok(()),
            }
        }
        Ok(())
    }
}

/// What an error says: a string's value, or the value itself.
fn message(error: Val) -> String {
    match error {
        Val::TStr(text) => String::from_utf8_lossy(&text).into_owned(),
        other => other.to_string(),
    }
}

/// All of jq's functions; those that reach beyond the data answer with an error.
fn functions() -> impl Iterator<Item = Fun<JustLut<Val>>> {
    const BEYOND: [&str; 2] = ["env", "stderr_empty"];
    let closed = BEYOND.map(|name| {
        run((name, v(0), |_| {
            bome(Err(Error::str("env and stderr are not available here")))
        }))
    });
    let open = jaq_core::funs()
        .chain(jaq_std::funs())
        .chain(jaq_json::funs());
    open.filter(|(name, _, _)| !BEYOND.contains(name))
        .chain(closed)
}

/// What is wrong, and the part of the filter where.
fn problems(error: load::Error<&str>) -> Vec<(&str, String)> {
    match error {
        load::Error::Io(errors) => errors,
        load::Error::Lex(errors) => errors
            .into_iter()
            .map(|(expected, found)| (found, unexpected(expected.as_str(), found)))
            .collect(),
        load::Error::Parse(errors) => errors
            .into_iter()
            .map(|(expected, found)| (found, unexpected(expected.as_str(), found)))
            .collect(),
    }
}

/// Says what stands where something else should.
fn unexpected(expected: &str, found: &str) -> String {
    match found.split_whitespace().next() {
        Some(found) if expected == "token" => {
            format!("unexpected {}", found.chars().take(20).collect::<String>())
        }
        Some(found) => format!(
            "expected {expected}, found {}",
            found.chars().take(20).collect::<String>()
        ),
        None => format!("expected {expected}, found the end"),
    }
}

/// The first problem, with its place in the filter.
fn first_error<'a>(code: &str, problems: impl Iterator<Item = (&'a str, String)>) -> OutputError {
    let placed = problems.map(|(part, message)| (place(code, part), message));
    let (position, message) = placed
        .min_by_key(|(place, _)| *place)
        .unwrap_or((code.len(), "it cannot be read".to_owned()));
    OutputError::Jq {
        position: code[..position].chars().count() + 1,
        message,
    }
}

/// Where a part of the filter begins, in bytes; an empty part that belongs to nothing is at the end.
fn place(code: &str, part: &str) -> usize {
    let offset = (part.as_ptr() as usize).wrapping_sub(code.as_ptr() as usize);
    if offset <= code.len() && code.is_char_boundary(offset) {
        offset
    } else {
        code.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(code: &str, input: &str) -> Result<Vec<String>, RenderError> {
        let mut all = Vec::new();
        Jq::new(code).unwrap().run(input, |output| {
            all.push(match output {
                Output::Text(text) => text,
                Output::Json(json) => json,
            });
            Ok(())
        })?;
        Ok(all)
    }

    fn refusal(code: &str) -> String {
        Jq::new(code)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn big_numbers_and_decimals_survive() {
        assert_eq!(
            results(
                ".[]",
                "[12345678901234567890123, 1.10, 9007199254740993, \"x\"]"
            )
            .unwrap(),
            ["12345678901234567890123", "1.10", "9007199254740993", "x"]
        );
    }

    #[test]
    fn the_usual_functions_are_there() {
        assert_eq!(
            results(
                r#".[] | select(.email | test("@x\\.co$")) | [.id, (.at / 1000 | todate)] | @tsv"#,
                r#"[{"id":"u1","email":"a@x.co","at":1700000000000},{"id":"u2","email":"b@y.co","at":0}]"#
            )
            .unwrap(),
            ["u1\t2023-11-14T22:13:20Z"]
        );
        assert_eq!(
            results("map(.n) | add, length", "[{\"n\":1},{\"n\":2}]").unwrap(),
            ["3", "2"]
        );
    }

    #[test]
    fn csv_and_tsv_rows_are_those_of_jq() {
        let input = r#"["a\"b", 1.50, null, true, "t\t\n\\", ""]"#;
        assert_eq!(
            results("@csv", input).unwrap(),
            ["\"a\"\"b\",1.50,,true,\"t\t\n\\\",\"\""]
        );
        assert_eq!(
            results("@tsv", input).unwrap(),
            ["a\"b\t1.50\t\ttrue\tt\\t\\n\\\\\t"]
        );
        assert!(results("@csv", "[[1]]").is_err());
    }

    #[test]
    fn mistakes_are_placed() {
        insta::assert_snapshot!(refusal(".a | foo(1)"), @"the jq filter has an error at character 6: there is no filter foo");
        insta::assert_snapshot!(refusal(".a | ]"), @"the jq filter has an error at character 6: unexpected ]");
        insta::assert_snapshot!(refusal("[.a"), @"the jq filter has an error at character 4: expected closing bracket, found the end");
        insta::assert_snapshot!(refusal("$ENV.PATH"), @"the jq filter has an error at character 1: there is no variable $ENV");
        insta::assert_snapshot!(refusal("\"ü\" | §"), @"the jq filter has an error at character 7: unexpected §");
        insta::assert_snapshot!(refusal("import \"a\" as a; ."), @"the jq filter has an error at character 9: module loading not supported");
    }

    #[test]
    fn failures_while_running_have_a_message() {
        insta::assert_snapshot!(results(".a.b", "{\"a\":1}").unwrap_err(), @r#"the jq filter failed: cannot index 1 with "b""#);
        insta::assert_snapshot!(results("error(\"no\")", "1").unwrap_err(), @"the jq filter failed: no");
    }

    #[test]
    fn the_environment_and_the_process_are_out_of_reach() {
        // reliability.md P3: the key may be in the environment
        assert!(results("env", "1").is_err());
        assert!(results("halt_error", "1").is_err());
        assert_eq!(results("1, halt, 2", "1").unwrap(), ["1"]);
    }

    #[test]
    fn too_deep_input_is_refused() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(matches!(results(".", &deep), Err(RenderError::Json(_))));
    }
}
