//! Every format over the same few rows.

mod clean;
mod csv;
mod filter;
mod ids;
mod json;
mod list;
mod table;
mod yaml;

use super::{Format, OutputOptions, Renderer};
use crate::view::view;

const ADA: &str = r#"{"id":"user_1","object":"user","username":null,"first_name":"Ada","last_name":"Łovelace","primary_email_address_id":"idn_2","email_addresses":[{"id":"idn_1","email_address":"old@x.co"},{"id":"idn_2","email_address":"ada@x.co"}],"public_metadata":{"big":12345678901234567890,"plan":"pro"},"last_sign_in_at":null,"banned":false,"locked":false,"created_at":1700000000123}"#;
const EVE: &str = concat!(
    r#"{"id":"user_2","object":"user","username":"=cmd()","first_name":"\u001b[2J"#,
    "\u{202e}",
    r#"evil","last_name":"a\nb","primary_email_address_id":null,"email_addresses":[],"public_metadata":{},"last_sign_in_at":1700000000123,"banned":true,"locked":false,"created_at":1600000000000}"#
);

fn options(format: Format) -> OutputOptions {
    OutputOptions {
        format,
        view: view("users.list"),
        ..OutputOptions::default()
    }
}

fn of_fields(format: Format, fields: &[&str]) -> OutputOptions {
    OutputOptions {
        fields: fields.iter().copied().map(str::to_owned).collect(),
        ..options(format)
    }
}

fn jq(code: &str) -> OutputOptions {
    OutputOptions {
        jq: Some(code.to_owned()),
        ..options(Format::Json)
    }
}

/// What a walk over the rows writes, and its warnings.
fn walked(options: &OutputOptions, rows: &[&str]) -> (String, Vec<String>) {
    paged(options, None, rows)
}

/// The same where the first page is this.
fn paged(options: &OutputOptions, first: Option<&str>, rows: &[&str]) -> (String, Vec<String>) {
    let mut renderer = Renderer::new(options).unwrap();
    let mut out = Vec::new();
    renderer.list_start(first, &mut out).unwrap();
    for row in rows {
        renderer.row(row, &mut out).unwrap();
    }
    let report = renderer.list_end(&mut out).unwrap();
    (String::from_utf8(out).unwrap(), report.warnings)
}

fn list(options: &OutputOptions) -> String {
    walked(options, &[ADA, EVE]).0
}

fn answer(options: &OutputOptions, raw: &str) -> String {
    let mut out = Vec::new();
    Renderer::new(options)
        .unwrap()
        .answer(raw.as_bytes(), &mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
}
