"""What the registry knows against a locked version fails CI, unless it is accepted, with a reason and a last day."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

AUDIT = Path(__file__).resolve().parents[2] / ".ci" / "audit.py"
WEAK = {"id": "PYSEC-1", "aliases": ["CVE-2026-1", "GHSA-1"], "summary": "It can be made to fail.", "fixed_in": ["1.1"]}
SAME = {"id": "GHSA-1", "aliases": ["CVE-2026-1", "PYSEC-1"], "details": "The same.", "fixed_in": ["1.1"]}
TAKEN_BACK = {"id": "PYSEC-2", "aliases": [], "summary": "None.", "withdrawn": "2026-01-01T00:00:00Z"}
YANKED = [{"yanked": True, "yanked_reason": "broken wheels"}]


def release(version: str, weak: list[dict[str, Any]], files: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"info": {"version": version}, "vulnerabilities": weak, "releases": files or {}, "urls": []}


DOCUMENTS = {
    "/pypi/sound/json": release("1.0", [TAKEN_BACK]),
    "/pypi/weak/json": release("1.0", [WEAK, SAME]),
    "/pypi/yanked/json": release("2.0", [], {"1.0": YANKED}),
    "/pypi/older/json": release("2.0", []),
    "/pypi/older/1.0/json": release("1.0", [WEAK]),
    "/pypi/behind/json": release("2.0", []),
}


class Registry(BaseHTTPRequestHandler):
    """Answers with what DOCUMENTS hold; anything else is not there."""

    def do_GET(self) -> None:
        found = DOCUMENTS.get(self.path)
        body = json.dumps(found).encode()
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    """The address of a registry on 127.0.0.1."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/pypi"
        server.shutdown()
        thread.join()


def audit(registry: str, folder: Path, *names: str, accepted: str = "") -> tuple[int, str]:
    lock, allowed = folder / "locked.txt", folder / "allowed.toml"
    lock.write_text("".join(f"{name}==1.0 ; python_version >= '3.11' \\\n    --hash=sha256:00\n" for name in names))
    allowed.write_text(accepted)
    options = ("--registry", registry, "--allowed", str(allowed), "--today", "2026-06-15")
    done = subprocess.run(
        [sys.executable, str(AUDIT), *options, str(lock)], capture_output=True, text=True, check=False, timeout=900
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_nothing_known_is_no_failure(registry: str, tmp_path: Path) -> None:
    code, printed = audit(registry, tmp_path, "sound")
    assert (code, printed) == (0, "audit, 2026-06-15: 1 of 1 locked versions listed, 0 open findings\n")


@pytest.mark.parametrize("name", ["weak", "older"])
def test_a_known_weakness_fails_once_under_all_its_names(registry: str, tmp_path: Path, name: str) -> None:
    code, printed = audit(registry, tmp_path, "sound", name)
    assert code == 1
    assert f"{name} 1.0: PYSEC-1, CVE-2026-1, GHSA-1: It can be made to fail. (mended in 1.1): NOT ACCEPTED" in printed
    assert "2 of 2 locked versions listed, 1 open findings" in printed


def test_a_release_that_its_makers_withdrew_fails(registry: str, tmp_path: Path) -> None:
    code, printed = audit(registry, tmp_path, "yanked")
    assert code == 1
    assert "withdrawn by its makers: broken wheels: NOT ACCEPTED" in printed


@pytest.mark.parametrize(
    ("name", "reason", "until", "code"),
    [
        ("CVE-2026-1", "that part is not used", "2026-06-15", 0),
        ("CVE-2026-1", "that part is not used", "2026-06-14", 1),
        ("CVE-2026-1", " ", "2026-06-15", 1),
        ("CVE-2026-2", "that part is not used", "2026-06-15", 1),
    ],
)
def test_what_is_accepted_needs_a_reason_and_a_last_day(
    registry: str, tmp_path: Path, name: str, reason: str, until: str, code: int
) -> None:
    entry = f'[[allowed]]\npackage = "weak"\nname = "{name}"\nreason = "{reason}"\nuntil = {until}\n'
    assert audit(registry, tmp_path, "weak", accepted=entry)[0] == code


def test_what_is_not_told_is_named(registry: str, tmp_path: Path) -> None:
    code, printed = audit(registry, tmp_path, "behind", "unknown", "sound")
    assert code == 0
    assert "behind 1.0: not audited: listed for 2.0 alone, which is newer" in printed
    assert "unknown 1.0: not audited: the registry answered 404" in printed
    assert "1 of 3 locked versions listed" in printed
