"""Checks of sessions and of the tokens that they give out."""

import time

from .. import jwt
from ..check import NOBODY, Wrong, covers, equal, ids, nothing, rows

NO_SESSION = nothing("sess")


def keys(c):
    return c.admin.get("/jwks")["keys"]


def token(c, session, **body):
    """A session token, made without the client."""
    return c.admin.must("POST", f"/sessions/{session['id']}/tokens", body)["jwt"]


def template(c, **fields):
    """Makes a JWT template."""
    body = {"name": c.admin.tag(), "claims": {"id": "{{user.id}}"}, **fields}
    made = c.admin.must("POST", "/jwt_templates", body)
    c.admin.made("/jwt_templates/" + made["id"])
    return made


def lifetime(claims):
    return claims["exp"] - claims["iat"]


@covers("GetSessionList")
def get_session_list(c):
    user = c.admin.user()
    made = [c.admin.session(user) for _ in range(4)]
    c.admin.session(c.admin.user())
    c.admin.must("POST", f"/sessions/{made[0]['id']}/revoke")
    newest_first = [one["id"] for one in made[::-1]]
    with c.part("newest first"):
        got = c.call(user_id=user["id"])
        equal(ids(got), newest_first, "ids")
        c.same(rows(got)[0], object="session", user_id=user["id"], client_id=made[3]["client_id"], status="active")
    with c.part("filter status"):
        equal(ids(c.call(user_id=user["id"], status="revoked")), [made[0]["id"]], "revoked")
        equal(ids(c.call(user_id=user["id"], status="active")), newest_first[:3], "active")
    with c.part("filter client_id"):
        equal(made[1]["id"] in ids(c.call(client_id=made[1]["client_id"])), True, "is found")
    with c.part("pages by limit and offset"):
        c.pages(newest_first, 3, user_id=user["id"])
    if c.can("paginated"):
        with c.part("envelope when asked for"):
            got = c.call(user_id=user["id"], paginated=True, limit=3)
            equal((len(rows(got)), got["total_count"]), (3, 4), "rows and total_count")
    with c.part("neither user nor client"):
        c.refused((400, 422), None)
    with c.part("wrong key"):
        c.wrong_key(user_id=user["id"])


@covers("createSession")
def create_session(c):
    user = c.admin.user()
    with c.part("signs in"):
        got = c.call(user_id=user["id"])
        c.same(got, object="session", user_id=user["id"], status="active", last_active_organization_id=None,
               actor=None)
        if not got["id"].startswith("sess_") or not got["client_id"].startswith("client_"):
            raise Wrong(f"id {got['id']!r}, client_id {got['client_id']!r}")
        if not time.time() * 1000 < got["expire_at"] <= got["abandon_at"]:
            raise Wrong(f"expire_at {got['expire_at']}, abandon_at {got['abandon_at']}")
        c.same(c.admin.get("/sessions/" + got["id"]), user_id=user["id"], status="active")
    if c.can("active_organization_id"):
        with c.part("with an active organization"):
            organization = c.admin.organization(created_by=user["id"])
            got = c.call(user_id=user["id"], active_organization_id=organization["id"])
            c.same(got, last_active_organization_id=organization["id"])
    with c.part("unknown user"):
        c.refused((404, 422), None, user_id=NOBODY)
    with c.part("wrong key"):
        c.wrong_key(user_id=user["id"])


@covers("GetSession")
def get_session(c):
    made = c.admin.session(c.admin.user())
    with c.part("by id"):
        c.same(c.call(session_id=made["id"]), **{name: made[name] for name in (
            "id", "object", "user_id", "client_id", "status", "last_active_at", "expire_at", "abandon_at",
            "created_at", "updated_at")})
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", session_id=NO_SESSION)


@covers("RevokeSession")
def revoke_session(c):
    made = c.admin.session(c.admin.user())
    with c.part("revokes"):
        c.same(c.call(session_id=made["id"]), object="session", id=made["id"], status="revoked")
        c.same(c.admin.get("/sessions/" + made["id"]), status="revoked")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", session_id=NO_SESSION)


@covers("RefreshSession", only="the local Clerk accepts any refresh token; real ones come from the Frontend API")
def refresh_session(c):
    user = c.admin.user()
    made, other = c.admin.session(user), c.admin.session(user)
    request = {"refresh_token": "rt_any", "request_origin": "https://example.com"}
    with c.part("another token"):
        got = c.call(session_id=made["id"], expired_token=token(c, made), **request)
        c.same(got, object="token")
        claims = jwt.genuine(got["jwt"], keys(c))
        equal((claims["sub"], claims["sid"]), (user["id"], made["id"]), "sub and sid")
    with c.part("as a cookie"):
        got = c.call(session_id=made["id"], expired_token=token(c, made), format="cookie", **request)
        c.same(got, object="cookies")
        (cookie,) = [one for one in got["cookies"] if one.startswith("__session=")]
        jwt.genuine(cookie.removeprefix("__session=").split(";")[0], keys(c))
    with c.part("token of another session"):
        c.refused(401, None, session_id=made["id"], expired_token=token(c, other), **request)
    with c.part("forged token"):
        c.refused(401, None, session_id=made["id"], expired_token=jwt.forged(token(c, made)), **request)


