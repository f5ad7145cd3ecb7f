//! Redirect URLs: where native applications may go after a sign-in.

use crate::declare::{Op, endpoint};
use crate::id::RedirectUrlId;
use crate::list::List;
use crate::model::{DeletedObject, RedirectUrl};
use crate::value::{Limit, Offset};

endpoint! {
    /// Lists the URLs that native applications may redirect to.
    pub struct ListRedirectUrls = "redirect_urls.list", ListRedirectURLs: Get "/redirect_urls", Read, Offset => List<RedirectUrl>;
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
    /// Adds a URL that native applications may redirect to.
    pub struct CreateRedirectUrl = "redirect_urls.create", CreateRedirectURL: Post "/redirect_urls", Create, None => RedirectUrl;
    needs {
        /// The URL, such as `https://…` or `my-app://…`.
        body url: String,
    }
}

endpoint! {
    /// Shows a URL that native applications may redirect to.
    pub struct GetRedirectUrl = "redirect_urls.get", GetRedirectURL: Get "/redirect_urls/{id}", Read, None => RedirectUrl;
    needs {
        /// The redirect URL, `ru_…`.
        path id: RedirectUrlId,
    }
}

endpoint! {
    /// Deletes a URL: native applications can no longer redirect to it.
    pub struct DeleteRedirectUrl = "redirect_urls.delete", DeleteRedirectURL: Delete "/redirect_urls/{id}", Destroy, None => DeletedObject;
    needs {
        /// The redirect URL, `ru_…`.
        path id: RedirectUrlId,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListRedirectUrls>(),
    Op::of::<CreateRedirectUrl>(),
    Op::of::<GetRedirectUrl>(),
    Op::of::<DeleteRedirectUrl>(),
];
