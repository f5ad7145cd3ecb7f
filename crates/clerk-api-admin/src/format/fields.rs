//! `--fields`: paths into a row, and the row pruned to them.
//!
//! A path goes through objects by name and through arrays to all their members. `\.` is a dot within a name.

use super::options::OutputError;
use super::token::{Token, Tokens, is_named, items, member};

/// The names in one path; no response is deeper (reliability.md 2.10).
const DEPTH: usize = 128;

/// A way into a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// As the user wrote it.
    pub text: String,
    names: Vec<String>,
}

impl Path {
    /// Reads `a.b.c`.
    pub fn parse(text: &str) -> Result<Self, OutputError> {
        let mut names = vec![String::new()];
        let mut rest = text.trim().chars();
        while let Some(c) = rest.next() {
            let last = names.len() - 1;
            match c {
                '.' => names.push(String::new()),
                '\\' if rest.as_str().starts_with(['.', '\\']) => names[last].extend(rest.next()),
                c => names[last].push(c),
            }
        }
        if names.len() > DEPTH {
            let start: String = text.chars().take(40).collect();
            return Err(OutputError::FieldDepth(format!("{start}…"), DEPTH));
        }
        if names.iter().any(String::is_empty) {
            return Err(OutputError::Field(text.to_owned()));
        }
        Ok(Self {
            text: text.trim().to_owned(),
            names,
        })
    }

    /// The member of the row itself that has this name, dots and all.
    #[must_use]
    pub fn single(name: &str) -> Self {
        Self {
            text: name.to_owned(),
            names: vec![name.to_owned()],
        }
    }

    /// The value at the path, as JSON; the values of an array as an array. Null counts as found.
    #[must_use]
    pub fn find(&self, row: &str) -> Found {
        find(row, &self.names)
    }

    /// The same for an object whose members were taken apart before.
    #[must_use]
    pub fn find_among(&self, members: &[(&str, &str)]) -> Found {
        let Some((name, deeper)) = self.names.split_first() else {
            return Found::Unknown;
        };
        let mut members = members.iter().rev();
        match members.find(|(quoted, _)| is_named(quoted, name)) {
            Some((_, value)) => find(value, deeper),
            None => Found::Missing,
        }
    }
}

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This JSON text.
    Value(String),
    /// An object on the way has no such member.
    Missing,
    /// The way ends early at null, at an empty array or at a plain value: nothing is known of the name.
    Unknown,
}

fn find(value: &str, names: &[String]) -> Found {
    let Some((name, deeper)) = names.split_first() else {
        return Found::Value(value.to_owned());
    };
    match Tokens::new(value).next() {
        Some(Token::Open(b'{')) => match member(value, name) {
            Some(inner) => find(inner, deeper),
            None => Found::Missing,
        },
        Some(Token::Open(_)) => find_in_array(value, names),
        _ => Found::Unknown,
    }
}

fn find_in_array(array: &str, names: &[String]) -> Found {
    let mut all = String::from("[");
    let mut outcome = Found::Unknown;
    for item in items(array) {
        if all.len() > 1 {
            all.push(',');
        }
        match find(item, names) {
            Found::Value(inner) => {
                all.push_str(&inner);
                outcome = Found::Value(String::new());
            }
            other => {
                all.push_str("null");
                if outcome == Found::Unknown {
                    outcome = other;
                }
            }
        }
    }
    all.push(']');
    match outcome {
        Found::Value(_) => Found::Value(all),
        other => other,
    }
}

/// Several paths as a tree, so that a row is pruned to them in one walk.
#[derive(Debug, Default)]
pub struct Selection {
    branches: Vec<Branch>,
}

#[derive(Debug)]
struct Branch {
    name: String,
    /// The name as JSON.
    quoted: String,
    /// What the user wrote, if a path ends here: then all below belongs to it.
    end: Option<String>,
    deeper: Selection,
    seen: bool,
    missed: bool,
}

impl Selection {
    /// Makes the tree, in the order asked for.
    #[must_use]
    pub fn new(paths: &[Path]) -> Self {
        let mut selection = Self::default();
        for path in paths {
            selection.add(&path.names, &path.text);
        }
        selection
    }

    fn add(&mut self, names: &[String], text: &str) {
        let Some((name, deeper)) = names.split_first() else {
            return;
        };
        let place = self.branches.iter().position(|branch| branch.name == *name);
        let place = place.unwrap_or_else(|| {
            self.branches.push(Branch {
                name: name.clone(),
                quoted: serde_json::Value::from(name.as_str()).to_string(),
                end: None,
                deeper: Self::default(),
                seen: false,
                missed: false,
            });
            self.branches.len() - 1
        });
        let branch = &mut self.branches[place];
        if deeper.is_empty() {
            branch.end = Some(text.to_owned());
        } else {
            branch.deeper.add(deeper, text);
        }
    }

