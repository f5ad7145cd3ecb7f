"""Which requests are made up, as far as the specification leaves that open or contradicts itself, and in which state they find the instance."""

import json
import os
import pathlib
import urllib.request
import zlib

import schemathesis
from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import negative_data_rejection

STAGE = json.loads(pathlib.Path(os.environ["CLERK_STAGE"]).read_text())
SEEN = pathlib.Path(os.environ["CLERK_SEEN"]).open("a", buffering=1)  # noqa: SIM115 -- as long as the run
RESTORE = json.loads(os.environ["CLERK_RESTORE"])
NULLABLE_METADATA = (
    "PUT /organizations/{organization_id}/metadata",
    "PUT /users/{user_id}/metadata",
    "PATCH /organizations/{organization_id}/memberships/{user_id}/metadata",
    "PATCH /organizations/{organization_id}/metadata",
    "PATCH /users/{user_id}/metadata",
)
FORMATTED = ("email_address", "idempotency_key")
last = [None]


def pick(choices, value, rarely):
    """One of the choices in most cases, and always the same for one value, else none: what is made up must be refused properly too."""
    number = zlib.crc32(repr(value).encode("utf-8", "surrogatepass"))
    return choices[number // rarely % len(choices)] if choices and number % rarely else None


def with_known(fields, but=()):
    """Puts what there is, or what is well formed, in the place of texts, and of lists of them."""
    for name, value in fields.items():
        known = None if name in but else STAGE["values"].get(name)
        if known and isinstance(value, str):
            fields[name] = pick(known, value, 1000) or value
        elif known and isinstance(value, list):
            fields[name] = [pick(known, one, 1000) or one if isinstance(one, str) else one for one in value]


@schemathesis.hook
def map_case(context, case):
    """Leads most requests to objects that there are and belong together: made-up ids lead to nothing but 404.

    What asks for an envelope is taken away, as no specification of an answer has it; the conformance suite looks at it.
    """
    names = set(case.path_parameters or ())
    row = pick([row for row in STAGE["rows"] if set(row) == names], case.path_parameters, 5)
    if row:
        case.path_parameters.update(row)
    if isinstance(case.query, dict):
        case.query.pop("paginated", None)
        with_known(case.query)
    if pick([True], case.body, 5):
        # What is wrong on purpose must stay so; of texts, only these can be wrong by themselves.
        bad = case.meta is not None and case.meta.is_negative_at(ParameterLocation.BODY)
        for one in case.body if isinstance(case.body, list) else [case.body]:
            if isinstance(one, dict):
                with_known(one, FORMATTED if bad else ())
                for name, value in STAGE["needed"].get(case.operation.label, {}).items():
                    one.setdefault(name, value)
    return case


@schemathesis.hook
def filter_case(context, case):
    """Leaves out what the server's own choices make valid (docs/local/requests.md): empty query values, which count as absent, and null for
    metadata, which the vendor's text allows in PUT and old programs send in PATCH."""
    empty = isinstance(case.query, dict) and any(value in ("", [""]) for value in case.query.values())
    null = case.operation.label in NULLABLE_METADATA and isinstance(case.body, dict) and None in case.body.values()
    return not empty and not null


@schemathesis.hook
def before_call(context, case, kwargs):
    """Lets each operation find the instance as it was: what one deletes or switches off, the next would not reach. What follows links
    needs what was made before."""
    label = None if case.meta is None or case.meta.phase.name == "stateful" else case.operation.label
    if label and label != last[0]:
        request = urllib.request.Request(RESTORE["url"], method="POST", headers={"Authorization": "Bearer " + RESTORE["token"]})
        urllib.request.urlopen(request).close()
    last[0] = label


@schemathesis.hook
def after_call(context, case, response):
    """Notes what was answered, so that what never succeeds shows."""
    SEEN.write(json.dumps([case.operation.label, response.status_code]) + "\n")


@schemathesis.check
def refuses_what_the_specification_forbids(context, response, case):
    """Schemathesis's own check, but that no body, or null, counts as `{}` (docs/local/requests.md): an official library sends it."""
    content = case.operation.definition.raw.get("requestBody", {}).get("content", {})
    needs = any("required" in one["schema"] or one["schema"].get("type") == "array" for one in content.values())
    if (case.body is None or case.body is NOT_SET) and not needs:
        return None
    return negative_data_rejection(context, response, case)
