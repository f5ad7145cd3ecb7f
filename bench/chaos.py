#!/usr/bin/env python3
"""Kills jobs at random moments or at each write to their folder, continues them, and counts what was lost or done twice.

Usage: bench/chaos.py [--kills 200] [--rows 150] [--seed 1] [--binary target/dist/clerk-api]
       bench/chaos.py --steps [--rows 6] [--every 1] [--only creates]

For each class of operation a job runs against a local Clerk with faults: responses that are cut after the request was done, 5xx, 429, look-ups
that fail. The job is killed (SIGKILL) at a random moment and continued until it ends; that is repeated until all kills are spent. With --steps
strace kills a job at the first write, sync or rename of one of its threads, before the call is done, the next job at the second, and so on; then the
same for the calls on the journal while a job is continued. The oracle is what the local Clerk holds at the end. Exits 1 if a row was lost or done
twice.
"""

import argparse
import collections
import itertools
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
# How SQLite and we write, sync and put files in their place.
CALLS = "pwrite64,fsync,fdatasync,ftruncate,rename,unlink"
# The highest number that strace takes.
NEVER = 65535
QUICK = "[http]\nbackoff_ms = 1\nlooks_ms = [0, 2, 4]\nbreaker_ms = 5\n"


class Clerk:
    """A local Clerk with faults, and commands that go to it."""

    def __init__(self, binary, home):
        self.binary, self.home = binary, home
        environment = {"PATH": os.environ["PATH"], "HOME": home}
        self.server = subprocess.Popen([binary, "local", "serve", "--port", "0", "--ready-json"],
                                       env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        ready = json.loads(self.server.stdout.readline())
        self.environment = environment | {"CLERK_SECRET_KEY": ready["secret_key"], "CLERK_API_URL": ready["url"]}

    def run(self, *arguments, check=True):
        ran = subprocess.run([self.binary, *arguments], env=self.environment, capture_output=True, text=True, cwd=self.home)
        if check and ran.returncode != 0:
            raise RuntimeError(f"{arguments}: {ran.stderr}")
        return json.loads(ran.stdout) if ran.stdout else None

    def killed(self, arguments, after):
        """Runs a command and kills it after so many seconds. Gives its exit code and document, or nothing if it was killed."""
        child = subprocess.Popen([self.binary, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 cwd=self.home)
        try:
            out, err = child.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.communicate()
            return None
        return child.returncode, out, err

    def killed_at(self, arguments, step, files=()):
        """Runs a command that strace kills when one of its threads makes its nth write to a file. Gives the same as `killed`."""
        only = [word for file in files for word in ("-P", file)]
        trace = ["strace", "-f", "-qq", "-o", "/dev/null", *only, "-e", f"trace={CALLS}", "-e", f"inject={CALLS}:error=EIO:signal=KILL:when={step}"]
        ran = subprocess.run([*trace, self.binary, *arguments], env=self.environment, capture_output=True, text=True, cwd=self.home, timeout=120)
        return None if ran.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL) else (ran.returncode, ran.stdout, ran.stderr)

    def killed_in_flight(self, arguments, faults):
        """Runs a job whose requests all wait, and kills it while they do. From then on there are these faults."""
        self.run("local", "faults", "clear")
        self.run("local", "faults", "add", "* /** delay_ms=400")
        child = subprocess.Popen([self.binary, *arguments], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.home)
        while not (journals := self.journals()) or not os.path.exists(journals[1]):
            if child.poll() is not None:
                raise RuntimeError(f"{arguments} ended before it had a journal")
            time.sleep(0.002)
        time.sleep(0.1)
        child.send_signal(signal.SIGKILL)
        child.wait()
        self.run("local", "faults", "clear")
        for fault in faults:
            self.run("local", "faults", "add", fault)

    def journals(self):
        """The files of the job's database."""
        return [f"{file}{end}" for file in pathlib.Path(self.home).rglob("job.db") for end in ("", "-wal")]

    def stop(self):
        self.server.terminate()
        self.server.wait()


def addresses(clerk):
    users = clerk.run("users", "list", "--all")
    return [user["email_addresses"][0]["email_address"] for user in users if user["email_addresses"]]


def creates(clerk, rows):
    """Class K: users."""
    return ["users", "create", "--rows", "rows.csv"], "email", [f"p{n}@example.com" for n in range(rows)], addresses


def invitations(clerk, rows):
    """Class N that the API does not do twice: invitations to an organization."""
    organization = clerk.run("organizations", "create", "--name", "Acme", "--max-allowed-memberships", "0")["id"]
    wanted = [f"p{n}@example.com" for n in range(rows)]

    def found(clerk):
        return [row["email_address"] for row in clerk.run("invitations", "list", organization, "--all")["data"]]

    return ["invitations", "create", organization, "--rows", "rows.csv", "--role", "org:member"], "email", wanted, found


def members(clerk, rows):
    """Class K: members of an organization."""
    organization = clerk.run("organizations", "create", "--name", "Acme", "--max-allowed-memberships", "0")["id"]
    ids = [clerk.run("users", "create", "--email", f"p{n}@example.com", "--skip-password-requirement")["id"] for n in range(rows)]

    def found(clerk):
        return [row["public_user_data"]["user_id"] for row in clerk.run("organizations", "members", organization, "--all")["data"]]

    return ["organizations", "add-member", organization, "--rows", "rows.csv", "--role", "org:member"], "user_id", ids, found


def updates(clerk, rows):
    """Class I: metadata."""
    ids = [clerk.run("users", "create", "--email", f"p{n}@example.com", "--skip-password-requirement")["id"] for n in range(rows)]

    def found(clerk):
        return [user["id"] for user in clerk.run("users", "list", "--all") if user["public_metadata"].get("by") == "job"]

    return ["users", "update-metadata", "{{user_id}}", "--rows", "rows.csv", "--public", '{"by":"job"}'], "user_id", ids, found


def bans(clerk, rows):
    """Class I, fifty in a request."""
    ids = [clerk.run("users", "create", "--email", f"p{n}@example.com", "--skip-password-requirement")["id"] for n in range(rows)]

    def found(clerk):
        return [user["id"] for user in clerk.run("users", "list", "--all") if user["banned"]]

    return ["users", "ban", "{{user_id}}", "--rows", "rows.csv"], "user_id", ids, found


SCENARIOS = {"creates": creates, "invitations": invitations, "members": members, "updates": updates, "bans": bans}
FAULTS = {
    "creates": ["POST /users cut=after every=7", "POST /users status=503 every=11", "GET /users status=500 every=5", "POST /users delay_ms=3"],
    "invitations": ["POST /organizations/*/invitations cut=after every=5", "POST /organizations/*/invitations/bulk cut=after every=3",
                    "GET /organizations/*/invitations status=502 every=4"],
    "members": ["POST /organizations/*/memberships cut=after every=6", "POST /organizations/*/memberships status=429 retry_after=1 every=40"],
    "updates": ["PATCH /users/*/metadata cut=after every=6", "PATCH /users/*/metadata status=500 every=9"],
    "bans": ["POST /users/ban cut=after every=2", "POST /users/ban delay_ms=20"],
}


def round_of(name, options, kill):
    """One job, killed until it ends by itself. Gives how often it was killed, and what is wrong."""
    with tempfile.TemporaryDirectory() as home:
        settings = pathlib.Path(home, ".config/clerk-api/config.toml")
        settings.parent.mkdir(parents=True)
        settings.write_text(QUICK)
        clerk = Clerk(options.binary, home)
        try:
            start, column, wanted, found = SCENARIOS[name](clerk, options.rows)
            for fault in FAULTS[name]:
                clerk.run("local", "faults", "add", fault)
            pathlib.Path(home, "rows.csv").write_text("\n".join([column, *wanted, ""]))
            line, kills = [*start, "--yes"], 0
            while True:
                ended = kill(clerk, line, kills)
                if ended is not None and ended[0] not in (75,):
                    break
                kills += ended is None
                jobs = clerk.run("jobs", "list")
                if jobs and jobs[0]["phase"] == "ended":
                    # Killed after its last row, before it could say so.
                    ended = 0, json.dumps(jobs[0]), ""
                    break
                if jobs:
                    line = ["jobs", "resume", jobs[0]["id"]]
            clerk.run("local", "faults", "clear")
            return kills, judged(ended, wanted, collections.Counter(found(clerk)))
        finally:
            clerk.stop()


def judged(ended, wanted, counted):
    """What is wrong with how a job ended, and with what is there."""
    document = json.loads(ended[1]) if ended[1] else {}
    rows, wrong = document.get("rows", {}), []
    lost = [row for row in wanted if counted[row] == 0]
    doubled = [row for row, count in counted.items() if count > 1]
    if lost or doubled:
        wrong.append(f"{len(lost)} lost, {len(doubled)} doubled")
    if rows.get("total") != len(wanted) or rows.get("done", 0) != len(wanted):
        wrong.append(f"the document says {document.get('states')} (exit {ended[0]}) {ended[2][-300:]}")
    return wrong


def at_random(name, options, dice):
    """Jobs that are killed at random until the kills of their class are spent."""
    def kill(clerk, line, kills):
        return clerk.killed(line, dice.uniform(0.01, 0.5) if kills < options.most else 120)

    kills, jobs, wrong = 0, 0, []
    while kills < options.kills / 5:
        more, problems = round_of(name, options, kill)
        kills, jobs = kills + max(more, 1), jobs + 1
        wrong += problems
    return jobs, kills, wrong


def at_each_step(name, options, _dice):
    """A job for each write, killed there once: while it is made, then, after it was killed with requests in flight, while it is continued."""
    jobs, kills, wrong = 0, 0, []
    for step in itertools.count(1, options.every):
        more, problems = round_of(name, options, lambda clerk, line, kills, step=step: clerk.killed_at(line, step if kills == 0 else NEVER))
        jobs, kills, wrong = jobs + 1, kills + more, wrong + [f"step {step}: {problem}" for problem in problems]
        if not more:
            break
    if not kills:
        wrong.append("nothing was killed")
    for step in itertools.count(1, options.every):
        def kill(clerk, line, kills, step=step):
            if kills == 0:
                return clerk.killed_in_flight(line, FAULTS[name])
            return clerk.killed_at(line, step if kills == 1 else NEVER, clerk.journals())

        more, problems = round_of(name, options, kill)
        jobs, kills, wrong = jobs + 1, kills + more, wrong + [f"step {step} of going on: {problem}" for problem in problems]
        if more < 2:
            break
    if step == 1:
        wrong.append("nothing was killed while it went on")
    return jobs, kills, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--most", type=int, default=12, help="kills of one job at most")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", action="store_true", help="kill at each write instead of at random")
    parser.add_argument("--every", type=int, default=1, help="with --steps: look at every nth step only")
    parser.add_argument("--only", choices=SCENARIOS, action="append", help="these operations alone")
    parser.add_argument("--binary", default=str(TARGET / "dist/clerk-api"))
    options = parser.parse_args()
    options.binary = os.path.abspath(options.binary)
    options.rows = options.rows or (6 if options.steps else 150)
    dice, failed = random.Random(options.seed), False
    print("| operations | jobs | kills | rows | wrong | s |\n|---|---|---|---|---|---|")
    for name in options.only or SCENARIOS:
        began = time.monotonic()
        jobs, kills, wrong = (at_each_step if options.steps else at_random)(name, options, dice)
        print(f"| {name} | {jobs} | {kills} | {jobs * options.rows} | {'; '.join(wrong) or 'none'} | {time.monotonic() - began:.0f} |", flush=True)
        failed |= bool(wrong)
    sys.exit(failed)


if __name__ == "__main__":
    main()
