//! Looking for what a create would make, before it is sent.

use super::Client;
use crate::args::Args;
use crate::declare::Meta;
use crate::error::Error;
use crate::reconcile::Search;

impl Client {
    /// Looks for an object that has one of the keys of a create already, and returns its JSON.
    ///
    /// Each of the [keys](crate::declare::Lookup::keys) that was given is one read request, until one finds something. A list that
    /// cannot be asked for a key is looked through on its first page, so nothing found does not mean that the API will accept the create.
    ///
    /// # Errors
    /// As [`Client::send`], for the read requests.
    pub async fn existing(&self, meta: &Meta, args: &Args) -> Result<Option<String>, Error> {
        let Some(lookup) = meta.lookup else {
            return Ok(None);
        };
        for search in Search::of_keys(lookup, args) {
            let list = search.list();
            let reply = self.caller.call(list, search.args.clone(), None).await?;
            if let Some(found) = reply.page.as_ref().and_then(|page| search.found(page)) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}
