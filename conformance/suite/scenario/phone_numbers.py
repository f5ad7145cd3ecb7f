"""Checks of single phone numbers of users."""

from ..check import NOBODY, Wrong, covers, equal
from .email_addresses import NO_IDENTIFICATION, NO_VERIFICATION, TEST_CODE
from .users import stored


def numbers(c, user):
    """What the server holds: the entries by number."""
    return {entry["phone_number"]: entry for entry in stored(c, user["id"])["phone_numbers"]}


def primary(c, user):
    return stored(c, user["id"])["primary_phone_number_id"]


def add(c, user, **fields):
    return c.admin.must("POST", "/phone_numbers", {"user_id": user["id"], "phone_number": c.admin.phone(), **fields})


@covers("CreatePhoneNumber")
def create_phone_number(c):
    user = c.admin.user()
    first, second = c.admin.phone(), c.admin.phone()
    with c.part("verified; the first one is primary"):
        got = c.call(user_id=user["id"], phone_number=first, verified=True)
        c.same(got, object="phone_number", phone_number=first, reserved=False, reserved_for_second_factor=False,
               default_second_factor=False, linked_to=[])
        c.same(got["verification"], status="verified", strategy="admin")
        if not got["id"].startswith("idn_"):
            raise Wrong(f"id {got['id']!r}")
        equal(primary(c, user), got["id"], "primary number")
    with c.part("as second factor"):
        got = c.call(user_id=user["id"], phone_number=second, verified=True, reserved_for_second_factor=True)
        c.same(got, reserved_for_second_factor=True, default_second_factor=True)
        c.same(numbers(c, user)[second], reserved_for_second_factor=True, default_second_factor=True)
        equal(stored(c, user["id"])["two_factor_enabled"], True, "two_factor_enabled")
    with c.part("primary"):
        got = c.call(user_id=user["id"], phone_number=c.admin.phone(), verified=True, primary=True)
        equal(primary(c, user), got["id"], "primary number")
    with c.part("number taken"):
        c.refused(422, "form_identifier_exists", user_id=c.admin.user()["id"], phone_number=first,
                  verified=True)
    with c.part("not a phone number"):
        c.refused(422, "form_param_format_invalid", user_id=user["id"], phone_number="12ab")
    with c.part("unknown user"):
        c.refused(404, "resource_not_found", user_id=NOBODY, phone_number=c.admin.phone())
    with c.part("wrong key"):
        c.wrong_key(user_id=user["id"], phone_number=c.admin.phone())


@covers("GetPhoneNumber")
def get_phone_number(c):
    number = c.admin.phone()
    entry = c.admin.user(phone_number=[number])["phone_numbers"][0]
    with c.part("by id"):
        got = c.call(phone_number_id=entry["id"])
        c.same(got, object="phone_number", id=entry["id"], phone_number=number, reserved_for_second_factor=False)
        c.same(got["verification"], status="verified", strategy="admin")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", phone_number_id=NO_IDENTIFICATION)


@covers("UpdatePhoneNumber")
def update_phone_number(c):
    user = c.admin.user()
    add(c, user, verified=True)
    made = add(c, user)
    target = {"phone_number_id": made["id"]}
    with c.part("verifies"):
        c.same(c.call(**target, verified=True)["verification"], status="verified")
        c.same(numbers(c, user)[made["phone_number"]]["verification"], status="verified")
    with c.part("becomes primary"):
        c.same(c.call(**target, primary=True), id=made["id"], phone_number=made["phone_number"])
        equal(primary(c, user), made["id"], "primary number")
    with c.part("becomes a second factor"):
        c.same(c.call(**target, reserved_for_second_factor=True), reserved_for_second_factor=True,
               default_second_factor=True)
        c.same(numbers(c, user)[made["phone_number"]], reserved_for_second_factor=True)
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", phone_number_id=NO_IDENTIFICATION, verified=True)


@covers("DeletePhoneNumber")
def delete_phone_number(c):
    user = c.admin.user()
    made = add(c, user, verified=True)
    with c.part("deletes"):
        c.same(c.call(phone_number_id=made["id"]), object="phone_number", id=made["id"], deleted=True)
        equal(numbers(c, user), {}, "numbers left")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", phone_number_id=made["id"])


@covers("PreparePhoneNumberVerification")
def prepare_phone_number_verification(c):
    made = add(c, c.admin.user())
    with c.part("a code is on its way"):
        got = c.call(phone_number_id=made["id"])
        c.same(got, status="unverified", strategy="phone_code")
        equal(isinstance(got["id"], str) and isinstance(got["expire_at"], int), True, "has id and expire_at")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", phone_number_id=NO_IDENTIFICATION)


@covers("AttemptPhoneNumberVerification")
def attempt_phone_number_verification(c):
    user = c.admin.user()
    made = add(c, user)
    sent = c.admin.must("POST", f"/phone_numbers/{made['id']}/prepare_verification")
    target = {"phone_number_id": made["id"], "verification_id": sent["id"]}
    with c.part("wrong code"):
        c.same(c.call(**target, code="111111"), id=sent["id"], status="unverified", attempts=1)
    with c.part("right code"):
        c.same(c.call(**target, code=TEST_CODE), id=sent["id"], status="verified", strategy="phone_code", attempts=2)
        c.same(numbers(c, user)[made["phone_number"]]["verification"], status="verified")
    with c.part("verified already"):
        c.refused(400, "verification_already_verified", **target, code=TEST_CODE)
    with c.part("unknown verification"):
        c.refused((400, 404), None, phone_number_id=made["id"], verification_id=NO_VERIFICATION, code=TEST_CODE)
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", phone_number_id=NO_IDENTIFICATION, verification_id=sent["id"],
                  code=TEST_CODE)


@covers("ReplaceUserPhoneNumber")
def replace_user_phone_number(c):
    user = c.admin.user(phone_number=[c.admin.phone(), c.admin.phone()])
    target, number = {"user_id": user["id"]}, c.admin.phone()
    with c.part("takes the place of all"):
        got = c.call(**target, phone_number=number)
        c.same(got, object="phone_number", phone_number=number, reserved=False, reserved_for_second_factor=False)
        c.same(got["verification"], status="verified", strategy="admin")
        equal(list(numbers(c, user)), [number], "numbers")
        equal(primary(c, user), got["id"], "primary number")
    if c.can("identification_status"):
        with c.part("reserved"):
            got = c.call(**target, phone_number=c.admin.phone(), identification_status="reserved")
            c.same(got, reserved=True, verification=None)
            equal(list(numbers(c, user)), [got["phone_number"]], "numbers")
    with c.part("number taken"):
        taken = c.admin.phone()
        c.admin.user(phone_number=[taken])
        c.refused(422, "form_identifier_exists", **target, phone_number=taken)
    with c.part("not a phone number"):
        c.refused(422, "form_param_format_invalid", **target, phone_number="nowhere")
    with c.part("unknown user"):
        c.refused(404, "resource_not_found", user_id=NOBODY, phone_number=c.admin.phone())
