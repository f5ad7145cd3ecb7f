//! The instance's data as requests reach it: the store, with what goes with the request that is being served.

use crate::http::context::RequestContext;
use crate::http::error::ApiError;
use crate::http::unread::Unread;
use crate::store::{Content, Opaque, Reading, Snapshot, Store, Tx, Writing, search};

/// The data of the running instance.
#[derive(Debug)]
pub(crate) struct Data {
    store: Store,
    content: &'static Content,
}

impl Data {
    pub(crate) fn of(store: Store, content: &'static Content) -> Self {
        Self { store, content }
    }

    /// The store itself, for what concerns all there is and no request.
    pub(crate) fn engine(&self) -> &Store {
        &self.store
    }

    pub(crate) fn instance_id(&self) -> &str {
        self.store.instance_id()
    }

    /// Runs a reading closure in a transaction of its own, or on what a fault has the request see instead.
    pub(crate) fn read<T, F>(&self, work: F) -> impl Future<Output = Result<T, ApiError>> + Send
    where
        T: Send + 'static,
        F: FnOnce(&Snapshot<'_>) -> Result<T, ApiError> + Send + 'static,
    {
        self.run_reading(Box::new(work))
    }

    async fn run_reading<T>(&self, work: Reading<T, ApiError>) -> Result<T, ApiError>
    where
        T: Send + 'static,
    {
        let context = RequestContext::current();
        if let Some(frozen) = context.as_ref().and_then(|it| it.frozen.clone()) {
            return frozen.read(work).await;
        }
        let Some(check) = context.and_then(|it| it.check) else {
            return self.store.read(work).await;
        };
        let checked = Box::new(move |snapshot: &Snapshot<'_>| {
            check(snapshot, snapshot.memory())?;
            work(snapshot)
        });
        self.store.read(checked).await
    }

    /// Runs a writing closure. When this returns `Ok`, what it wrote is committed; on `Err` nothing of it is.
    pub(crate) fn write<T, F>(&self, work: F) -> impl Future<Output = Result<T, ApiError>> + Send
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, ApiError> + Send + 'static,
    {
        self.store.write(of_request(Box::new(work)))
    }

    /// Like `write`, but quicker, for closures that fail only before their first write.
    pub(crate) fn write_after_checks<T, F>(
        &self,
        work: F,
    ) -> impl Future<Output = Result<T, ApiError>> + Send
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, ApiError> + Send + 'static,
    {
        self.store.write_after_checks(of_request(Box::new(work)))
    }

    /// Marks what is past its time; call it before a read that filters by status.
    pub(crate) async fn expire(&self, now: i64) -> Result<(), ApiError> {
        let content = self.content;
        let mut due = self.read(move |db| Ok(content.is_due(db, now)?)).await?;
        while due {
            due = self.write(move |tx| Ok(content.expire(tx, now)?)).await?;
        }
        Ok(())
    }

    /// Brings the search indexes up to date; call it before a read that uses one.
    pub(crate) async fn catch_up_search(&self) -> Result<(), ApiError> {
        let content = self.content;
        let mut behind = self.read(|db| Ok(search::is_behind(db)?)).await?;
        while behind {
            behind = self
                .write_after_checks(|tx| Ok(search::catch_up(tx.db(), content)?))
                .await?;
        }
        Ok(())
    }
}

/// A writing closure with what goes with the request that is being served, which the writing thread does not serve.
fn of_request<T: 'static>(work: Writing<T, ApiError>) -> Writing<T, ApiError> {
    let (context, unread) = (RequestContext::current(), Unread::current());
    Box::new(move |tx| {
        let check = context.as_ref().and_then(|it| it.check);
        tx.caused_by(context.map(|it| it as Opaque));
        Unread::resume(unread, || {
            if let Some(check) = check {
                check(tx.db(), tx.memory())?;
            }
            work(tx)
        })
    })
}
