"""Imports the Python SDK, and walks all users as its users do: page after page by offset."""

import os
import sys

from clerk_backend_api import Clerk

if sys.argv[1] == "walk":
    with Clerk(bearer_auth=os.environ["CLERK_SECRET_KEY"], server_url=os.environ["CLERK_API_URL"] + "/v1") as clerk:
        offset = 0
        while True:
            users = clerk.users.list(request={"limit": 500, "offset": offset})
            sys.stdout.write("\n".join(user.model_dump_json() for user in users) + "\n")
            offset += 500
            if len(users) < 500:
                break
