//! `audit.toml`: numbers and severities of rules, and findings that are known and accepted.

use std::collections::BTreeMap;
use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};
use fs_err as fs;
use serde::Deserialize;

use super::rule::{Numbers, Rule};
use super::severity::Severity;

/// What a configuration says.
#[derive(Debug, Default)]
pub struct Config {
    /// The file, where there is one.
    pub file: Option<String>,
    rules: BTreeMap<String, OfRule>,
    /// What is accepted.
    pub suppressions: Vec<Suppression>,
}

/// What a configuration says about one rule.
#[derive(Debug, Default)]
struct OfRule {
    severity: Option<Severity>,
    is_off: bool,
    numbers: Numbers,
}

/// A finding that is known and accepted until a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The rule.
    pub rule: String,
    /// One of the ids that the finding is about, or its fingerprint.
    pub id: String,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it holds, such as `2027-01-31`.
    pub until: String,
    /// The millisecond since 1970 at which it ends.
    pub ends_at: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    rules: BTreeMap<String, BTreeMap<String, toml::Value>>,
    #[serde(default)]
    suppress: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    id: String,
    reason: String,
    until: toml::Value,
}

impl Config {
    /// Reads a configuration, and checks it against the rules that there are.
    ///
    /// # Errors
    /// A file that cannot be read, a rule or number that does not exist, a suppression without a reason or a day.
    pub fn read(path: &Path, rules: &[Rule]) -> Outcome<Self> {
        let file = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| {
            Problem::config(format!("cannot read the configuration {file}"))
                .cause(error.to_string())
        })?;
        Self::parse(file, &text, rules)
    }

    fn parse(file: String, text: &str, rules: &[Rule]) -> Outcome<Self> {
        let refused = |wrong: String| Problem::config(format!("{file}: {wrong}"));
        let document: Document =
            toml::from_str(text).map_err(|error| refused(error.to_string().trim().to_owned()))?;
        let find = |id: &str| {
            rules.iter().find(|rule| rule.id == id).ok_or_else(|| {
                refused(format!("there is no rule {id:?}"))
                    .hint("`clerk-api audit rules` lists them")
            })
        };
        let mut of_rules = BTreeMap::new();
        for (id, settings) in document.rules {
            let of_rule = of_rule(find(&id)?, settings)
                .map_err(|wrong| refused(format!("rules.{id}: {wrong}")))?;
            of_rules.insert(id, of_rule);
        }
        let mut suppressions = Vec::new();
        for (number, entry) in (1..).zip(document.suppress) {
            find(&entry.rule)?;
            suppressions.push(
                suppression(entry)
                    .map_err(|wrong| refused(format!("suppression {number}: {wrong}")))?,
            );
        }
        Ok(Self {
            file: Some(file),
            rules: of_rules,
            suppressions,
        })
    }

    /// Whether a rule is run.
    #[must_use]
    pub fn runs(&self, rule: &Rule) -> bool {
        self.rules.get(&rule.id).is_none_or(|of| !of.is_off)
    }

    /// How bad the findings of a rule are.
    #[must_use]
    pub fn severity(&self, rule: &Rule) -> Severity {
        let of = self.rules.get(&rule.id);
        of.and_then(|of| of.severity).unwrap_or(rule.severity)
    }

    /// The numbers of a rule.
    #[must_use]
    pub fn numbers(&self, rule: &Rule) -> Numbers {
        let mut numbers = rule.defaults();
        if let Some(of) = self.rules.get(&rule.id) {
            numbers.extend(of.numbers.clone());
        }
        numbers
    }
}

