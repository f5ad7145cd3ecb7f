"""Exports all users and all memberships with the Python SDK, as its users do: page after page by offset, a line of JSON for each object.

Usage: export.py FILE, with CLERK_SECRET_KEY and CLERK_API_URL set.
"""

import os
import sys

from clerk_backend_api import Clerk


def users(clerk, offset):
    return clerk.users.list(request={"limit": 500, "offset": offset, "order_by": "+created_at"})


def memberships(clerk, offset):
    return clerk.users.get_instance_organization_memberships(limit=500, offset=offset, order_by="+created_at").data


with Clerk(bearer_auth=os.environ["CLERK_SECRET_KEY"], server_url=os.environ["CLERK_API_URL"] + "/v1") as clerk, open(sys.argv[1], "w") as file:
    for page_at in [users, memberships]:
        offset = 0
        while True:
            page = page_at(clerk, offset)
            file.writelines(row.model_dump_json() + "\n" for row in page)
            offset += 500
            if len(page) < 500:
                break
