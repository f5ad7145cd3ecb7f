"""What a run means: the comparison with what is expected, and the matrix for the documentation."""

import json
import pathlib
from typing import NamedTuple

from .check import CHECKS
from .clients import HERE, ROOT
from .operations import EXTRAS, OPERATIONS

EXPECTED = HERE / "expected.json"
MATRIX = ROOT / "docs" / "conformance.md"


class Result(NamedTuple):
    """What became of one operation through one client."""

    absent: str | None
    parts: list  # of (name, reason or None)

    @property
    def failures(self):
        return {name: reason for name, reason in self.parts if reason}


class Verdict(NamedTuple):
    """One client's results against the expectation."""

    passed: int
    known: int
    absent: int
    regressions: list
    improvements: list


def load():
    return json.loads(EXPECTED.read_text()) if EXPECTED.is_file() else {}


def judge(expected, results):
    """Compares results with the expectation of the same client."""
    bugs, absent = expected.get("bugs", {}), set(expected.get("absent", ()))
    regressions, improvements = [], []
    passed = known = 0
    for operation, result in results.items():
        if result.absent:
            if operation in expected.get("pass", ()) or operation in bugs:
                regressions.append((operation, "", f"not run any more: {result.absent}"))
            elif operation not in absent:
                improvements.append(f"{operation}: new, not in this client")
            continue
        excused = bugs.get(operation, {})
        bad = [(operation, name, reason) for name, reason in result.failures.items() if name not in excused]
        regressions += bad
        passed += not result.failures
        known += bool(result.failures) and not bad
        for name in excused:
            if name not in result.failures:
                improvements.append(f"{operation}: “{name}” passes now")
        if operation in absent or (operation not in expected.get("pass", ()) and operation not in bugs):
            improvements.append(f"{operation}: new")
    for operation in [*expected.get("pass", ()), *bugs]:
        if operation not in results:
            regressions.append((operation, "", "not run any more"))
    return Verdict(passed, known, sum(1 for one in results.values() if one.absent), regressions, improvements)


def renewed(expected, results):
    """The expectation after a run: better results taken over, failures never."""
    bugs = {}
    for operation, parts in expected.get("bugs", {}).items():
        failing = results[operation].failures if operation in results else {}
        left = {name: why for name, why in parts.items() if name in failing}
        if left:
            bugs[operation] = left
    return {
        "pass": [name for name, one in results.items() if not one.absent and name not in bugs],
        "bugs": bugs,
        "absent": [name for name, one in results.items() if one.absent],
    }


def save(expected):
    EXPECTED.write_text(json.dumps(expected, indent=2, ensure_ascii=False) + "\n")


HEAD = """# Conformance: clients of Clerk's API against the local Clerk

For users who want to know whether their Clerk client works with the local Clerk, and for maintainers. `conformance/run` writes this
page; do not edit it.

- [What is checked](#what-is-checked)
- [Run it again](#run-it-again)
- [Results](#results)
- [Bugs of the clients](#bugs-of-the-clients)
- [What the scenario does not send through a client](#what-the-scenario-does-not-send-through-a-client)

## What is checked

Clerk's own clients (`@clerk/backend`, the CLI `clerk` and `clerk-backend-api`) and the community crate `clerk-rs` run one scenario against
the local Clerk. They are unmodified and come straight from their registries. The scenario contains every operation that both the local
Clerk and the client have: users, organizations, invitations, roles, domains, email addresses, phone numbers, the waitlist, the settings
of the instance, sessions, tokens and JWT templates.

A check needs more than a response without an error. It compares responses field by field, looks at what the server contains afterwards,
lists several pages, tries filters, and expects the right error for each request that must be refused. The clients' own functions verify
the session tokens.

## Run it again

Build `clerk-api` (or name a binary in `CLERK_API_BIN`), then run:

```
conformance/run                     all clients; writes this page
conformance/run --client python     one client; writes nothing
conformance/run --update            also copies better results to conformance/expected.json
```

You need Python 3.11, Node.js 20 and Cargo, and the package registries for the first run. Each client gets a fresh instance. The run fails
when something that passed before fails or is no longer run. Bugs of a client are entered in `conformance/expected.json` by hand, with the
reason.

## Results
"""

KINDS = {"cli": "command", "lib": "function"}

LEGEND = """
“pass”: every part of the check passed. “bug *n*”: passed except for a bug of the client, listed below. “–”: the client does not have
this operation. “FAIL”: the local Clerk does not do what the client expects.
"""

LEFT_OUT = """
## What the scenario does not send through a client

The client's declarations do not have these parameters. There are two exceptions: `@clerk/backend` sends `paginated` by itself, and the CLI
sends no API version, so the server decides whether it still accepts metadata together with other changes. `unknown_field` stands for any
field that the API does not know.
"""


def _sums(clients, expected, results):
    """How many operations each client passed, in lines of a table."""
    lines = ["| client | passed | passed except for a client bug | not in this client |", "|---|---|---|---|"]
    for name, (title, version, _) in clients.items():
        verdict = judge(expected.get(name, {}), results[name])
        lines.append(f"| {title} {version} | {verdict.passed} | {verdict.known} | {verdict.absent} |")
    return lines


def _cell(result, bugs, notes, where):
    if result is None or result.absent:
        return "–"
    excused = {name: bugs.get(name) for name in result.failures}
    if not excused:
        return "pass"
    if not all(excused.values()):
        return "**FAIL**"
    number = len(notes) + 1
    notes.append((number, where, excused))
    return f"bug {number}"


def matrix(clients, expected, results):
    """The page: `clients` maps a name to its title and version, `results` to its outcomes."""
    notes, lines, short = [], [HEAD], []
    titles = [f"{title} {version}" for title, version, _ in clients.values()]
    lines += [*_sums(clients, expected, results), ""]
    lines.append("| operation | | " + " | ".join(titles) + " |")
    lines.append("|---|---|" + "---|" * len(titles))
    for operation in [*OPERATIONS, *EXTRAS]:
        cells = [_cell(results[name].get(operation.id), expected.get(name, {}).get("bugs", {}).get(operation.id, {}),
                       notes, f"{clients[name][0]}, {operation.id}") for name in clients]
        only = CHECKS[operation.id].only
        mark = f" ({len(short) + 1})" if only else ""
        if only:
            short.append(only)
        kind, _, label = operation.id.rpartition(":")
        where = KINDS[kind] if kind else f"`{operation.method} {operation.path}`"
        lines.append(f"| {where} | {label}{mark} | " + " | ".join(cells) + " |")
    lines.append(LEGEND)
    lines.append("These operations are checked only in part:\n")
    lines += [f"{number}. {text}" for number, text in enumerate(short, 1)]
    lines.append("\n## Bugs of the clients\n")
    for number, where, excused in notes:
        lines += [f"{number}. {where}: {name}. {why}" for name, why in excused.items()]
    if not notes:
        lines.append("None.")
    lines.append(LEFT_OUT)
    for title, _version, lacks in clients.values():
        for operation, params in sorted(lacks.items()):
            lines.append(f"- {title}, {operation}: " + ", ".join(f"`{param}`" for param in params))
    return "\n".join(lines) + "\n"


def write_matrix(text, path: pathlib.Path = MATRIX):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
