//! What to do next: a hint for every everyday failure, with a command to run.

use std::sync::LazyLock;

use clerk_api::declare::Meta;
use clerk_api::value::Upload;
use clerk_api::{ApiError, Error, ErrorKind, ops};
use clerk_api_admin::input::spelling::Spelling;
use serde::Deserialize;

use crate::args::from_meta;

/// The rules for errors of the API, one a line; the file describes the format.
const RULES: &str = include_str!("hints/rules.txt");

/// A hint and which errors it is for.
struct Rule {
    code: &'static str,
    /// Beginnings of operations' names, between blanks; `*` means all.
    ops: &'static str,
    /// Names of parameters, between blanks; `*` means any or none.
    params: &'static str,
    hint: &'static str,
}

/// All rules, in order. They are read from their text when something failed, which is soon enough.
fn rules() -> &'static [Rule] {
    static READ: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let lines = RULES.lines().filter(|line| !line.starts_with('#'));
        let rule = |line: &'static str| {
            let mut columns = line.split(" | ");
            Some(Rule {
                code: columns.next()?,
                ops: columns.next()?,
                params: columns.next()?,
                hint: columns.next()?,
            })
        };
        lines.filter_map(rule).collect()
    });
    &READ
}

/// The hints for a failed call, best first.
pub(crate) fn of(error: &Error) -> Vec<String> {
    let mut hints: Vec<String> = Vec::new();
    let mut add = |hint: String| {
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    };
    let call = Case::new(error.op, error.status, "", None);
    call.by_kind(error.kind).into_iter().for_each(&mut add);
    for problem in error.errors.iter().take(3) {
        let param = param(problem);
        let case = Case::new(error.op, error.status, &problem.code, param.as_deref());
        case.hint().into_iter().for_each(&mut add);
    }
    if error.kind == ErrorKind::Api && error.errors.is_empty() {
        call.hint().into_iter().for_each(&mut add);
    }
    if let Some(wait) = error.retry_after {
        let seconds = wait.as_secs_f64().ceil();
        add(format!("the API asks for a pause of {seconds} s first"));
    }
    hints
}

/// The parameter that an error names.
fn param(problem: &ApiError) -> Option<String> {
    #[derive(Deserialize)]
    struct About {
        param_name: Option<String>,
    }
    let meta: About = serde_json::from_str(problem.meta.as_ref()?.get()).ok()?;
    meta.param_name.filter(|name| is_name(name))
}

/// Whether a text can name a parameter. It comes from the server and goes into a sentence of ours, which may not become another.
fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_.-[]".contains(c);
    (1..=64).contains(&text.len()) && text.chars().all(fits)
}

/// What is to be done about a kind of failure, whatever the API says of it.
fn about_kind(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::Host => {
            "`clerk-api doctor` shows where the URL comes from; other https hosts must be named as `hosts` in your configuration"
        }
        ErrorKind::CertificateUntrusted => {
            "if a proxy or your company's certificate authority is involved, trust its certificate: --ca-file FILE, or SSL_CERT_FILE; `clerk-api doctor` shows the URL and the proxy"
        }
        ErrorKind::ProxyAuth => {
            "put both into the proxy's URL, percent-encoded: http://USER:PASSWORD@HOST:PORT; `clerk-api doctor` shows where the URL comes from"
        }
        ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => {
            "check the network and the URL: `clerk-api doctor` shows the URL, the proxy and where they come from"
        }
        ErrorKind::OutcomeUnknown => "check whether it happened before you run it again: {find}",
        ErrorKind::Conflict => "another object has the same name: {find}",
        ErrorKind::UnexpectedRedirect => {
            "this is not the URL of the API: `clerk-api doctor` shows the URL and where it comes from"
        }
        ErrorKind::ResponseTooLarge => "ask for fewer rows with --limit",
        ErrorKind::BadAnswer => {
            "something between this machine and Clerk responded: `clerk-api doctor` shows the URL and the proxy"
        }
        ErrorKind::RateLimited => LIMITED,
        _ => return None,
    })
}

const LIMITED: &str =
    "everything that uses this instance shares its rate limit: run it again after the wait";

/// One error of the API and what it is about.
struct Case<'a> {
    op: &'a str,
    meta: Option<&'static Meta>,
    status: Option<u16>,
    code: &'a str,
    param: Option<&'a str>,
}

impl<'a> Case<'a> {
    fn new(op: &'a str, status: Option<u16>, code: &'a str, param: Option<&'a str>) -> Self {
        Self {
            op,
            meta: ops::find(op).map(|op| op.meta),
            status,
            code,
            param: param.filter(|param| !param.is_empty()),
        }
    }

    /// What code, parameter and operation say together; else what the status says.
    fn hint(&self) -> Option<String> {
        if let Some(rule) = rules().iter().find(|rule| self.fits(rule)) {
            return Some(self.filled(rule.hint));
        }
        if self.status == Some(422) && self.param.is_some() {
            return Some(self.filled("{flag}: `{command} --help` says what it takes"));
        }
        by_status(self.status?).map(|hint| self.filled(hint))
    }

    /// What the kind of failure says, before the API's own words.
    fn by_kind(&self, kind: ErrorKind) -> Option<String> {
        about_kind(kind).map(|hint| self.filled(hint))
    }

