"""What OWASP ASVS 5.0 asks for and no other test looks at: docs/asvs.md names these."""

from __future__ import annotations

import ast
import json
import logging
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from hold_house import ACTOR, PASSWORD, House, StandingClock, served
from starlette.websockets import WebSocketDisconnect

from api.http.request_log import JsonLines
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store

ROOT = Path(__file__).parents[2]
NGINX = (ROOT / "docs" / "deploy" / "nginx.conf").read_text(encoding="utf-8")
_DANGEROUS = re.compile(r"(subprocess|marshal|shelve|pickle|dill)(\.|$)|os\.(system|popen|exec|spawn)")
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    clock = StandingClock()
    url = f"sqlite:///{tmp_path_factory.mktemp('asvs') / 'records.sqlite'}"
    with open_store(url, registers=load_register_lookup(), now=clock) as store:
        yield served(store, clock)


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def _dangerous(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _called(node) in ("eval", "exec", "compile", "__import__", "yaml.load"):
            yield f"{file.name}: {_called(node)}"
        if isinstance(node, ast.Call) and _DANGEROUS.match(_called(node)):
            yield f"{file.name}: {_called(node)}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
            yield from (f"{file.name}: {name}" for name in names if _DANGEROUS.match(name))


def test_nothing_runs_a_command_or_a_text_as_code_or_reads_pickles() -> None:
    files = [*ROOT.glob("geo/**/*.py"), *ROOT.glob("api/**/*.py")]
    assert len(files) > 300
    assert [found for file in files for found in _dangerous(file)] == []


_OF_PATTERNS = re.compile(r"re\.(compile|search|match|fullmatch|split|sub|subn|findall|finditer)")
_NO_INPUT = ("about['pattern']", "BOX_PATTERN")
"""Patterns of the API's own document."""


def _patterns_of_input(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and _OF_PATTERNS.fullmatch(_called(node))):
            continue
        names = [one.id for one in ast.walk(node.args[0]) if isinstance(one, ast.Name)]
        calls = [_called(one) for one in ast.walk(node.args[0]) if isinstance(one, ast.Call)]
        if "re.escape" in calls or ast.unparse(node.args[0]) in _NO_INPUT:
            continue
        yield from (f"{file.name}: {name}" for name in names if not name.isupper())


def test_no_pattern_is_made_of_what_is_sent() -> None:
    """Patterns are of literals and of constants of the module; the service hands none of a client's to `re`."""
    files = [*ROOT.glob("api/**/*.py")]
    assert len(files) > 100
    assert [found for file in files for found in _patterns_of_input(file)] == []


def test_scripts_take_no_key_of_an_object_from_what_they_read() -> None:
    """No merging of what was read into objects, by which `__proto__` could be set."""
    scripts = [*ROOT.glob("api/web/static/*.js"), *ROOT.glob("frontend/src/**/*.js")]
    texts = {file.name: file.read_text(encoding="utf-8") for file in scripts}
    assert len(texts) > 5
    found = [name for name, text in texts.items() if re.search(r"__proto__|\.prototype\[|constructor\[", text)]
    assert found == []


SMUGGLED = (
    b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /login HTTP/1.1\r\nHost: a\r\n\r\n",
    b"Transfer-Encoding: xchunked\r\n\r\nhello",
    b"Content-Length: 5x\r\n\r\nhello",
    b"Content-Length: -5\r\n\r\nhello",
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
)


def test_a_request_whose_length_is_said_twice_or_wrongly_is_one_and_is_refused(tmp_path: Path) -> None:
    """Request smuggling: never a second answer, which would be of a request that a proxy did not see."""
    command = [sys.executable, str(Path(__file__).with_name("office_server.py")), f"sqlite:///{tmp_path / 'r.sqlite'}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline().split()[0])
            answers = [_answers(port, rest) for rest in SMUGGLED]
            whole = _answers(port, b"Content-Length: 2\r\n\r\n{}")
        finally:
            server.terminate()
    assert [answer for answer in answers if answer.count(b"HTTP/1.1 ") > 1 or answer.startswith(b"HTTP/1.1 2")] == []
    assert whole.startswith(b"HTTP/1.1 4")
    assert whole.count(b"HTTP/1.1 ") == 1


def _answers(port: int, rest: bytes) -> bytes:
    """All that comes back, until the server closes the connection or says nothing more."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as there:
        there.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + rest)
        there.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: there.recv(65_536), b""))


def test_what_goes_past_a_control_leaves_a_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Refused input, a forged write, too many sign-ins, another's record: each a line with its route and status."""
    clock = StandingClock()
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    with (
        open_store(url, registers=load_register_lookup(), now=clock) as store,
        caplog.at_level(logging.INFO, logger="diaban.api"),
    ):
        house = served(store, clock, log_requests=True)
        client, ward = house.browser(), house.token("hoai-duc")
        client.post("/api/v1/reports", headers=ward, json={"day": "never"})
        client.post(
            "/login", data={"username": "city", "password": PASSWORD}, headers={"Origin": "https://evil.example"}
        )
        for _ in range(7):
            client.post("/api/v1/session", json={"username": "city", "password": "không phải mật khẩu này"})
        client.get("/metrics", headers=ward)
        client.get("/api/v1/wards?nope=1")
    lines = [json.loads(JsonLines().format(one)) for one in caplog.records if one.name == "diaban.api"]
    said = {(line["route"], line["status"]) for line in lines if "route" in line}
    assert {("/api/v1/reports", 422), ("/login", 403), ("/metrics", 403), ("/api/v1/wards", 422)} <= said
    assert {status for route, status in said if route == "/api/v1/session"} == {401, 429}
    assert "evil.example" not in json.dumps(lines)


def test_messages_between_frames_are_of_the_own_origin() -> None:
    """Each listener looks at where a message comes from before anything else; nothing is sent to any origin."""
    scripts = [*ROOT.glob("api/web/static/*.js"), *ROOT.glob("frontend/src/**/*.js")]
    texts = [file.read_text(encoding="utf-8") for file in scripts]
    listeners = [text for one in texts for text in re.findall(r'addEventListener\("message"[^\n]*\n([^\n]*)', one)]
    assert len(listeners) == 2
    assert all("event.origin" in first and "location.origin" in first for first in listeners)
    assert not any(re.search(r"""postMessage\([^;]*["']\*["']""", one) for one in texts)


@pytest.mark.parametrize("path", ["/", "/api/v1/wards", "/login", "/nix"])
def test_a_request_is_not_sent_back_and_no_socket_opens(house: House, path: str) -> None:
    answer = house.browser().request("TRACE", path, headers={"X-Secret": "geheim"})
    assert answer.status_code in (404, 405)
    assert "geheim" not in answer.text
    with pytest.raises(WebSocketDisconnect), house.browser().websocket_connect(path):
        pass


def test_every_text_says_its_encoding(house: House) -> None:
    for path in (
        "/",
        "/login",
        "/static/site.css",
        "/static/site.js",
        "/api/v1/wards?f=csv",
        "/docs",
        "/maps/overview",
    ):
        answer = house.browser().get(path)
        assert answer.headers["content-type"].split(";")[0].startswith(("text/", "application/javascript")), path
        assert "charset=utf-8" in answer.headers["content-type"].lower(), path


def test_a_password_is_taken_as_it_was_typed_and_may_be_long(house: House) -> None:
    accounts, browser = house.store.accounts, house.browser()
    long = "Gốm sứ Bát Tràng, " * 11 + "lò số 7 "
    accounts.set_password("guest", long, ACTOR)
    assert len(long) > 200
    wrong = (long.strip(), long.lower(), long[:-2] + "8 ", long[:72], long + "!")
    tried = [browser.post("/api/v1/session", json={"username": "guest", "password": text}) for text in wrong[:4]]
    assert [answer.status_code for answer in tried] == [401] * 4
    assert browser.post("/api/v1/session", json={"username": "guest", "password": long}).status_code == 200


def test_password_fields_hide_what_is_typed_and_managers_fill_them(house: House) -> None:
    browser = house.browser()
    answer = browser.post("/api/v1/session", json={"username": "admin", "password": PASSWORD})
    pages = [house.browser().get("/login").text]
    pages += [browser.get(path, headers=HTML).text for path in ("/account", "/account/second-factor", "/admin/users")]
    for page in pages:
        fields = re.findall(r'<input[^>]*name="(?:password|old|new|again)"[^>]*>', page)
        assert fields
        assert all('type="password"' in one and 'autocomplete="' in one and "onpaste" not in one for one in fields)
        assert "maxlength" not in "".join(fields)
    assert answer.status_code == 200
    assert all('action="/logout"' in page for page in pages[1:])


def test_a_password_that_is_given_anew_leaves_the_second_factor(house: House) -> None:
    accounts = house.store.accounts
    app = pyotp.TOTP(accounts.begin_second_factor("city"))
    house.clock.moment += timedelta(seconds=60)
    accounts.confirm_second_factor("city", app.at(house.clock()), ACTOR)
    accounts.set_password("city", "năm con trâu gốm", ACTOR)
    body = {"username": "city", "password": "năm con trâu gốm"}
    answer = house.browser().post("/api/v1/session", json=body)
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (401, "accounts.code-needed")


def test_the_proxy_speaks_tls_alone_and_says_itself_who_asks() -> None:
    assert re.search(r"ssl_protocols TLSv1\.2 TLSv1\.3;", NGINX)
    ciphers = re.search(r"ssl_ciphers ([^;]+);", NGINX)
    assert ciphers is not None
    assert all(name.startswith("ECDHE-") and ("GCM" in name or "POLY1305" in name) for name in ciphers[1].split(":"))
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme"):
        assert f"proxy_set_header {header};" in NGINX
    plain = NGINX.split("listen 80;")[1].split("\n}\n")[0]
    assert re.search(r"\^/\(api\|ogc\|metrics\)\(/\|\$\) { return 403; }", plain)  # no program is led on in silence
    assert all(word in NGINX for word in ("server_tokens off;", "limit_conn ", "location = /metrics { deny all; }"))
