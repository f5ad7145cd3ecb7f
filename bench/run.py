#!/usr/bin/env python3
"""Times the command line beside its peers, in one run, and prints the rows as Markdown.

Usage: bench/run.py [--users 10000] [--million] [--rounds 15]

Every figure is the median over rounds in which the programs take turns, so that a busy machine slows all of them alike:
ratios count, not milliseconds. Needs node, npm, python3 and GNU time; peers are installed by name into target/bench.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PEERS = TARGET / "bench"
QUIET = {"CLERK_TELEMETRY_DISABLED": "1", "DO_NOT_TRACK": "1", "CLERK_NO_UPDATE_CHECK": "1"}


def install():
    """Installs the peers once."""
    if not (PEERS / "node_modules/@clerk/backend").exists():
        PEERS.mkdir(parents=True, exist_ok=True)
        packages = ["@clerk/backend@3.25.0", "@clerk/cli-linux-x64@3.3.0"]
        subprocess.run(["npm", "install", "--no-save", "--silent", "--prefix", str(PEERS), *packages], check=True)
    if not (PEERS / "venv/bin/python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS / "venv")], check=True)
        subprocess.run([str(PEERS / "venv/bin/pip"), "install", "--quiet", "clerk-backend-api==7.0.0"], check=True)
    names = [path for path in (PEERS / "node_modules/@clerk/cli-linux-x64").rglob("clerk") if path.is_file()]
    return names[0]


def once(command, environment):
    """Wall time in ms of one run of a command."""
    started = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - started) * 1000


def memory(command, environment):
    """Peak memory in MB of one run, by GNU time: a child of this process would count this process's own memory."""
    with tempfile.NamedTemporaryFile("r") as report:
        subprocess.run(["/usr/bin/time", "-f", "%M", "-o", report.name, *map(str, command)], env=environment,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        return int(report.read()) / 1024


def compare(title, commands, environment, rounds):
    """Prints one row per command, each beside the first."""
    figures = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            figures[name].append(once(command, environment))
    medians = {name: statistics.median(runs) for name, runs in figures.items()}
    ours = next(iter(medians.values()))
    for name, elapsed in medians.items():
        peak = memory(commands[name], environment)
        print(f"| {title} | {name} | {elapsed:.1f} | {elapsed / ours:.1f} | {peak:.0f} |", flush=True)


def serve(binary, environment, *more):
    """Starts the local Clerk and returns its process, address and key."""
    server = subprocess.Popen([binary, "local", "serve", "--port", "0", "--ready-json", *more], env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    ready = json.loads(server.stdout.readline())
    return server, ready


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--million", action="store_true", help="also walk 1,000,000 users")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    binary = str(TARGET / "dist/clerk-api")
    official = str(install())
    python = str(PEERS / "venv/bin/python")
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, **QUIET}
        subprocess.run([binary, "local", "seed", "--users", str(options.users), "--organizations", "100", "--seed", "1", "--quiet"],
                       env=environment, check=True, stdout=subprocess.DEVNULL)
        server, ready = serve(binary, environment)
        try:
            environment |= {"CLERK_SECRET_KEY": ready["secret_key"], "CLERK_API_URL": ready["url"],
                            "CLERK_BACKEND_API_URL": ready["url"], "NODE_PATH": str(PEERS / "node_modules")}
            print("| what | program | ms | ratio | MB |\n|---|---|---|---|---|")
            node = ["node", str(ROOT / "bench/peers/walk.cjs")]
            walk = [python, str(ROOT / "bench/peers/walk.py")]
            compare("start: --version", {"clerk-api": [binary, "--version"], "official CLI": [official, "--version"]},
                    environment, options.rounds)
            compare("start: --help", {"clerk-api": [binary, "--help"], "official CLI": [official, "--help"],
                                      "Python SDK, import": [*walk, "import"], "JS SDK, import": [*node, "import"]},
                    environment, options.rounds)
            compare("one users list", {"clerk-api": [binary, "users", "list"],
                                       "official CLI": [official, "users", "list"]}, environment, options.rounds)
            rounds = max(3, options.rounds // 3)
            compare(f"all {options.users} users", {
                "clerk-api": [binary, "users", "list", "--all", "--output", "ndjson"],
                "JS SDK": [*node, "walk"], "Python SDK": [*walk, "walk"]}, environment, rounds)
        finally:
            server.terminate()
            server.wait()
    size = os.path.getsize(binary) / 1e6
    print(f"\nbinary: clerk-api {size:.1f} MB, official CLI {os.path.getsize(official) / 1e6:.0f} MB")
    if options.million:
        million(binary)


def million(binary):
    """Seeds and walks a million users, and prints time, rate and memory."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home}
        seed = [binary, "local", "seed", "--users", "1000000", "--organizations", "100000", "--seed", "1", "--quiet"]
        elapsed = once(seed, environment)
        print(f"seed of 1,000,000 users and 100,000 organizations: {elapsed / 1000:.1f} s")
        server, ready = serve(binary, environment)
        try:
            environment |= {"CLERK_SECRET_KEY": ready["secret_key"], "CLERK_API_URL": ready["url"]}
            walk = [binary, "users", "list", "--all", "--output", "ndjson"]
            elapsed, peak = once(walk, environment), memory(walk, environment)
            print(f"walk of 1,000,000 users: {elapsed / 1000:.1f} s, {1e9 / elapsed:,.0f} rows/s, {peak:.0f} MB")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
