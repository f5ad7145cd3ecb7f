"""What a scenario is written in: checks per operation, their parts, and what they may ask."""

import contextlib
import re
import traceback

from .admin import SetupError
from .clients import Absent, ApiError, Broken

CHECKS = {}


def nothing(prefix):
    """A well-formed id that no instance has."""
    return prefix + "_00000000000000000000000000x"


NOBODY = nothing("user")
NO_ORG = nothing("org")

# The smallest PNG: one transparent pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


def covers(operation, only=None):
    """Registers a check for an operation; `only` says what is out of reach and so not checked."""

    def register(function):
        if operation in CHECKS:
            raise ValueError("two checks for " + operation)
        function.only = only
        CHECKS[operation] = function
        return function

    return register


class Wrong(AssertionError):
    """The answer is not what the specification promises."""


def rows(value):
    """The rows of a list, whichever of its shapes the client returns."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        return value["data"]
    raise Wrong(f"not a list: {str(value)[:120]}")


def ids(value):
    """The ids of a list, in order."""
    return [row.get("id") for row in rows(value)]


def equal(got, wanted, what="answer"):
    if got != wanted:
        raise Wrong(f"{what}: got {got!r}, wanted {wanted!r}")


class Context:
    """One check of one operation through one client."""

    def __init__(self, operation, client, admin, png):
        self.operation = operation
        self.png = str(png)
        self.client = client
        self.admin = admin
        self.parts = []
        self.calls = 0

    @contextlib.contextmanager
    def part(self, name):
        """One named claim: its failure is noted and the check goes on."""
        reason = None
        before = self.calls
        try:
            yield
            if self.calls == before:
                reason = "the client was not called"
        except Wrong as error:
            reason = str(error)
        except ApiError as error:
            reason = f"refused with {error}"
        except Broken as error:
            reason = f"the client broke off: {error}"
        except SetupError as error:
            reason = f"setup: {error}"
        except Absent:
            raise
        except Exception as error:  # a scenario's own mistake must not stop the others
            where = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"scenario: {error!r} ({where.name}:{where.lineno})"
        self.parts.append((name, reason and " ".join(reason.split())[:400]))

    def can(self, param):
        """Whether the client has a way to send this parameter."""
        return param not in self.client.lacks.get(self.operation, ())

    def call(self, **args):
        """Calls the operation through the client; returns what the client made of the answer."""
        self.calls += 1
        return self.client.call(self.operation, args)

    def refused(self, status, codes, **args):
        """Calls the operation and wants this refusal, seen through the client."""
        self.calls += 1
        try:
            value = self.client.call(self.operation, args)
        except ApiError as error:
            statuses = status if isinstance(status, tuple) else (status,)
            codes = codes if isinstance(codes, tuple) else (codes,)
            if error.status not in statuses or (codes != (None,) and error.code not in codes):
                raise Wrong(f"refused with {error}, wanted {status} {' or '.join(map(str, codes))}") from None
            if not re.fullmatch(r"[0-9a-f]{32}", error.trace or "") and not self.client.hides_trace(self.operation):
                raise Wrong(f"trace id of the refusal: {error.trace!r}") from None
            return error
        raise Wrong(f"accepted, wanted {status} {codes}: {str(value)[:120]}")

    def rejected(self, because, **args):
        """Wants that the client itself turns this down, and for this reason."""
        self.calls += 1
        value = self.client.call(self.operation, args)
        if not isinstance(value, dict) or set(value) != {"rejected"}:
            raise Wrong(f"accepted: {str(value)[:120]}")
        if because not in value["rejected"].lower():
            raise Wrong(f"rejected for {value['rejected']!r}, wanted {because!r}")

    def wrong_key(self, **args):
        """Wants 401 for a key that the instance does not have."""
        self.refused(401, ("clerk_key_invalid", "authentication_invalid"), secret_key="sk_test_" + "0" * 32, **args)

    def same(self, value, **fields):
        """Compares fields; one that the client does not expose is left out."""
        if not isinstance(value, dict):
            raise Wrong(f"not an object: {str(value)[:120]}")
        for name, wanted in fields.items():
            if name not in value and name in self.client.hides:
                continue
            equal(value.get(name), wanted, name)

    def pages(self, wanted, size, **args):
        """Walks by limit and offset; wants exactly these ids, in this order, over the pages."""
        got = []
        for offset in range(0, len(wanted) + size, size):
            page = self.call(limit=size, offset=offset, **args)
            if isinstance(page, dict) and "total_count" in page:
                equal(page["total_count"], len(wanted), f"total_count at offset {offset}")
            equal(len(rows(page)), max(0, min(size, len(wanted) - offset)), f"rows at offset {offset}")
            got += ids(page)
        equal(got, wanted, "ids over all pages")
