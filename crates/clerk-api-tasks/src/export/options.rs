//! What is exported, where it goes, and which files that makes in a folder.

use super::format::Format;
use super::record::tables;
use super::table::{Meta, Record as _, Table};
use super::target::Target;
use crate::sweep::Kind;

/// What is beside objects, about the export.
pub(super) const META: &str = "meta.json";

/// What is exported, and where it goes.
#[derive(Debug, Clone)]
pub struct Options {
    /// The kinds.
    pub kinds: Vec<Kind>,
    /// The place.
    pub target: Target,
    /// The form.
    pub format: Format,
    /// Whether files that are there may be replaced.
    pub replaces: bool,
    /// Whether the links of invitations are exported, which let their reader in.
    pub urls: bool,
    /// Who else may read the files, as Unix has it; nothing: their owner only.
    pub mode: Option<u32>,
    /// The day, such as `2026-11-27`, for folders that are partitioned.
    pub date: String,
}

impl Options {
    /// All tables.
    pub(super) fn tables(&self) -> impl Iterator<Item = &'static Table> {
        let kinds = self.kinds.iter().flat_map(|kind| tables(*kind));
        kinds.copied().chain([Meta::TABLE])
    }

    /// The file of a kind or a table, within a folder; `/` stands between its parts.
    pub(super) fn file(&self, name: &str) -> String {
        match self.format {
            Format::Parquet => format!("kind={name}/date={}/part-0000.parquet", self.date),
            format => format!("{name}.{}", format.name()),
        }
    }

    /// All files that an export to a folder has, within the folder; what is about the export comes last.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        match self.format {
            Format::Csv | Format::Parquet => {
                self.tables().map(|table| self.file(table.name)).collect()
            }
            _ => {
                let kinds = self.kinds.iter().map(|kind| self.file(kind.name()));
                kinds.chain([META.to_owned()]).collect()
            }
        }
    }
}
