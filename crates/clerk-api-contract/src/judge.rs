//! The judge itself: picks the specification an exchange is held against and judges both halves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::exchange::Exchange;
use crate::spec::{Found, Spec, SpecError};
use crate::verdict::{Side, Verdict};
use crate::{SPEC_VARIABLE, answer, query, request};

/// Holds exchanges against the specification.
#[derive(Debug)]
pub struct Judge {
    main: Arc<Spec>,
    /// Where the files of other versions are looked for.
    directory: Option<PathBuf>,
    /// Versions met so far; none where no file is beside the named one.
    versions: Mutex<BTreeMap<String, Option<Arc<Spec>>>>,
}

impl Judge {
    /// Reads the specification that `CLERK_API_SPEC` names; none if it is unset.
    #[expect(
        clippy::disallowed_methods,
        reason = "tests and tools find the specification by this variable alone"
    )]
    pub fn from_env() -> Result<Option<Self>, SpecError> {
        match std::env::var_os(SPEC_VARIABLE) {
            None => Ok(None),
            Some(path) => Self::open(Path::new(&path)).map(Some),
        }
    }

    /// Reads a specification; those of other versions are taken from `bapi-<version>.yml` beside it.
    pub fn open(path: &Path) -> Result<Self, SpecError> {
        let directory = path.parent().map(Path::to_owned);
        Ok(Self {
            directory,
            ..Self::new(Spec::open(path)?)
        })
    }

    /// Judges by one specification, whatever version an exchange names.
    pub fn new(spec: Spec) -> Self {
        Self {
            main: Arc::new(spec),
            directory: None,
            versions: Mutex::default(),
        }
    }

    /// Returns the specification that was named.
    pub fn spec(&self) -> &Spec {
        &self.main
    }

    /// Judges one exchange.
    pub fn judge(&self, exchange: &Exchange) -> Verdict {
        let mut verdict = Verdict::default();
        let asked = asked_version(exchange);
        let spec = match self.version(asked.as_deref()) {
            Ok(spec) => spec,
            Err(error) => {
                verdict.add(
                    Side::Request,
                    "header clerk-api-version",
                    "specification",
                    error.to_string(),
                );
                return verdict;
            }
        };
        // Tests send bad requests on purpose, so a refused one is judged only if the line says so.
        let judged = exchange.judge_request || (200..300).contains(&exchange.status);
        let found = spec.find(&exchange.method, &exchange.path);
        let operation = match &found {
            Found::Operation(operation, path) => {
                verdict.operation = Some(operation.id.clone());
                if judged {
                    request::judge(&spec, operation, path, exchange, &mut verdict);
                }
                Some(*operation)
            }
            Found::OtherMethods(methods) if judged => {
                let reason = format!("{} takes {} only", exchange.path, methods.join(", "));
                verdict.add(Side::Request, "method", "unknown-method", reason);
                None
            }
            Found::Nothing if judged => {
                let reason = format!("{} is no path of the specification", exchange.path);
                verdict.add(Side::Request, "path", "unknown-path", reason);
                None
            }
            Found::OtherMethods(_) | Found::Nothing => None,
        };
        answer::judge(&spec, operation, asked.as_deref(), exchange, &mut verdict);
        verdict
    }

    fn version(&self, asked: Option<&str>) -> Result<Arc<Spec>, SpecError> {
        let (Some(asked), Some(directory)) = (asked, &self.directory) else {
            return Ok(Arc::clone(&self.main));
        };
        if asked == self.main.version() || !is_date(asked) {
            return Ok(Arc::clone(&self.main));
        }
        let mut versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        if !versions.contains_key(asked) {
            let path = directory.join(format!("bapi-{asked}.yml"));
            let spec = path.exists().then(|| Spec::open(&path)).transpose()?;
            versions.insert(asked.to_owned(), spec.map(Arc::new));
        }
        let spec = versions.get(asked).cloned().flatten();
        Ok(spec.unwrap_or_else(|| Arc::clone(&self.main)))
    }
}

fn asked_version(exchange: &Exchange) -> Option<String> {
    let header = exchange.request_headers.get("clerk-api-version").cloned();
    header.or_else(|| {
        let pairs = query::pairs(&exchange.query);
        pairs
            .into_iter()
            .find(|(name, _)| name == "__clerk_api_version")
            .map(|(_, value)| value)
    })
}

/// Only a date becomes part of a file name.
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}
