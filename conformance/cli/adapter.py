"""Runs the official `clerk` CLI for the conformance run: one JSON request a line in, one outcome a line out.

Every operation goes through `clerk api`; `users list` and `users create` are rows of their own.
"""

import json
import os
import re
import subprocess
import sys
import urllib.parse

from suite.operations import BY_ID

CLERK = os.environ["CONFORMANCE_CLI"]
UPLOADS = ("SetUserProfileImage", "UploadOrganizationLogo")
STATUS = re.compile(r"bapi: (\d{3}) ")


def query_value(name, value):
    if isinstance(value, bool):
        return str(value).lower()
    # The one list that the specification declares as one value with commas.
    return ",".join(value) if name == "enrollment_mode" and isinstance(value, list) else value


def api(operation, args):
    """The command line of one operation through `clerk api`."""
    path = operation.path
    for name in operation.path_params:
        path = path.replace("{" + name + "}", urllib.parse.quote(args.pop(name), safe=""))
    command = ["api", path, "-X", operation.method, "--yes"]
    if operation.method in ("GET", "DELETE"):
        if args:
            words = {name: query_value(name, value) for name, value in args.items()}
            command[1] += "?" + urllib.parse.urlencode(words, doseq=True)
    elif "items" in args:
        command += ["-d", json.dumps(args["items"])]
    elif args:
        command += ["-d", json.dumps(args)]
    return command


def flags(args):
    out = []
    for name, value in args.items():
        flag = "-d" if name == "data" else "--" + name.replace("_", "-")
        out += [flag, json.dumps(value) if name == "data" else str(value)]
    return out


def command_line(name, args):
    if name == "cli:users list":
        return ["users", "list", "--json", *flags(args)]
    if name == "cli:users create":
        return ["users", "create", "--json", "--yes", *flags(args)]
    return api(BY_ID[name], args)


def parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def run(name, args):
    env = {**os.environ, "CLERK_BACKEND_API_URL": os.environ["CONFORMANCE_URL"]}
    env["CLERK_SECRET_KEY"] = args.pop("secret_key", env["CLERK_SECRET_KEY"])
    done = subprocess.run([CLERK, *command_line(name, args), "--verbose"], env=env, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)
    answer = parsed(done.stdout)
    if done.returncode == 0:
        # An operation without an answer, as a change of the instance.
        if not done.stdout.strip():
            return {"value": None}
        if answer is None:
            return {"broken": f"stdout is not JSON: {done.stdout[:200]!r}"}
        return {"value": answer}
    statuses = STATUS.findall(done.stderr)
    last = parsed(done.stderr.strip().splitlines()[-1]) if done.stderr.strip() else None
    errors = (answer or {}).get("errors") or ((last or {}).get("error") or {}).get("errors")
    if not statuses or not errors:
        return {"broken": f"exit {done.returncode}: {done.stderr[-300:]}"}
    return {"status": int(statuses[-1]), "errors": errors, "trace": (answer or {}).get("clerk_trace_id")}


def hello():
    version = subprocess.run([CLERK, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout
    return {
        "client": "clerk (CLI)",
        "version": version.strip(),
        "absent": dict.fromkeys(UPLOADS, "`clerk api` sends JSON bodies only"),
        # Unversioned requests: which version they get is the server's setting, so nothing is asked of it here.
        "lacks": {"UpdateUser": ["public_metadata"], "UpdateOrganization": ["public_metadata"]},
        "traceless": ["cli:users list"],
    }


def main():
    print(json.dumps(hello()), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(run(request["op"], request["args"])), flush=True)


main()
