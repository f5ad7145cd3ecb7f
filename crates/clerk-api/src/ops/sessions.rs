//! Sessions of users, and their tokens.

use crate::declare::{Op, endpoint};
use crate::id::{ClientId, OrganizationId, SessionId, TemplateName, UserId};
use crate::list::List;
use crate::model::{Session, SessionRefresh, Token};
use crate::value::{Limit, Object, Offset, Patch, SecretText, choice};

choice! {
    /// The states to filter sessions by; `pending` is not one of them (spec: `GetSessionList`).
    pub enum SessionFilter {
        Abandoned = "abandoned",
        Active = "active",
        Ended = "ended",
        Expired = "expired",
        Removed = "removed",
        Replaced = "replaced",
        Revoked = "revoked",
    }
}

choice! {
    /// The format of a refreshed session.
    pub enum RefreshFormat {
        Token = "token",
        Cookie = "cookie",
    }
}

endpoint! {
    /// Lists the sessions of a user or of a client, newest first.
    /// Name one of the two. Clerk deletes sessions some time after they end.
    pub struct ListSessions = "sessions.list", GetSessionList: Get "/sessions", Read, Offset => List<Session>;
    takes {
        /// Only sessions of this user.
        query user_id: Option<UserId>,
        /// Only sessions of this client, a browser or device.
        query client_id: Option<ClientId>,
        /// Only sessions in this state.
        query status: Option<SessionFilter>,
        /// Return the total beside the rows.
        query paginated: Option<bool>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Starts a session for a user, for tests.
    /// Production instances refuse it; use a sign-in token there (spec: `createSession`).
    pub struct CreateSession = "sessions.create", createSession: Post "/sessions", Create, None => Session;
    needs {
        /// The user who is signed in.
        body user_id: UserId,
    }
    takes {
        /// The active organization of the session.
        body active_organization_id as "organization": Option<OrganizationId>,
    }
}

endpoint! {
    /// Shows a session.
    pub struct GetSession = "sessions.get", GetSession: Get "/sessions/{session_id}", Read, None => Session;
    needs {
        /// The session.
        path session_id: SessionId,
    }
}

endpoint! {
    /// Ends a session: its user must sign in again.
    /// Existing tokens stay valid until they expire.
    pub struct RevokeSession = "sessions.revoke", RevokeSession: Post "/sessions/{session_id}/revoke", Update, None => Session;
    needs {
        /// The session.
        path session_id: SessionId,
    }
}

// This may use up the expired token.
endpoint! {
    /// Creates a new session token from an expired one, for a browser.
    /// If it is refused (401), the user has to sign in again (spec: `RefreshSession`).
    pub struct RefreshSession = "sessions.refresh", RefreshSession: Post "/sessions/{session_id}/refresh", Once, None => SessionRefresh;
    needs {
        /// The session.
        path session_id: SessionId,
        /// The session's expired token, from the cookie `__session`.
        body expired_token: SecretText,
        /// The refresh token, from the cookie `__refresh`.
        body refresh_token: SecretText,
        /// The origin of the browser's request.
        body request_origin: String,
    }
    takes {
        /// The headers of the browser's request.
        body request_headers: Patch<Object>,
        /// The format of the response; `token` by default.
        body format: Patch<RefreshFormat>,
        /// The browser's IP address.
        body request_originating_ip: Patch<String>,
    }
}

endpoint! {
    /// Creates a token for a session.
    /// Anyone who has it can act as that user until it expires.
    pub struct CreateSessionToken = "sessions.token", CreateSessionToken: Post "/sessions/{session_id}/tokens", Create, None => Token;
    needs {
        /// The session.
        path session_id: SessionId,
    }
    takes {
        /// Seconds until it expires, at least 30; 60 by default.
        body expires_in_seconds in 30..=315_360_000: Patch<u64>,
    }
}

endpoint! {
    /// Creates a token for a session, with the claims of a JWT template.
    pub struct CreateSessionTokenFromTemplate = "sessions.template_token", CreateSessionTokenFromTemplate: Post "/sessions/{session_id}/tokens/{template_name}", Create, None => Token;
    needs {
        /// The session.
        path session_id: SessionId,
        /// The name of the JWT template.
        path template_name as "template": TemplateName,
    }
    takes {
        /// Seconds until it expires, at least 30.
        body expires_in_seconds in 30..=315_360_000: Patch<u64>,
    }
}

pub(super) static OPS: &[Op] = &[
    Op::of::<ListSessions>(),
    Op::of::<CreateSession>(),
    Op::of::<GetSession>(),
    Op::of::<RevokeSession>(),
    Op::of::<RefreshSession>(),
    Op::of::<CreateSessionToken>(),
    Op::of::<CreateSessionTokenFromTemplate>(),
];
