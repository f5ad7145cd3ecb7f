"""Checks of single users: create, read, change, delete, metadata, image."""

from ..check import NOBODY, Wrong, covers, equal


def stored(c, user_id):
    """The user as the server holds it."""
    return c.admin.get("/users/" + user_id)


@covers("CreateUser")
def create_user(c):
    tag = c.admin.tag()
    first, second = f"{tag}+a@example.com", f"{tag}-b@example.com"

    def create(**fields):
        user = c.call(**fields)
        c.admin.made("/users/" + user["id"])
        return user

    with c.part("every kind of field"):
        user = create(
            email_address=[first, second],
            phone_number=["+15555550111"],
            username=tag + "_name",
            external_id=tag + "-ext",
            first_name="Zoë",
            last_name="O'Neil",
            locale="en-US",
            password="correct horse battery 7" + tag,
            public_metadata={"plan": "pro", "deep": {"camelKey": 0, "snake_key": ""}, "no": False},
            private_metadata={"crm": [1, 2.5, None]},
            unsafe_metadata={"theme": "dark"},
            created_at="2021-02-03T04:05:06Z",
        )
        c.same(user, object="user", username=tag + "_name", external_id=tag + "-ext", first_name="Zoë",
               last_name="O'Neil", password_enabled=True, totp_enabled=False, two_factor_enabled=False,
               banned=False, locked=False, has_image=False, created_at=1612325106000,
               public_metadata={"plan": "pro", "deep": {"camelKey": 0, "snake_key": ""}, "no": False},
               private_metadata={"crm": [1, 2.5, None]}, unsafe_metadata={"theme": "dark"})
        addresses = user["email_addresses"]
        equal([entry["email_address"] for entry in addresses], [first, second], "addresses")
        equal(user["primary_email_address_id"], addresses[0]["id"], "primary address")
        c.same(addresses[0]["verification"], status="verified", strategy="admin")
        equal(user["phone_numbers"][0]["phone_number"], "+15555550111", "phone number")
        if not user["id"].startswith("user_"):
            raise Wrong(f"id {user['id']!r}")
        equal(stored(c, user["id"])["external_id"], tag + "-ext", "stored external_id")
    with c.part("smallest"):
        user = create(username=tag + "_small", skip_password_requirement=True)
        c.same(user, username=tag + "_small", first_name=None, email_addresses=[], public_metadata={},
               primary_email_address_id=None, password_enabled=False)
    with c.part("reserved address"):
        user = create(email_address=[f"{tag}-r@example.com"], email_address_identification_status=["reserved"],
                      skip_password_requirement=True)
        c.same(user["email_addresses"][0], reserved=True, verification=None)
    with c.part("duplicate e-mail address"):
        c.admin.user(email_address=[f"{tag}-d@example.com"])
        c.refused(422, "form_identifier_exists", email_address=[f"{tag}-d@example.com"],
                  skip_password_requirement=True)
    with c.part("duplicate username"):
        c.admin.user(username=tag + "_taken")
        c.refused(422, "form_identifier_exists", username=tag + "_taken", skip_password_requirement=True)
    with c.part("not an e-mail address"):
        c.refused(422, "form_param_format_invalid", email_address=["nowhere"], skip_password_requirement=True)
    with c.part("short password"):
        c.refused(422, "form_password_length_too_short", username=tag + "_pw", password="short")
    if c.can("unknown_field"):
        with c.part("unknown field"):
            c.refused(422, "form_param_unknown", username=tag + "_unknown", unknown_field=1)


@covers("GetUser")
def get_user(c):
    user = c.admin.user(first_name="Ada", public_metadata={"a": {"b": [1]}})
    with c.part("by id"):
        got = c.call(user_id=user["id"])
        c.same(got, **{name: user[name] for name in (
            "id", "object", "first_name", "last_name", "username", "external_id", "public_metadata",
            "private_metadata", "unsafe_metadata", "primary_email_address_id", "created_at", "updated_at", "banned",
            "locked", "image_url", "has_image", "last_sign_in_at", "delete_self_enabled")})
        equal(got["email_addresses"][0]["id"], user["email_addresses"][0]["id"], "address id")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY)
    with c.part("ids keep their case"):
        c.refused(404, "resource_not_found", user_id="user_" + user["id"].removeprefix("user_").swapcase())
    with c.part("wrong key"):
        c.wrong_key(user_id=user["id"])


