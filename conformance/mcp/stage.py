"""A local Clerk in a home of its own, used by the command line and by servers of tools at the same time."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from mcp.client.stdio import StdioServerParameters
from suite.server import binary

PEOPLE = ["alice@acme.com", "bob@acme.com", "ada@acme.com", *(f"person{number}@acme.com" for number in range(20))]
EVERYTHING = ["--allow-writes", "--allow-invites", "--allow-destructive", "--allow-domain", "acme.com"]


class Stage:
    def __enter__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="clerk-api-mcp-"))
        self.local = f"--local={self.home / 'clerk.db'}"
        self.env = {"HOME": str(self.home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        for kind in ("DATA", "CONFIG", "STATE", "CACHE"):
            self.env[f"XDG_{kind}_HOME"] = str(self.home / kind.lower())
        rows = json.dumps([{"email_address": person} for person in PEOPLE])
        self.run("users", "create", "--rows", "-", "--skip-password-requirement", "--yes", stdin=rows)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.home, ignore_errors=True)

    def plain(self, *words, stdin=None):
        """A command that needs no instance."""
        done = subprocess.run([binary(), *words], env=self.env, cwd=self.home, input=stdin or "", capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise SystemExit(f"clerk-api {' '.join(words)} failed:\n{done.stderr}")
        return done

    def run(self, *words, stdin=None):
        return self.plain(self.local, *words, stdin=stdin)

    def json(self, *words):
        return json.loads(self.run(*words).stdout)

    def server(self, *flags):
        """How a client starts the server of tools."""
        return StdioServerParameters(command=binary(), args=["mcp", self.local, *flags], env=self.env, cwd=self.home)
