//! The allowlist: only these identifiers can sign up while it is on (`instance.update_restrictions`).

use crate::declare::{Endpoint, Lookup, Op, Second, endpoint};
use crate::id::ListedIdentifierId;
use crate::list::List;
use crate::model::{AllowlistIdentifier, DeletedObject};
use crate::value::{Limit, Offset};

endpoint! {
    /// Lists the identifiers on the allowlist.
    pub struct ListAllowlist = "allowlist.list", ListAllowlistIdentifiers: Get "/allowlist_identifiers", Read, Offset => List<AllowlistIdentifier>;
    takes {
        /// Return the total beside the rows.
        query paginated: Option<bool>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Puts an identifier on the allowlist.
    pub struct AddToAllowlist = "allowlist.add", CreateAllowlistIdentifier: Post "/allowlist_identifiers", Create, None => AllowlistIdentifier;
    lookup &IDENTIFIER_LOOKUP;
    needs {
        /// An email address, `*@` and a domain, a phone, a wallet.
        body identifier: String,
    }
    takes {
        /// Also send an invitation; only addresses and numbers.
        body notify: Option<bool>,
    }
}

/// How to find an identifier that may have been added. The list cannot be searched.
static IDENTIFIER_LOOKUP: Lookup = Lookup {
    list: <ListAllowlist as Endpoint>::META,
    within: "",
    unique: &["identifier"],
    by: &[("identifier", "")],
    scope: &[],
    same: &[("identifier", "identifier")],
    second: Second::Made,
};

endpoint! {
    /// Takes an identifier off the allowlist.
    pub struct RemoveFromAllowlist = "allowlist.remove", DeleteAllowlistIdentifier: Delete "/allowlist_identifiers/{identifier_id}", Destroy, None => DeletedObject;
    needs {
        /// The listed identifier, `alid_…`.
        path identifier_id: ListedIdentifierId,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListAllowlist>(),
    Op::of::<AddToAllowlist>(),
    Op::of::<RemoveFromAllowlist>(),
];
