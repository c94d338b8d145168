"""Every operation of the OpenAPI documents, as every role, with all checks of Schemathesis, stateful too.

    python -m benchmarks.torture.schema [--examples 200] [--only city] [--minutes 20] [--json FILE]

Some five minutes for each role with 200 examples; each can be run alone, and reports on the error stream how far it is.
Prints a table in Markdown; exit code 1 where an answer was a failure of the server or not what the document says, or
where a role was not finished in its time.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from benchmarks.torture.office import Office, opened

ROLES = ("nobody", "public", "ward", "city", "admin")
DOCUMENTS = {"/openapi.json": ROLES, "/ogc/api": ("nobody",)}
"""Address of a document → who tries it; OGC is the same for all."""
_REFUSED = frozenset((400, 413, 422))


@dataclass(frozen=True, slots=True)
class Excuse:
    """A finding that is none: of a `check`, on operations and with a message that match, for a reason.

    `explained`: only where the answer is a problem document that names what is wrong.
    """

    check: str
    operation: str
    message: str
    reason: str
    explained: bool = False


EXCUSES = (
    Excuse(
        "positive_data_acceptance", "", "",
        "Whether a day lies in the future, a ring is closed, a site exists or a text is about a person is more than a "
        "schema can say. The refusal must say it instead: a problem document with what and where.",
        explained=True,
    ),
    Excuse(
        "unsupported_method", r"GET /collections/[\w-]+/items", "returned 401",
        "Who sends no account is asked for one first, and is not shown which collections accounts write.",
    ),
    Excuse(
        "negative_data_rejection", r"GET /collections/\w+/items", "parameter `limit`",
        "OGC API Features, 7.15.2: a limit above the largest one is no error; the largest is used.",
    ),
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """What one role found in one document: operations, requests, answers by status, findings, and excused ones.

    `seconds` it took; `finished` is False where its time was over before.
    """

    document: str
    role: str
    operations: int = 0
    requests: int = 0
    checks: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    excused: int = 0
    seconds: float = 0.0
    finished: bool = True


def tried(
    office: Office, document: str, role: str, examples: int, phases: tuple[str, ...], limit: float = math.inf
) -> Row:
    """Try every operation of a document as a role, with all checks; the same requests each time.

    No more is begun after `limit` seconds.
    """
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "headers": office.headers[role],
            "continue-on-failure": True,
            "request-timeout": 600,  # what is slow on a busy machine is no fault of an answer
            "generation": {"max-examples": examples, "deterministic": True, "database": "none", "no-shrink": True},
            "phases": {name: {"enabled": name in phases} for name in PHASES},
        }
    )
    schema = schemathesis.openapi.from_asgi(document, office.app, config=config)
    row = Row(document, role, sum(1 for _ in schema.get_all_operations()))
    stream, began = from_schema(schema).execute(), time.monotonic()
    for event in stream:
        row.seconds = time.monotonic() - began
        if isinstance(event, events.ScenarioFinished):
            _note(row, event.recorder)
        elif isinstance(event, events.PhaseFinished) and event.phase.name.value in PHASES:
            _tell(f"… {document} as {role}, {event.phase.name.value}: {row.requests:,} requests, {row.seconds:.0f} s")
        elif isinstance(event, events.NonFatalError | events.FatalError):
            _find(row, f"{getattr(event, 'label', '')}: {getattr(event, 'value', None) or event}")
        if row.finished and row.seconds > limit:
            row.finished = False
            stream.stop()
    return row


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


PHASES = ("examples", "coverage", "fuzzing", "stateful")
_BRIEF = ("examples", "fuzzing")
"""The short form, without requests that follow from what others made, and without every limit of every parameter.

One role tries all in the short form too, and a ward follows what it made: it may do less with that than the others.
"""
SHORT = {"ward": ("examples", "fuzzing", "stateful")}


def _note(row: Row, recorder: Any) -> None:
    row.requests += len(recorder.interactions)
    for interaction in recorder.interactions.values():
        if interaction.response is not None:
            status = interaction.response.status_code
            row.statuses[status] = row.statuses.get(status, 0) + 1
    for name, checks in recorder.checks.items():
        row.checks += len(checks)
        for check in checks:
            if check.failure_info is not None:
                interaction = recorder.interactions.get(name)
                response = interaction.response if interaction else None
                _judge(row, recorder.cases[name].value.operation.label, check, response)


def _judge(row: Row, operation: str, check: Any, response: Any) -> None:
    failure = check.failure_info.failure
    reported = f"{failure.title}: {failure.message}"
    for excuse in EXCUSES:
        fits = check.name == excuse.check and re.match(excuse.operation, operation) and excuse.message in reported
        if fits and (not excuse.explained or _explained(response)):
            row.excused += 1
            return
    _find(row, f"{operation}: {check.name}: {reported[:300]}\n{check.failure_info.code_sample[:400]}")


def _explained(response: Any) -> bool:
    if response is None or response.status_code not in _REFUSED:
        return False
    problems = json.loads(response.content).get("problems", [])
    return bool(problems) and all(problem["what"] and problem["where"] for problem in problems)


def _find(row: Row, text: str) -> None:
    row.findings[text] = row.findings.get(text, 0) + 1


def main() -> int:
    options = _options()
    rows = []
    for document, roles in DOCUMENTS.items():
        for role in roles:
            if options.only not in ("", role):
                continue
            whole = not options.short or role == roles[-1]
            phases = PHASES if whole else SHORT.get(role, _BRIEF)
            with (
                tempfile.TemporaryDirectory(prefix="diaban-schema-") as folder,
                opened(f"sqlite:///{folder}/records.sqlite") as office,
            ):
                rows.append(tried(office, document, role, options.examples, phases, options.minutes * 60))
    _print(rows)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
    return int(any(row.findings or not row.finished for row in rows))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.torture.schema")
    parser.add_argument("--examples", type=int, default=200, help="made-up requests of each operation")
    parser.add_argument("--only", choices=ROLES, default="", help="only as this role")
    parser.add_argument("--minutes", type=float, default=20.0, help="begin no more of a role after so many")
    parser.add_argument("--short", action="store_true", help="the limits of every parameter as one role alone")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    return parser.parse_args()


def _print(rows: list[Row]) -> None:
    names = ("document", "as", "operations", "requests", "checks", "2xx", "4xx", "5xx", "breaches")
    print(f"| {' | '.join(names)} | refused with a reason | seconds |")
    print(f"|---|---|{'---:|' * 9}")
    for row in rows:
        counts = [sum(n for status, n in row.statuses.items() if status // 100 == first) for first in (2, 4, 5)]
        figures = (
            row.operations,
            row.requests,
            row.checks,
            *counts,
            sum(row.findings.values()),
            row.excused,
            round(row.seconds),
        )
        print(f"| {row.document} | {row.role} | {' | '.join(f'{figure:,}' for figure in figures)} |")
    for row in rows:
        if not row.finished:
            print(f"\n{row.document} as {row.role}: not finished, its time was over")
        for finding, times in row.findings.items():
            print(f"\n{row.role}, {times} times: {finding}")


if __name__ == "__main__":
    sys.exit(main())
