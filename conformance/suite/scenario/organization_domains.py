"""Checks of the domains that organizations claim."""

from ..check import NO_ORG, Wrong, covers, equal, ids, nothing, rows

NO_DOMAIN = nothing("orgdmn")
SETTINGS = "/instance/organization_settings"


def ready(c):
    """Switches domains on for this check; returns an organization."""
    c.admin.keep(SETTINGS)
    c.admin.must("PATCH", SETTINGS, {"enabled": True, "domains_enabled": True, "domains_enrollment_modes": [
        "manual_invitation", "automatic_invitation", "automatic_suggestion"]})
    return c.admin.organization()


def claim(c, organization, name, **fields):
    body = {"name": name, "enrollment_mode": "manual_invitation", **fields}
    return c.admin.must("POST", f"/organizations/{organization['id']}/domains", body)


def stored(c, domain):
    listed = c.admin.get(f"/organizations/{domain['organization_id']}/domains", limit=100)
    return next((row for row in listed["data"] if row["id"] == domain["id"]), None)


def status(domain):
    return (domain["verification"] or {}).get("status", "unverified")


@covers("CreateOrganizationDomain")
def create_organization_domain(c):
    organization, tag = ready(c), c.admin.tag()
    target = {"organization_id": organization["id"]}
    with c.part("verified by default"):
        got = c.call(**target, name=f"{tag}.example.com", enrollment_mode="automatic_suggestion")
        c.same(got, object="organization_domain", organization_id=organization["id"], name=f"{tag}.example.com",
               enrollment_mode="automatic_suggestion", total_pending_invitations=0, total_pending_suggestions=0)
        equal(status(got), "verified", "verification")
        if not got["id"].startswith("orgdmn_"):
            raise Wrong(f"id {got['id']!r}")
        c.same(stored(c, got), name=f"{tag}.example.com", enrollment_mode="automatic_suggestion")
    with c.part("not verified"):
        got = c.call(**target, name=f"{tag}.example.org", enrollment_mode="manual_invitation", verified=False)
        if status(got) == "verified":
            raise Wrong("is verified")
    with c.part("claimed already"):
        c.refused((400, 403, 422), None, **target, name=f"{tag}.example.com", enrollment_mode="manual_invitation")
    with c.part("a domain of everybody's mail"):
        c.refused((400, 403, 422), "organization_domain_common", **target, name="gmail.com",
                  enrollment_mode="automatic_invitation")
    with c.part("unknown mode"):
        c.refused((400, 403, 422), None, **target, name=f"{tag}.example.net", enrollment_mode="by_force")
    with c.part("unknown organization"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG, name=f"{tag}.example.net",
                  enrollment_mode="manual_invitation")
    with c.part("wrong key"):
        c.wrong_key(**target, name=f"{tag}.example.net", enrollment_mode="manual_invitation")


@covers("ListOrganizationDomains")
def list_organization_domains(c):
    organization, tag = ready(c), c.admin.tag()
    made = [claim(c, organization, f"{tag}-{number}.example.com", verified=number != 0) for number in range(3)]
    made.append(claim(c, organization, f"{tag}-3.example.com", enrollment_mode="automatic_invitation"))
    target = {"organization_id": organization["id"]}
    with c.part("rows are domains"):
        got = c.call(**target)
        equal(sorted(ids(got)), sorted(one["id"] for one in made), "ids")
        row = next(row for row in rows(got) if row["id"] == made[1]["id"])
        c.same(row, object="organization_domain", name=f"{tag}-1.example.com", organization_id=organization["id"])
    with c.part("pages by limit and offset"):
        c.pages(ids(c.admin.get(f"/organizations/{organization['id']}/domains")), 3, **target)
    if c.can("verified"):
        with c.part("filter verified"):
            equal(ids(c.call(**target, verified="false")), [made[0]["id"]], "ids")
            equal(sorted(ids(c.call(**target, verified="true"))), sorted(one["id"] for one in made[1:]), "ids")
    if c.can("enrollment_mode"):
        with c.part("filter enrollment_mode"):
            equal(ids(c.call(**target, enrollment_mode="automatic_invitation")), [made[3]["id"]], "ids")
            equal(sorted(ids(c.call(**target, enrollment_mode="-automatic_invitation"))),
                  sorted(one["id"] for one in made[:3]), "ids")


