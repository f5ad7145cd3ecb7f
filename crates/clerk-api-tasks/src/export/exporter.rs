//! From the pages of a sweep to the files of an export.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clerk_api::list::Page;
use clerk_api_admin::problem::{Outcome, Problem};
use indexmap::IndexMap;

use super::csv::Csv;
use super::format::Format;
use super::meta::Facts;
use super::objects::{Files, Objects};
use super::options::{META, Options};
use super::parquet::Parquet;
use super::partial::Partial;
use super::record::{Reader, Refusal, tables};
use super::sqlite::{self, Database};
use super::table::{Meta, Record as _, Rows};
use super::target::{Outlet, Target, Written};
use crate::fresh::Fresh;
use crate::private;
use crate::sweep::{Count, Kind, Order, Sink, Sweep};

/// An export in the making. Its files appear when all are whole; dropped before, it leaves none.
pub struct Export {
    kinds: Vec<Kind>,
    writer: Writer,
    reader: Reader,
    order: Order,
    /// The file about the export beside those of objects.
    meta: Option<Outlet>,
    unreadable: BTreeMap<Kind, u64>,
    /// Where what is read is kept until the export is whole.
    partial: Option<Partial>,
}

enum Writer {
    Objects(Objects),
    Csv(Csv),
    Parquet(Parquet),
    Sqlite(sqlite::Writer, Fresh, PathBuf),
}

impl Export {
    /// Makes all files of an export; `stdout` gives standard output where that is the target.
    ///
    /// # Errors
    /// A file exists and must not be replaced, or cannot be written, or the kinds do not fit into one file.
    pub fn create(
        options: &Options,
        stdout: impl FnOnce() -> Box<dyn Write + Send>,
    ) -> Outcome<Self> {
        let one_table = matches!(options.format, Format::Csv | Format::Parquet);
        let in_folder = matches!(options.target, Target::Folder(_));
        if one_table && !in_folder && options.kinds.len() != 1 {
            let format = options.format.name();
            return Err(Problem::usage(format!("a {format} file holds one table"))
                .hint("name one kind, or a folder for all of them: --to FOLDER/"));
        }
        let order = match (options.format, in_folder) {
            (Format::Json, false) => Order::OneByOne,
            _ => Order::SideBySide,
        };
        if let Target::Folder(folder) = &options.target {
            refuse_link(folder)?;
        }
        let objects = matches!(options.format, Format::Ndjson | Format::Json);
        let meta = match &options.target {
            Target::Folder(folder) if objects => {
                make_folder(folder)?;
                let path = folder.join(META);
                Some(Outlet::file(&path, options.replaces, options.mode)?)
            }
            _ => None,
        };
        Ok(Self {
            kinds: options.kinds.clone(),
            writer: Writer::create(options, stdout)?,
            reader: Reader::new(options.urls),
            order,
            meta,
            unreadable: BTreeMap::new(),
            partial: None,
        })
    }

    /// Takes in what was read before, keeps what comes from now on, and returns what became of the kinds that are whole.
    ///
    /// # Errors
    /// What was kept cannot be read, or the files cannot be written.
    pub fn go_on(&mut self, partial: Partial) -> Outcome<Vec<Count>> {
        let whole = partial.whole(&self.kinds);
        let mut kinds: Vec<Kind> = whole.iter().map(Count::kind).collect();
        // Roles are needed by invitations, and users who are not whole go on where these end.
        kinds.sort_by_key(|kind| !matches!(kind, Kind::Roles | Kind::RoleSets));
        if !kinds.contains(&Kind::Users) && self.kinds.contains(&Kind::Users) {
            kinds.push(Kind::Users);
        }
        for kind in kinds {
            partial.read(kind, &mut |object| self.object(kind, object))?;
        }
        self.partial = Some(partial);
        Ok(whole)
    }

    fn object(&mut self, kind: Kind, object: &str) -> Outcome<()> {
        let read = match &mut self.writer {
            Writer::Objects(objects) => objects.add(kind, object, self.reader.urls)?,
            Writer::Csv(csv) => is_read(self.reader.read(kind, object, csv))?,
            Writer::Parquet(parquet) => is_read(self.reader.read(kind, object, parquet))?,
            Writer::Sqlite(writer, ..) => is_read(self.reader.read(kind, object, writer))?,
        };
        if !read {
            *self.unreadable.entry(kind).or_default() += 1;
        }
        Ok(())
    }

    /// In which order the kinds have to come.
    #[must_use]
    pub const fn order(&self) -> Order {
        self.order
    }

    /// How many objects could not be read, and are in no file.
    #[must_use]
    pub fn unreadable(&self) -> u64 {
        self.unreadable.values().sum()
    }

