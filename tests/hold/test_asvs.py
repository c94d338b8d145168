"""What OWASP ASVS 5.0 asks for and no other test looks at: docs/asvs.md names these."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from hold_house import ACTOR, PASSWORD, House, StandingClock, served
from starlette.websockets import WebSocketDisconnect

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
