//! The client's declarations against the official specification: nothing missing, nothing too many, nothing different.

use std::collections::{BTreeMap, BTreeSet};

use clerk_api::Args;
use clerk_api::declare::{Field, Kind, Meta, Paging, Place, Resource};
use clerk_api::request::{self, Body as Sent};
use clerk_api_contract::{
    Body, Exchange, Judge, Kind as Said, OperationShape, ParamShape, PropertyShape, Range, Side,
    Violation,
};
use serde_json::{Value, json};

use crate::judge_official::official;
use crate::sample::answer;

/// The paths whose operations are declared.
const AREAS: &[&str] = &[
    "/users",
    "/organizations",
    "/organization_memberships",
    "/organization_invitations",
    "/invitations",
    "/email_addresses",
    "/phone_numbers",
    "/organization_roles",
    "/organization_permissions",
    "/role_sets",
    "/organization_domains",
    "/sessions",
    "/jwks",
    "/jwt_templates",
    "/sign_in_tokens",
    "/actor_tokens",
    "/testing_tokens",
    "/redirect_urls",
    "/instance",
    "/waitlist_entries",
    "/allowlist_identifiers",
    "/blocklist_identifiers",
];

/// Below those paths, but what only production has.
const ELSEWHERE: &[&str] = &["/instance/change_domain"];

/// Where a declaration differs from the specification on purpose.
fn excused(meta: &Meta, field: &Field, what: &str) -> bool {
    match (meta.spec_id, field.name, what) {
        // Nothing can be set without a file.
        ("SetUserProfileImage", "file", "required") => true,
        // Made up where absent.
        (_, "idempotency_key", "required") => true,
        _ => false,
    }
}

/// What the specification says of one argument, wherever it goes.
struct Stated {
    kind: Said,
    many: bool,
    required: bool,
    nullable: bool,
    values: Vec<String>,
    range: Range,
}

