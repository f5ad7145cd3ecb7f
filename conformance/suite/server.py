"""The local Clerk under test: one fresh instance per client."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from .clients import QUIET, ROOT


def binary():
    """The program to test: CLERK_API_BIN, or the newest kind of build that is there."""
    named = os.environ.get("CLERK_API_BIN")
    if named:
        return str(pathlib.Path(named).resolve())
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    for profile in ("release", "debug"):
        found = target / profile / "clerk-api"
        if found.is_file():
            return str(found)
    raise SystemExit("no clerk-api to test: build it or set CLERK_API_BIN")


class Server:
    """A local Clerk with a data directory of its own, for as long as the context lasts."""

    def __init__(self, record=None):
        self._record = record

    def __enter__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="clerk-api-conformance-"))
        command = [binary(), "local", "serve", "--port", "0", "--ready-json"]
        if self._record:
            self._record.mkdir(parents=True, exist_ok=True)
            command += ["--record", str(self._record)]
        self._env = {"PATH": os.environ["PATH"], "HOME": str(self.home), "LANG": "C.UTF-8", **QUIET}
        for kind in ("DATA", "CONFIG", "STATE", "CACHE"):
            self._env[f"XDG_{kind}_HOME"] = str(self.home / kind.lower())
        self._log = open(self.home / "server.log", "w+")
        self._process = subprocess.Popen(command, env=self._env, cwd=self.home, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.PIPE, stderr=self._log, text=True)
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            error = (self.home / "server.log").read_text()
            self.__exit__()
            raise SystemExit(f"{' '.join(command)} did not start:\n{error[-2000:]}")
        ready = json.loads(line)
        self.url, self.secret_key = ready["url"].rstrip("/").removesuffix("/v1"), ready["secret_key"]
        return self

    def local(self, *args):
        """Runs a command of `clerk-api local` for this instance; returns what it prints."""
        done = subprocess.run([binary(), "local", *args], env=self._env, cwd=self.home, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise SystemExit(f"local {' '.join(args)} failed:\n{done.stderr[-2000:]}")
        return done.stdout

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process.stdout.close()
        self._log.close()
        shutil.rmtree(self.home, ignore_errors=True)
