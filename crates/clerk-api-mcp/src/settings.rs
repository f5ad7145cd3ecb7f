//! What a server may do, as its flags say it at the start. Nothing of it changes later.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clerk_api::declare::{Effect, Meta};
use clerk_api::ops;
use clerk_api_admin::text::secrets::Secrets;
use clerk_api_tasks::governor::WallClock;
use clerk_api_tasks::job::Timing;

/// All that is decided at the start.
#[derive(Clone)]
pub struct Settings {
    /// What is allowed besides reading.
    pub levels: Levels,
    /// Whether the key may be one of a live instance.
    pub live: bool,
    /// The sets that are offered; empty for all.
    pub toolsets: Vec<Toolset>,
    /// Whether private and unsafe metadata are shown.
    pub metadata: bool,
    /// The domains that messages may go to.
    pub domains: Vec<String>,
    /// Where links of messages may lead: a URL, or the beginning of one.
    pub redirects: Vec<String>,
    /// How many objects may be destroyed a day.
    pub most_destroyed: u64,
    /// How many people may be sent a message a day.
    pub most_invited: u64,
    /// How many calls a second.
    pub calls_per_second: u64,
    /// How long one call may take, without the time of a person.
    pub longest: Duration,
    /// Who says that only reading is allowed, which wins over all levels.
    pub read_only: Option<String>,
    /// What no write may touch.
    pub protected: Vec<String>,
    /// The state folder.
    pub state: Option<PathBuf>,
    /// The times of jobs.
    pub timing: Timing,
    /// What is never shown; the host adds its key.
    pub secrets: Secrets,
    /// The time of day.
    pub wall: Arc<dyn WallClock>,
}

/// What is allowed besides reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Levels {
    /// Reversible writes.
    pub writes: bool,
    /// Messages to people.
    pub invites: bool,
    /// What cannot be put back.
    pub destructive: bool,
}

/// What a call needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// It reads.
    Read,
    /// It can be put back.
    Write,
    /// It sends somebody a message.
    Invite,
    /// It cannot be put back.
    Destroy,
}

impl Level {
    /// Those that are closed at the start.
    pub const CLOSED: [Self; 3] = [Self::Write, Self::Invite, Self::Destroy];

    /// What an operation with this effect needs.
    #[must_use]
    pub const fn of(effect: Effect) -> Self {
        match effect {
            Effect::Read => Self::Read,
            Effect::Mail => Self::Invite,
            Effect::Destroy | Effect::Replace | Effect::Rotate => Self::Destroy,
            _ => Self::Write,
        }
    }

    /// The flag that opens it.
    #[must_use]
    pub const fn flag(self) -> &'static str {
        match self {
            Self::Read => "",
            Self::Write => "--allow-writes",
            Self::Invite => "--allow-invites",
            Self::Destroy => "--allow-destructive",
        }
    }

    /// Whether a person has to answer before each call.
    #[must_use]
    pub const fn asks(self) -> bool {
        matches!(self, Self::Invite | Self::Destroy)
    }
}

/// Declares the sets, and the groups of operations in each.
macro_rules! toolsets {
    ($($name:ident = $word:literal, $($group:literal),+;)+) => {
        /// A set of groups of operations.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Toolset {
            $(#[doc = concat!("Operations of ", $word, ".")] $name),+
        }

        impl Toolset {
            /// All sets.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word for it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            const fn groups(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($group),+]),+ }
            }
        }
    };
}

toolsets! {
    Users = "users", "users", "email_addresses", "phone_numbers", "sessions";
    Organizations = "organizations", "organizations", "memberships", "domains", "roles", "permissions", "role_sets";
    Invitations = "invitations", "invitations", "application_invitations", "waitlist";
    Access = "access", "allowlist", "blocklist";
    Instance = "instance", "instance", "jwt_templates", "redirect_urls", "jwks", "sign_in_tokens", "actor_tokens", "testing_tokens";
}

impl Toolset {
    /// The set that an operation is in; operations without a command of their own are in none.
    #[must_use]
    pub fn of(meta: &Meta) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|set| set.groups().contains(&meta.group()))
    }
}

impl Settings {
    /// Whether calls of a level are allowed at all.
    #[must_use]
    pub const fn opens(&self, level: Level) -> bool {
        match level {
            Level::Read => true,
            _ if self.read_only.is_some() => false,
            Level::Write => self.levels.writes,
            Level::Invite => self.levels.invites,
            Level::Destroy => self.levels.destructive,
        }
    }

    /// Whether a set is offered.
    #[must_use]
    pub fn has(&self, set: Toolset) -> bool {
        self.toolsets.is_empty() || self.toolsets.contains(&set)
    }

    /// Whether an operation is in what is offered.
    #[must_use]
    pub fn offers(&self, meta: &Meta) -> bool {
        self.toolsets.is_empty() || Toolset::of(meta).is_some_and(|set| self.has(set))
    }

    /// How long a call waits for work that can go on without it.
    pub(crate) fn patience(&self) -> Duration {
        self.longest * 3 / 4
    }

    /// Now, in milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.wall.micros() / 1000
    }
}

/// Whether what an operation answers with is a secret that it makes, which no agent may see: it would be of no use to one.
pub(crate) fn makes_secret(meta: &Meta) -> bool {
    let makes = matches!(meta.effect, Effect::Create | Effect::Rotate | Effect::Once);
    // Of operations without types, those have no members whose response may show a secret that they made.
    let is_unknown = meta.members.is_empty() && ops::find(meta.name).is_none();
    // Backup codes come with a second factor, which only its owner sets up; they are empty in what is made here.
    let mut secrets = meta.members.iter().filter(|member| member.secret);
    makes && (is_unknown || secrets.any(|member| member.name != "backup_codes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declared_operation_is_in_a_set() {
        for op in ops::all() {
            assert!(Toolset::of(op.meta).is_some(), "{}", op.meta.name);
        }
    }

    #[test]
    fn reliability_10_5_operations_that_make_secrets_are_known() {
        let mut makers = ops::all()
            .map(|op| op.meta)
            .filter(|meta| makes_secret(meta));
        assert!(makers.any(|meta| meta.name == "sign_in_tokens.create"));
        let users = ops::find("users.create").unwrap().meta;
        assert!(!makes_secret(users));
    }
}
