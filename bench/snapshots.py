#!/usr/bin/env python3
"""Times snapshots of the local Clerk over the control API of a running server, and prints the rows as Markdown.

Usage: bench/snapshots.py [--rounds 15] [USERS …]

For each size a new instance is seeded; then, in turns: a save, some writes, a restore, and the same pages as before it.
"""

import argparse
import http.client
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
BINARY = os.environ.get("CLERK_API_BIN", str(TARGET / "dist/clerk-api"))


class Server:
    def __init__(self, database):
        command = [BINARY, "local", "serve", "--port", "0", "--ready-json", f"--local={database}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())
        self.connection = http.client.HTTPConnection(self.ready["url"].removeprefix("http://"))

    def ask(self, method, path, token, body=None):
        """The answer's JSON and the milliseconds that it took."""
        headers = {"Authorization": "Bearer " + self.ready[token], "Content-Type": "application/json"}
        started = time.perf_counter()
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self.connection.getresponse()
        text = answer.read()
        took = (time.perf_counter() - started) * 1000
        assert answer.status == 200, text
        return json.loads(text), took

    def stop(self):
        self.process.terminate()
        self.process.wait()


def measure(users, rounds):
    with tempfile.TemporaryDirectory() as folder:
        database = pathlib.Path(folder) / "bench.db"
        seed = [BINARY, "local", "seed", f"--local={database}", "--users", str(users), "--organizations", str(users // 10)]
        subprocess.run(seed, check=True, stdout=subprocess.DEVNULL)
        server = Server(database)
        saves, restores, pages = [], [], []
        for round in range(rounds):
            body = {"name": "bench", "replace": True}
            saves.append(server.ask("POST", "/local/api/snapshots", "control_token", body)[1])
            for n in range(10):
                address = {"email_address": [f"bench{round}-{n}@example.com"], "skip_password_requirement": True}
                server.ask("POST", "/v1/users", "secret_key", address)
            restores.append(server.ask("POST", "/local/api/snapshots/bench/restore", "control_token")[1])
            pages.append(server.ask("GET", "/v1/users?limit=10", "secret_key")[1])
            assert server.ask("GET", "/v1/users/count", "secret_key")[0]["total_count"] == users
        server.stop()
        megabytes = database.stat().st_size / 1e6
        figures = [f"{statistics.median(of):.1f}" for of in (saves, restores, pages)]
        print(f"| {users:,} | {megabytes:,.1f} MB | {figures[0]} ms | {figures[1]} ms | {figures[2]} ms |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("users", type=int, nargs="*", default=[1000, 100000])
    options = parser.parse_args()
    print("| users | database | save | restore | the first page after it |\n|---|---|---|---|---|")
    for users in options.users:
        measure(users, options.rounds)


main()