@covers("ListAllOrganizationDomains")
def list_all_organization_domains(c):
    organizations, tag = [ready(c), c.admin.organization()], c.admin.tag()
    made = [claim(c, organizations[number % 2], f"{tag}-{number}.example.com", verified=number != 3)
            for number in range(4)]
    made.append(claim(c, organizations[0], f"{tag}-4.example.com", enrollment_mode="automatic_suggestion"))
    all_ids = [one["id"] for one in made]

    def finds(wanted, **filters):
        equal(ids(c.call(order_by="name", **filters)), wanted, f"ids for {sorted(filters)}")

    with c.part("rows are domains of every organization"):
        got = c.call(query=tag, order_by="name")
        equal(ids(got), all_ids, "ids")
        equal({row["organization_id"] for row in rows(got)}, {one["id"] for one in organizations}, "organizations")
    with c.part("pages by limit and offset"):
        c.pages(all_ids, 3, query=tag, order_by="name")
    with c.part("newest first"):
        equal(ids(c.call(query=tag)), all_ids[::-1], "ids")
    with c.part("filter organization_id"):
        finds([all_ids[1], all_ids[3]], organization_id=organizations[1]["id"])
    with c.part("query by organization"):
        finds([all_ids[1], all_ids[3]], query=organizations[1]["id"])
    with c.part("filter verified"):
        finds([all_ids[3]], query=tag, verified="false")
    with c.part("filter domains"):
        finds(all_ids[1:3], domains=[f"{tag}-1.example.com", f"{tag}-2.example.com"])
    with c.part("filter enrollment_mode"):
        finds([all_ids[4]], query=tag, enrollment_mode=["automatic_suggestion", "automatic_invitation"])
        finds(all_ids[:4], query=tag, enrollment_mode=["-automatic_suggestion", "-enterprise_sso"])
    with c.part("wrong key"):
        c.wrong_key()


@covers("UpdateOrganizationDomain")
def update_organization_domain(c):
    organization, tag = ready(c), c.admin.tag()
    made = claim(c, organization, f"{tag}.example.com", verified=False)
    target = {"organization_id": organization["id"], "domain_id": made["id"]}
    with c.part("verifies"):
        equal(status(c.call(**target, verified=True)), "verified", "verification")
        equal(status(stored(c, made)), "verified", "stored verification")
    with c.part("enrollment mode"):
        got = c.call(**target, enrollment_mode="automatic_invitation")
        c.same(got, id=made["id"], name=made["name"], enrollment_mode="automatic_invitation")
        c.same(stored(c, made), enrollment_mode="automatic_invitation")
    with c.part("of another organization"):
        c.refused(404, "resource_not_found", organization_id=c.admin.organization()["id"], domain_id=made["id"],
                  verified=True)
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", organization_id=organization["id"], domain_id=NO_DOMAIN, verified=True)


@covers("DeleteOrganizationDomain")
def delete_organization_domain(c):
    organization, tag = ready(c), c.admin.tag()
    made = claim(c, organization, f"{tag}.example.com")
    target = {"organization_id": organization["id"], "domain_id": made["id"]}
    with c.part("deletes"):
        c.same(c.call(**target), object="organization_domain", id=made["id"], deleted=True)
        equal(stored(c, made), None, "stored")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", **target)
    with c.part("unknown organization"):
        c.refused(404, "resource_not_found", organization_id=NO_ORG, domain_id=made["id"])


@covers("VerifyOrganizationDomainOwnership")
def verify_organization_domain_ownership(c):
    organization, tag = ready(c), c.admin.tag()
    made = claim(c, organization, f"{tag}.example.com", verified=False)
    target = {"organization_id": organization["id"], "domain_id": made["id"]}
    with c.part("by hand"):
        got = c.call(**target)
        c.same(got, object="organization_domain", id=made["id"])
        c.same(got["ownership_verification"], status="verified", strategy="manual_override")
        c.same(stored(c, made)["ownership_verification"], status="verified")
    with c.part("again"):
        before = stored(c, made)["ownership_verification"]
        equal(c.call(**target)["ownership_verification"], before, "ownership")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", organization_id=organization["id"], domain_id=NO_DOMAIN)