fn of_rule(rule: &Rule, settings: BTreeMap<String, toml::Value>) -> Result<OfRule, String> {
    let mut of = OfRule::default();
    for (name, value) in settings {
        match (name.as_str(), value) {
            ("severity", toml::Value::String(word)) => of.severity = Some(word.parse()?),
            ("enabled", toml::Value::Boolean(on)) => of.is_off = !on,
            (name, toml::Value::Integer(number))
                if rule.numbers.iter().any(|known| known.name == name) =>
            {
                of.numbers.insert(name.to_owned(), number);
            }
            (name, _) => {
                let names: Vec<&str> = rule.numbers.iter().map(|number| &*number.name).collect();
                return Err(format!(
                    "{name} is no setting of it, or has the wrong kind of value: there are severity, enabled{}{}",
                    if names.is_empty() {
                        ""
                    } else {
                        " and the numbers "
                    },
                    names.join(", ")
                ));
            }
        }
    }
    Ok(of)
}

fn suppression(entry: Entry) -> Result<Suppression, String> {
    let until = match entry.until {
        toml::Value::String(text) => text,
        toml::Value::Datetime(day) => day.to_string(),
        _ => return Err("until is no day such as 2027-01-31".to_owned()),
    };
    if entry.reason.trim().is_empty() || entry.id.trim().is_empty() {
        return Err("it needs an id and a reason".to_owned());
    }
    let day: jiff::civil::Date = until
        .parse()
        .map_err(|_| format!("until = {until:?} is no day such as 2027-01-31"))?;
    let after = day.tomorrow().ok().and_then(|day| {
        let midnight = format!("{day}T00:00:00Z").parse::<jiff::Timestamp>();
        Some(midnight.ok()?.as_millisecond())
    });
    Ok(Suppression {
        rule: entry.rule,
        id: entry.id,
        reason: entry.reason,
        until,
        ends_at: after.ok_or("until is out of the calendar")?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::rules::built_in;
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        let config = Config::parse("audit.toml".to_owned(), text, &built_in().unwrap());
        config.map_err(|problem| problem.message)
    }

    #[test]
    fn numbers_severities_and_suppressions_are_read() {
        let config = parse(
            "[rules.admin-dormant]\ndays = 60\nseverity = \"critical\"\n[rules.invitation-double]\nenabled = false\n\
             [[suppress]]\nrule = \"admin-dormant\"\nid = \"user_1\"\nreason = \"the safe\"\nuntil = 2027-01-31\n",
        )
        .unwrap();
        let rules = built_in().unwrap();
        let rule = |id: &str| rules.iter().find(|rule| rule.id == id).unwrap();
        assert_eq!(config.numbers(rule("admin-dormant"))["days"], 60);
        assert_eq!(config.severity(rule("admin-dormant")), Severity::Critical);
        assert_eq!(config.severity(rule("admin-of-many")), Severity::Medium);
        assert!(!config.runs(rule("invitation-double")));
        assert_eq!(config.suppressions[0].until, "2027-01-31");
        assert_eq!(config.suppressions[0].ends_at, 1_801_440_000_000);
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for (text, message) in [
            (
                "[rules.no]\ndays = 1",
                "audit.toml: there is no rule \"no\"",
            ),
            (
                "[rules.admin-dormant]\nweeks = 1",
                "audit.toml: rules.admin-dormant: weeks is no setting of it, or has the wrong kind of value: there are severity, enabled and the numbers days",
            ),
            (
                "[rules.admin-dormant]\nseverity = \"bad\"",
                "audit.toml: rules.admin-dormant: \"bad\" is no severity: take one of info, low, medium, high, critical",
            ),
            (
                "[[suppress]]\nrule = \"admin-dormant\"\nid = \"user_1\"\nreason = \" \"\nuntil = 2027-01-31",
                "audit.toml: suppression 1: it needs an id and a reason",
            ),
            (
                "[[suppress]]\nrule = \"admin-dormant\"\nid = \"user_1\"\nreason = \"x\"\nuntil = \"soon\"",
                "audit.toml: suppression 1: until = \"soon\" is no day such as 2027-01-31",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err(), message);
        }
        assert!(parse("[[suppress]]\nrule = \"admin-dormant\"\n").is_err());
    }
}
