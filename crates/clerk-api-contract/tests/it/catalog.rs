//! The catalogue of operations without types against the official specification: nothing missing, nothing too many, nothing different.

use std::collections::{BTreeMap, BTreeSet};

use clerk_api::catalog;
use clerk_api::declare::{Effect, Kind, Meta, Paging, Place, Verb};
use clerk_api_contract::{Kind as Said, OperationShape};

use crate::judge_official::official;

/// What is compared of an argument: its kind, and whether it takes several values, is required, and can be null.
type Facts = (&'static str, bool, bool, bool);

#[test]
fn the_catalogue_has_every_operation_of_the_specification_and_no_other() {
    let Some(judge) = official() else { return };
    let specified: BTreeSet<&str> = judge.spec().operation_ids().collect();
    let ours: BTreeSet<&str> = catalog::all().map(|meta| meta.spec_id).collect();
    assert_eq!(ours, specified);
}

#[test]
fn every_fact_of_the_catalogue_is_as_specified() {
    let Some(judge) = official() else { return };
    let mut complaints = Vec::new();
    for meta in catalog::undeclared() {
        let Some(shape) = judge.spec().shape(meta.spec_id) else {
            complaints.push(format!("{} is not specified", meta.spec_id));
            continue;
        };
        let mut tell = |what: &str, ours: String, theirs: String| {
            if ours != theirs {
                complaints.push(format!("{}: {what}: {ours} and {theirs}", meta.spec_id));
            }
        };
        tell(
            "method",
            meta.verb.as_str().to_owned(),
            shape.method.clone(),
        );
        tell("path", meta.path.to_owned(), shape.path.clone());
        tell(
            "paging",
            format!("{:?}", meta.paging),
            format!("{:?}", paging(&shape)),
        );
        for place in [Place::Path, Place::Query, Place::Body, Place::Part] {
            let theirs = format!("{:?}", specified(&shape, place));
            tell("arguments", format!("{:?}", declared(meta, place)), theirs);
        }
        let reads = meta.effect == Effect::Read;
        if meta.verb == Verb::Get && !reads || reads && meta.verb == Verb::Delete {
            complaints.push(format!("{}: its effect is {:?}", meta.spec_id, meta.effect));
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

fn paging(shape: &OperationShape) -> Paging {
    let has = |name: &str| shape.query_params.iter().any(|param| param.name == name);
    if has("limit") && has("offset") {
        Paging::Offset
    } else {
        Paging::None
    }
}

fn declared(meta: &Meta, place: Place) -> BTreeMap<&str, Facts> {
    let fields = meta.fields.iter().filter(|field| field.place == place);
    let facts = fields.map(|field| {
        let kind = match field.kind {
            Kind::Integer | Kind::Limit | Kind::Offset => "integer",
            Kind::Boolean => "boolean",
            Kind::Object | Kind::Records(_) => "object",
            Kind::Upload => "binary",
            _ => "text",
        };
        // What a query cannot say is not compared.
        let nullable = field.nullable && place == Place::Body;
        (field.name, (kind, field.many, field.required, nullable))
    });
    facts.collect()
}

fn specified(shape: &OperationShape, place: Place) -> BTreeMap<&str, Facts> {
    let params = match place {
        Place::Path => shape.path_params.iter(),
        Place::Query => shape.query_params.iter(),
        _ => [].iter(),
    };
    let params = params.map(|param| {
        let facts = (kind(param.kind), param.many, param.required, false);
        (param.name.as_str(), facts)
    });
    let body = shape.body.iter().filter(|body| {
        let is_form = body.content_type == "multipart/form-data";
        place == if is_form { Place::Part } else { Place::Body }
    });
    let properties = body.flat_map(|body| &body.properties).map(|property| {
        let facts = (
            kind(property.kind),
            property.many,
            property.required,
            property.nullable,
        );
        (property.name.as_str(), facts)
    });
    params.chain(properties).collect()
}

/// Claims are an object, which the specification leaves open.
const fn kind(said: Said) -> &'static str {
    match said {
        Said::Integer | Said::Number => "integer",
        Said::Boolean => "boolean",
        Said::Object | Said::Any => "object",
        Said::Binary => "binary",
        Said::String | Said::Array => "text",
    }
}
