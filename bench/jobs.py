#!/usr/bin/env python3
"""Times jobs beside their peers, each part in one run, and prints the rows as Markdown.

Usage: bench/jobs.py [creates] [journal] [memory] [updates] [import] [--binary target/dist/clerk-api] [--rounds 3]

creates  20,000 users on a local Clerk without limits, beside the JS SDK with 10 requests in flight
journal  20,000 changes of metadata by a job, the same job without its journal (feature no-journal), and creates by a job beside a bare loop
         (examples of clerk-api-tasks, built in the profile dist, which takes some minutes each)
memory   1,000,000 rows: the peak memory of the job
updates  20,000 changes of metadata under the limits of a production instance, by the server's own log
import   10,000 users under the same limits, beside what Clerk's migration tool does: 9 requests in flight, 10 s of waiting on a 429

Needs node, npm and GNU time. Without a part, all of them run; they take half an hour together.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request

from run import PEERS, QUIET, ROOT, TARGET, install, serve

SHARE = 0.90
LIMIT, WINDOW = 1000, 10.0
PRODUCTION = ["--limits", "production", "--limits-window", "sliding"]


class Instance:
    """A local Clerk of its own, and commands that go to it."""

    def __init__(self, binary, *more, settings=""):
        self.home = tempfile.TemporaryDirectory()
        self.binary = binary
        environment = {"PATH": os.environ["PATH"], "HOME": self.home.name, "NODE_PATH": str(PEERS / "node_modules"), **QUIET}
        if settings:
            folder = pathlib.Path(self.home.name, ".config/clerk-api")
            folder.mkdir(parents=True)
            folder.joinpath("config.toml").write_text(settings)
        self.server, ready = serve(binary, environment, *more)
        self.url, self.token = ready["url"], ready["control_token"]
        self.environment = environment | {"CLERK_SECRET_KEY": ready["secret_key"], "CLERK_API_URL": self.url}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()
        self.home.cleanup()

    def file(self, name, column, values):
        pathlib.Path(self.home.name, name).write_text("\n".join([column, *values, ""]))
        return name

    def run(self, *command):
        """Seconds, standard output as JSON, and MB at the peak."""
        with tempfile.NamedTemporaryFile("r") as report:
            started = time.perf_counter()
            ran = subprocess.run(["/usr/bin/time", "-f", "%M", "-o", report.name, *map(str, command)], env=self.environment, text=True,
                                 cwd=self.home.name, capture_output=True)
            seconds = time.perf_counter() - started
            if ran.returncode != 0:
                raise RuntimeError(f"{command} ended with {ran.returncode}: {ran.stderr[-500:]}")
            return seconds, json.loads(ran.stdout) if ran.stdout.strip() else None, int(report.read().split()[-1]) / 1024

    def ours(self, *arguments):
        return self.run(self.binary, *arguments)

    def count(self):
        return self.ours("users", "count")[1]["total_count"]


def addresses(count):
    return [f"p{number}@example.com" for number in range(count)]


def create_by_job(instance, rows):
    name = instance.file("rows.csv", "email", addresses(rows))
    seconds, document, peak = instance.ours("users", "create", "--rows", name, "--skip-password-requirement", "--yes")
    assert document["rows"] == document["rows"] | {"total": rows, "done": rows}, document
    return seconds, peak


def create_by_sdk(instance, rows):
    seconds, document, peak = instance.run("node", ROOT / "bench/peers/create.cjs", rows, 10)
    assert document == {"lost": 0}, document
    return seconds, peak


def create_without_journal(instance, rows):
    name = instance.file("rows.csv", "email,skip_password_requirement", [f"{address},true" for address in addresses(rows)])
    seconds, _, peak = instance.run(PEERS / "without_journal", name, 16)
    return seconds, peak


def compare(options, rows, programs):
    """Programs in turns, each on an instance of its own."""
    figures = {name: [] for name in programs}
    for _ in range(options.rounds):
        for name, create in programs.items():
            with Instance(options.binary) as instance:
                figures[name].append(create(instance, rows))
                assert instance.count() == rows, f"{name}: {instance.count()} of {rows}"
    medians = {name: statistics.median(seconds for seconds, _ in runs) for name, runs in figures.items()}
    ours = next(iter(medians.values()))
    print("| program | rows | s | rows/s | ratio | MB |\n|---|---|---|---|---|---|")
    for name, seconds in medians.items():
        peak = max(peak for _, peak in figures[name])
        print(f"| {name} | {rows} | {seconds:.2f} | {rows / seconds:.0f} | {seconds / ours:.2f} | {peak:.0f} |", flush=True)


def creates(options):
    install()
    compare(options, options.rows or 20_000, {"clerk-api, a job": create_by_job, "JS SDK, 10 in flight": create_by_sdk})


def example(name, *more):
    """Builds an example in the profile dist, and keeps it under a name that says how."""
    subprocess.run(["cargo", "build", "--profile", "dist", "--quiet", "-p", "clerk-api-tasks", "--example", name, *more], cwd=ROOT, check=True)
    kept = PEERS / "-".join([name, *(text.strip("-") for text in more)])
    PEERS.mkdir(parents=True, exist_ok=True)
    return shutil.copy(TARGET / "dist/examples" / name, kept)


def journal(options):
    rows = options.rows or 20_000
    programs = {"a job": example("job"), "without its journal": example("job", "--features", "no-journal")}
    figures = {name: [] for name in programs}
    with Instance(options.binary) as instance:
        instance.ours("local", "seed", "--users", rows, "--organizations", 0, "--seed", 1)
        ids = subprocess.run([instance.binary, "users", "list", "--all", "--output", "ids"], env=instance.environment, text=True,
                             capture_output=True, check=True).stdout.split()
        file = instance.file("rows.csv", "user_id", ids)
        for number in range(options.rounds * len(programs)):
            # The one goes first that went last, so that what grows meanwhile meets both alike.
            name = list(programs)[(number + number // 2) % 2]
            folder = pathlib.Path(instance.home.name, f"jobs{number}")
            folder.mkdir(mode=0o700)
            before = os.times()
            seconds, _, _ = instance.run(programs[name], file, folder, f"v{number}")
            after = os.times()
            work = after.children_user + after.children_system - before.children_user - before.children_system
            figures[name].append((seconds, work))
            shutil.rmtree(folder)
    print("| program | rows | s | s of work | ratio |\n|---|---|---|---|---|")
    medians = {name: statistics.median(seconds for seconds, _ in runs) for name, runs in figures.items()}
    least = medians["without its journal"]
    for name, seconds in medians.items():
        work = statistics.median(work for _, work in figures[name])
        print(f"| {name} | {rows} | {seconds:.2f} | {work:.2f} | {seconds / least:.2f} |", flush=True)
    example("without_journal")
    compare(options, rows, {"a job": create_by_job, "a bare loop": create_without_journal})


def memory(options):
    rows = options.rows or 1_000_000
    with Instance(options.binary) as instance:
        seconds, peak = create_by_job(instance, rows)
        found = instance.count()
    print("| rows | s | rows/s | MB | there |\n|---|---|---|---|---|")
    print(f"| {rows} | {seconds:.0f} | {rows / seconds:.0f} | {peak:.0f} | {found} |", flush=True)


class Log(threading.Thread):
    """Collects the times of all requests from the server's own log, which keeps the latest thousand."""

    def __init__(self, instance):
        super().__init__(daemon=True)
        self.instance, self.rows, self.done = instance, {}, threading.Event()

    def run(self):
        while not self.done.wait(0.3):
            self.read()
        self.read()

    def read(self):
        newest = max(self.rows, default=0)
        asked = urllib.request.Request(f"{self.instance.url}/local/api/requests?after={newest}",
                                       headers={"Authorization": f"Bearer {self.instance.token}"})
        with urllib.request.urlopen(asked) as answer:
            for entry in json.load(answer)["data"]:
                self.rows[entry["id"]] = entry["at"] / 1000, entry["status"], entry["method"]

    def stop(self):
        self.done.set()
        self.join()
        assert len(self.rows) == max(self.rows), "the log was read too seldom"

    def fullest(self):
        """The most requests in any window, and how many were refused."""
        times = sorted(at for at, _, _ in self.rows.values())
        most, first = 0, 0
        for last, at in enumerate(times):
            while times[first] <= at - WINDOW:
                first += 1
            most = max(most, last - first + 1)
        return most, sum(status == 429 for _, status, _ in self.rows.values())

    def rate(self):
        """Requests a second from the first to the last."""
        times = [at for at, _, _ in self.rows.values()]
        return (len(times) - 1) / (max(times) - min(times))


