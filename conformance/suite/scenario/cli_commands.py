"""Checks of the commands that the official CLI has beside `clerk api`."""

from ..check import covers, equal, ids, rows
from .user_lists import crowd


@covers("cli:users list")
def users_list(c):
    tag, users = crowd(c)
    all_ids = [user["id"] for user in users]
    with c.part("all users, newest first"):
        got = c.call(query=tag)
        equal(ids(got), all_ids[::-1], "ids")
        c.same(rows(got)[0], id=all_ids[11], username=f"{tag}_11")
    with c.part("pages by limit and offset"):
        walked = []
        for offset in (0, 5, 10):
            walked += ids(c.call(query=tag, limit=5, offset=offset, order_by="username"))
        equal(walked, all_ids, "ids")
    with c.part("says whether there is more"):
        equal(c.call(query=tag, limit=5)["hasMore"], True, "hasMore")
        equal(c.call(query=tag, limit=12)["hasMore"], False, "hasMore")
    with c.part("filters"):
        equal(ids(c.call(email_address=f"{tag}+04@example.com")), [all_ids[4]], "email_address")
        equal(ids(c.call(user_id=all_ids[3])), [all_ids[3]], "user_id")
        equal(ids(c.call(external_id=f"{tag}-06")), [all_ids[6]], "external_id")
        equal(ids(c.call(username=f"{tag}_07")), [all_ids[7]], "username")
    with c.part("wrong key"):
        c.wrong_key()


@covers("cli:users create")
def users_create(c):
    tag = c.admin.tag()
    with c.part("from flags"):
        got = c.call(email=f"{tag}+1@example.com", first_name="Zoë", last_name="O'Neil", username=tag + "_1",
                     external_id=tag + "-1", password="correct horse battery 5" + tag)
        c.admin.made("/users/" + got["id"])
        c.same(got, first_name="Zoë", last_name="O'Neil", username=tag + "_1", external_id=tag + "-1",
               password_enabled=True)
        equal(got["email_addresses"][0]["email_address"], f"{tag}+1@example.com", "address")
    with c.part("from a body"):
        got = c.call(data={"email_address": [f"{tag}-2@example.com"], "skip_password_requirement": True})
        c.admin.made("/users/" + got["id"])
        equal(got["email_addresses"][0]["email_address"], f"{tag}-2@example.com", "address")
    with c.part("duplicate e-mail address"):
        c.admin.user(email_address=[f"{tag}-3@example.com"])
        c.refused(422, "form_identifier_exists", email=f"{tag}-3@example.com")
    with c.part("wrong key"):
        c.wrong_key(email=f"{tag}-4@example.com")
