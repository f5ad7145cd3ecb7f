//! The tools: names, texts, schemas and annotations. Texts are constants; everything else follows from the declarations of operations.

use clerk_api::declare::{Class, Effect, Form, Meta, Place};
use clerk_api::{Args, ops};
use clerk_api_tasks::audit::Severity;
use serde_json::{Value, json};

use crate::schema::common;
use crate::settings::{Level, Settings, Toolset, makes_secret};

/// A tool.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) input: Value,
    pub(crate) level: Level,
    /// Whether all that it does needs a person, so that it is hidden where nobody can be asked.
    pub(crate) asks: bool,
    annotations: Value,
    output: Value,
}

impl Offer {
    /// The tool as the protocol shows it.
    pub(crate) fn shown(&self) -> Value {
        json!({
            "name": self.name, "description": self.about, "inputSchema": self.input, "outputSchema": self.output,
            "annotations": self.annotations,
        })
    }
}

/// The tools that the settings open, in a fixed order. `asks` says whether a person can be asked.
pub(crate) fn offers(settings: &Settings, asks: bool) -> Vec<Offer> {
    let mut offers = all(settings);
    offers.retain(|offer| settings.opens(offer.level) && (asks || !offer.asks));
    offers
}

/// The tools as they would be if every level were open.
pub(crate) fn all(settings: &Settings) -> Vec<Offer> {
    let mut offers = readers(settings);
    for set in WRITTEN.iter().copied().filter(|set| settings.has(*set)) {
        let name = format!("change_{}", set.word());
        offers.extend(writer(
            settings,
            Level::Write,
            name,
            &[set],
            "Write one object; reversible",
        ));
    }
    for (level, name, about) in [
        (
            Level::Invite,
            "send",
            "Send people a message; a person approves each call",
        ),
        (
            Level::Destroy,
            "delete",
            "Delete or replace for good; a person approves each call",
        ),
    ] {
        offers.extend(writer(settings, level, name.to_owned(), &WRITTEN, about));
    }
    let onboards = settings.has(Toolset::Organizations);
    let workflows = workflows(settings).into_iter();
    offers.extend(workflows.filter(|offer| onboards || offer.name != "onboard"));
    offers
}

/// The sets with tools that write. Settings of the instance are changed seldom, and through `call_operation`.
const WRITTEN: [Toolset; 4] = [
    Toolset::Users,
    Toolset::Organizations,
    Toolset::Invitations,
    Toolset::Access,
];

/// The operations of a tool that writes.
fn operations(settings: &Settings, level: Level, sets: &[Toolset]) -> Vec<&'static Meta> {
    let is_in = |meta: &Meta| Toolset::of(meta).is_some_and(|set| sets.contains(&set));
    let all = ops::all().map(|op| op.meta);
    let mine = all.filter(|meta| Level::of(meta.effect) == level && is_in(meta));
    mine.filter(|meta| settings.offers(meta) && !makes_secret(meta) && !takes_file(meta))
        .collect()
}

fn takes_file(meta: &Meta) -> bool {
    meta.fields.iter().any(|field| field.place == Place::Part)
}

