"""Checks of single e-mail addresses of users."""

from ..check import NOBODY, Wrong, covers, equal, nothing
from .users import stored

NO_IDENTIFICATION = nothing("idn")
NO_VERIFICATION = nothing("ver")

# In test mode, which a new development instance is in, addresses like this one get no mail and always this code.
TEST_SUFFIX, TEST_CODE = "+clerk_test@example.com", "424242"


def addresses(c, user):
    """What the server holds: the entries by address."""
    return {entry["email_address"]: entry for entry in stored(c, user["id"])["email_addresses"]}


def primary(c, user):
    return stored(c, user["id"])["primary_email_address_id"]


def add(c, user, address, **fields):
    return c.admin.must("POST", "/email_addresses", {"user_id": user["id"], "email_address": address, **fields})


@covers("CreateEmailAddress")
def create_email_address(c):
    user, tag = c.admin.user(), c.admin.tag()
    with c.part("verified and primary"):
        got = c.call(user_id=user["id"], email_address=f"{tag}+1@example.com", verified=True, primary=True)
        c.same(got, object="email_address", email_address=f"{tag}+1@example.com", reserved=False, linked_to=[])
        c.same(got["verification"], status="verified", strategy="admin")
        if not got["id"].startswith("idn_"):
            raise Wrong(f"id {got['id']!r}")
        equal(primary(c, user), got["id"], "primary address")
        equal(addresses(c, user)[f"{tag}+1@example.com"]["id"], got["id"], "stored id")
    with c.part("neither"):
        before = primary(c, user)
        got = c.call(user_id=user["id"], email_address=f"{tag}-2@example.com")
        if (got["verification"] or {}).get("status") == "verified":
            raise Wrong("is verified")
        equal(primary(c, user), before, "primary address")
    with c.part("the first one is primary"):
        bare = c.admin.user(email_address=None, username=tag)
        got = c.call(user_id=bare["id"], email_address=f"{tag}-3@example.com", verified=True)
        equal(primary(c, bare), got["id"], "primary address")
    with c.part("address taken"):
        other = c.admin.user(email_address=[f"{tag}-4@example.com"])["email_addresses"][0]
        c.refused(422, "form_identifier_exists", user_id=user["id"], email_address=other["email_address"],
                  verified=True)
    with c.part("not an e-mail address"):
        c.refused(422, "form_param_format_invalid", user_id=user["id"], email_address="nowhere")
    with c.part("unknown user"):
        c.refused(404, "resource_not_found", user_id=NOBODY, email_address=f"{tag}-5@example.com")
    with c.part("wrong key"):
        c.wrong_key(user_id=user["id"], email_address=f"{tag}-6@example.com")


@covers("GetEmailAddress")
def get_email_address(c):
    entry = c.admin.user()["email_addresses"][0]
    with c.part("by id"):
        got = c.call(email_address_id=entry["id"])
        c.same(got, object="email_address", id=entry["id"], email_address=entry["email_address"], reserved=False)
        c.same(got["verification"], status="verified", strategy="admin")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", email_address_id=NO_IDENTIFICATION)


@covers("UpdateEmailAddress")
def update_email_address(c):
    user, tag = c.admin.user(), c.admin.tag()
    made = add(c, user, f"{tag}@example.com")
    target = {"email_address_id": made["id"]}
    with c.part("verifies"):
        c.same(c.call(**target, verified=True)["verification"], status="verified")
        c.same(addresses(c, user)[made["email_address"]]["verification"], status="verified")
    with c.part("becomes primary"):
        c.same(c.call(**target, primary=True), id=made["id"], email_address=made["email_address"])
        equal(primary(c, user), made["id"], "primary address")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", email_address_id=NO_IDENTIFICATION, verified=True)


@covers("DeleteEmailAddress")
def delete_email_address(c):
    user = c.admin.user()
    made = add(c, user, f"{c.admin.tag()}@example.com", verified=True)
    with c.part("deletes"):
        c.same(c.call(email_address_id=made["id"]), object="email_address", id=made["id"], deleted=True)
        equal(list(addresses(c, user)), [user["email_addresses"][0]["email_address"]], "addresses left")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", email_address_id=made["id"])


@covers("PrepareEmailAddressVerification")
def prepare_email_address_verification(c):
    made = add(c, c.admin.user(), f"{c.admin.tag()}{TEST_SUFFIX}")
    with c.part("a code is on its way"):
        got = c.call(email_address_id=made["id"])
        c.same(got, status="unverified", strategy="email_code")
        equal(isinstance(got["id"], str) and isinstance(got["expire_at"], int), True, "has id and expire_at")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", email_address_id=NO_IDENTIFICATION)


@covers("AttemptEmailAddressVerification")
def attempt_email_address_verification(c):
    user = c.admin.user()
    made = add(c, user, f"{c.admin.tag()}{TEST_SUFFIX}")
    sent = c.admin.must("POST", f"/email_addresses/{made['id']}/prepare_verification")
    target = {"email_address_id": made["id"], "verification_id": sent["id"]}
    with c.part("wrong code"):
        c.same(c.call(**target, code="111111"), id=sent["id"], status="unverified", attempts=1)
    with c.part("right code"):
        c.same(c.call(**target, code=TEST_CODE), id=sent["id"], status="verified", strategy="email_code", attempts=2)
        c.same(addresses(c, user)[made["email_address"]]["verification"], status="verified")
    with c.part("verified already"):
        c.refused(400, "verification_already_verified", **target, code=TEST_CODE)
    with c.part("unknown verification"):
        c.refused((400, 404), None, email_address_id=made["id"], verification_id=NO_VERIFICATION, code=TEST_CODE)
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", email_address_id=NO_IDENTIFICATION, verification_id=sent["id"],
                  code=TEST_CODE)


@covers("ReplaceUserEmailAddress")
def replace_user_email_address(c):
    tag = c.admin.tag()
    user = c.admin.user(email_address=[f"{tag}-1@example.com", f"{tag}-2@example.com"])
    target = {"user_id": user["id"]}
    with c.part("takes the place of all"):
        got = c.call(**target, email_address=f"{tag}+3@example.com")
        c.same(got, object="email_address", email_address=f"{tag}+3@example.com", reserved=False)
        c.same(got["verification"], status="verified", strategy="admin")
        equal(list(addresses(c, user)), [f"{tag}+3@example.com"], "addresses")
        equal(primary(c, user), got["id"], "primary address")
    if c.can("identification_status"):
        with c.part("reserved"):
            got = c.call(**target, email_address=f"{tag}-4@example.com", identification_status="reserved")
            c.same(got, reserved=True, verification=None)
            equal(list(addresses(c, user)), [f"{tag}-4@example.com"], "addresses")
        with c.part("unverified"):
            got = c.call(**target, email_address=f"{tag}-5@example.com", identification_status="unverified")
            c.same(got, reserved=False, verification=None)
    with c.part("address taken"):
        c.admin.user(email_address=[f"{tag}-6@example.com"])
        c.refused(422, "form_identifier_exists", **target, email_address=f"{tag}-6@example.com")
    with c.part("not an e-mail address"):
        c.refused(422, "form_param_format_invalid", **target, email_address="nowhere")
    with c.part("unknown user"):
        c.refused(404, "resource_not_found", user_id=NOBODY, email_address=f"{tag}-7@example.com")
