"""Checks of the instance and its settings; every check puts back what it found."""

from ..check import Wrong, covers, equal

ORGANIZATIONS = "/instance/organization_settings"


@covers("GetInstance")
def get_instance(c):
    with c.part("a development instance"):
        got = c.call()
        c.same(got, object="instance", environment_type="development")
        if not got["id"].startswith("ins_"):
            raise Wrong(f"id {got['id']!r}")
        equal(c.call()["id"], got["id"], "id the second time")
    with c.part("wrong key"):
        c.wrong_key()


@covers("UpdateInstance")
def update_instance(c):
    before = c.admin.get("/instance")["allowed_origins"]
    c.admin.after("PATCH", "/instance", {"allowed_origins": before or []})
    with c.part("answers nothing"):
        origins = ["https://example.com", "chrome-extension://abcdefgh"]
        equal(c.call(allowed_origins=origins, support_email="help@example.com"), None, "answer")
        equal(c.admin.get("/instance")["allowed_origins"], origins, "allowed_origins")
    with c.part("keeps what is not named"):
        c.call(test_mode=True)
        equal(len(c.admin.get("/instance")["allowed_origins"]), 2, "allowed_origins")
    if c.can("unknown_field"):
        with c.part("unknown field"):
            c.refused(422, "form_param_unknown", unknown_field=1)


@covers("UpdateInstanceRestrictions")
def update_instance_restrictions(c):
    c.admin.after("PATCH", "/instance/restrictions", {"blocklist": False, "block_email_subaddresses": False})
    with c.part("sets two"):
        got = c.call(blocklist=True, block_email_subaddresses=True)
        c.same(got, object="instance_restrictions", allowlist=False, blocklist=True, block_email_subaddresses=True,
               block_disposable_email_domains=False, allowlist_blocklist_disabled_on_sign_in=False)
    with c.part("keeps what is not named"):
        c.same(c.call(blocklist=False), blocklist=False, block_email_subaddresses=True)


@covers("GetInstanceOrganizationSettings")
def get_instance_organization_settings(c):
    with c.part("those of a new instance"):
        got = c.call()
        c.same(got, object="organization_settings", enabled=True, creator_role="org:admin",
               domains_default_role="org:member", admin_delete_enabled=True)
        c.same(got, **{name: c.admin.get(ORGANIZATIONS)[name] for name in (
            "max_allowed_memberships", "max_allowed_roles", "max_allowed_domains", "max_role_sets_allowed",
            "domains_enabled", "domains_enrollment_modes", "slug_disabled", "initial_role_set_key")})
    with c.part("wrong key"):
        c.wrong_key()


@covers("UpdateInstanceOrganizationSettings")
def update_instance_organization_settings(c):
    before = c.admin.keep(ORGANIZATIONS)
    with c.part("changes some"):
        got = c.call(max_allowed_memberships=3, admin_delete_enabled=False, domains_enabled=True,
                     domains_enrollment_modes=["automatic_suggestion"])
        c.same(got, object="organization_settings", max_allowed_memberships=3, admin_delete_enabled=False,
               domains_enabled=True, enabled=before["enabled"])
        # Inviting by hand is always allowed, whether it is named or not.
        equal(set(got["domains_enrollment_modes"]) - {"manual_invitation"}, {"automatic_suggestion"}, "modes")
        c.same(c.admin.get(ORGANIZATIONS), max_allowed_memberships=3, admin_delete_enabled=False)
    with c.part("new organizations follow"):
        c.call(max_allowed_memberships=2)
        organization = c.admin.must("POST", "/organizations", {"name": "Org " + c.admin.tag()})
        c.admin.made("/organizations/" + organization["id"])
        equal(organization["max_allowed_memberships"], 2, "max_allowed_memberships")
    with c.part("role of creators"):
        known = {row["key"]: row["id"] for row in c.admin.get("/organization_roles", limit=100)["data"]}
        c.admin.after("PATCH", ORGANIZATIONS, {"creator_role_id": known["org:admin"]})
        role = c.admin.role(permissions=[
            row["id"] for row in c.admin.get("/organization_permissions", limit=100)["data"]
            if row["key"] in ("org:sys_memberships:read", "org:sys_memberships:manage", "org:sys_profile:delete")],
            include_in_initial_role_set=True)
        c.same(c.call(creator_role_id=role["id"]), creator_role=role["key"])
        c.same(c.call(creator_role_id=known["org:admin"]), creator_role="org:admin")
    with c.part("unknown role"):
        c.refused((400, 404, 422), None, creator_role_id="role_00000000000000000000000000x")


@covers("GetInstanceProtect")
def get_instance_protect(c):
    with c.part("those of a new instance"):
        c.same(c.call(), object="instance_protect", rules_enabled=False, specter_enabled=False)


@covers("UpdateInstanceProtect")
def update_instance_protect(c):
    c.admin.keep("/instance/protect")
    with c.part("sets one"):
        c.same(c.call(rules_enabled=True), object="instance_protect", rules_enabled=True, specter_enabled=False)
        c.same(c.admin.get("/instance/protect"), rules_enabled=True)
    with c.part("keeps what is not named"):
        c.same(c.call(specter_enabled=True), rules_enabled=True, specter_enabled=True)


@covers("GetInstanceCommunication")
def get_instance_communication(c):
    with c.part("those of a new instance"):
        c.same(c.call(), object="instance_communication", blocked_country_codes=[])


@covers("UpdateInstanceCommunication")
def update_instance_communication(c):
    c.admin.keep("/instance/communication")

    def held():
        return sorted(c.admin.get("/instance/communication")["blocked_country_codes"])

    with c.part("replaces the list"):
        c.call(blocked_country_codes=["FR"])
        got = c.call(blocked_country_codes=["DE", "AT"])
        c.same(got, object="instance_communication")
        equal(sorted(got["blocked_country_codes"]), ["AT", "DE"], "codes")
        equal(held(), ["AT", "DE"], "stored codes")
    with c.part("not named, not changed"):
        equal(sorted(c.call()["blocked_country_codes"]), ["AT", "DE"], "codes")
    with c.part("empties the list"):
        c.call(blocked_country_codes=[])
        equal(held(), [], "stored codes")
    with c.part("not a country code"):
        c.refused(422, None, blocked_country_codes=["Germany"])


@covers("GetInstanceOAuthApplicationSettings")
def get_instance_oauth_application_settings(c):
    with c.part("those of a new instance"):
        held = c.admin.get("/instance/oauth_application_settings")
        c.same(c.call(), **held)
        equal(held["object"], "oauth_application_settings", "object")


@covers("UpdateInstanceOAuthApplicationSettings")
def update_instance_oauth_application_settings(c):
    before = c.admin.keep("/instance/oauth_application_settings")
    with c.part("sets some"):
        got = c.call(dynamic_oauth_client_registration=True, default_scopes=["email", "profile"])
        c.same(got, object="oauth_application_settings", dynamic_oauth_client_registration=True,
               oauth_jwt_access_tokens=before["oauth_jwt_access_tokens"])
        equal(sorted(got["default_scopes"]), ["email", "profile"], "default_scopes")
        c.same(c.admin.get("/instance/oauth_application_settings"), dynamic_oauth_client_registration=True)
    with c.part("keeps what is not named"):
        c.same(c.call(oauth_jwt_access_tokens=True), dynamic_oauth_client_registration=True,
               oauth_jwt_access_tokens=True)
