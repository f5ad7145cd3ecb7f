//! `--jq`: a filter in jq's language, compiled once.
//!
//! The filter sees data only: neither the environment (where the key may be) nor files, and it cannot end the process.
//! The process that runs a filter limits its stack and memory: see `worker`.

use jaq_core::data::JustLut;
use jaq_core::load::{Arena, File, Loader};
use jaq_core::native::{Fun, bome, run, v};
use jaq_core::{Compiler, Ctx, Error, Vars, load};
use jaq_json::{Val, read};

use super::options::OutputError;
use super::token::is_deeper_than;
use super::yaml::DEPTH;

/// The longest filter that is compiled.
const LONGEST: usize = 64 * 1024;
/// How deeply brackets may be nested in a filter.
const DEEPEST: usize = 256;
/// How many bytes of results one input may give.
const MOST: usize = 256 * 1024 * 1024;
const MODULES: &str = "import and include are not available: a filter sees only the response";

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
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Output {
    /// A string's value.
    Text(String),
    /// Other values, as compact JSON.
    Json(String),
}

impl Output {
    fn len(&self) -> usize {
        match self {
            Self::Text(text) | Self::Json(text) => text.len(),
        }
    }
}

/// Why a filter gave up on an input.
#[derive(Debug)]
pub(super) enum Failed<E> {
    /// The input cannot be read as a value.
    Unreadable(String),
    /// The filter failed.
    Filter(String),
    /// The results could not be passed on.
    Passing(E),
}

impl Jq {
    /// Compiles a filter.
    pub(super) fn new(code: &str) -> Result<Self, OutputError> {
        check_size(code)?;
        let definitions = jaq_core::defs()
            .chain(jaq_std::defs())
            .chain(jaq_json::defs());
        let formats = load::parse(FORMATS, |parser| parser.defs()).unwrap_or_default();
        let definitions = definitions.chain(formats);
        let arena = Arena::default();
        let loading = |errors: load::Errors<&str, ()>| {
            let errors = errors.into_iter();
            first_error(code, errors.flat_map(|(_, error)| problems(error)))
        };
        let modules = Loader::new(definitions)
            .load(&arena, File { code, path: () })
            .map_err(loading)?;
        load::import(&modules, |_| Err(String::new())).map_err(loading)?;
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
    pub(super) fn run<E>(
        &self,
        input: &str,
        mut each: impl FnMut(Output) -> Result<(), E>,
    ) -> Result<(), Failed<E>> {
        let input = value(input).map_err(Failed::Unreadable)?;
        let context = Ctx::<JustLut<Val>>::new(&self.filter.lut, Vars::new([]));
        let mut room = MOST;
        for result in self.filter.id.run((context, input)) {
            let output = match result.map_err(jaq_core::Exn::get_err) {
                Ok(Val::TStr(text)) => Output::Text(String::from_utf8_lossy(&text).into_owned()),
                Ok(value) => Output::Json(value.to_string()),
                Err(Ok(error)) => return Err(Failed::Filter(message(error.into_val()))),
                // `halt` ends the filter, not the process
                Err(Err(_)) => return Ok(()),
            };
            room = room
                .checked_sub(output.len() + 1)
                .ok_or_else(|| Failed::Filter(format!("it gives more than {} MiB", MOST >> 20)))?;
            each(output).map_err(Failed::Passing)?;
        }
        Ok(())
    }
}

/// Refuses what no person writes, before a parser that recurses meets it.
fn check_size(code: &str) -> Result<(), OutputError> {
    let mut depth = 0_usize;
    for (position, c) in code.chars().enumerate() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(OutputError::Jq {
                position: position + 1,
                message: format!("brackets stand in one another more than {DEEPEST} times"),
            });
        }
    }
    if code.len() > LONGEST {
        return Err(OutputError::JqSize(format!(
            "it is longer than {} KiB",
            LONGEST >> 10
        )));
    }
    Ok(())
}

/// Reads an input.
fn value(input: &str) -> Result<Val, String> {
    if is_deeper_than(input, DEPTH) {
        return Err(format!("it is deeper than {DEPTH} levels"));
    }
    read::parse_single(input.as_bytes()).map_err(|error| error.to_string())
}

/// Whether a text can be an input, and if not, why.
pub(super) fn check_input(input: &str) -> Result<(), String> {
    value(input).map(|_| ())
}

/// What an error says: a string's value, or the value itself. It may quote the whole input, so the middle is left out.
fn message(error: Val) -> String {
    const ENDS: usize = 120;
    let text = match error {
        Val::TStr(text) => String::from_utf8_lossy(&text).into_owned(),
        other => other.to_string(),
    };
    let count = text.chars().count();
    if count <= 2 * ENDS {
        return text;
    }
    let start = text.chars().take(ENDS);
    let end = text.chars().skip(count - ENDS);
    start.chain(" … ".chars()).chain(end).collect()
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
        load::Error::Io(errors) => errors
            .into_iter()
            .map(|(path, _)| (path, MODULES.to_owned()))
            .collect(),
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

    fn results(code: &str, input: &str) -> Result<Vec<String>, String> {
        let mut all = Vec::new();
        let ran = Jq::new(code).unwrap().run(input, |output| {
            all.push(match output {
                Output::Text(text) => text,
                Output::Json(json) => json,
            });
            Ok::<_, ()>(())
        });
        match ran {
            Ok(()) => Ok(all),
            Err(Failed::Unreadable(reason) | Failed::Filter(reason)) => Err(reason),
            Err(Failed::Passing(())) => Err("not passed on".to_owned()),
        }
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
        insta::assert_snapshot!(refusal("import \"a\" as a; ."), @"the jq filter has an error at character 9: import and include are not available: a filter sees only the response");
        insta::assert_snapshot!(refusal("import \"x\" as $d; $d"), @"the jq filter has an error at character 9: import and include are not available: a filter sees only the response");
        insta::assert_snapshot!(refusal("include \"a\"; ."), @"the jq filter has an error at character 10: import and include are not available: a filter sees only the response");
        insta::assert_snapshot!(refusal(&"(".repeat(50_000)), @"the jq filter has an error at character 257: brackets stand in one another more than 256 times");
        insta::assert_snapshot!(refusal(&".".repeat(70_000)), @"the jq filter cannot be used: it is longer than 64 KiB");
    }

    #[test]
    fn failures_while_running_have_a_message() {
        insta::assert_snapshot!(results(".a.b", "{\"a\":1}").unwrap_err(), @r#"cannot index 1 with "b""#);
        insta::assert_snapshot!(results("error(\"no\")", "1").unwrap_err(), @"no");
    }

    #[test]
    fn a_message_does_not_quote_the_whole_answer() {
        let long = format!("[\"{}\"]", "x".repeat(100_000));
        let message = results(".a", &long).unwrap_err();
        assert!(message.len() < 300, "{}", message.len());
        assert!(message.starts_with("cannot index [") && message.ends_with("with \"a\""));
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
        assert_eq!(
            results(".", &deep).unwrap_err(),
            "it is deeper than 128 levels"
        );
    }
}
