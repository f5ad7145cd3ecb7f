#!/usr/bin/env python3
"""Times exports of users and memberships beside the SDKs doing the same, in one run, and prints the rows as Markdown.

Usage: bench/export.py [--users 100000] [--rounds 5] [--binary target/dist/clerk-api] [--ours | --million]

Every program reads the same local Clerk, they take turns, and every figure is a median. The rows that each of them wrote are counted. Needs node,
npm, python3 and GNU time; --ours leaves the SDKs out. --million reads an instance of 1,000,000 users, 10,000 organizations and about 1,000,000
memberships with all its kinds, and audits what was read; it needs 10 GB of disk and shows every round, not medians.
"""

import argparse
import pathlib
import shutil
import statistics
import time

from jobs import Instance
from run import PEERS, ROOT, TARGET, install


def ours(*target):
    return lambda instance: instance.ours("export", "users", "memberships", "--to", *target)


PROGRAMS = {
    "clerk-api, NDJSON": ("all.ndjson", ours("all.ndjson")),
    "clerk-api, Parquet": ("parquet", ours("parquet/", "--format", "parquet")),
    "clerk-api, SQLite": ("all.sqlite", ours("all.sqlite")),
    "JS SDK, NDJSON": ("js.ndjson", lambda instance: instance.run("node", ROOT / "bench/peers/export.cjs", "js.ndjson")),
    "Python SDK, NDJSON": ("py.ndjson", lambda instance: instance.run(PEERS / "venv/bin/python", ROOT / "bench/peers/export.py", "py.ndjson")),
}


def size(path):
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def lines(path):
    with path.open("rb") as file:
        return sum(1 for _ in file)


def remove(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def whole(binary, rounds):
    """A whole instance, swept and audited in turns; its pages are in memory from the first round on."""
    with Instance(binary) as instance:
        summary = instance.ours("local", "seed", "--users", 1_000_000, "--organizations", 10_000, "--memberships", 1_005_000, "--seed", 1)[1]
        print(f"{summary}\n\n| what | s, a round each | MB of memory |\n|---|---|---|", flush=True)
        tasks = {
            "export, NDJSON": ("export", "--to", "all/", "--force"),
            "export, SQLite": ("export", "--to", "all.sqlite", "--force"),
            "audit of the export, JSON": ("audit", "--from", "all.sqlite", "--to", "audit.json", "--force"),
        }
        runs = {name: [] for name in tasks}
        for turn in range(rounds + 1):
            for name, task in tasks.items():
                seconds, document, peak = instance.ours(*task)
                assert document is None or document["consistent"], document
                if turn:
                    runs[name].append((seconds, peak))
    for name, figures in runs.items():
        print(f"| {name} | {', '.join(f'{seconds:.1f}' for seconds, _ in figures)} | {max(peak for _, peak in figures):.0f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--binary", default=str(TARGET / "dist/clerk-api"))
    parser.add_argument("--ours", action="store_true", help="only the command line's own formats")
    parser.add_argument("--million", action="store_true", help="a whole instance with 1,000,000 users")
    options = parser.parse_args()
    if options.million:
        whole(str(pathlib.Path(options.binary).absolute()), options.rounds)
        return
    programs = {name: program for name, program in PROGRAMS.items() if name.startswith("clerk-api") or not options.ours}
    if not options.ours:
        install()
    figures = {name: [] for name in programs}
    with Instance(str(pathlib.Path(options.binary).absolute())) as instance:
        instance.ours("local", "seed", "--users", options.users, "--organizations", options.users // 10, "--seed", 1)
        rows = options.users + instance.ours("memberships", "count")[1]["total_count"]
        for _ in range(options.rounds):
            for name, (target, export) in programs.items():
                path = pathlib.Path(instance.home.name, target)
                remove(path)
                seconds, summary, peak = export(instance)
                figures[name].append((seconds, peak, size(path)))
                written = lines(path) if path.suffix == ".ndjson" else summary["rows"]
                assert written == rows, f"{name}: {written} of {rows} rows"
                time.sleep(0.2)
    print(f"{options.users} users and {rows - options.users} memberships:\n")
    print("| program | s | rows/s | ratio | MB of memory | MB written |\n|---|---|---|---|---|---|")
    first = None
    for name, runs in figures.items():
        seconds = statistics.median(run[0] for run in runs)
        first = first or seconds
        peak, written = max(run[1] for run in runs), runs[-1][2]
        print(f"| {name} | {seconds:.2f} | {rows / seconds:.0f} | {seconds / first:.2f} | {peak:.0f} | {written:.0f} |", flush=True)


if __name__ == "__main__":
    main()