    /// Ends all files and puts them into their places.
    ///
    /// # Errors
    /// A file cannot be written, or another one has taken its place meanwhile.
    pub fn finish(self, facts: &Facts, sweep: &Sweep) -> Outcome<Vec<Written>> {
        let meta = facts.meta(sweep);
        let json = || {
            let members: IndexMap<&str, &str> = meta
                .iter()
                .map(|(key, value)| (key.as_str(), value.as_str()))
                .collect();
            serde_json::to_string(&members).unwrap_or_else(|_| "{}".to_owned())
        };
        let mut outlets = match self.writer {
            Writer::Objects(objects) => objects.end(&self.kinds, &json())?,
            Writer::Csv(mut csv) => {
                give_meta(&meta, &mut csv)?;
                csv.end()
            }
            Writer::Parquet(mut parquet) => {
                give_meta(&meta, &mut parquet)?;
                parquet.end()?
            }
            Writer::Sqlite(mut writer, file, path) => {
                give_meta(&meta, &mut writer)?;
                drop(writer.finish()?.finish()?);
                file.finish()?;
                forget(self.partial);
                let size = fs_err::metadata(&path).map(|facts| facts.len());
                return Ok(vec![Written::file(path, size.unwrap_or_default())]);
            }
        };
        if let Some(mut out) = self.meta {
            out.put(format!("{}\n", json()).as_bytes())?;
            outlets.push(out);
        }
        let written = outlets.into_iter().map(Outlet::finish);
        let written = written.collect::<Outcome<_>>()?;
        forget(self.partial);
        Ok(written)
    }
}

/// What was kept is of no use any more.
fn forget(partial: Option<Partial>) {
    if let Some(partial) = partial {
        partial.remove();
    }
}

/// A link could lead the files to anywhere (reliability.md 9).
fn refuse_link(folder: &Path) -> Outcome<()> {
    match fs_err::symlink_metadata(folder) {
        Ok(facts) if facts.is_symlink() => {
            Err(Problem::usage(format!("{} is a link", folder.display()))
                .hint("name the folder itself"))
        }
        _ => Ok(()),
    }
}

fn make_folder(folder: &Path) -> Outcome<()> {
    private::make_folder(folder).map_err(|error| {
        Problem::io(
            format!("cannot make the folder {}", folder.display()),
            &error,
        )
    })
}

fn give_meta(meta: &[(String, String)], to: &mut dyn Rows) -> Outcome<()> {
    for (key, value) in meta {
        let row = Meta {
            key: Some(key.into()),
            value: Some(value.into()),
        };
        row.give(to)?;
    }
    Ok(())
}

impl Sink for Export {
    fn page(&mut self, kind: Kind, page: &Page) -> Outcome<()> {
        for object in page.rows() {
            self.object(kind, object)?;
            if let Some(partial) = &mut self.partial {
                partial.add(kind, object, self.reader.urls)?;
            }
        }
        match &mut self.partial {
            Some(partial) => partial.flush(kind),
            None => Ok(()),
        }
    }

    fn end(&mut self, count: &Count) -> Outcome<()> {
        match &mut self.partial {
            Some(partial) => partial.end(count),
            None => Ok(()),
        }
    }
}

fn is_read(result: Result<(), Refusal>) -> Outcome<bool> {
    match result {
        Ok(()) => Ok(true),
        Err(Refusal::Unreadable(_)) => Ok(false),
        Err(Refusal::Unwritten(problem)) => Err(problem),
    }
}

impl Writer {
    fn create(options: &Options, stdout: impl FnOnce() -> Box<dyn Write + Send>) -> Outcome<Self> {
        match (&options.target, options.format) {
            (Target::Folder(folder), format) => Self::in_folder(options, folder, format),
            (Target::File(path), Format::Sqlite) => {
                let file = Fresh::create(path, options.replaces)?.with_mode(options.mode);
                let writer = sqlite::Writer::start(Database::create(file.path())?)?;
                Ok(Self::Sqlite(writer, file, path.clone()))
            }
            (Target::File(path), _) => {
                let out = Outlet::file(path, options.replaces, options.mode)?;
                Self::one(options, out)
            }
            (Target::Stdout, _) => Self::one(options, Outlet::stdout(stdout())),
        }
    }

    /// All in one stream; a table's is that of the first kind.
    fn one(options: &Options, out: Outlet) -> Outcome<Self> {
        let table = || options.kinds.first().and_then(|kind| tables(*kind).first());
        Ok(match (options.format, table()) {
            (Format::Csv, Some(table)) => Self::Csv(Csv::create(vec![(table, out)])?),
            (Format::Parquet, Some(table)) => Self::Parquet(Parquet::create(vec![(table, out)])?),
            (Format::Json, _) => Self::Objects(Objects::document(out, &options.kinds)),
            _ => Self::Objects(Objects::Lines(Files::One(out))),
        })
    }

    fn in_folder(options: &Options, folder: &Path, format: Format) -> Outcome<Self> {
        let file = |name: &str| {
            let path = folder.join(options.file(name));
            make_folder(path.parent().unwrap_or(folder))?;
            Outlet::file(&path, options.replaces, options.mode)
        };
        let table_files = || {
            let files = options.tables().map(|table| Ok((table, file(table.name)?)));
            files.collect::<Outcome<Vec<_>>>()
        };
        let object_files = || {
            let files = options
                .kinds
                .iter()
                .map(|kind| Ok((*kind, file(kind.name())?)));
            files.collect::<Outcome<_>>().map(Files::Each)
        };
        Ok(match format {
            Format::Csv => Self::Csv(Csv::create(table_files()?)?),
            Format::Parquet => Self::Parquet(Parquet::create(table_files()?)?),
            Format::Json => Self::Objects(Objects::Arrays(object_files()?, BTreeMap::new())),
            _ => Self::Objects(Objects::Lines(object_files()?)),
        })
    }
}
