//! Sessions, their tokens and the keys that those are signed with.

use super::Json;
use crate::id::{ClientId, OrganizationId, SessionId, UserId};
use crate::time::Timestamp;
use crate::value::{SecretText, choice};

choice! {
    /// What became of a session.
    pub enum SessionStatus {
        /// Its user is signed in.
        Active = "active",
        /// It was taken back.
        Revoked = "revoked",
        /// Its user has signed out.
        Ended = "ended",
        /// Its time is over.
        Expired = "expired",
        /// It was removed from its client.
        Removed = "removed",
        /// It lay idle too long.
        Abandoned = "abandoned",
        /// Another session of the client took its place.
        Replaced = "replaced",
        /// Its user has tasks to do before.
        Pending = "pending",
    }
}

model! {
    /// A time for which a user is signed in (spec: `Session`).
    pub struct Session {
        always {
            /// The id, `sess_…`.
            id: SessionId,
        }
        /// `session`.
        object: String,
        /// The user.
        user_id: UserId,
        /// The client, a browser or device, `client_…`.
        client_id: ClientId,
        /// Who acts as the user, where somebody does.
        actor: Json,
        /// What became of it.
        status: SessionStatus,
        /// The organization that was active last.
        last_active_organization_id: OrganizationId,
        /// When it was used last.
        last_active_at: Timestamp,
        /// Where it was used last.
        latest_activity: SessionActivity,
        /// When its time is over.
        expire_at: Timestamp,
        /// When it is over if nobody uses it.
        abandon_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
        /// When it began.
        created_at: Timestamp,
        /// What the user has to do before it is active.
        tasks: Vec<SessionTask>,
    }
}

model! {
    /// Where a session was used (spec: `SessionActivityResponse`).
    pub struct SessionActivity {
        always {
            /// The id.
            id: String,
        }
        /// `session_activity`.
        object: String,
        /// The kind of device.
        device_type: String,
        /// Whether the device is a mobile one.
        is_mobile: bool,
        /// The browser.
        browser_name: String,
        /// The browser's version.
        browser_version: String,
        /// The IP address.
        ip_address: String,
        /// The city.
        city: String,
        /// The country.
        country: String,
    }
}

model! {
    /// Something that a user has to do before a session is active (spec: `SessionTask`).
    pub struct SessionTask {
        /// What has to be done.
        key: String,
    }
}

model! {
    /// A token of a session.
    pub struct Token {
        /// `token`.
        object: String,
        /// The JSON Web Token. It lets its holder act as the user.
        jwt: SecretText,
    }
}

model! {
    /// A refreshed session, as a token or as cookies (spec: `SessionRefresh`).
    pub struct SessionRefresh {
        /// `token` or `cookies`.
        object: String,
        /// The JSON Web Token. It lets its holder act as the user.
        jwt: SecretText,
        /// The cookies to set, the token in them.
        cookies: Vec<SecretText>,
    }
}

model! {
    /// Public keys (spec: `JWKS`).
    pub struct Jwks {
        /// JSON Web Keys as in RFC 7517; session tokens are signed with RSA ones.
        keys: Vec<Json>,
    }
}
