"""A new kind of record takes one file (`toy_kind.py`): all else follows from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from record_samples import ACTOR, Clock
from toy_kind import TOY, NewDarkLamps
from typer.testing import CliRunner, Result

from api.core.settings import ApiSettings
from api.main import create_app
from api.schemas.openapi import document
from api.security.permissions import RULES
from geo.cli.records.records import record_app
from geo.errors import InputError
from geo.records.accounts import Accounts, NewAccount
from geo.records.kinds.fields import Concerned
from geo.records.kinds.registry import kind, kinds, metadata, registered
from geo.records.model.errors import ConflictError, PrivacyError
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store

TODAY = date(2026, 8, 10)
BA_DINH, HOAI_DUC = "00004", "09832"
BODY = {"ward_code": BA_DINH, "street": "Láng", "lamps": 2, "channel": "hotline", "day": "2026-08-01", "note": "tối"}


def lamps(count: int = 2, **changes: object) -> NewDarkLamps:
    values: dict[str, object] = {"ward_code": BA_DINH, "street": "Láng", "channel": "hotline", "day": TODAY}
    return NewDarkLamps(**values | {"lamps": count} | changes)  # type: ignore[arg-type]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'records.sqlite'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store that knows the toy kind, with its table; nothing of it is left afterwards."""
    clock = Clock(datetime(2026, 8, 10, 3, tzinfo=UTC))
    rules = dict(RULES)
    with registered(TOY), open_store(url, registers=load_register_lookup(), now=clock) as opened:
        TOY.table.create(opened._engine)
        yield opened
    RULES.clear()
    RULES.update(rules)


def test_the_store_writes_corrects_withdraws_and_lists_it(store: Store) -> None:
    first = store.add(lamps(), ACTOR)
    better = store.add(lamps(3), ACTOR, corrects=first.id)
    gone = store.add(lamps(9), ACTOR)
    store.withdraw("dark_lamps", gone.id, ACTOR, reason="trùng")
    found = store.entries("dark_lamps", TODAY)
    assert found[["id", "ward_code", "lamps"]].to_numpy().tolist() == [[better.id, BA_DINH, 3]]
    assert store.entries("dark_lamps", date(2026, 8, 9)).empty
    assert store.entries("dark_lamps", TODAY, known_at=first.recorded_at)["lamps"].tolist() == [2]
    assert len(store.history("dark_lamps")) == 4
    actions = ["dark_lamps.withdraw", "dark_lamps.add", "dark_lamps.correct", "dark_lamps.add"]
    assert store.audit()["action"].tolist() == actions
    with pytest.raises(ConflictError, match=f"dark lamps {first.id} was corrected before, by {better.id}"):
        store.add(lamps(), ACTOR, corrects=first.id)


