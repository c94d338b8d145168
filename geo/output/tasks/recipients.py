"""Who gets notices: offices with an address for e-mail or a webhook, as the file of `DIABAN_NOTICES` lists them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from geo import settings
from geo.errors import InputError, Problem
from geo.files import read_bytes
from geo.i18n.language import DEFAULT, LANGS, Lang
from geo.reference.cities import city
from geo.visibility import Role, Viewer

When = Literal["digest", "at_once"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """An office: its `name`, of which `city` and `wards` (none: all) it gets notices, where, when, in which language.

    `digest`: once a day, all that is to be done; `at_once`: what is new, as soon as it is.
    """

    name: str
    city: str
    wards: tuple[str, ...] = ()
    email: str = ""
    webhook: str = ""
    when: When = "digest"
    lang: Lang = DEFAULT

    @property
    def channel(self) -> str:
        """How it is reached."""
        return "email" if self.email else "webhook"

    @property
    def logged_as(self) -> str:
        """What it is called in the record of notices: those of a further list are other notices."""
        key = city(self.city).list_key
        return f"{self.name} ({key})" if key else self.name

    @property
    def viewer(self) -> Viewer:
        """What it may see."""
        where = city(self.city)
        if self.wards:
            return Viewer(Role.WARD, frozenset(self.wards), frozenset((where.key,) if where.further_of else ()))
        return Viewer(Role.CITY, provinces=frozenset((where.key,)))


def recipients(path: Path | None = None) -> tuple[Recipient, ...]:
    """Those of a file, of `DIABAN_NOTICES` if none is given; none where that is not set.

    Raises
    ------
    DataFileMissingError, InputError
        The file is not there, is no TOML, or an entry can't be used.
    """
    file = path or settings.path("notices")
    if file is None:
        return ()
    try:
        rows = tomllib.loads(read_bytes(file).decode("utf-8")).get("recipients", [])
        found = tuple(_recipient(row) for row in rows)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise InputError(Problem("tasks.no-recipients", str(file), error=str(error))) from error
    problems = [
        Problem("tasks.recipient-entry", str(file), name=one.name or "?", keys=keys)
        for one in found
        if (keys := _wrong_keys(one))
    ]
    if problems:
        raise InputError(problems)
    return found


def _recipient(row: dict[str, Any]) -> Recipient:
    found = Recipient(**row | {"wards": tuple(row.get("wards", ()))})
    city(found.city)
    return found


def _wrong_keys(one: Recipient) -> list[str]:
    """The keys of an entry whose values can't be used."""
    reached_once = bool(one.email) != bool(one.webhook)
    is_usable = {
        "name": bool(one.name.strip()) and "|" not in one.name,
        "email": reached_once and "@" in (one.email or "@"),
        "webhook": reached_once and (not one.webhook or one.webhook.startswith(("http://", "https://"))),
        "when": one.when in ("digest", "at_once"),
        "lang": one.lang in LANGS,
    }
    return [key for key, usable in is_usable.items() if not usable]
