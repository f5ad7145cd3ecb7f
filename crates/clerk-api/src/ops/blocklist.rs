//! The blocklist: these identifiers cannot sign up while it is on (`instance.update_restrictions`).

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint};
use crate::id::ListedIdentifierId;
use crate::list::List;
use crate::model::{BlocklistIdentifier, DeletedObject};

endpoint! {
    /// Lists the identifiers on the blocklist. There are no pages.
    pub struct ListBlocklist = "blocklist.list", ListBlocklistIdentifiers: Get "/blocklist_identifiers", Read, None => List<BlocklistIdentifier>;
}

endpoint! {
    /// Puts an identifier on the blocklist.
    pub struct AddToBlocklist = "blocklist.add", CreateBlocklistIdentifier: Post "/blocklist_identifiers", Create, None => BlocklistIdentifier;
    lookup &IDENTIFIER_LOOKUP;
    needs {
        /// An email address, `*@` and a domain, a phone, a wallet.
        body identifier: String,
    }
}

/// How to find an identifier that may have been added. The list cannot be searched.
static IDENTIFIER_LOOKUP: Lookup = Lookup {
    list: <ListBlocklist as Endpoint>::META,
    within: "",
    unique: &["identifier"],
    by: &[("identifier", "")],
    scope: &[],
    same: &[("identifier", "identifier")],
    second: Second::Made,
};

endpoint! {
    /// Takes an identifier off the blocklist.
    pub struct RemoveFromBlocklist = "blocklist.remove", DeleteBlocklistIdentifier: Delete "/blocklist_identifiers/{identifier_id}", Destroy, None => DeletedObject;
    needs {
        /// The listed identifier, `blid_…`.
        path identifier_id: ListedIdentifierId,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListBlocklist>(),
    Op::of::<AddToBlocklist>(),
    Op::of::<RemoveFromBlocklist>(),
];