fn covered(path: &str) -> bool {
    let below = |root: &&str| {
        path.strip_prefix(*root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    AREAS.iter().any(below) && !ELSEWHERE.iter().any(below)
}

fn covered_shapes(judge: &Judge) -> BTreeMap<String, OperationShape> {
    let spec = judge.spec();
    let shapes = spec.operation_ids().filter_map(|id| spec.shape(id));
    shapes
        .filter(|shape| covered(&shape.path))
        .map(|shape| (shape.id.clone(), shape))
        .collect()
}

#[test]
fn every_operation_is_declared_and_no_other() {
    let Some(judge) = official() else { return };
    let specified: BTreeSet<String> = covered_shapes(judge).into_keys().collect();
    let declared: BTreeSet<String> = clerk_api::ops::all()
        .map(|op| op.meta.spec_id.to_owned())
        .collect();
    assert_eq!(declared, specified);
}

#[test]
fn every_fact_of_every_argument_is_as_specified() {
    let Some(judge) = official() else { return };
    let shapes = covered_shapes(judge);
    let mut complaints = Vec::new();
    for op in clerk_api::ops::all() {
        let shape = &shapes[op.meta.spec_id];
        let mut tell = |text: String| complaints.push(format!("{}: {text}", op.meta.name));
        if (op.meta.verb.as_str(), op.meta.path) != (shape.method.as_str(), shape.path.as_str()) {
            tell(format!("it is {} {}", shape.method, shape.path));
        }
        if op.meta.doc.contains("Deprecated") != shape.deprecated {
            tell(format!("deprecated is {}", shape.deprecated));
        }
        if op.meta.paging != paging(shape) {
            tell(format!("its paging is {:?}", paging(shape)));
        }
        compare(op.meta, shape, &mut tell);
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

fn paging(shape: &OperationShape) -> Paging {
    let has = |name: &str| shape.query_params.iter().any(|param| param.name == name);
    match (has("starting_after"), has("offset")) {
        (true, _) => Paging::Cursor,
        (false, true) => Paging::Offset,
        (false, false) => Paging::None,
    }
}

/// Compares all places of an operation.
fn compare(meta: &Meta, shape: &OperationShape, tell: &mut impl FnMut(String)) {
    let params = |list: &[ParamShape]| {
        let stated = |param: &ParamShape| {
            let stated = Stated {
                kind: param.kind,
                many: param.many,
                required: param.required,
                nullable: false,
                values: param.values.clone(),
                range: (None, None),
            };
            (param.name.clone(), stated)
        };
        list.iter().map(stated).collect()
    };
    fields(
        meta,
        meta.fields,
        Place::Path,
        params(&shape.path_params),
        tell,
    );
    fields(
        meta,
        meta.fields,
        Place::Query,
        params(&shape.query_params),
        tell,
    );
    let Some(body) = &shape.body else {
        for place in [Place::Body, Place::Part, Place::Whole] {
            fields(meta, meta.fields, place, BTreeMap::new(), tell);
        }
        return;
    };
    let stated = |property: &PropertyShape| {
        let stated = Stated {
            kind: property.kind,
            many: property.many,
            required: property.required,
            nullable: property.nullable,
            values: property.values.clone(),
            range: property.range,
        };
        (property.name.clone(), stated)
    };
    let properties = body.properties.iter().map(stated).collect();
    let whole = meta.fields.iter().find(|field| field.place == Place::Whole);
    match whole.map(|field| field.kind) {
        Some(Kind::Records(records)) if body.many => {
            if !keeps(whole.and_then(|field| field.range), body.range) {
                tell("the range of the body differs".to_owned());
            }
            fields(meta, records, Place::Body, properties, tell);
        }
        Some(_) => tell("the body is no list".to_owned()),
        None if body.many => tell("the body is a list".to_owned()),
        None if body.content_type == "multipart/form-data" => {
            fields(meta, meta.fields, Place::Part, properties, tell);
        }
        None => fields(meta, meta.fields, Place::Body, properties, tell),
    }
}

/// Compares the arguments of one place.
fn fields(
    meta: &Meta,
    declared: &[Field],
    place: Place,
    mut stated: BTreeMap<String, Stated>,
    tell: &mut impl FnMut(String),
) {
    for field in declared.iter().filter(|field| field.place == place) {
        let Some(stated) = stated.remove(field.name) else {
            tell(format!("{} is not in the specification", field.name));
            continue;
        };
        let facts = [
            ("many", field.many == stated.many),
            ("required", field.required == stated.required),
            ("nullable", field.nullable == stated.nullable),
            ("kind", fits(field.kind, stated.kind)),
            ("words", words(field.kind) == stated.values),
            ("range", keeps(field.range, stated.range)),
        ];
        for (what, right) in facts {
            if !right && !excused(meta, field, what) {
                tell(format!("{}: {what} differs", field.name));
            }
        }
    }
    for name in stated.keys() {
        tell(format!("{name} is not declared"));
    }
}

/// Whether a declared range has the bounds of the specification. More of them stand in its prose, and 0 is no bound.
fn keeps(declared: Option<(u64, u64)>, (least, most): Range) -> bool {
    let least = least.filter(|least| *least > 0);
    least.is_none_or(|least| declared.is_some_and(|range| range.0 == least))
        && most.is_none_or(|most| declared.is_some_and(|range| range.1 == most))
}

fn fits(kind: Kind, said: Said) -> bool {
    match kind {
        Kind::Integer | Kind::Millis | Kind::Limit | Kind::Offset => said == Said::Integer,
        Kind::Boolean => said == Said::Boolean,
        Kind::Object => said == Said::Object,
        Kind::Upload => matches!(said, Said::Binary | Said::String),
        Kind::Records(_) => false,
        Kind::Text
        | Kind::Secret
        | Kind::Form(_)
        | Kind::Instant
        | Kind::Choice(_)
        | Kind::Order(_)
        | Kind::Id { .. }
        | Kind::Cursor
        | Kind::IdempotencyKey => said == Said::String,
        new => panic!("a kind that the specification is not compared for: {new:?}"),
    }
}

fn words(kind: Kind) -> Vec<String> {
    match kind {
        Kind::Choice(words) => words.iter().map(|word| (*word).to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// One value for a field, as a user would give it.
fn value(field: &Field) -> Value {
    // No country twice.
    if field.name == "blocked_country_codes" {
        return json!(["DE", "CH"]);
    }
    let one = match field.kind {
        Kind::Text | Kind::Secret | Kind::IdempotencyKey => json!("text +&é"),
        Kind::Form(form) => json!(form.example),
        // Within the bounds of all that are counted: days, seconds.
        Kind::Integer => json!(60),
        Kind::Boolean => json!(true),
        // Text, since one object is a map of texts; `sub`, since another one says who acts.
        Kind::Object => json!({"plan": "pro", "sub": "user_2"}),
        Kind::Records(fields) => fields
            .iter()
            .map(|field| (field.name.to_owned(), value(field)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Kind::Millis => json!(1_700_000_000_123_i64),
        Kind::Instant => json!("2026-11-23T10:00:00Z"),
        Kind::Choice(words) => json!(words[words.len() - 1]),
        Kind::Order(keys) => json!(format!("-{}", keys[keys.len() - 1])),
        Kind::Id {
            of: Resource::PROVIDER,
            ..
        } => json!("oauth_google"),
        Kind::Id { of, .. } => {
            let prefix = of.noun.split([' ', '-']).next().unwrap_or(of.noun);
            json!(format!("{prefix}_{}", "2".repeat(27)))
        }
        Kind::Limit => json!(500),
        Kind::Offset => json!(20),
        Kind::Cursor => json!(format!("user_{}", "2".repeat(27))),
        Kind::Upload => json!({"file_name": "logo.png", "data": "iVBORw0KGgo="}),
        new => panic!("a kind without a value to try: {new:?}"),
    };
    if field.many { json!([one, one]) } else { one }
}

/// The exchange of an operation with these arguments and a good answer.
fn exchange(judge: &Judge, meta: &Meta, args: &Args) -> Exchange {
    let request = request::build(meta, args).unwrap_or_else(|error| panic!("{error}"));
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let answer = answer(judge.spec(), meta.spec_id, 0);
    let status = if answer.is_null() { 204 } else { 200 };
    let mut exchange = Exchange::new(request.verb.as_str(), &format!("/v1{path}"), query, status);
    let mut header = |name: &str, value: &str| {
        exchange
            .request_headers
            .insert(name.to_owned(), value.to_owned());
    };
    exchange.request_body = match &request.body {
        Sent::None => Body::None,
        Sent::Json(bytes) => {
            header("content-type", "application/json");
            Body::Text(String::from_utf8(bytes.to_vec()).unwrap())
        }
        Sent::Multipart {
            content_type,
            bytes,
        } => {
            use base64::Engine as _;
            header("content-type", content_type);
            let base64 = base64::engine::general_purpose::STANDARD.encode(bytes);
            Body::Bytes { base64 }
        }
        new => panic!("a body that is not compared: {new:?}"),
    };
    for (name, value) in [
        ("content-type", "application/json"),
        ("clerk-api-version", "2026-05-12"),
        ("x-clerk-trace-id", "0123456789abcdef0123456789abcdef"),
    ] {
        exchange
            .response_headers
            .insert(name.to_owned(), value.to_owned());
    }
    if !answer.is_null() {
        exchange.response_body = Body::Text(answer.to_string());
    }
    exchange
}

#[test]
fn requests_with_all_arguments_and_with_the_least_are_valid() {
    let Some(judge) = official() else { return };
    let mut complaints = Vec::new();
    for op in clerk_api::ops::all() {
        for all in [true, false] {
            let mut args = Args::new();
            for field in op.meta.fields.iter().filter(|field| all || field.required) {
                args.set(field.name, &value(field)).unwrap();
            }
            if op.meta.field("idempotency_key").is_some() {
                args.set("idempotency_key", &"k").unwrap();
            }
            let verdict = judge.judge(&exchange(judge, op.meta, &args));
            assert!(verdict.request_judged, "{}", op.meta.name);
            // The answers are there for the judge to look at the request at all; their texts fit no pattern.
            let ours = |violation: &&Violation| violation.side == Side::Request;
            for violation in verdict.violations.iter().filter(ours) {
                complaints.push(format!("{}, all {all}: {violation:?}", op.meta.name));
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}