def limited(options):
    return Instance(options.binary, *PRODUCTION, settings=f'share = {SHARE}\nlimits = "live"\n')


def told(name, log, rows, seconds, lost):
    most, refused = log.fullest()
    allowed = SHARE * LIMIT / WINDOW
    print(f"| {name} | {rows} | {lost} | {seconds:.1f} | {log.rate():.2f} | {100 * log.rate() / allowed:.1f} % | {most} | {refused} |", flush=True)


HEAD = "| program | rows | lost | s | requests/s | of the allowed share | fullest window of 10 s | 429 |\n|---|---|---|---|---|---|---|---|"


def updates(options):
    rows = options.rows or 20_000
    with limited(options) as instance:
        instance.ours("local", "limits", "--off")
        instance.ours("local", "seed", "--users", rows, "--organizations", 0, "--seed", 1)
        ids = subprocess.run([instance.binary, "users", "list", "--all", "--output", "ids"], env=instance.environment, text=True,
                             capture_output=True, check=True).stdout.split()
        instance.ours("local", "limits", *PRODUCTION)
        name = instance.file("rows.csv", "user_id", ids)
        time.sleep(WINDOW)
        log = Log(instance)
        log.read()
        skipped = dict(log.rows)
        log.start()
        seconds, document, _ = instance.ours("users", "update-metadata", "{{user_id}}", "--rows", name, "--public", '{"by":"job"}', "--yes")
        log.stop()
        log.rows = {number: row for number, row in log.rows.items() if number not in skipped}
        print(HEAD)
        told("clerk-api, changes of metadata", log, rows, seconds, rows - document["rows"]["done"])


def imported(options):
    install()
    rows = options.rows or 10_000
    print(HEAD)
    for name in ["clerk-api users import", "as the migration tool does"]:
        with limited(options) as instance:
            # What a request takes over the internet; the migration tool chose its 9 requests in flight for it.
            instance.ours("local", "faults", "add", "POST /users delay_ms=100")
            file = instance.file("people.csv", "email", addresses(rows))
            log = Log(instance)
            log.start()
            if name.startswith("clerk-api"):
                seconds, _, _ = instance.ours("users", "import", file, "--yes")
            else:
                seconds, _, _ = instance.run("node", ROOT / "bench/peers/create.cjs", rows, 9)
            log.stop()
            instance.ours("local", "limits", "--off")
            told(name, log, rows, seconds, rows - instance.count())


PARTS = {"creates": creates, "journal": journal, "memory": memory, "updates": updates, "import": imported}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to time")
    parser.add_argument("--binary", default=str(TARGET / "dist/clerk-api"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, help="so many rows instead, to try the script")
    options = parser.parse_args()
    options.binary = str(pathlib.Path(options.binary).absolute())
    for part in options.parts or PARTS:
        print(f"\n**{part}**\n", flush=True)
        PARTS[part](options)


if __name__ == "__main__":
    main()