    fn fits(&self, rule: &Rule) -> bool {
        let any =
            |list: &str, fits: &dyn Fn(&str) -> bool| list == "*" || list.split(' ').any(fits);
        rule.code == self.code
            && any(rule.ops, &|start| self.op.starts_with(start))
            && any(rule.params, &|name| self.param == Some(name))
    }

    fn filled(&self, hint: &str) -> String {
        let group = from_meta::kebab(self.op.split('.').next().unwrap_or_default());
        let action = from_meta::kebab(self.op.split('.').nth(1).unwrap_or_default());
        let texts = [
            ("{flag}", self.flag()),
            ("{param}", self.param.unwrap_or("name").to_owned()),
            ("{command}", format!("clerk-api {group} {action}")),
            ("{find}", self.find().to_owned()),
            ("{metadata}", metadata()),
            ("{image}", image()),
            ("{group}", group),
        ];
        let mut hint = hint.to_owned();
        for (name, text) in texts {
            hint = hint.replace(name, &text);
        }
        hint
    }

    /// The parameter as it is written on the command line; what no flag sends, as it is.
    fn flag(&self) -> String {
        let Some(param) = self.param else {
            return "the value".to_owned();
        };
        let name = param.split(['.', '[']).next().unwrap_or(param);
        let field = self
            .meta
            .and_then(|meta| Some((meta, meta.fields.iter().find(|field| field.name == name)?)));
        match field {
            Some((meta, field)) => Spelling::Flags.label(meta, field).to_string(),
            None => format!("`{param}`"),
        }
    }

    /// What shows the objects that the operation can name.
    fn find(&self) -> &'static str {
        let in_organization = self
            .meta
            .is_some_and(|meta| meta.path.starts_with("/organizations/"));
        match self.op.split_once('.').unwrap_or_default() {
            ("users", _) => "`clerk-api users list --query TEXT` finds users",
            ("email_addresses" | "phone_numbers", _) => {
                "`clerk-api users get <USER_ID>` shows a user's, with ids"
            }
            ("organizations", "add_member") => {
                "`clerk-api organizations list --query TEXT` finds organizations, `clerk-api users list --query TEXT` users"
            }
            ("organizations", action) if action.contains("member") => {
                "`clerk-api organizations members <ORGANIZATION_ID>` shows the members"
            }
            ("invitations", _) if in_organization => {
                "`clerk-api organizations list --query TEXT` finds organizations, `clerk-api invitations list <ORGANIZATION_ID>` their invitations"
            }
            ("domains", _) => {
                "`clerk-api organizations list --query TEXT` finds organizations, `clerk-api domains list <ORGANIZATION_ID>` their domains"
            }
            ("organizations" | "invitations" | "memberships", _) => {
                "`clerk-api organizations list --query TEXT` finds organizations"
            }
            ("application_invitations", _) => {
                "`clerk-api application-invitations list` shows invitations"
            }
            ("sessions", "create") | ("sign_in_tokens" | "actor_tokens", "create") => {
                "`clerk-api users list --query TEXT` finds users"
            }
            ("sessions", _) => "`clerk-api sessions list --user-id USER` shows a user's sessions",
            ("sign_in_tokens" | "actor_tokens", _) => "the response to `create` has it",
            ("roles", "add_permission" | "remove_permission") => {
                "`clerk-api roles list` shows roles, `clerk-api permissions list` permissions"
            }
            ("roles", _) | ("instance", "update_organization_settings") => {
                "`clerk-api roles list` shows roles"
            }
            ("permissions", _) => "`clerk-api permissions list` shows permissions",
            ("role_sets", _) => "`clerk-api role-sets list` shows role sets",
            ("jwt_templates", _) => "`clerk-api jwt-templates list` shows templates",
            ("redirect_urls", _) => "`clerk-api redirect-urls list` shows them",
            ("waitlist", _) => "`clerk-api waitlist list` shows the entries",
            ("allowlist", _) => "`clerk-api allowlist list` shows the entries",
            ("blocklist", _) => "`clerk-api blocklist list` shows the entries",
            _ => "the matching list or get command shows what is there",
        }
    }
}

fn metadata() -> String {
    format!(
        "metadata can have up to {} KB",
        clerk_api::METADATA_LIMIT >> 10
    )
}

fn image() -> String {
    format!("an image can have up to {} MB", Upload::MOST >> 20)
}

fn by_status(status: u16) -> Option<&'static str> {
    Some(match status {
        400 | 415 => "--dry-run shows the request",
        401 => "the key was refused: `clerk-api doctor` shows where it comes from",
        402 => "this needs a feature or seats that the instance's Clerk plan does not have",
        403 => {
            "the instance does not allow this (a feature is off, or a quota is used up): see its settings in Clerk's dashboard; `clerk-api doctor` shows which instance it is"
        }
        404 => "check the id: {find}; `clerk-api doctor` shows which instance the key belongs to",
        409 => "something else is changing it right now: run it again in a few seconds",
        413 => "send less in one request: {metadata}, {image}",
        422 => {
            "a value is not valid: `{command} --help` names what each flag takes, --dry-run shows the request"
        }
        429 => LIMITED,
        500.. => "Clerk has a problem: see https://status.clerk.com and run it again later",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
