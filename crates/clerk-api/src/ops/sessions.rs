//! Sessions of users, and the tokens that prove them.

use crate::declare::{Op, endpoint};
use crate::id::{ClientId, OrganizationId, SessionId, TemplateName, UserId};
use crate::list::List;
use crate::model::{Session, SessionRefresh, Token};
use crate::value::{Limit, Object, Offset, Patch, SecretText, choice};

choice! {
    /// In which state sessions can be looked for; `pending` is not among them (spec: `GetSessionList`).
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
    /// What a refreshed session is answered as.
    pub enum RefreshFormat {
        Token = "token",
        Cookie = "cookie",
    }
}

endpoint! {
    /// Lists the sessions of a user or of a client, newest first.
    /// One of the two must be named. Old sessions that are over are cleaned up in time and then missing.
    pub struct ListSessions = "sessions.list", GetSessionList: Get "/sessions", Read, Offset => List<Session>;
    takes {
        /// Only sessions of this user.
        query user_id: Option<UserId>,
        /// Only sessions of this client, a browser or device.
        query client_id: Option<ClientId>,
        /// Only sessions in this state.
        query status: Option<SessionFilter>,
        /// Answer with the total beside the rows.
        query paginated: Option<bool>,
        /// Rows per page, 1 to 500.
        query limit: Option<Limit>,
        /// Rows to skip.
        query offset: Option<Offset>,
    }
}

endpoint! {
    /// Begins a session of a user, for tests.
    /// Production instances refuse it: there a sign-in token does the same (spec: `createSession`).
    pub struct CreateSession = "sessions.create", createSession: Post "/sessions", Create, None => Session;
    needs {
        /// The user whose session it is.
        body user_id: UserId,
    }
    takes {
        /// The organization that is active in it.
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
    /// Tokens that were made before hold until they expire.
    pub struct RevokeSession = "sessions.revoke", RevokeSession: Post "/sessions/{session_id}/revoke", Update, None => Session;
    needs {
        /// The session.
        path session_id: SessionId,
    }
}

// The expired token may be used up by it.
endpoint! {
    /// Makes a new token of a session from an expired one, as a browser's request needs it.
    /// A refusal is 401, upon which the browser has to sign in anew (spec: `RefreshSession`).
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
        /// The form of the answer; `token` by default.
        body format: Patch<RefreshFormat>,
        /// The IP address of the browser.
        body request_originating_ip: Patch<String>,
    }
}

endpoint! {
    /// Makes a token of a session.
    /// Whoever holds it is that user until it expires.
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
    /// Makes a token of a session, with the claims of a JWT template.
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
