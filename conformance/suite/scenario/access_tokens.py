"""Checks of tokens that let somebody in: sign-in tokens, actor tokens, testing tokens."""

import time

from ..check import NO_ORG, NOBODY, Wrong, covers, equal, nothing

DAY = 24 * 60 * 60


def sign_in(c, user):
    return c.admin.must("POST", "/sign_in_tokens", {"user_id": user["id"]})


def actor(c, user):
    return c.admin.must("POST", "/actor_tokens", {"user_id": user["id"], "actor": {"sub": "user_support"}})


@covers("CreateSignInToken")
def create_sign_in_token(c):
    user = c.admin.user()
    with c.part("for a user"):
        got = c.call(user_id=user["id"], expires_in_seconds=DAY)
        c.same(got, object="sign_in_token", user_id=user["id"], status="pending")
        if not got["id"].startswith("sit_") or not got["token"] or got["token"] not in got["url"]:
            raise Wrong(f"id {got['id']!r}, token {got['token']!r}, url {got['url']!r}")
    with c.part("each one is another"):
        made = [c.call(user_id=user["id"], expires_in_seconds=DAY) for _ in range(2)]
        equal(len({one["token"] for one in made}), 2, "different tokens")
    with c.part("with an organization"):
        organization = c.admin.organization(created_by=user["id"])
        c.same(c.call(user_id=user["id"], org_id=organization["id"], expires_in_seconds=DAY), status="pending")
    with c.part("not a member of the organization"):
        c.refused((403, 404, 422), None, user_id=user["id"], org_id=c.admin.organization()["id"],
                  expires_in_seconds=DAY)
    with c.part("unknown organization"):
        c.refused((404, 422), None, user_id=user["id"], org_id=NO_ORG, expires_in_seconds=DAY)
    with c.part("unknown user"):
        c.refused((404, 422), None, user_id=NOBODY, expires_in_seconds=DAY)
    with c.part("wrong key"):
        c.wrong_key(user_id=user["id"], expires_in_seconds=DAY)


@covers("RevokeSignInToken")
def revoke_sign_in_token(c):
    made = sign_in(c, c.admin.user())
    with c.part("revokes"):
        c.same(c.call(sign_in_token_id=made["id"]), object="sign_in_token", id=made["id"], status="revoked",
               user_id=made["user_id"])
    with c.part("revoked already"):
        c.refused(400, "sign_in_token_cannot_be_revoked_code", sign_in_token_id=made["id"])
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", sign_in_token_id=nothing("sit"))


@covers("CreateActorToken")
def create_actor_token(c):
    user, support = c.admin.user(), c.admin.user()
    with c.part("to act as a user"):
        got = c.call(user_id=user["id"], actor={"sub": support["id"]}, expires_in_seconds=600,
                     session_max_duration_in_seconds=300)
        c.same(got, object="actor_token", user_id=user["id"], status="pending")
        if not got["id"].startswith("act_") or not got["token"] or got["token"] not in got["url"]:
            raise Wrong(f"id {got['id']!r}, token {got['token']!r}, url {got['url']!r}")
    with c.part("says who acts"):
        equal(c.call(user_id=user["id"], actor={"sub": support["id"]})["actor"], {"sub": support["id"]}, "actor")
    with c.part("says more about who acts"):
        who = {"sub": support["id"], "tickets": [7], "camelKey": "a"}
        equal(c.call(user_id=user["id"], actor=who)["actor"], who, "actor")
    with c.part("unknown user"):
        c.refused((400, 404, 422), None, user_id=NOBODY, actor={"sub": support["id"]})
    with c.part("wrong key"):
        c.wrong_key(user_id=user["id"], actor={"sub": support["id"]})


@covers("RevokeActorToken")
def revoke_actor_token(c):
    made = actor(c, c.admin.user())
    with c.part("revokes"):
        c.same(c.call(actor_token_id=made["id"]), object="actor_token", id=made["id"], status="revoked",
               user_id=made["user_id"])
    with c.part("revoked already"):
        c.refused(400, "actor_token_cannot_be_revoked_code", actor_token_id=made["id"])
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", actor_token_id=nothing("act"))


@covers("CreateTestingToken")
def create_testing_token(c):
    with c.part("for a while"):
        got = c.call()
        c.same(got, object="testing_token")
        if not got["token"] or not isinstance(got["expires_at"], int):
            raise Wrong(f"token {got['token']!r}, expires_at {got['expires_at']!r}")
        # Seconds or milliseconds: the specification says only that it is a Unix timestamp.
        if got["expires_at"] <= time.time():
            raise Wrong(f"expires_at {got['expires_at']}")
    with c.part("wrong key"):
        c.wrong_key()
