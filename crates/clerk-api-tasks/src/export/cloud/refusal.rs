//! What went wrong at a store, in plain sentences. Texts of `object_store` have whole responses in them, so only its store's code and sentence are shown.

use clerk_api_admin::problem::{Problem, ProblemKind};
use http::StatusCode;

use super::address::{Address, Scheme};
use super::wire::Told;
use super::words::Words;

/// The problem of a failed piece of work, which is named as in "cannot write `s3://acme/users.csv`".
pub(super) fn problem(
    what: String,
    address: &Address,
    told: Option<Told>,
    error: &object_store::Error,
) -> Box<Problem> {
    match told {
        Some(Told::Refused { status, words }) => {
            let later = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
            let kind = if later {
                ProblemKind::Later
            } else {
                ProblemKind::Failed
            };
            let message = format!("{what}: the store responded with {status}");
            let mut problem = Problem::new(kind, "store_refused", message);
            if let Some(line) = words.line() {
                problem = problem.cause(line);
            }
            problem.hint(hint(address, status, &words))
        }
        Some(Told::Unheard(reason)) => Problem::new(ProblemKind::Later, "connection_failed", what)
            .cause(reason)
            .hint("check the network, the proxy, and the variables that name a server"),
        Some(Told::Plain(host)) => Problem::config(what)
            .cause(format!(
                "a variable leads to {host} by http, which others can read"
            ))
            .hint("use https; http is for this machine only"),
        // Before or after any exchange: a file of credentials that cannot be read, a response of another form.
        Some(Told::Done) | None => {
            Problem::new(ProblemKind::Failed, "store_failed", what).cause(error.to_string())
        }
    }
}

/// Whether the place of the objects itself is missing, and not one of them.
pub(super) fn is_bucket_missing(told: Option<&Told>) -> bool {
    let Some(Told::Refused { words, .. }) = told else {
        return false;
    };
    matches!(
        words.code.as_deref(),
        Some("NoSuchBucket" | "ContainerNotFound" | "ContainerBeingDeleted")
    ) || words.message.as_deref() == Some("The specified bucket does not exist.")
}

/// Whether the store knows who asks, and does not let them.
pub(super) fn is_denied(told: Option<&Told>) -> bool {
    let Some(Told::Refused { status, words }) = told else {
        return false;
    };
    *status == StatusCode::FORBIDDEN && !words.is_unknown()
}

fn hint(address: &Address, status: StatusCode, words: &Words) -> String {
    let (kind, prefix) = (address.scheme.bucket(), address.scheme.prefix());
    let elsewhere = || format!("the {kind} is in another region: set AWS_REGION to it");
    if words.is_unknown() || status == StatusCode::UNAUTHORIZED {
        return format!("the credentials in {prefix}… are wrong or have expired: set new ones");
    }
    match (status.as_u16(), words.code.as_deref()) {
        (_, Some("RequestTimeTooSkewed")) => "set the clock of this machine".to_owned(),
        (_, Some("AuthorizationHeaderMalformed" | "IllegalLocationConstraintException")) => {
            elsewhere()
        }
        (300..=399, _) if address.scheme == Scheme::S3 => elsewhere(),
        (300..=399, _) => "an address that leads to another one is not followed".to_owned(),
        (403, _) => permissions(address.scheme).to_owned(),
        (404, _) => format!(
            "make the {kind} {} first, or correct its name",
            address.bucket
        ),
        (429 | 500..=599, _) => {
            "the store has an outage or too many requests: run the export again later".to_owned()
        }
        _ => "export to a folder, --to FOLDER/, and copy it with the tool of the store".to_owned(),
    }
}

/// What may be missing where access is denied.
const fn permissions(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::S3 => {
            "the credentials need s3:PutObject and s3:AbortMultipartUpload there, and s3:GetObject and s3:ListBucket to see what is there already; with --force the first two are enough"
        }
        Scheme::Gs => "the account needs the role Storage Object User for the bucket",
        Scheme::Az => {
            "the account or the SAS needs to read, create and write blobs in the container"
        }
    }
}