@covers("UpdateUser")
def update_user(c):
    tag = c.admin.tag()
    user = c.admin.user(email_address=[f"{tag}-1@example.com", f"{tag}-2@example.com"], first_name="Ada",
                        last_name="Lovelace", username=tag + "_old", public_metadata={"kept": True})
    with c.part("names"):
        got = c.call(user_id=user["id"], first_name="Grace", username=tag + "_new", external_id=tag + "-new")
        c.same(got, id=user["id"], first_name="Grace", last_name="Lovelace", username=tag + "_new",
               external_id=tag + "-new", public_metadata={"kept": True})
        equal(stored(c, user["id"])["first_name"], "Grace", "stored first_name")
    with c.part("primary address"):
        second = user["email_addresses"][1]["id"]
        got = c.call(user_id=user["id"], primary_email_address_id=second)
        equal(got["primary_email_address_id"], second, "primary address")
    with c.part("false and zero are kept"):
        c.call(user_id=user["id"], delete_self_enabled=False, create_organizations_limit=0)
        c.same(stored(c, user["id"]), delete_self_enabled=False, create_organizations_limit=0)
    with c.part("empty username removes it"):
        got = c.call(user_id=user["id"], username="")
        equal(got.get("username"), None, "username")
    with c.part("username taken"):
        c.admin.user(username=tag + "_theirs")
        c.refused(422, "form_identifier_exists", user_id=user["id"], username=tag + "_theirs")
    if c.can("public_metadata"):
        with c.part("metadata, which the client sends to its own endpoint"):
            got = c.call(user_id=user["id"], first_name="Joan", public_metadata={"only": 1})
            c.same(got, first_name="Joan", public_metadata={"only": 1})
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY, first_name="X")


@covers("DeleteUser")
def delete_user(c):
    user = c.admin.user()
    with c.part("deletes"):
        got = c.call(user_id=user["id"])
        c.same(got, object="user", id=user["id"], deleted=True)
        equal(c.admin.request("GET", "/users/" + user["id"])[0], 404, "status afterwards")
    with c.part("again"):
        c.refused(404, "resource_not_found", user_id=user["id"])


@covers("UpdateUserMetadata")
def update_user_metadata(c):
    user = c.admin.user(public_metadata={"a": {"x": 1, "y": 2}, "kept": True}, private_metadata={"p": 1},
                        unsafe_metadata={"u": 1})
    with c.part("merges deeply, null deletes"):
        got = c.call(user_id=user["id"], public_metadata={"a": {"y": None, "zKey": [1, "2"]}},
                     private_metadata={"q": 0}, unsafe_metadata={"u": None})
        c.same(got, id=user["id"], public_metadata={"a": {"x": 1, "zKey": [1, "2"]}, "kept": True},
               private_metadata={"p": 1, "q": 0}, unsafe_metadata={})
        equal(stored(c, user["id"])["public_metadata"], got["public_metadata"], "stored")
    with c.part("empty object changes nothing"):
        got = c.call(user_id=user["id"], private_metadata={})
        c.same(got, private_metadata={"p": 1, "q": 0})
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY, public_metadata={"a": 1})


@covers("ReplaceUserMetadata")
def replace_user_metadata(c):
    user = c.admin.user(public_metadata={"a": {"x": 1}, "b": 2}, private_metadata={"p": 1})
    with c.part("replaces what is named, keeps the rest"):
        got = c.call(user_id=user["id"], public_metadata={"a": {"y": False}})
        c.same(got, id=user["id"], public_metadata={"a": {"y": False}}, private_metadata={"p": 1})
        equal(stored(c, user["id"])["public_metadata"], {"a": {"y": False}}, "stored")
    with c.part("empty object empties"):
        got = c.call(user_id=user["id"], private_metadata={})
        c.same(got, private_metadata={}, public_metadata={"a": {"y": False}})
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY, public_metadata={"a": 1})


@covers("SetUserProfileImage")
def set_user_profile_image(c):
    user = c.admin.user()
    with c.part("uploads"):
        got = c.call(user_id=user["id"], file=c.png)
        c.same(got, id=user["id"], has_image=True)
        equal(stored(c, user["id"])["has_image"], True, "stored has_image")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY, file=c.png)


@covers("DeleteUserProfileImage")
def delete_user_profile_image(c):
    user = c.admin.user()
    c.admin.upload("POST", f"/users/{user['id']}/profile_image", c.png)
    with c.part("removes"):
        equal(stored(c, user["id"])["has_image"], True, "has_image before")
        got = c.call(user_id=user["id"])
        c.same(got, id=user["id"], has_image=False)
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", user_id=NOBODY)
