"""`diaban user set`: another role, other wards, another office."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from geo.cli.app import application
from geo.records.store import open_store

PASSWORD = "mot mat khau dai 2026"


@pytest.fixture(autouse=True)
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIABAN_DATABASE_URL", f"sqlite:///{tmp_path}/records.sqlite")
    for name, role in (("so-y-te", ["--role", "admin"]), ("yen-hoa", ["--ward", "Yên Hòa"])):
        done = run("add", name, "--office", "UBND phường", *role, typed=f"{PASSWORD}\n")
        assert done.exit_code == 0, done.output


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(application(["user"]), ["user", *arguments], input=typed)


def account(name: str) -> tuple[str, tuple[str, ...], str]:
    with open_store() as store:
        found = store.accounts.get(name)
        return found.role, tuple(found.wards), found.office


def test_what_is_named_changes_and_the_rest_stays() -> None:
    assert run("set", "yen-hoa", "--ward", "Yên Hòa", "--ward", "00004").exit_code == 0
    assert account("yen-hoa") == ("ward", ("00175", "00004"), "UBND phường")
    assert run("set", "yen-hoa", "--office", "UBND phường Yên Hòa").exit_code == 0
    assert account("yen-hoa") == ("ward", ("00175", "00004"), "UBND phường Yên Hòa")
    done = run("set", "yen-hoa", "--role", "city", "--lang", "vi")
    assert account("yen-hoa") == ("city", (), "UBND phường Yên Hòa")
    assert "vai trò cấp thành phố" in done.stderr
    with open_store() as store:
        lines = store.audit(action="account.rights")
    assert lines["subject"].tolist() == ["yen-hoa"] * 3
    assert set(lines["who"]) == {"diaban"}


def test_the_account_of_a_city_is_bound_to_cities_and_let_go() -> None:
    def provinces() -> tuple[str, ...]:
        with open_store() as store:
            return store.accounts.get("hue").provinces

    made = run("add", "hue", "--office", "Sở Y tế", "--role", "city", "--city", "hue", typed=f"{PASSWORD}\n")
    assert (made.exit_code, provinces()) == (0, ("46",)), made.output
    assert "46" in run("list").output
    assert run("set", "hue", "--office", "Sở Y tế thành phố Huế").exit_code == 0
    assert provinces() == ("46",)
    assert run("set", "hue", "--city", "hue", "--city", "01").exit_code == 0
    assert provinces() == ("46", "01")
    assert run("set", "hue", "--city", "all").exit_code == 0
    assert provinces() == ()


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["yen-hoa", "--city", "hue"], "do not fit the role"),
        (["so-y-te", "--role", "city", "--city", "atlantis"], "atlantis"),
        (["yen-hoa"], "nothing to change is named"),
        (["yen-hoa", "--role", "ward", "--ward", "Nơi Nào"], "is not known"),
        (["yen-hoa", "--role", "boss"], "choose one of: public, ward, city, admin"),
        (["so-y-te", "--role", "ward"], "role"),
        (["so-y-te", "--role", "city"], "is the only open account of an administrator"),
        (["nobody-here", "--role", "city"], "nobody-here"),
    ],
)
def test_what_can_not_be_changed_is_refused(arguments: list[str], what: str) -> None:
    refused = run("set", *arguments)
    assert refused.exit_code == 2
    assert what in " ".join(refused.stderr.split())
    assert account("so-y-te")[0] == "admin"


def test_one_administrator_may_go_when_another_is_open() -> None:
    assert run("set", "yen-hoa", "--role", "admin").exit_code == 0
    assert run("disable", "yen-hoa").exit_code == 0
    assert run("set", "so-y-te", "--role", "city").exit_code == 2
    assert run("enable", "yen-hoa").exit_code == 0
    assert run("set", "so-y-te", "--role", "city").exit_code == 0
    assert account("so-y-te") == ("city", (), "UBND phường")
