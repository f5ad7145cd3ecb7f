//! Places on other machines. An export is a file or a folder of this one first, which nobody else can read, and then it is sent.

use clerk_api_admin::problem::Outcome;
use clerk_api_tasks::export::cloud::Store;
use clerk_api_tasks::export::{Format, Options, Target, Written};

use super::cloud::Cloud;
use super::web::Web;
use crate::setup::context::Context;

/// A place.
pub(super) enum Elsewhere {
    /// A pre-signed address.
    Web(Web),
    /// An object store.
    Cloud(Cloud),
}

/// A place that was looked at.
pub(super) enum Open {
    Web(Web),
    Cloud(Cloud, Store),
}

impl Elsewhere {
    /// The place of a text; nothing if it is on this machine.
    pub(super) fn parse(text: &str) -> Outcome<Option<Self>> {
        if let Some(cloud) = Cloud::parse(text)? {
            return Ok(Some(Self::Cloud(cloud)));
        }
        Ok(Web::parse(text)?.map(Self::Web))
    }

    /// Where the export is written to first, and its format.
    pub(super) fn place(&self, asked: Option<Format>) -> Outcome<(Target, Format)> {
        match self {
            Self::Web(web) => web.file(asked),
            Self::Cloud(cloud) => cloud.place(asked),
        }
    }

    /// Looks whether the export can go there, as far as that can be known before it is made.
    pub(super) async fn open(
        self,
        context: &Context,
        options: &Options,
        since_last: bool,
    ) -> Outcome<Open> {
        match self {
            Self::Web(web) => {
                web.hide(&context.ui);
                Ok(Open::Web(web))
            }
            Self::Cloud(cloud) => {
                let store = cloud.open(context, options, since_last).await?;
                Ok(Open::Cloud(cloud, store))
            }
        }
    }
}

impl Open {
    /// Sends the export, and says where it is now.
    pub(super) async fn send(&self, context: &Context, options: &Options) -> Outcome<Vec<Written>> {
        match self {
            Self::Web(web) => Ok(vec![web.send(context).await?]),
            Self::Cloud(cloud, store) => cloud.send(context, store, options).await,
        }
    }
}