@covers("CreateSessionToken")
def create_session_token(c):
    user = c.admin.user()
    session = c.admin.session(user)
    with c.part("is signed by the key of the instance"):
        got = c.call(session_id=session["id"])
        c.same(got, object="token")
        claims = jwt.genuine(got["jwt"], keys(c))
        equal((claims["sub"], claims["sid"]), (user["id"], session["id"]), "sub and sid")
        equal(lifetime(claims), 60, "lifetime")
        if abs(claims["iat"] - time.time()) > 60 or claims["nbf"] > claims["iat"]:
            raise Wrong(f"iat {claims['iat']}, nbf {claims['nbf']}")
        if not claims["iss"].startswith("http"):
            raise Wrong(f"iss {claims['iss']!r}")
    with c.part("with a lifetime"):
        equal(lifetime(jwt.claims(c.call(session_id=session["id"], expires_in_seconds=600)["jwt"])), 600, "lifetime")
    with c.part("tells the active organization"):
        organization = c.admin.organization(created_by=user["id"])
        other = c.admin.session(user, active_organization_id=organization["id"])
        active = jwt.claims(c.call(session_id=other["id"])["jwt"])["o"]
        equal((active["id"], active["rol"]), (organization["id"], "admin"), "organization and role")
    with c.part("unknown session"):
        c.refused(404, "resource_not_found", session_id=NO_SESSION)


@covers("CreateSessionTokenFromTemplate")
def create_session_token_from_template(c):
    user = c.admin.user(first_name="Ada", public_metadata={"plan": "pro"})
    session = c.admin.session(user)
    made = template(c, lifetime=300, claims={
        "aud": "shop", "camelKey": "{{user.first_name}}", "plan": "{{user.public_metadata.plan}}", "fixed": [1, None]})
    target = {"session_id": session["id"], "template_name": made["name"]}
    with c.part("fills the template"):
        claims = jwt.genuine(c.call(**target)["jwt"], keys(c))
        equal({name: claims[name] for name in ("sub", "aud", "camelKey", "plan", "fixed")}, {
            "sub": user["id"], "aud": "shop", "camelKey": "Ada", "plan": "pro", "fixed": [1, None]}, "claims")
        equal(lifetime(claims), 300, "lifetime")
    with c.part("with a lifetime"):
        equal(lifetime(jwt.claims(c.call(**target, expires_in_seconds=900)["jwt"])), 900, "lifetime")
    with c.part("unknown template"):
        c.refused(404, "resource_not_found", session_id=session["id"], template_name="nothing")
    with c.part("unknown session"):
        c.refused(404, "resource_not_found", session_id=NO_SESSION, template_name=made["name"])


@covers("lib:verify a session token")
def verify_session_token(c):
    user = c.admin.user()
    session = c.admin.session(user)
    organization = c.admin.organization(created_by=user["id"])
    with c.part("genuine"):
        claims = c.call(token=token(c, session))
        equal((claims["sub"], claims["sid"]), (user["id"], session["id"]), "sub and sid")
    with c.part("with an active organization"):
        active = c.admin.session(user, active_organization_id=organization["id"])
        equal(c.call(token=token(c, active))["sub"], user["id"], "sub")
    with c.part("from a template"):
        made = template(c, claims={"camelKey": "{{user.id}}"})
        from_template = c.admin.must("POST", f"/sessions/{session['id']}/tokens/{made['name']}", {})["jwt"]
        equal(c.call(token=from_template)["camelKey"], user["id"], "claim")
    with c.part("other claims under the same signature"):
        c.rejected("signature", token=jwt.forged(token(c, session)))
    at_hand = {"jwt_key": jwt.pem(keys(c)[0])}
    if c.can("jwt_key"):
        with c.part("with the key at hand"):
            equal(c.call(token=token(c, session), **at_hand)["sid"], session["id"], "sid")
        with c.part("with the key at hand, other claims"):
            c.rejected("signature", token=jwt.forged(token(c, session)), **at_hand)
    if c.can("skew"):
        with c.part("after its time"):
            # As seen by a clock that is 61 seconds ahead.
            c.rejected("expired", token=token(c, session), skew=-61_000)
