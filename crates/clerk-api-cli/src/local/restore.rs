//! An instance filled from an export of another one, with or without anybody's data.

use std::path::Path;

use clerk_api_admin::problem::Outcome;
use serde_json::Value;

use super::Instance;

/// Hears how many objects came, and how many there are as far as is known.
pub(crate) type Progress<'a> = dyn FnMut(u64, Option<u64>) + 'a;

#[cfg(feature = "emulator")]
pub(crate) use with_emulator::restore;

#[cfg(feature = "emulator")]
mod with_emulator {
    use std::error::Error as _;

    use clerk_api_admin::problem::{Problem, ProblemKind};
    use clerk_api_emulator::{Restore, RestoreError, RestoreKind};
    use clerk_api_tasks::restore::{Anonymizer, Source};
    use clerk_api_tasks::sweep::Kind;
    use serde_json::json;

    use super::super::with_emulator::make_folder;
    use super::{Instance, Outcome, Path, Progress, Value};

    /// Between two looks at how far it is.
    const STEP: u64 = 500;

    /// Puts the objects of an export in place of all there is, and reports what came and what did not.
    pub(crate) fn restore(
        instance: &Instance,
        from: &Path,
        anonymize: bool,
        progress: &mut Progress<'_>,
    ) -> Outcome<Value> {
        let source = Source::open(from)?;
        let total = source.total()?;
        let anonymizer = anonymize.then(Anonymizer::new).transpose()?;
        make_folder(instance)
            .map_err(|error| Problem::io("cannot make the folder of the local instance", &error))?;
        let mut restore = Restore::begin(&instance.database).map_err(|error| failed(&error))?;
        let mut done = 0;
        source.read(&mut |kind, object| {
            let other = anonymizer.as_ref().map(|with| with.object(kind, object));
            let other = other
                .transpose()
                .map_err(|error| unreadable(kind, &error))?;
            let added = restore.add(here(kind), other.as_deref().unwrap_or(object));
            added.map_err(|error| failed(&error))?;
            done += 1;
            if done % STEP == 0 {
                progress(done, total);
            }
            Ok(())
        })?;
        let summary = restore.finish().map_err(|error| failed(&error))?;
        Ok(json!({
            "export": from,
            "format": source.format(),
            "anonymized": anonymize,
            "restored": summary.restored,
            "left_out": summary.left_out,
            "lost": summary.lost,
        }))
    }

    /// The local Clerk has words of its own for the kinds.
    const fn here(kind: Kind) -> RestoreKind {
        match kind {
            Kind::Users => RestoreKind::Users,
            Kind::Organizations => RestoreKind::Organizations,
            Kind::Memberships => RestoreKind::Memberships,
            Kind::OrganizationInvitations => RestoreKind::OrganizationInvitations,
            Kind::Invitations => RestoreKind::Invitations,
            Kind::Roles => RestoreKind::Roles,
            Kind::RoleSets => RestoreKind::RoleSets,
            Kind::Domains => RestoreKind::Domains,
        }
    }

    fn unreadable(kind: Kind, error: &serde_json::Error) -> Box<Problem> {
        let words = kind.name().replace('_', " ");
        refused().cause(format!("one of the {words} cannot be read: {error}"))
    }

    fn refused() -> Box<Problem> {
        let message = "cannot import the export, and the local instance is as it was";
        Problem::new(ProblemKind::Usage, "not_importable", message)
    }

    fn failed(error: &RestoreError) -> Box<Problem> {
        let mut problem = match error {
            RestoreError::Object { .. } => refused(),
            _ => Problem::new(
                ProblemKind::Io,
                "io",
                "cannot fill the local instance, which is as it was",
            ),
        };
        problem = problem.cause(error.to_string());
        let mut source = error.source();
        while let Some(error) = source {
            problem = problem.cause(error.to_string());
            source = error.source();
        }
        problem
    }
}

#[cfg(not(feature = "emulator"))]
pub(crate) fn restore(_: &Instance, _: &Path, _: bool, _: &mut Progress<'_>) -> Outcome<Value> {
    Err(super::missing())
}
