//! What an export says about itself.

use clerk_api::time::Timestamp;

use super::instant::Iso;
use crate::sweep::Sweep;

/// The version of the tables: a column more does not change it, a column less or another meaning does.
pub const FORMAT_VERSION: i32 = 1;

/// What is known of an export beside its rows.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The version of this program.
    pub tool_version: String,
    /// The instance.
    pub instance_id: String,
    /// Whether it is a production instance.
    pub live: bool,
    /// When the sweep began.
    pub swept_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
}

impl Facts {
    /// All keys and values, in the order of the reference.
    #[must_use]
    pub fn meta(&self, sweep: &Sweep) -> Vec<(String, String)> {
        let instant = |at| Iso::of(at).map_or_else(String::new, |iso| iso.as_str().to_owned());
        let environment = if self.live { "live" } else { "test" };
        let own = [
            ("format_version", FORMAT_VERSION.to_string()),
            ("tool_version", self.tool_version.clone()),
            ("instance_id", self.instance_id.clone()),
            ("environment", environment.to_owned()),
            ("api_version", clerk_api::API_VERSION.to_owned()),
            ("swept_at", instant(self.swept_at)),
            ("ended_at", instant(self.ended_at)),
            ("consistent", sweep.is_consistent().to_string()),
        ];
        let mut meta: Vec<(String, String)> = own
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        for count in &sweep.counts {
            let kind = count.kind().name();
            let counted = [("before", count.before), ("after", count.after)];
            for (word, number) in counted {
                if let Some(number) = number {
                    meta.push((format!("{word}.{kind}"), number.to_string()));
                }
            }
            if let Some(since) = count.since {
                meta.push((format!("since.{kind}"), instant(since)));
            }
            meta.push((format!("consistent.{kind}"), count.consistent.to_string()));
        }
        meta
    }
}
