"""The run: every client, every check, then the verdict."""

import argparse
import concurrent.futures
import pathlib
import sys
import time

from . import report, scenario  # noqa: F401  (the scenario registers the checks)
from .admin import Admin, SetupError
from .check import CHECKS, PNG, Context
from .clients import INSTALL, Absent, Client
from .operations import EXTRAS, OPERATIONS, is_for
from .server import Server

# The CLI is a process per call and takes longest: its checks are dealt out to two instances.
PARTS = {"cli": 2}


def one_check(operation, client, admin, png):
    """Runs one check; whatever goes wrong stays inside its result."""
    context = Context(operation, client, admin, png)
    try:
        if operation in client.absent:
            raise Absent(client.absent[operation])
        CHECKS[operation](context)
    except Absent as error:
        return report.Result(str(error), [])
    except SetupError as error:
        context.parts.append(("setup", str(error)))
    except Exception as error:  # between two parts
        context.parts.append(("setup", repr(error)))
    finally:
        admin.clean()
    if not context.parts:
        context.parts.append(("setup", "the check has no parts"))
    return report.Result(None, context.parts)


def run_client(name, command, extra, record, operations):
    """Runs these checks through one client, on an instance of its own."""
    results = {}
    with Server(record) as server:
        png = server.home / "pixel.png"
        png.write_bytes(PNG)
        home = server.home / "client"
        home.mkdir()
        admin = Admin(server.url, server.secret_key)
        client = Client(name, command, extra, server, home)
        try:
            for operation in operations:
                results[operation] = one_check(operation, client, admin, png)
        finally:
            client.close()
        return client, results


def chosen_operations(name, only):
    """The operations to check through a client."""
    return [one.id for one in [*OPERATIONS, *EXTRAS] if is_for(one, name) and (not only or one.id in only)]


def run_all(commands, record, only):
    """Runs every client; yields its name, the client, its results and how long it took."""

    def task(name, part):
        started = time.monotonic()
        operations = chosen_operations(name, only)[part::PARTS.get(name, 1)]
        folder = record / f"{name}-{part}" if record else None
        return *run_client(name, *commands[name], folder, operations), time.monotonic() - started

    # Each part has an instance of its own, so they do not meet; the slowest client begins.
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        running = {name: [pool.submit(task, name, part) for part in range(PARTS.get(name, 1))]
                   for name in sorted(commands, key=lambda name: -PARTS.get(name, 1))}
        for name in commands:
            parts = [one.result() for one in running[name]]
            found = {operation: result for _, results, _ in parts for operation, result in results.items()}
            ordered = {operation: found[operation] for operation in chosen_operations(name, only)}
            yield name, parts[0][0], ordered, sum(seconds for *_, seconds in parts)


def arguments():
    parser = argparse.ArgumentParser(prog="conformance/run", description="Official clients against the local Clerk.")
    parser.add_argument("--client", action="append", choices=list(INSTALL), help="only this client; may be repeated")
    parser.add_argument("--operation", action="append", metavar="ID", help="only this operation; may be repeated")
    parser.add_argument("--record", type=pathlib.Path, metavar="DIR",
                        help="let the servers record every exchange, in a folder each")
    parser.add_argument("--within", type=float, metavar="SECONDS",
                        help="fail if the checks take longer than this; installing the clients does not count")
    parser.add_argument("--update", action="store_true", help="take better results over into expected.json")
    return parser.parse_args()


def tell(title, verdict, seconds):
    print(f"{title}: {verdict.passed} passed, {verdict.known} with a known bug of the client, "
          f"{verdict.absent} not in this client, {len({one[0] for one in verdict.regressions})} failed "
          f"({seconds:.1f} s)", flush=True)
    for operation, part, reason in verdict.regressions:
        print(f"  FAIL {operation}{': ' + part if part else ''}: {reason}", flush=True)
    for line in verdict.improvements:
        print(f"  better: {line}", flush=True)


def narrowed(expected, operations):
    """The part of an expectation that a run of these operations can meet."""
    if not operations:
        return expected
    bugs = {name: parts for name, parts in expected.get("bugs", {}).items() if name in operations}
    lists = {kind: [name for name in expected.get(kind, ()) if name in operations] for kind in ("pass", "absent")}
    return {**lists, "bugs": bugs}


def main():
    args = arguments()
    chosen, partial = args.client or list(INSTALL), bool(args.client or args.operation)
    record = args.record.resolve() if args.record else None
    expected, clients, results, verdicts = report.load(), {}, {}, {}
    commands = {}
    for name in chosen:
        print(f"{name}: installing", flush=True)
        commands[name] = INSTALL[name]()

    began = time.monotonic()
    for name, client, results[name], seconds in run_all(commands, record, args.operation):
        clients[name] = (client.title, client.version, client.lacks)
        verdicts[name] = report.judge(narrowed(expected.get(name, {}), args.operation), results[name])
        tell(f"{client.title} {client.version}", verdicts[name], seconds)
    took = time.monotonic() - began
    if args.update and not args.operation:
        expected.update({name: report.renewed(expected.get(name, {}), results[name]) for name in chosen})
        report.save(expected)
    elif any(verdict.improvements for verdict in verdicts.values()):
        print("some results are better than expected: conformance/run --update takes them over")
    if not partial:
        report.write_matrix(report.matrix(clients, expected, results))
    failed = sum(len({one[0] for one in verdict.regressions}) for verdict in verdicts.values())
    late = bool(args.within and took > args.within)
    print(f"{sum(verdict.passed for verdict in verdicts.values())} passed, {failed} failed in {took:.0f} s"
          + (f", wanted within {args.within:.0f} s" if late else ""))
    sys.exit(1 if failed or late else 0)
