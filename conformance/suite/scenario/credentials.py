"""Checks of passwords, second factors and linked identities."""

import base64
import hmac
import struct
import time

from ..check import NOBODY, covers, equal
from .users import stored

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def _codes():
    """The codes of now and of the steps around it; the first is the current one."""
    key, step = base64.b32decode(SECRET), int(time.time()) // 30

    def code(counter):
        digest = hmac.digest(key, struct.pack(">Q", counter), "sha1")
        start = digest[-1] & 15
        return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"

    return [code(step + shift) for shift in (0, -2, -1, 1, 2)]


def _with_password(c):
    password = "correct horse battery 9" + c.admin.tag()
    return c.admin.user(password=password), password


def _with_second_factor(c):
    return c.admin.user(totp_secret=SECRET, backup_codes=["backup-one-11", "backup-two-22"])


@covers("VerifyPassword")
def verify_password(c):
    user, password = _with_password(c)
    with c.part("right"):
        c.same(c.call(user_id=user["id"], password=password), verified=True)
    with c.part("wrong"):
        c.refused(422, "incorrect_password", user_id=user["id"], password=password + "!")
    with c.part("none set"):
        c.refused(400, "no_password_set", user_id=c.admin.user()["id"], password=password)
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY, password=password)


@covers("RemoveUserPassword")
def remove_user_password(c):
    user, _ = _with_password(c)
    with c.part("removes"):
        c.same(c.call(user_id=user["id"]), id=user["id"], password_enabled=False)
        equal(stored(c, user["id"])["password_enabled"], False, "stored password_enabled")
    with c.part("again, with sessions"):
        c.same(c.call(user_id=user["id"], sign_out_of_other_sessions=True), password_enabled=False)
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY)


@covers("SetUserPasswordCompromised")
def set_user_password_compromised(c):
    user, _ = _with_password(c)
    with c.part("marks"):
        c.same(c.call(user_id=user["id"], revoke_all_sessions=True), id=user["id"], password_enabled=True)
    with c.part("without options"):
        c.same(c.call(user_id=user["id"]), id=user["id"])
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY)


@covers("UnsetUserPasswordCompromised")
def unset_user_password_compromised(c):
    user, _ = _with_password(c)
    c.admin.must("POST", f"/users/{user['id']}/password/set_compromised", {})
    with c.part("clears"):
        c.same(c.call(user_id=user["id"]), id=user["id"], password_enabled=True)
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY)


@covers("VerifyTOTP")
def verify_totp(c):
    user = _with_second_factor(c)
    with c.part("right code"):
        c.same(c.call(user_id=user["id"], code=_codes()[0]), verified=True, code_type="totp")
    with c.part("wrong code"):
        near = _codes()
        wrong = next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555")
                     if code not in near)
        c.refused(422, "totp_incorrect_code", user_id=user["id"], code=wrong)
    with c.part("backup code"):
        c.same(c.call(user_id=user["id"], code="backup-one-11"), verified=True, code_type="backup_code")
    with c.part("backup code is used up"):
        c.refused(422, None, user_id=user["id"], code="backup-one-11")
    with c.part("not set up"):
        c.refused(400, "totp_disabled", user_id=c.admin.user()["id"], code="123456")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY, code="123456")


def _switched_off(operation, **after):
    def check(c):
        user = _with_second_factor(c)
        with c.part("switches off"):
            c.same(user, totp_enabled=True, backup_code_enabled=True, two_factor_enabled=True)
            c.same(c.call(user_id=user["id"]), user_id=user["id"])
            left = stored(c, user["id"])
            equal({name: left[name] for name in after}, after, "stored")
        with c.part("unknown id"):
            c.refused(404, "resource_not_found", user_id=NOBODY)

    covers(operation)(check)


_switched_off("DisableMFA", totp_enabled=False, backup_code_enabled=False, two_factor_enabled=False)
_switched_off("DeleteTOTP", totp_enabled=False)
_switched_off("DeleteBackupCode", backup_code_enabled=False, totp_enabled=True)


@covers("UserWeb3WalletDelete")
def user_web3_wallet_delete(c):
    user = c.admin.user(web3_wallet=["0x" + "2b" * 20])
    with c.part("deletes"):
        wallet = user["web3_wallets"][0]["id"]
        got = c.call(user_id=user["id"], web3_wallet_identification_id=wallet)
        c.same(got, id=wallet, deleted=True)
        equal(stored(c, user["id"])["web3_wallets"], [], "stored web3_wallets")
    with c.part("unknown wallet"):
        c.refused(404, "resource_not_found", user_id=user["id"], web3_wallet_identification_id="idn_nothing")


def _refuses_unknown(operation, param, value, what):
    def check(c):
        user = c.admin.user()
        with c.part("unknown " + what):
            c.refused(404, "resource_not_found", user_id=user["id"], **{param: value})
        with c.part("unknown id"):
            c.refused(404, "resource_not_found", user_id=NOBODY, **{param: value})

    covers(operation, only=f"refusals; the Backend API cannot create {what}s")(check)


_refuses_unknown("UserPasskeyDelete", "passkey_identification_id", "idn_nothing", "passkey")
_refuses_unknown("DeleteExternalAccount", "external_account_id", "eac_nothing", "external account")
