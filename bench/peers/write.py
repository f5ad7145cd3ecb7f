"""Changes the users whose ids come on stdin through the Python SDK, one after the other, until it fails."""

import os
import sys

from clerk_backend_api import Clerk

with Clerk(bearer_auth=os.environ["CLERK_SECRET_KEY"], server_url=os.environ["CLERK_API_URL"] + "/v1") as clerk:
    for user in sys.stdin.read().split():
        clerk.users.update_metadata(user_id=user, public_metadata={"by": sys.argv[1]})
