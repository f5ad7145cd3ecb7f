//! The tables as a page of the reference.

use std::fmt::Write as _;

use super::table::{Column, TABLES, VIEWS};

/// The page, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut text = "# Tables of an export\n\nWritten by `cargo xtask docs` from the declarations. \
        How each type is written in each format: [Exporting](../export.md#tables).\n"
        .to_owned();
    for table in TABLES {
        let key: Vec<String> = table.key.iter().map(|name| format!("`{name}`")).collect();
        let key = key.join(", ");
        // Writing to a String cannot fail, here and below.
        let _ = write!(text, "\n## {}\n\n{} Key: {key}.\n", table.name, table.doc);
        columns(&mut text, table.columns);
    }
    text.push_str("\n## Views\n\nOnly in SQLite.\n");
    for view in VIEWS {
        let _ = write!(text, "\n### {}\n\n{}\n", view.name, view.doc);
        columns(&mut text, view.columns);
    }
    text
}

fn columns(text: &mut String, columns: &[Column]) {
    text.push_str("\n| column | type | meaning |\n|---|---|---|\n");
    for Column { name, kind, doc } in columns {
        let _ = writeln!(text, "| `{name}` | {} | {doc} |", kind.name());
    }
}