/// The lists, by the names that the tool `list` has for them.
pub(crate) fn lists(settings: &Settings) -> impl Iterator<Item = (String, &'static Meta)> + '_ {
    let all = ops::all().map(|op| op.meta);
    let lists = all.filter(|meta| meta.effect == Effect::Read && meta.form == Form::List);
    let lists = lists.filter(|meta| settings.offers(meta));
    lists.map(|meta| match meta.action() {
        "list" => (meta.group().to_owned(), meta),
        _ => (meta.name.to_owned(), meta),
    })
}

fn readers(settings: &Settings) -> Vec<Offer> {
    vec![
        reader(
            "find",
            "Search users, organizations and invitations; best first",
            &json!({"text": text(), "limit": limit()}),
            &["text"],
            true,
        ),
        reader(
            "show",
            "One object by id, with what hangs on it",
            &json!({"id": text(), "fields": fields()}),
            &["id"],
            false,
        ),
        list(settings),
        audit(),
        reader(
            "jobs",
            "Jobs, or one with its failed rows",
            &json!({"id": text()}),
            &[],
            true,
        ),
        reader(
            "find_operation",
            "Search all operations of the API; tells their class and arguments",
            &json!({"text": text()}),
            &["text"],
            true,
        ),
        call_operation(settings),
        reader(
            "how_to_enable",
            "Why tools are missing and how a person opens them; budgets",
            &json!({}),
            &[],
            false,
        ),
    ]
}

fn list(settings: &Settings) -> Offer {
    let lists: Vec<String> = lists(settings).map(|(name, _)| name).collect();
    let properties = json!({
        "resource": {"enum": lists}, "filters": {"type": "object"}, "fields": fields(), "limit": limit(), "cursor": text(),
    });
    reader(
        "list",
        "List objects. count is the total; pass next as cursor for more. find_operation lists.RESOURCE tells the filters",
        &properties,
        &["resource"],
        true,
    )
}

fn audit() -> Offer {
    let severities: Vec<&str> = Severity::ALL.iter().map(|one| one.as_str()).collect();
    let properties = json!({
        "organization": text(), "severity": {"enum": severities}, "rule": text(), "limit": limit(), "cursor": text(),
    });
    reader(
        "audit",
        "Read the whole instance and report what is wrong, worst first. cursor goes on without reading again",
        &properties,
        &[],
        true,
    )
}

fn call_operation(settings: &Settings) -> Offer {
    let writes = Level::CLOSED.iter().any(|level| settings.opens(*level));
    let properties = json!({
        "operation": text(), "arguments": {"type": "object"}, "fields": fields(), "limit": limit(), "cursor": text(),
    });
    let offer = reader(
        "call_operation",
        "Call an operation by its name; reads, and what the server's levels allow",
        &properties,
        &["operation"],
        true,
    );
    if !writes {
        return offer;
    }
    Offer {
        annotations: annotated(false, settings.opens(Level::Destroy), false),
        ..offer
    }
}

fn reader(name: &str, about: &str, properties: &Value, required: &[&str], rows: bool) -> Offer {
    Offer {
        name: name.to_owned(),
        about: about.to_owned(),
        input: closed(properties, required),
        level: Level::Read,
        asks: false,
        annotations: read(),
        output: if rows { rows_output() } else { output() },
    }
}

fn writer(
    settings: &Settings,
    level: Level,
    name: String,
    sets: &[Toolset],
    about: &str,
) -> Option<Offer> {
    let operations = operations(settings, level, sets);
    if operations.is_empty() {
        return None;
    }
    let names: Vec<&str> = operations.iter().map(|meta| meta.name).collect();
    let arguments =
        json!({"type": "object", "properties": common(&operations), "additionalProperties": false});
    Some(Offer {
        name,
        about: about.to_owned(),
        input: closed(
            &json!({"operation": {"enum": names}, "arguments": arguments}),
            &["operation", "arguments"],
        ),
        level,
        asks: level.asks(),
        annotations: annotations(&operations),
        output: output(),
    })
}

fn workflows(settings: &Settings) -> Vec<Offer> {
    let destroys = settings.opens(Level::Destroy);
    let people = || json!({"type": "array", "maxItems": 50, "items": text()});
    let plan = || json!({"type": "boolean"});
    let workflow =
        |name: &str, about: &str, properties: Value, required: &[&str], annotations: Value| Offer {
            name: name.to_owned(),
            about: about.to_owned(),
            input: closed(&properties, required),
            level: Level::Write,
            asks: false,
            annotations,
            output: output(),
        };
    vec![
        workflow(
            "onboard",
            "Create or complete an organization with its people, in one call; who has no account is invited, which a person must approve. plan only tells",
            json!({"name": text(), "slug": text(), "created_by": text(), "max_members": {"type": "integer"}, "admins": people(), "members": people(), "plan": plan()}),
            &["name"],
            annotated(false, false, true),
        ),
        workflow(
            "job_start",
            "One operation over up to 50 rows, each an object of its arguments. plan only tells",
            json!({"operation": text(), "rows": {"type": "array", "maxItems": 50, "items": {"type": "object"}}, "plan": plan()}),
            &["operation", "rows"],
            annotated(false, destroys, false),
        ),
        workflow(
            "job_cancel",
            "Stop a job; what was done stays done",
            json!({"id": text()}),
            &["id"],
            annotated(false, false, true),
        ),
    ]
}

/// What the effects of operations say about a tool (reliability.md section 1).
fn annotations(operations: &[&'static Meta]) -> Value {
    let destroys = operations
        .iter()
        .any(|meta| Level::of(meta.effect) == Level::Destroy);
    let repeats = operations
        .iter()
        .all(|meta| meta.class(&Args::new()) == Class::Idempotent);
    annotated(false, destroys, repeats)
}

fn read() -> Value {
    json!({"readOnlyHint": true})
}

/// That what others wrote comes through (`openWorldHint`) is what the protocol takes for granted.
fn annotated(reads: bool, destroys: bool, repeats: bool) -> Value {
    json!({"readOnlyHint": reads, "destructiveHint": destroys, "idempotentHint": repeats})
}

fn limit() -> Value {
    json!({"type": "integer", "maximum": 50})
}

fn fields() -> Value {
    json!({"type": "array", "items": text(), "description": "Members to show, as a.b"})
}

fn text() -> Value {
    json!({"type": "string"})
}

fn closed(properties: &Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// Every answer has what comes from the API in one member.
fn output() -> Value {
    json!({"type": "object", "required": ["untrusted"]})
}

fn rows_output() -> Value {
    let number = json!({"type": "integer"});
    let mut schema = output();
    schema["properties"] = json!({"count": number, "left_out": number, "next": text()});
    schema
}
