//! Calls of the crate's modules for the waitlist, the allowlist, the blocklist and redirect URLs.

use clerk_rs::ClerkConfiguration;
use clerk_rs::apis::{
    allow_list_block_list_api as lists, redirect_urls_api as urls, waitlist_entries_api as waitlist,
};

use crate::args::{Args, Outcome, done};

/// Runs an operation on one of these lists; `None` when it is not one.
pub async fn run(
    config: &ClerkConfiguration,
    op: &str,
    args: &Args,
) -> Result<Option<Outcome>, Outcome> {
    let (entry, identifier) = (args.text("waitlist_entry_id"), args.text("identifier_id"));
    let (limit, offset) = (args.count("limit"), args.count("offset"));
    let paginated = args.flag("paginated");
    Ok(Some(match op {
        "ListWaitlistEntries" => {
            let (query, status) = (args.maybe_text("query"), args.maybe_text("status"));
            let order = args.maybe_text("order_by");
            done(waitlist::list_waitlist_entries(config, limit, offset, query, status, order).await)
        }
        "CreateWaitlistEntry" => {
            done(waitlist::create_waitlist_entry(config, Some(args.body()?)).await)
        }
        "CreateBulkWaitlistEntries" => {
            done(waitlist::create_bulk_waitlist_entries(config, Some(args.items()?)).await)
        }
        "DeleteWaitlistEntry" => done(waitlist::delete_waitlist_entry(config, entry).await),
        "InviteWaitlistEntry" => {
            let options = args.body_beside(&["waitlist_entry_id"])?;
            done(waitlist::invite_waitlist_entry(config, entry, options).await)
        }
        "RejectWaitlistEntry" => done(waitlist::reject_waitlist_entry(config, entry).await),
        "ListAllowlistIdentifiers" => {
            done(lists::list_allowlist_identifiers(config, paginated, limit, offset).await)
        }
        "CreateAllowlistIdentifier" => {
            done(lists::create_allowlist_identifier(config, Some(args.body()?)).await)
        }
        "DeleteAllowlistIdentifier" => {
            done(lists::delete_allowlist_identifier(config, identifier).await)
        }
        "ListBlocklistIdentifiers" => done(lists::list_blocklist_identifiers(config).await),
        "CreateBlocklistIdentifier" => {
            done(lists::create_blocklist_identifier(config, Some(args.body()?)).await)
        }
        "DeleteBlocklistIdentifier" => {
            done(lists::delete_blocklist_identifier(config, identifier).await)
        }
        "ListRedirectURLs" => {
            done(urls::list_redirect_urls(config, paginated, limit, offset).await)
        }
        "CreateRedirectURL" => done(urls::create_redirect_url(config, Some(args.body()?)).await),
        "GetRedirectURL" => done(urls::get_redirect_url(config, args.text("id")).await),
        "DeleteRedirectURL" => done(urls::delete_redirect_url(config, args.text("id")).await),
        _ => return Ok(None),
    }))
}