def test_its_fields_are_checked(store: Store) -> None:
    with pytest.raises(InputError) as caught:
        store.add(lamps(0, ward_code="99999", channel="gossip", street=" ", day=date(2030, 1, 1)), ACTOR)
    assert {problem.where for problem in caught.value.problems} == {"ward_code", "street", "lamps", "channel", "day"}
    with pytest.raises(PrivacyError):
        store.add(lamps(electrician="anh Minh"), ACTOR)


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    """The service over the store, with an account for each role; passwords hashed at the least cost."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
    store.__dict__["accounts"] = Accounts(store._engine, now=store._now, registers=store.registers, hasher=quick)
    for name, role, wards in (("ba-dinh", "ward", (BA_DINH,)), ("hoai-duc", "ward", (HOAI_DUC,)), ("city", "city", ())):
        new = NewAccount(username=name, password="bon mua xuan ha thu dong", role=role, office="Cơ quan", wards=wards)
        store.accounts.add(new, ACTOR)
    settings = ApiSettings(secret="a secret of the tests, long enough to be taken", log_requests=False)  # type: ignore[arg-type]
    with TestClient(create_app(settings, store, store._now), raise_server_exceptions=False) as opened:
        yield opened


def headers(store: Store, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {store.accounts.add_token(name, 'tests', ACTOR)}"}


def test_the_service_writes_corrects_withdraws_and_lists_it(store: Store, client: TestClient) -> None:
    own, other, path = headers(store, "ba-dinh"), headers(store, "hoai-duc"), "/api/v1/dark-lamps"
    assert client.post(path, json=BODY).status_code == 401
    assert client.post(path, json=BODY, headers=other).status_code == 403
    first = client.post(path, json=BODY, headers=own)
    assert first.status_code == 201, first.text
    number = first.json()["id"]
    assert client.post(path, json=BODY | {"corrects": number}, headers=other).status_code == 403
    better = client.post(path, json=BODY | {"corrects": number, "lamps": 5}, headers=own).json()["id"]
    assert client.post(path, json=BODY | {"corrects": number}, headers=own).status_code == 409
    assert client.post(path, json=BODY | {"name": "x"}, headers=own).status_code == 422
    assert client.post(path, json=BODY | {"lamps": "5"}, headers=own).status_code == 422
    assert client.post(path, json=BODY | {"ward_code": "99999"}, headers=headers(store, "city")).status_code == 422

    [row] = client.get(path, headers=own).json()["items"]
    assert (row["id"], row["lamps"], row["day"], row["note"]) == (better, 5, "2026-08-01", "tối")
    [seen] = client.get(path).json()["items"]
    assert {"note", "electrician"}.isdisjoint(seen)
    assert client.get(f"{path}?day=2026-07-31").json()["total"] == 0
    assert client.get(f"{path}?f=csv").content.decode("utf-8-sig").splitlines()[0].startswith("id,ward_code,street")

    withdrawal = f"{path}/{better}/withdrawal"
    assert client.post(withdrawal, json={"reason": "nhầm"}, headers=other).status_code == 403
    assert client.post(withdrawal, json={"reason": "nhầm"}, headers=own).status_code == 201
    assert client.get(path).json()["items"] == []


def test_the_service_describes_it(client: TestClient) -> None:
    described = document(client.app)  # type: ignore[arg-type]
    body = described["components"]["schemas"]["DarkLampsBody"]
    assert body["properties"]["ward_code"]["pattern"] == "^[0-9]{5}$"
    assert "hotline" in body["properties"]["channel"]["enum"]
    assert body["example"] == dict(TOY.example)
    post = described["paths"]["/api/v1/dark-lamps"]["post"]
    assert post["responses"]["201"]["links"]["withdrawal"]["parameters"]["kind"] == "dark-lamps"
    assert "own wards only" in post["description"]


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(record_app, list(arguments))
    assert result.exit_code == code, result.output
    return result


def test_the_command_line_writes_corrects_withdraws_and_lists_it(
    store: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_URL", url)
    monkeypatch.setenv("DIABAN_OFFICE", "UBND phường Ba Đình")
    monkeypatch.setenv("COLUMNS", "200")
    add = ["--ward", "ba đình", "--street", "Láng", "--channel", "hotline", "--day", "2026-08-01"]
    day = "1 August 2026"
    assert f"dark lamps of {day}: {BA_DINH}, Hotline  #1" in run("dark-lamps", "add", *add, "--lamps", "2").output
    run("dark-lamps", "correct", "1", *add, "--lamps", "4")
    assert run("dark-lamps", "correct", "1", *add, "--lamps", "4", code=2).stderr.count("was corrected before") == 1
    assert "number of 0 or more" in run("dark-lamps", "add", *add, "--lamps", "0", code=2).stderr
    [row] = json.loads(run("dark-lamps", "list", "--format", "json").output)
    assert (row["id"], row["lamps"], row["day"]) == (2, 4, "2026-08-01")
    table = run("dark-lamps", "list", "--lang", "vi").output
    assert "Số đèn" in table
    assert "01/08/2026" in table
    assert "dark lamps 2 is withdrawn" in run("dark-lamps", "withdraw", "2", "--reason", "trùng").output
    assert json.loads(run("dark-lamps", "list", "--format", "json").output) == []
    assert "dark-lamps" in run("--help").output
    assert "--lamps" in run("dark-lamps", "add", "--help").output


def test_its_spec_says_what_a_policy_asks(store: Store) -> None:
    assert TOY.public_fields == ("ward_code", "street", "lamps", "channel", "day")
    assert kind("dark_lamps") is TOY
    record = TOY.values(lamps())
    assert TOY.concerns(record, None) == Concerned(frozenset({BA_DINH}))  # type: ignore[arg-type]


def test_nothing_of_it_is_left() -> None:
    assert "dark_lamps" not in metadata().tables
    assert "dark_lamps" not in [spec.name for spec in kinds()]
    assert ("GET", "/api/v1/dark-lamps") not in RULES