    /// Writes the row with only these fields; what is missing is null.
    pub fn prune(&mut self, row: &str, pruned: &mut String) {
        match Tokens::new(row).next() {
            Some(Token::Open(b'{')) => {
                pruned.push('{');
                for (place, branch) in self.branches.iter_mut().enumerate() {
                    if place > 0 {
                        pruned.push(',');
                    }
                    pruned.push_str(&branch.quoted);
                    pruned.push(':');
                    branch.prune(member(row, &branch.name), pruned);
                }
                pruned.push('}');
            }
            Some(Token::Open(_)) => {
                pruned.push('[');
                for (place, item) in items(row).enumerate() {
                    if place > 0 {
                        pruned.push(',');
                    }
                    self.prune(item, pruned);
                }
                pruned.push(']');
            }
            _ => pruned.push_str("null"),
        }
    }

    /// The paths that some row could have had and none had.
    #[must_use]
    pub fn unknown(&self) -> Vec<String> {
        let mut unknown = Vec::new();
        self.collect_unknown("", &mut unknown);
        unknown
    }

    fn collect_unknown(&self, above: &str, unknown: &mut Vec<String>) {
        for branch in &self.branches {
            let path = if above.is_empty() {
                branch.name.clone()
            } else {
                format!("{above}.{}", branch.name)
            };
            if branch.missed && !branch.seen {
                unknown.push(branch.end.clone().unwrap_or(path));
            } else {
                branch.deeper.collect_unknown(&path, unknown);
            }
        }
    }
}

impl Branch {
    fn prune(&mut self, value: Option<&str>, pruned: &mut String) {
        match value {
            None => {
                self.missed = true;
                pruned.push_str("null");
            }
            Some(value) => {
                self.seen = true;
                if self.end.is_some() {
                    pruned.push_str(value);
                } else {
                    self.deeper.prune(value, pruned);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = r#"{"id":"u1","big":12345678901234567890.10,"n":null,"m":{"plan":"pro","a.b":1},"e":[{"x":1,"y":2},{"x":3}],"z":[]}"#;

    fn pruned(fields: &[&str]) -> (String, Vec<String>) {
        let paths: Vec<_> = fields
            .iter()
            .map(|text| Path::parse(text).unwrap())
            .collect();
        let mut selection = Selection::new(&paths);
        let mut out = String::new();
        selection.prune(ROW, &mut out);
        (out, selection.unknown())
    }

    #[test]
    fn rows_are_pruned_in_the_order_asked_for() {
        let (row, unknown) = pruned(&["m.plan", "big", "e.x", "id", "m.a\\.b"]);
        assert_eq!(
            row,
            r#"{"m":{"plan":"pro","a.b":1},"big":12345678901234567890.10,"e":[{"x":1},{"x":3}],"id":"u1"}"#
        );
        assert!(unknown.is_empty());
    }

    #[test]
    fn missing_fields_are_null_and_named_only_where_a_row_could_have_them() {
        let (row, unknown) = pruned(&["nope", "m.nope", "n.deep", "z.deep", "e.y", "id.deep"]);
        assert_eq!(
            row,
            r#"{"nope":null,"m":{"nope":null},"n":null,"z":[],"e":[{"y":2},{"y":null}],"id":null}"#
        );
        assert_eq!(unknown, ["nope", "m.nope"]);
    }

    #[test]
    fn a_whole_field_wins_over_its_parts() {
        assert_eq!(
            pruned(&["m.plan", "m"]).0,
            r#"{"m":{"plan":"pro","a.b":1}}"#
        );
    }

    #[test]
    fn single_paths_find_values() {
        let find = |text| Path::parse(text).unwrap().find(ROW);
        assert_eq!(find("e.x"), Found::Value("[1,3]".into()));
        assert_eq!(find("e.y"), Found::Value("[2,null]".into()));
        assert_eq!(find("n"), Found::Value("null".into()));
        assert_eq!(find("m.nope"), Found::Missing);
        assert_eq!(find("z.x"), Found::Unknown);
        assert_eq!(find("n.x"), Found::Unknown);
    }

    #[test]
    fn paths_without_names_are_refused() {
        let deep = "a.".repeat(40_000) + "a";
        for text in ["", ".", "a.", ".a", "a..b", " ", &deep] {
            assert!(Path::parse(text).is_err(), "{text:?}");
        }
    }
}
