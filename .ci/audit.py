"""Known weaknesses of the locked versions, by what the package registry says of them now.

    python .ci/audit.py [--registry URL] [--allowed FILE] [--today YYYY-MM-DD] requirements.txt ...

The registry is the one that pip installs from, asked for its JSON: it lists the weaknesses of a release (those of the
Python advisory database and of OSV), and which releases their makers withdrew. Some mirrors tell them of the newest
release alone; a locked version that is older is then named as not listed.

Exit code 1 for a weakness or a withdrawn release that `.ci/audit-allowed.toml` does not allow, or allowed until a day
that is over. What could not be asked is said, and is no failure: without a network there is no answer.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Something known against a locked version: an advisory by its names, or that it was withdrawn."""

    package: str
    version: str
    names: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What the registry said of one locked version; `missing` says why it said nothing, '' where it did."""

    findings: tuple[Finding, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A finding that is accepted for a `reason` up to a day, by one of its names."""

    package: str
    name: str
    reason: str
    until: date


def locked(files: list[Path]) -> list[tuple[str, str]]:
    """Name and version of everything that the files lock."""
    return sorted({found for file in files for found in _LOCKED.findall(file.read_text("utf-8"))})


def registry() -> str:
    """Where pip's registry lists a package as JSON: beside the index that pip installs from."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    index = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    if index:
        return re.sub(r"/simple/?$", "/pypi", index)
    from pip._internal.models.index import PyPI

    return PyPI.pypi_url


def listed(base: str, package: str, version: str) -> Listed:
    """What a registry lists of a version: at its newest release, else at the version itself."""
    newest = _asked(f"{base}/{package}/json")
    if isinstance(newest, str):
        return Listed(missing=newest)
    files = newest.get("releases", {}).get(version, [])
    if newest["info"]["version"] == version:
        return Listed(_known(package, version, newest, files))
    own = _asked(f"{base}/{package}/{version}/json")
    if isinstance(own, str):
        withdrawn = _withdrawn(package, version, files)
        return Listed(withdrawn, f"listed for {newest['info']['version']} alone, which is newer")
    return Listed(_known(package, version, own, own.get("urls", [])))


def _known(package: str, version: str, document: dict[str, Any], files: list[dict[str, Any]]) -> tuple[Finding, ...]:
    known: dict[str, Finding] = {}
    for entry in document.get("vulnerabilities", []):
        names = (entry["id"], *entry.get("aliases", ()))
        text = entry.get("summary") or entry.get("details") or ""
        fixed = ", ".join(entry.get("fixed_in") or ()) or "no release yet"
        if not entry.get("withdrawn"):
            # One weakness stands in several lists: under a CVE it is one.
            one = next((name for name in sorted(names) if name.startswith("CVE-")), entry["id"])
            short = f"{' '.join(text.split())[:200]} (mended in {fixed})"
            known.setdefault(one, Finding(package, version, names, short))
    return (*known.values(), *_withdrawn(package, version, files))


def _withdrawn(package: str, version: str, files: list[dict[str, Any]]) -> tuple[Finding, ...]:
    if not files or not all(file.get("yanked") for file in files):
        return ()
    reason = f"withdrawn by its makers: {files[0].get('yanked_reason') or 'no reason given'}"
    return (Finding(package, version, ("withdrawn",), reason),)


def _asked(url: str) -> dict[str, Any] | str:
    """The document at an address, else why there is none."""
    why = ""
    for attempt in range(_TRIES):
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                document: dict[str, Any] = json.load(answer)
                return document
        except urllib.error.HTTPError as error:
            why = f"the registry answered {error.code}"
            if error.code < 500:
                return why
        except (OSError, ValueError) as error:
            why = f"the registry was not reached ({type(error).__name__})"
        time.sleep(attempt)
    return why


def allowed(file: Path) -> list[Allowed]:
    """The findings that are accepted, each with package, name, reason and last day."""
    entries = tomllib.loads(file.read_text("utf-8")).get("allowed", []) if file.is_file() else []
    return [Allowed(entry["package"], entry["name"], entry["reason"], entry["until"]) for entry in entries]


def judged(finding: Finding, accepted: list[Allowed], today: date) -> Allowed | None:
    """What accepts a finding today, if anything does."""
    fits = (one for one in accepted if one.package == finding.package and one.name in finding.names)
    return next((one for one in fits if one.reason.strip() and today <= one.until), None)


def main() -> int:
    """Ask of every locked version, tell what is known, and say whether all of that is accepted."""
    options = _options()
    versions = locked(options.files)
    base = options.registry or registry()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda one: listed(base, *one), versions))
    accepted, lines, open_ones = allowed(options.allowed), [], 0
    for finding in (finding for answer in answers for finding in answer.findings):
        by = judged(finding, accepted, options.today)
        open_ones += by is None
        verdict = f"accepted until {by.until}: {by.reason}" if by else "NOT ACCEPTED"
        lines.append(f"{finding.package} {finding.version}: {', '.join(finding.names)}: {finding.text}: {verdict}")
    missing = [(*one, answer.missing) for one, answer in zip(versions, answers, strict=True) if answer.missing]
    lines += [f"{package} {version}: not audited: {why}" for package, version, why in missing]
    count = f"{len(versions) - len(missing)} of {len(versions)} locked versions listed"
    sys.stdout.write("\n".join([*lines, f"audit, {options.today}: {count}, {open_ones} open findings", ""]))
    return int(open_ones > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="audit")
    parser.add_argument("files", type=Path, nargs="+", help="files with locked versions")
    parser.add_argument("--registry", default="", help="address beside which NAME/json stands; pip's own if absent")
    parser.add_argument("--allowed", type=Path, default=Path(__file__).with_name("audit-allowed.toml"))
    parser.add_argument("--today", type=date.fromisoformat, default=datetime.now(UTC).date())
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
