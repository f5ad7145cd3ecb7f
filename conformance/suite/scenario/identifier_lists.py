"""Checks of the allowlist and the blocklist."""

from ..check import Wrong, covers, equal, ids, nothing, rows

WALLET = "0x" + "3c" * 20


def listed(c, kind, identifier):
    made = c.admin.must("POST", f"/{kind}_identifiers", {"identifier": identifier})
    c.admin.made(f"/{kind}_identifiers/{made['id']}")
    return made


def stored(c, kind):
    """The identifiers that the server holds."""
    return [row["identifier"] for row in rows(c.admin.get(f"/{kind}_identifiers"))]


def _register(kind, title, prefix):
    # The allowlist can write to whom it lets in; one client wants to be told each time.
    silent = {"notify": False} if kind == "allowlist" else {}

    @covers(f"Create{title}Identifier")
    def create(c):
        tag = c.admin.tag()

        def add(**fields):
            made = c.call(**{**silent, **fields})
            c.admin.made(f"/{kind}_identifiers/{made['id']}")
            return made

        with c.part("e-mail address, in lower case"):
            got = add(identifier=f"{tag.upper()}+1@Example.com")
            c.same(got, object=f"{kind}_identifier", identifier=f"{tag}+1@example.com",
                   identifier_type="email_address")
            if not got["id"].startswith(prefix) or not got["instance_id"].startswith("ins_"):
                raise Wrong(f"id {got['id']!r}, instance_id {got['instance_id']!r}")
            equal(stored(c, kind), [f"{tag}+1@example.com"], "stored")
        with c.part("phone number"):
            number = c.admin.phone()
            c.same(add(identifier=number), identifier=number, identifier_type="phone_number")
        with c.part("wallet"):
            c.same(add(identifier=WALLET), identifier=WALLET, identifier_type="web3_wallet")
        with c.part("all addresses of a domain"):
            c.same(add(identifier=f"*@{tag}.example.com"), identifier=f"*@{tag}.example.com",
                   identifier_type="email_address")
        if kind == "allowlist":
            with c.part("with an invitation"):
                got = add(identifier=f"{tag}-2@example.com", notify=True)
                (invitation,) = c.admin.get("/invitations", query=f"{tag}-2")
                equal(got["invitation_id"], invitation["id"], "invitation_id")
        with c.part("listed already"):
            listed(c, kind, f"{tag}-3@example.com")
            c.refused(400, "duplicate_record", identifier=f"{tag}-3@example.com", **silent)
        with c.part("nothing known"):
            c.refused(422, None, identifier="nowhere", **silent)
        with c.part("wrong key"):
            c.wrong_key(identifier=f"{tag}-4@example.com", **silent)

    @covers(f"Delete{title}Identifier")
    def delete(c):
        made = listed(c, kind, f"{c.admin.tag()}@example.com")
        with c.part("deletes"):
            c.same(c.call(identifier_id=made["id"]), object=f"{kind}_identifier", id=made["id"], deleted=True)
            equal(stored(c, kind), [], "stored")
        with c.part("unknown id"):
            c.refused(404, "resource_not_found", identifier_id=nothing(prefix[:-1]))


_register("allowlist", "Allowlist", "alid_")
_register("blocklist", "Blocklist", "blid_")


@covers("ListAllowlistIdentifiers")
def list_allowlist_identifiers(c):
    tag = c.admin.tag()
    made = [listed(c, "allowlist", f"{tag}+{number}@example.com") for number in range(5)]
    newest_first = [one["id"] for one in made[::-1]]
    with c.part("newest first"):
        got = c.call(limit=10)
        equal(ids(got), newest_first, "ids")
        c.same(rows(got)[0], object="allowlist_identifier", identifier=f"{tag}+4@example.com",
               identifier_type="email_address")
    with c.part("pages by limit and offset"):
        c.pages(newest_first, 2)
    if c.can("paginated"):
        with c.part("envelope when asked for"):
            got = c.call(paginated=True, limit=2)
            equal((len(rows(got)), got["total_count"]), (2, 5), "rows and total_count")
    with c.part("wrong key"):
        c.wrong_key()


@covers("ListBlocklistIdentifiers")
def list_blocklist_identifiers(c):
    tag = c.admin.tag()
    with c.part("none"):
        equal(c.call(), {"data": [], "total_count": 0}, "answer")
    made = [listed(c, "blocklist", f"{tag}+{number}@example.com") for number in range(3)]
    with c.part("all of them"):
        got = c.call()
        equal(sorted(ids(got)), sorted(one["id"] for one in made), "ids")
        equal(got["total_count"], 3, "total_count")
        row = next(row for row in rows(got) if row["id"] == made[0]["id"])
        c.same(row, object="blocklist_identifier", identifier=f"{tag}+0@example.com",
               identifier_type="email_address")
    with c.part("wrong key"):
        c.wrong_key()
