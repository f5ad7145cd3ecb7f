//! Copies of an instance: named states to return to, and folders to keep or to give away.

use std::path::Path;

use clerk_api_admin::problem::{Outcome, Problem};
use serde_json::Value;

use super::{Instance, Running};

/// What is wanted of the states that were kept.
pub(crate) enum Ask<'a> {
    List,
    Save {
        name: &'a str,
        /// A state of this name may go.
        replace: bool,
    },
    Restore(&'a str),
    Delete(&'a str),
}

impl Ask<'_> {
    /// Asks the instance's running server, which has a clock and ids to put back, and works on the file where none runs.
    pub(crate) async fn of(&self, instance: &Instance) -> Outcome<Value> {
        if let Some(running) = Running::find(instance)?
            && running.call("GET", "/status", None).await.is_ok()
        {
            return self.of_server(&running).await;
        }
        on_file::answer(self, instance)
    }

    async fn of_server(&self, running: &Running) -> Outcome<Value> {
        let body;
        let (method, path, body) = match self {
            Self::List => ("GET", "/snapshots".to_owned(), None),
            Self::Save { name, replace } => {
                body = serde_json::json!({"name": name, "replace": replace});
                ("POST", "/snapshots".to_owned(), Some(&body))
            }
            Self::Restore(name) => ("POST", format!("/snapshots/{name}/restore"), None),
            Self::Delete(name) => ("DELETE", format!("/snapshots/{name}"), None),
        };
        let mut answer = running.call(method, &path, body).await?;
        Ok(match self {
            Self::List => answer["data"].take(),
            _ => answer,
        })
    }
}

/// What may come after `snapshot`; anything else could not be a file's name, or part of a path.
pub(crate) fn check_name(name: &str) -> Outcome<()> {
    super::check_name(name).map_err(|_| {
        Problem::usage(format!("{name:?} is not a name for a snapshot"))
            .hint("a name has 1 to 64 letters, digits, hyphens and underscores")
    })
}

/// Whether a folder is one that `export` of this module wrote, and not an export of another program's instance.
pub(crate) fn is_copy(path: &Path) -> bool {
    path.join("manifest.json").exists()
}

pub(crate) use on_file::{check_export, export, holds_something, import};

#[cfg(feature = "emulator")]
mod on_file {
    use clerk_api_emulator::{ArchiveError, Manifest, SnapshotError, Snapshots};
    use serde_json::json;

    use super::{Ask, Instance, Outcome, Path, Problem, Value};
    use clerk_api_admin::problem::ProblemKind;

    pub(super) fn answer(ask: &Ask<'_>, instance: &Instance) -> Outcome<Value> {
        let kept = Snapshots::of(&instance.database);
        let answer = match ask {
            Ask::List => kept.list().map(|all| json!(all)),
            Ask::Save { name, replace } => kept.save(name, *replace).map(|one| json!(one)),
            Ask::Restore(name) => kept
                .restore(name)
                .map(|()| json!({"name": name, "restored": true})),
            Ask::Delete(name) => kept
                .delete(name)
                .map(|()| json!({"name": name, "deleted": true})),
        };
        answer.map_err(|error| refused(&error))
    }

    fn refused(error: &SnapshotError) -> Box<Problem> {
        let (kind, code) = match error {
            SnapshotError::Name(_) => (ProblemKind::Usage, "usage"),
            SnapshotError::Taken(_) => (ProblemKind::Refused, "snapshot_exists"),
            SnapshotError::Absent(_) => (ProblemKind::Absent, "not_found"),
            SnapshotError::NoInstance(_) => (ProblemKind::Absent, "no_instance"),
            _ => (ProblemKind::Io, "io"),
        };
        with_causes(Problem::new(kind, code, error.to_string()), error)
    }

    /// Writes an instance into a folder.
    pub(crate) fn export(instance: &Instance, folder: &Path, replace: bool) -> Outcome<Value> {
        let made = clerk_api_emulator::export(&instance.database, folder, replace)
            .map_err(|error| unarchived("export", &error))?;
        Ok(report(&made, folder))
    }

    /// Finds out before the work whether it could be exported after it.
    pub(crate) fn check_export(folder: &Path, replace: bool) -> Outcome<()> {
        clerk_api_emulator::check_export(folder, replace)
            .map_err(|error| unarchived("export", &error))
    }

    /// Puts an exported instance in place of all there is.
    pub(crate) fn import(instance: &Instance, folder: &Path) -> Outcome<Value> {
        let read = clerk_api_emulator::import(folder, &instance.database)
            .map_err(|error| unarchived("import", &error))?;
        Ok(report(&read, folder))
    }

    /// Returns whether an import would replace something.
    pub(crate) fn holds_something(instance: &Instance) -> Outcome<bool> {
        clerk_api_emulator::holds_something(&instance.database)
            .map_err(|error| unarchived("read", &error))
    }

    fn report(manifest: &Manifest, folder: &Path) -> Value {
        json!({"folder": folder, "instance_id": manifest.instance_id, "counts": manifest.counts})
    }

    fn unarchived(what: &str, error: &ArchiveError) -> Box<Problem> {
        let (kind, code) = match error {
            ArchiveError::NoInstance(_) => (ProblemKind::Absent, "no_instance"),
            ArchiveError::Taken(_) => (ProblemKind::Refused, "export_exists"),
            ArchiveError::Foreign(_) | ArchiveError::Newer { .. } | ArchiveError::Damaged(_) => {
                (ProblemKind::Usage, "not_importable")
            }
            _ => (ProblemKind::Io, "io"),
        };
        let failure = Problem::new(kind, code, format!("cannot {what} the local instance"));
        let failure = with_causes(failure.cause(error.to_string()), error);
        match error {
            ArchiveError::Taken(_) => {
                failure.hint("name a new folder, or add --force to replace an earlier export")
            }
            _ => failure,
        }
    }

    fn with_causes(mut failure: Box<Problem>, error: &dyn std::error::Error) -> Box<Problem> {
        let mut source = error.source();
        while let Some(error) = source {
            failure = failure.cause(error.to_string());
            source = error.source();
        }
        failure
    }
}

#[cfg(not(feature = "emulator"))]
mod on_file {
    use super::super::missing;
    use super::{Ask, Instance, Outcome, Path, Value};

    pub(super) fn answer(_: &Ask<'_>, _: &Instance) -> Outcome<Value> {
        Err(missing())
    }

    pub(crate) fn export(_: &Instance, _: &Path, _: bool) -> Outcome<Value> {
        Err(missing())
    }

    pub(crate) fn check_export(_: &Path, _: bool) -> Outcome<()> {
        Err(missing())
    }

    pub(crate) fn import(_: &Instance, _: &Path) -> Outcome<Value> {
        Err(missing())
    }

    pub(crate) fn holds_something(_: &Instance) -> Outcome<bool> {
        Err(missing())
    }
}
