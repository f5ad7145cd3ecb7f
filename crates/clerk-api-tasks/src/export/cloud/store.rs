//! A store that was opened, and what is in it already.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use clerk_api::transport::Transport;
use clerk_api_admin::problem::{Outcome, Problem};
use http::StatusCode;
use object_store::path::Path;
use object_store::{Error, GetOptions, GetRange, ObjectStore, ObjectStoreExt as _};

use super::address::Address;
use super::wire::{Told, Wire};
use super::{access, refusal};

/// A store.
pub struct Store {
    pub(super) store: Box<dyn ObjectStore>,
    pub(super) address: Address,
    wire: Wire,
}

impl Store {
    /// Opens the store of an address with the variables of its own tools. Nothing is sent yet. Requests that fail are tried again, the first
    /// time after `backoff`.
    ///
    /// # Errors
    /// The variables have no credentials, or none that can be used.
    pub fn open(
        address: Address,
        variables: &[(String, String)],
        transport: Arc<dyn Transport>,
        backoff: Duration,
    ) -> Outcome<Self> {
        let wire = Wire::new(transport);
        let store = access::open(&address, variables, wire.clone(), backoff)?;
        Ok(Self {
            store,
            address,
            wire,
        })
    }

    /// Refuses objects that are there already. Where they may be replaced, it asks for one only, to learn whether the store can be used at all.
    ///
    /// # Errors
    /// An object is there, or the store does not respond, or not as it should.
    pub async fn check(&self, names: &[String], replaces: bool) -> Outcome<()> {
        let names = if replaces {
            names.get(..1).unwrap_or(names)
        } else {
            names
        };
        for name in names {
            if self.is_there(name, replaces).await? && !replaces {
                let message = format!("{} exists already", self.address.shown(name));
                return Err(Problem::usage(message)
                    .hint("name another object or folder, or allow it to be replaced: --force"));
            }
        }
        Ok(())
    }

    /// Whether there is an object. Its first byte is asked for: only to a GET does a store say why it refuses.
    async fn is_there(&self, name: &str, may_be_denied: bool) -> Outcome<bool> {
        let range = Some(GetRange::Bounded(0..1));
        let options = GetOptions {
            range,
            ..GetOptions::default()
        };
        let got = self.store.get_opts(&self.path(name)?, options).await;
        let told = self.wire.told();
        match (got, &told) {
            (Ok(_), _) => Ok(true),
            // An empty object has no first byte.
            (_, Some(Told::Refused { status, .. }))
                if *status == StatusCode::RANGE_NOT_SATISFIABLE =>
            {
                Ok(true)
            }
            (Err(Error::NotFound { .. }), told) if !refusal::is_bucket_missing(told.as_ref()) => {
                Ok(false)
            }
            (Err(_), told) if may_be_denied && refusal::is_denied(told.as_ref()) => Ok(false),
            (Err(error), _) => Err(self.explain("read", name, told, &error)),
        }
    }

    /// Reads a small object; nothing if it is not there.
    ///
    /// # Errors
    /// The store does not give it.
    pub async fn read(&self, name: &str) -> Outcome<Option<Bytes>> {
        let read = async { self.store.get(&self.path_of(name)?).await?.bytes().await };
        let read = read.await;
        let told = self.wire.told();
        match read {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Error::NotFound { .. }) if !refusal::is_bucket_missing(told.as_ref()) => Ok(None),
            Err(error) => Err(self.explain("read", name, told, &error)),
        }
    }

    fn path_of(&self, name: &str) -> object_store::Result<Path> {
        Ok(Path::parse(self.address.key(name))?)
    }

    /// Where an object lies.
    pub(super) fn path(&self, name: &str) -> Outcome<Path> {
        self.path_of(name)
            .map_err(|error| self.failed("write", name, &error))
    }

    /// The problem of the request that failed last.
    pub(super) fn failed(&self, verb: &str, name: &str, error: &Error) -> Box<Problem> {
        self.explain(verb, name, self.wire.told(), error)
    }

    fn explain(&self, verb: &str, name: &str, told: Option<Told>, error: &Error) -> Box<Problem> {
        let what = format!("cannot {verb} {}", self.address.shown(name));
        refusal::problem(what, &self.address, told, error)
    }
}
