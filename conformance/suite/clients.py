"""The clients under test: how each is installed, started and spoken to."""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent
CACHE = ROOT / "target" / "conformance"

QUIET = {"CLERK_TELEMETRY_DISABLED": "1", "DO_NOT_TRACK": "1", "CLERK_NO_UPDATE_CHECK": "1"}


class Absent(Exception):
    """The client has no such operation."""


class Broken(Exception):
    """The client failed by itself, for example because it could not read the answer."""


class ApiError(Exception):
    """The API refused, as the client reports it."""

    def __init__(self, status, errors, trace):
        self.status, self.errors, self.trace = status, errors or [], trace
        self.code = self.errors[0].get("code") if self.errors else None
        texts = [f"{e.get('code')} ({e.get('long_message') or e.get('message')})" for e in self.errors]
        super().__init__(f"{status} {'; '.join(texts)}".strip())


def _stamp(*files):
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _once(place, stamp, install):
    """Runs an installation unless this very one is already there."""
    mark = place / ".stamp"
    if mark.is_file() and mark.read_text() == stamp:
        return
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    install()
    mark.write_text(stamp)


def _run(command, cwd):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout[-4000:]}")


def install_npm(name, *command):
    source, place = HERE / name, CACHE / name
    files = [source / "package.json", source / "package-lock.json", source / ".npmrc"]

    def install():
        for file in files:
            shutil.copy(file, place)
        _run(["npm", *command, "--no-audit", "--no-fund"], place)

    _once(place, _stamp(*files), install)
    return place


def install_backend_js():
    place = install_npm("backend-js", "ci")
    # Node looks for packages beside the file it runs.
    shutil.copy(HERE / "backend-js" / "adapter.mjs", place)
    return ["node", str(place / "adapter.mjs")], {}


def install_cli():
    # `npm ci` wants the binaries of every platform in the lock file; it holds the one that it was made on.
    place = install_npm("cli", "install", "--no-save")
    # The program itself: the script in front of it only picks the platform, and costs a start of Node.js per call.
    (program,) = place.glob("node_modules/@clerk/cli-*/bin/clerk*")
    command = [sys.executable, str(HERE / "cli" / "adapter.py")]
    return command, {"CONFORMANCE_CLI": str(program), "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}


def install_python():
    place, wanted = CACHE / "python", HERE / "python" / "requirements.txt"
    python = place / "bin" / "python"

    def install():
        _run([sys.executable, "-m", "venv", str(place)], HERE)
        _run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:",
              "--requirement", wanted], HERE)

    _once(place, _stamp(wanted), install)
    return [str(python), str(HERE / "python" / "adapter.py")], {}


def install_rust():
    target = CACHE / "rust"
    _run(["cargo", "build", "--quiet", "--locked", "--manifest-path", HERE / "rust" / "Cargo.toml",
          "--target-dir", target], HERE)
    return [str(target / "debug" / "conformance-rust")], {}


INSTALL = {
    "backend-js": install_backend_js,
    "cli": install_cli,
    "python": install_python,
    "rust": install_rust,
}


class Client:
    """A running adapter: one JSON request a line in, one JSON outcome a line out."""

    # Far more than any call needs; only a hanging client or server reaches it.
    PATIENCE = 60

    def __init__(self, name, command, extra, server, home):
        self.name, self._command, self._home = name, command, home
        self._env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", **QUIET, **extra,
                     "CONFORMANCE_URL": server.url, "CLERK_SECRET_KEY": server.secret_key}
        self._process = None
        hello = self._start()
        self.title, self.version = hello["client"], hello["version"]
        self.absent, self.lacks = hello.get("absent", {}), hello.get("lacks", {})
        self.hides = set(hello.get("hides", ()))
        self._traceless = set(hello.get("traceless", ()))

    def hides_trace(self, operation):
        return operation in self._traceless

    def _start(self):
        """Starts the adapter; returns what it says about itself."""
        with open(self._home / "stderr.log", "a") as log:
            self._process = subprocess.Popen(self._command, env=self._env, cwd=self._home, stdin=subprocess.PIPE,
                                             stdout=subprocess.PIPE, stderr=log, text=True)
        return self._read()

    def _read(self):
        watchdog = threading.Timer(self.PATIENCE, self._process.kill)
        watchdog.start()
        try:
            line = self._process.stdout.readline()
        finally:
            watchdog.cancel()
        if not line:
            self.close()
            said = (self._home / "stderr.log").read_text()
            raise Broken(f"the adapter ended or hung: {said[-300:]}")
        return json.loads(line)

    def call(self, operation, args):
        """Runs one operation; returns the value or raises what became of it."""
        if operation in self.absent:
            raise Absent(self.absent[operation])
        if self._process is None:
            self._start()
        self._process.stdin.write(json.dumps({"op": operation, "args": args}) + "\n")
        self._process.stdin.flush()
        outcome = self._read()
        if "broken" in outcome:
            raise Broken(outcome["broken"])
        if "status" in outcome:
            raise ApiError(outcome["status"], outcome.get("errors"), outcome.get("trace"))
        return outcome["value"]

    def close(self):
        """Ends the adapter, if one is running; the next call starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
