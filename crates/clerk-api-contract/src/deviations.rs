//! Where the wire is known to differ from the specification, with the reason for each entry.
//!
//! Data only. An entry excuses exactly what it names; one that excused nothing in a run is
//! listed in the report, so that dead entries are seen.

use std::cmp::Ordering;

/// What the wire does where the schema says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// The value may be null.
    Null,
    /// The named required property may be absent.
    Absent(&'static str),
    /// The named property may be there although the schema is closed.
    Extra(&'static str),
}

/// A schema of a response that is stricter than the wire.
#[derive(Debug)]
pub struct SchemaDeviation {
    /// Location of the keyword in the specification.
    pub at: &'static str,
    /// What the wire does.
    pub wire: Wire,
    /// How that is known.
    pub reason: &'static str,
}

/// A query parameter that is not declared and still sent by official clients.
#[derive(Debug)]
pub struct QueryDeviation {
    /// The operation; `*` means every one.
    pub operation: &'static str,
    /// The parameter.
    pub parameter: &'static str,
    /// How that is known.
    pub reason: &'static str,
}

/// A response with `data` and `total_count` where the declared one is a bare array.
#[derive(Debug)]
pub struct AnswerDeviation {
    /// The operation.
    pub operation: &'static str,
    /// The query pair that asks for it.
    pub asked_by: (&'static str, &'static str),
    /// How that is known.
    pub reason: &'static str,
}

/// Any entry of the tables, comparable by what it names.
#[derive(Clone, Copy, Debug)]
pub enum Deviation {
    /// A schema of a response.
    Schema(&'static SchemaDeviation),
    /// A query parameter.
    Query(&'static QueryDeviation),
    /// The shape of a response.
    Answer(&'static AnswerDeviation),
}

impl Deviation {
    /// Returns every entry of every table.
    pub fn all() -> impl Iterator<Item = Self> {
        let schemas = SCHEMAS.iter().map(Self::Schema);
        let queries = QUERIES.iter().map(Self::Query);
        schemas
            .chain(queries)
            .chain(ANSWERS.iter().map(Self::Answer))
    }

    /// Returns a line that names the entry.
    pub fn name(&self) -> String {
        match self {
            Self::Schema(entry) => match entry.wire {
                Wire::Null => format!("{} is null", entry.at),
                Wire::Absent(property) => format!("{} without {property}", entry.at),
                Wire::Extra(property) => format!("{} with {property}", entry.at),
            },
            Self::Query(entry) => format!("{}?{}", entry.operation, entry.parameter),
            Self::Answer(entry) => {
                format!(
                    "{}?{}={} answers an envelope",
                    entry.operation, entry.asked_by.0, entry.asked_by.1
                )
            }
        }
    }

    /// Returns how the entry is known.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Schema(entry) => entry.reason,
            Self::Query(entry) => entry.reason,
            Self::Answer(entry) => entry.reason,
        }
    }
}

impl PartialEq for Deviation {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Deviation {}

impl PartialOrd for Deviation {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Deviation {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(&other.name())
    }
}

pub(crate) const SCHEMAS: &[SchemaDeviation] = &[
    SchemaDeviation {
        at: "/components/schemas/Organization/properties/slug/type",
        wire: Wire::Null,
        reason: "null where slugs are off: fixtures of the vendor's native clients, clerk/javascript#192",
    },
    SchemaDeviation {
        at: "/components/schemas/OrganizationInvitationPublicOrganizationData/properties/slug/type",
        wire: Wire::Null,
        reason: "the slug of the same organization, null where slugs are off",
    },
    SchemaDeviation {
        at: "/components/schemas/OrganizationMembership/properties/permissions/type",
        wire: Wire::Null,
        reason: "seen as null for a role without permissions: clerk/clerk-sdk-python#138",
    },
];

pub(crate) const QUERIES: &[QueryDeviation] = &[
    QueryDeviation {
        operation: "*",
        parameter: "__clerk_api_version",
        reason: "documented beside the header as the other way to name a version",
    },
    QueryDeviation {
        operation: "GetUsersCount",
        parameter: "limit",
        reason: "clerk-sdk-go passes the parameters of the list to the count",
    },
    QueryDeviation {
        operation: "GetUsersCount",
        parameter: "offset",
        reason: "clerk-sdk-go passes the parameters of the list to the count",
    },
    QueryDeviation {
        operation: "GetUsersCount",
        parameter: "order_by",
        reason: "clerk-sdk-go passes the parameters of the list to the count",
    },
];

const PAGINATED: (&str, &str) = ("paginated", "true");
const ENVELOPE: &str = "the JavaScript client sends it always and reads data and total_count";

pub(crate) const ANSWERS: &[AnswerDeviation] = &[
    AnswerDeviation {
        operation: "GetOAuthAccessToken",
        asked_by: PAGINATED,
        reason: ENVELOPE,
    },
    AnswerDeviation {
        operation: "GetSessionList",
        asked_by: PAGINATED,
        reason: ENVELOPE,
    },
    AnswerDeviation {
        operation: "ListAllowlistIdentifiers",
        asked_by: PAGINATED,
        reason: ENVELOPE,
    },
    AnswerDeviation {
        operation: "ListInvitations",
        asked_by: PAGINATED,
        reason: ENVELOPE,
    },
    AnswerDeviation {
        operation: "ListJWTTemplates",
        asked_by: PAGINATED,
        reason: ENVELOPE,
    },
    AnswerDeviation {
        operation: "ListRedirectURLs",
        asked_by: PAGINATED,
        reason: ENVELOPE,
    },
];

#[cfg(test)]
mod tests {
    use super::Deviation;
    use std::collections::BTreeSet;

    #[test]
    fn every_entry_is_named_once_and_has_a_reason() {
        let names: BTreeSet<String> = Deviation::all().map(|entry| entry.name()).collect();
        assert_eq!(names.len(), Deviation::all().count());
        assert!(Deviation::all().all(|entry| !entry.reason().is_empty()));
    }
}
