"""The files of plans: stored in the draft that came of them, found by their hash."""

from __future__ import annotations

import base64
import binascii
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from geo.cache import Cache
from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.records.drafting.content import FILE
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.spec import NewEntry
from geo.records.ledger import write_transaction as ledger
from geo.records.model.errors import UnknownRowError
from geo.records.store import Store
from geo.records.validation.entry_checks import text_faults

MAX_BYTES = 5_000_000
"""Most bytes of the file of a plan; encoded it is a third more, and a draft holds eight million characters."""
_MAX_NAME = 150
_DIGEST = re.compile(r'"digest": ?"(sha256:[0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class PlanFile:
    """The file of a plan: its `name`, and its bytes."""

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        """Its hash, as a plan refers to it."""
        return f"sha256:{hashlib.sha256(self.data).hexdigest()}"


def item_of(file: PlanFile) -> dict[str, Any]:
    """A file as the content of a draft holds it; `InputError` where it is too large."""
    if len(file.data) > MAX_BYTES:
        raise InputError(Problem("importing.too-large", file.name, megabytes=MAX_BYTES // 1_000_000))
    packed = base64.b64encode(gzip.compress(file.data, mtime=0)).decode()
    return {"kind": FILE, "entry": {"name": file.name[:_MAX_NAME], "digest": file.digest, "data": packed}}


def refuse_other(file: PlanFile, entries: tuple[NewEntry, ...]) -> None:
    """Refuse a file that is none of the plans of a draft, or whose name seems to be about a person: `InputError`."""
    ledger.refuse(text_faults("file", file.name, _MAX_NAME))
    digests = {entry.file_digest for entry in entries if isinstance(entry, NewPlan)}
    if file.digest not in digests:
        raise InputError(Problem("records.other-file", file.name))


def plan_file(store: Store, digest: str) -> PlanFile:
    """The file with a hash, out of the draft that holds it; `UnknownRowError` where there is none."""
    for row, digests in _digests_by_row(store).items():
        found = _file(_content(store, row), digest) if digest in digests else None
        if found is not None:
            return found
    raise UnknownRowError(Message("records.kind.plan_file"), digest)


def is_hidden(store: Store, digest: str) -> bool:
    """Whether the file is that of a plan that was taken back because it names a person."""
    rows = store.rows("withdrawal", ("kind", "row", "names_person"))
    named = [row for name, row, yes in rows if yes and name == "city_plan"]
    return any(digest in set(store.history("city_plan", id=row)["file_digest"]) for row in named)


def cities_of_file(store: Store, digest: str) -> frozenset[str]:
    """The cities (slugs) whose drafts hold the file with a hash."""
    cities = dict(store.rows("register_draft", ("id", "city")))
    return frozenset(cities[row] for row, digests in _digests_by_row(store).items() if digest in digests)


def stored_digests(store: Store) -> frozenset[str]:
    """The hashes of all files that are stored."""
    return frozenset(digest for digests in _digests_by_row(store).values() for digest in digests)


def _digests_by_row(store: Store) -> dict[int, tuple[str, ...]]:
    """Row of a draft → the hashes of the files in it. Rows never change, so each is looked through once."""
    rows = [row for (row,) in store.rows("register_draft", ("id",))]
    return {row: _seen.get((store.opened_as, row), partial(_digests, store, row)) for row in rows}


def _digests(store: Store, row: int) -> tuple[str, ...]:
    # Not as JSON: what stands beside a hash is the file. Within a text the marks would be escaped.
    return tuple(_DIGEST.findall(_content(store, row)))


def _content(store: Store, row: int) -> str:
    return str(store.history("register_draft", id=row)["content"].iloc[0])


def _file(content: str, digest: str) -> PlanFile | None:
    for item in _items(content):
        if item["entry"]["digest"] == digest:
            try:
                return PlanFile(item["entry"]["name"], gzip.decompress(base64.b64decode(item["entry"]["data"])))
            except (binascii.Error, OSError):
                return None
    return None


def _items(content: str) -> list[dict[str, Any]]:
    return [item for item in json.loads(content) if item["kind"] == FILE]


_seen: Cache[tuple[int, int], tuple[str, ...]] = Cache(10_000)
