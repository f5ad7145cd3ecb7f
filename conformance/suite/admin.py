"""The hand that prepares and inspects: plain HTTP, so that no client under test sets its own stage."""

import http.client
import itertools
import json
import pathlib
import secrets
import urllib.parse

API_VERSION = "2026-05-12"

# What can be written of the settings that can be read.
SETTINGS = {
    "/instance/organization_settings": ("enabled", "max_allowed_memberships", "admin_delete_enabled",
                                        "domains_enabled", "domains_enrollment_modes"),
    "/instance/protect": ("rules_enabled", "specter_enabled"),
    "/instance/communication": ("blocked_country_codes",),
    "/instance/oauth_application_settings": (
        "dynamic_oauth_client_registration", "default_scopes", "oauth_jwt_access_tokens",
        "client_id_metadata_documents_advertised"),
}


class SetupError(Exception):
    """The stage for a check could not be set; says nothing about the client."""


class Admin:
    """Speaks to one local Clerk and remembers what it made, so that a check leaves nothing behind."""

    def __init__(self, url, secret_key):
        parts = urllib.parse.urlsplit(url)
        self._host, self._port = parts.hostname, parts.port
        self._key = secret_key
        self._numbers = itertools.count(1)
        self._after = []

    def request(self, method, path, body=None, query=()):
        """Sends one request; returns the status and the decoded answer."""
        target = "/v1" + path
        if query:
            target += "?" + urllib.parse.urlencode(query, doseq=True)
        if body is None:
            return self._send(method, target, None, None)
        return self._send(method, target, json.dumps(body), "application/json")

    def _send(self, method, target, body, content_type):
        headers = {"Authorization": "Bearer " + self._key, "Clerk-API-Version": API_VERSION}
        if content_type:
            headers["Content-Type"] = content_type
        connection = http.client.HTTPConnection(self._host, self._port, timeout=30)
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            connection.close()

    def must(self, method, path, body=None, query=()):
        """Sends one request that has to succeed."""
        status, answer = self.request(method, path, body, query)
        if status // 100 != 2:
            raise SetupError(f"{method} {path} answered {status}: {json.dumps(answer)[:300]}")
        return answer

    def upload(self, method, path, file):
        """Sends a picture as a form."""
        boundary = "conformance" + secrets.token_hex(8)
        head = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"pixel.png\"\r\n"
                "Content-Type: image/png\r\n\r\n")
        body = head.encode() + pathlib.Path(file).read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        status, answer = self._send(method, "/v1" + path, body, "multipart/form-data; boundary=" + boundary)
        if status != 200:
            raise SetupError(f"{method} {path} answered {status}: {json.dumps(answer)[:300]}")
        return answer

    def get(self, path, **query):
        return self.must("GET", path, query=query)

    def tag(self):
        """A word that nothing else in the instance contains."""
        return f"t{next(self._numbers)}x{secrets.token_hex(4)}"

    def phone(self):
        """A fictional phone number that no other object has at this time."""
        return f"+1555555{100 + next(self._numbers) % 100:04}"

    def after(self, method, path, body=None):
        """Notes a request for the end of the check, to put the instance back into its first state."""
        self._after.append((method, path, body))

    def made(self, path):
        """Notes an object for removal at the end of the check."""
        self.after("DELETE", path)

    def clean(self):
        """Undoes what the last check left; newest first, so organizations go before their members."""
        while self._after:
            self.request(*self._after.pop())

    def user(self, **fields):
        """Makes a user with an address of its own."""
        tag = self.tag()
        body = {"email_address": [f"{tag}@example.com"], "skip_password_requirement": True, **fields}
        if body["email_address"] is None:
            del body["email_address"]
        made = self.must("POST", "/users", body)
        self.made("/users/" + made["id"])
        return made

    def organization(self, **fields):
        """Makes an organization without a limit of members."""
        body = {"name": "Org " + self.tag(), "max_allowed_memberships": 0, **fields}
        made = self.must("POST", "/organizations", body)
        self.made("/organizations/" + made["id"])
        return made

    def role(self, **fields):
        """Makes a role of its own."""
        tag = self.tag()
        made = self.must("POST", "/organization_roles", {"name": "Role " + tag, "key": "org:" + tag, **fields})
        self.made("/organization_roles/" + made["id"])
        return made

    def permission(self, **fields):
        """Makes a permission of its own."""
        tag = self.tag()
        body = {"name": "May " + tag, "key": f"org:{tag}:read", "description": "For " + tag, **fields}
        made = self.must("POST", "/organization_permissions", body)
        self.made("/organization_permissions/" + made["id"])
        return made

    def role_set(self, roles, **fields):
        """Makes a role set of these role keys beside those of an administrator and a plain member."""
        tag = self.tag()
        body = {"name": "Set " + tag, "key": "role_set:" + tag, "default_role_key": "org:member",
                "creator_role_key": "org:admin", "roles": ["org:admin", "org:member", *roles], **fields}
        made = self.must("POST", "/role_sets", body)
        self.left_role_set(made["key"])
        return made

    def left_role_set(self, key):
        """Notes a role set for the end of the check; it goes by being replaced with the first one."""
        self.after("POST", f"/role_sets/{key}/replace", {"dest_role_set_key": self.first_role_set()["key"]})

    def first_role_set(self):
        """The role set that new organizations get."""
        return next(one for one in self.get("/role_sets", limit=100)["data"] if one["type"] == "initial")

    def member(self, organization, user, role="org:member", **fields):
        body = {"user_id": user["id"], "role": role, **fields}
        return self.must("POST", f"/organizations/{organization['id']}/memberships", body)

    def organization_invitation(self, organization, **fields):
        body = {"email_address": f"{self.tag()}@example.com", "role": "org:member", "notify": False, **fields}
        return self.must("POST", f"/organizations/{organization['id']}/invitations", body)

    def invitation(self, **fields):
        body = {"email_address": f"{self.tag()}@example.com", "notify": False, **fields}
        return self.must("POST", "/invitations", body)

    def session(self, user, **fields):
        """Signs a user in; the session goes with the user."""
        return self.must("POST", "/sessions", {"user_id": user["id"], **fields})

    def keep(self, path):
        """Reads settings and notes to write those back that can be written, at the end of the check."""
        held = self.get(path)
        writable = {name: held[name] for name in SETTINGS[path]}
        self.after("PATCH", path, writable)
        return held
