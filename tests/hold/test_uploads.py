"""What is sent is bounded: a gigabyte is refused at once, or where it passes the limit, and fills no memory."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.core.settings import ApiSettings
from api.security.identity import COOKIE

ROOT = Path(__file__).resolve().parents[2]
GIGABYTE = 10**9
LIMIT = ApiSettings().max_body_bytes
PIECE = b"x" * 1_000_000
MOST_GROWTH = 120_000_000
"""The body as it came, as a form, and what an office at work takes besides."""
TARGETS = (
    ("/api/v1/crossings", "application/geo+json", False),
    ("/api/v1/reports", "application/json", True),
    ("/api/v1/session", "application/json", False),
    ("/login", "application/x-www-form-urlencoded", False),
    ("/upload", "multipart/form-data; boundary=cut", True),
    ("/upload/commit", "application/x-www-form-urlencoded", True),
)
SOONER = {"/api/v1/reports": 403}

SOONER = {"/api/v1/reports": 403}
"""A cookie without its token is refused before the limit is reached."""


@dataclass(frozen=True)
class Server:
    """A server: its port, process, and the session of somebody who may upload."""

    port: int
    process: int
    session: str

    def send(self, path: str, headers: dict[str, str], pieces: int) -> tuple[int, dict[str, str], bytes, int]:
        """Status, headers and body of the answer to so many megabytes, and how many were taken before it came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=900)
        connection.putrequest("POST", path)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        sent = 0
        chunked = "Transfer-Encoding" in headers
        try:
            for _ in range(pieces):
                connection.send(b"%x\r\n%b\r\n" % (len(PIECE), PIECE) if chunked else PIECE)
                sent += 1
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server has answered and no longer listens
        try:
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read(), sent
        finally:
            connection.close()

    def memory(self) -> int:
        """The most memory that the process has had, in bytes."""
        status = Path(f"/proc/{self.process}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    script = Path(__file__).with_name("office_server.py")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(script.parent)))}
    url = f"sqlite:///{tmp_path_factory.mktemp('uploads')}/records.sqlite"
    command = [sys.executable, str(script), url]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port, session = process.stdout.readline().split()
            yield Server(int(port), process.pid, session)
        finally:
            process.terminate()


def headers(server: Server, kind: str, *, signed: bool, accept: str = "*/*") -> dict[str, str]:
    own = {"Content-Type": kind, "Accept": accept, "Origin": f"http://127.0.0.1:{server.port}"}
    return own | ({"Cookie": f"{COOKIE}={server.session}"} if signed else {})


@pytest.mark.parametrize(("path", "kind", "signed"), TARGETS)
def test_a_gigabyte_is_refused_before_it_is_sent(server: Server, path: str, kind: str, signed: bool) -> None:
    sent_headers = headers(server, kind, signed=signed) | {"Content-Length": str(GIGABYTE)}
    status, answered, body, _ = server.send(path, sent_headers, 0)
    assert status == 413
    assert answered["content-type"] == "application/problem+json"
    # Programs are answered in English, forms of pages in the language of the page.
    wanted = "is larger than 12 MB" if path.startswith("/api/") else "lớn hơn 12 MB"
    assert json.loads(body)["problems"][0]["what"] == wanted
    assert answered["connection"] == "close"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory from /proc")
@pytest.mark.parametrize(("path", "kind", "signed"), TARGETS)
def test_a_body_of_untold_length_is_taken_to_the_limit(server: Server, path: str, kind: str, signed: bool) -> None:
    # The router looks at a form or JSON only after it is whole; the limit must not wait for that.
    before = server.memory()
    sent_headers = headers(server, kind, signed=signed) | {"Transfer-Encoding": "chunked"}
    try:
        status, answered, body, sent = server.send(path, sent_headers, GIGABYTE // len(PIECE))
    except (ConnectionResetError, http.client.RemoteDisconnected, BrokenPipeError):
        pass  # the answer was lost because it came while more was sent
    else:
        assert status == SOONER.get(path, 413), body
        assert answered["content-type"] == "application/problem+json"
        # What is refused sooner is thrown away as it comes.
        assert sent < 100 or path in SOONER
    assert server.memory() - before < MOST_GROWTH


def test_a_page_tells_it_as_a_page(server: Server) -> None:
    sent_headers = headers(server, "multipart/form-data; boundary=cut", signed=True, accept="text/html")
    status, answered, body, _ = server.send("/upload", sent_headers | {"Content-Length": str(GIGABYTE)}, 0)
    assert (status, answered["content-type"]) == (413, "text/html; charset=utf-8")
    assert "lớn hơn 12 MB" in body.decode()


def test_the_server_goes_on(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=900)
    connection.request("GET", "/ready")
    assert connection.getresponse().status == 200
    connection.close()
    assert LIMIT == 12_000_000
