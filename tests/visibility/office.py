"""An office whose records carry marks: which mark an output holds shows which record, and which field of it, it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.core.settings import ApiSettings
from api.main import create_app
from geo.analysis.flags.flag import Flag
from geo.output.shared.theme import theme
from geo.records.accounts import Accounts, NewAccount
from geo.records.entries import (
    Actor,
    NewAssessment,
    NewCoverageEntry,
    NewFlagEvent,
    NewReport,
    NewReview,
    NewVerification,
)
from geo.records.kinds.measure import NewMeasure
from geo.records.kinds.observation import NewObservation
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store
from geo.visibility import Role, Viewer
from geo.visibility.policy import PRIVATE_FLAG_FIELDS, PUBLIC_FLAG_RULES, public_columns

TODAY = date(2026, 8, 10)
SITE, FAR_SITE = "HN-I-7", "HN-I-1"
WARD_A, WARD_B, WARD_C = "00664", "00643", "00640"
"""The wards that SITE crosses."""
PLACE_A, PLACE_B = (105.8113217, 20.9274831), (105.8072317, 20.9671932)
ACTOR = Actor("tests", "Sở Y tế", "cli")
PASSWORD = "bon mua xuan ha thu dong"
VIEWERS: dict[str, Viewer] = {
    "nobody": Viewer(Role.PUBLIC),
    "guest": Viewer(Role.PUBLIC),
    "ward-a": Viewer(Role.WARD, frozenset((WARD_A,))),
    "ward-b": Viewer(Role.WARD, frozenset((WARD_B,))),
    "own-city": Viewer(Role.CITY, provinces=frozenset(("01",))),
    "far-city": Viewer(Role.CITY, provinces=frozenset(("46",))),
    "city": Viewer(Role.CITY),
    "admin": Viewer(Role.ADMIN),
}
SMALL, SMALL_PUBLISHED, UNPUBLISHED = 3, 2, 86753
"""Figures of the programme: of a ward in a published period, and one that no period that is published holds."""


@dataclass(frozen=True)
class Mark:
    """What stands in one field of one record: any of `texts` (without blanks), about `wards`."""

    kind: str
    field: str
    wards: frozenset[str]
    texts: tuple[str, ...]

    def visible_to(self, viewer: Viewer) -> bool:
        """What the policy says."""
        if viewer.sees_all or viewer.own & self.wards:
            return True
        rule, _, field = self.field.rpartition(".")
        if self.kind == "flag":
            return rule in PUBLIC_FLAG_RULES and field not in PRIVATE_FLAG_FIELDS
        return self.field in public_columns(self.kind)

    def is_in(self, text: str) -> bool:
        return any(re.search(one, text) for one in self.texts)


class StandingClock:
    """A clock that stands until it is set; 10:00 in Việt Nam."""

    moment = datetime(2026, 1, 20, 3, tzinfo=UTC)

    def at(self, day: date) -> None:
        self.moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


@dataclass(frozen=True)
class Office:
    """A service with its records, a client for each viewer, and the marks that are in the records."""

    app: FastAPI
    store: Store
    clock: StandingClock
    url: str
    clients: dict[str, TestClient]
    marks: dict[str, Mark]
    flags: tuple[Flag, ...]

    @property
    def hidden_flag(self) -> Flag:
        """A flag that rests on reports, all of them in WARD_B."""
        return next(flag for flag in self.flags if flag.rule not in PUBLIC_FLAG_RULES)


@contextmanager
def opened_office(folder: Path) -> Iterator[Office]:
    """The office, its records in a SQLite file of a folder."""
    clock, url = StandingClock(), f"sqlite:///{folder}/records.sqlite"
    with open_store(url, registers=load_register_lookup(), now=clock) as store:
        quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
        store.__dict__["accounts"] = Accounts(store._engine, now=clock, registers=store.registers, hasher=quick)
        app = create_app(ApiSettings(secret="s" * 40, log_requests=False, routes_per_minute=10**6), store, clock)  # type: ignore[arg-type]
        marks = _recorded(store, clock)
        clock.at(TODAY)
        flags = app.state.service.situation().flags
        exposure = next(flag for flag in flags if flag.site_id == SITE and flag.rule == "exposure")
        store.add(NewFlagEvent(flag_id=exposure.event_id, event="acknowledged", day=TODAY, note="MARK-XN"), ACTOR)
        flags = app.state.service.situation().flags
        clients = {name: _client(app, store, name, viewer) for name, viewer in VIEWERS.items()}
        office = Office(app, store, clock, url, clients, marks | _flag_marks(flags), flags)
        yield office
        for client in clients.values():
            client.__exit__()


def _client(app: FastAPI, store: Store, name: str, viewer: Viewer) -> TestClient:
    headers = {"Origin": "http://testserver"}
    if name != "nobody":
        role = Role(viewer.role).name.lower()
        bound = {"wards": tuple(viewer.wards), "provinces": tuple(viewer.provinces)}
        new = NewAccount(username=name, password=PASSWORD, role=role, office="Sở Y tế", **bound)
        store.accounts.add(new, ACTOR)
        headers["Authorization"] = f"Bearer {store.accounts.add_token(name, 'tests', ACTOR)}"
    client = TestClient(app, raise_server_exceptions=False, headers=headers, follow_redirects=False)
    return client.__enter__()


def _recorded(store: Store, clock: StandingClock) -> dict[str, Mark]:
    """Record what has marks, and say what they are."""
    clock.at(date(2026, 6, 20))
    store.add_reports([_report(date(2026, 5, 4), PLACE_A, "MARK-RA")] * SMALL, ACTOR, source="small")
    clock.at(date(2026, 7, 20))
    for ward, value in ((WARD_A, SMALL_PUBLISHED), (WARD_B, 40), (WARD_C, SMALL)):
        store.add(_figure(ward, "3.1", "2026-H1", value), ACTOR)
    clock.at(TODAY - timedelta(days=1))
    # A crowd of the last days is a flag where somewhere else, for longer, there was less.
    recent = [_report(TODAY - timedelta(days=1 + i), _north(0.00045 * (i % 5)), "MARK-RB") for i in range(14)]
    before = [
        _report(TODAY - timedelta(days=30 + 20 * i), _north(-0.007 + 0.001 * (i % 4)), "MARK-RB") for i in range(12)
    ]
    store.add_reports([*recent, *before], ACTOR, source="recent")
    store.add(NewVerification(report_id=1, outcome="confirmed", day=date(2026, 8, 9), note="MARK-VA"), ACTOR)
    for wards, name in (((WARD_A,), "A"), ((WARD_B,), "B"), ((WARD_A, WARD_B), "AB")):
        store.add(_review(wards, f"MARK-WD{name}/", f"MARK-WN{name}."), ACTOR)
    office = {"day": date(2024, 1, 2), "office": "Sở Y tế"}
    store.add(NewObservation(place=WARD_B, document="MARK-OB/BC", **office), ACTOR)  # type: ignore[arg-type]
    store.add(NewMeasure(site_id=FAR_SITE, document="MARK-MB/BC", **office), ACTOR)  # type: ignore[arg-type]
    store.add(_level(SITE, "MARK-LDS/", "MARK-LNS"), ACTOR)
    store.add(_level(FAR_SITE, "MARK-LDT/", "MARK-LNT"), ACTOR)
    store.add(_figure(WARD_B, "3.1", "2026-H2", UNPUBLISHED), ACTOR)
    store.add(_figure(WARD_A, "3.1", "2026-H2", 11), ACTOR)  # so that no total is the figure of B
    here, far = frozenset((WARD_A, WARD_B, WARD_C)), frozenset(("09832", "09817", "09784", "00613"))
    a, b = frozenset((WARD_A,)), frozenset((WARD_B,))
    return {
        "report in A": Mark("report", "note", a, ("MARK-RA",)),
        "report in B": Mark("report", "note", b, ("MARK-RB",)),
        "point in A": Mark("report", "lon", a, ("105[.,]811321",)),
        "point in B": Mark("report", "lon", b, ("105[.,]807231",)),
        "verification in A": Mark("verification", "note", a, ("MARK-VA",)),
        "document of review of A": Mark("review", "document", a, ("MARK-WDA/",)),
        "document of review of B": Mark("review", "document", b, ("MARK-WDB/",)),
        "document of review of both": Mark("review", "document", a | b, ("MARK-WDAB/",)),
        "note of review of A": Mark("review", "note", a, (r"MARK-WNA\.",)),
        "note of review of B": Mark("review", "note", b, (r"MARK-WNB\.",)),
        "note of review of both": Mark("review", "note", a | b, (r"MARK-WNAB\.",)),
        "document of level": Mark("assessment", "document", here, ("MARK-LDS/",)),
        "note of level": Mark("assessment", "note", here, ("MARK-LNS",)),
        "document of far level": Mark("assessment", "document", far, ("MARK-LDT/",)),
        "note of far level": Mark("assessment", "note", far, ("MARK-LNT",)),
        "document of observation of B": Mark("observation", "document", b, ("MARK-OB/",)),
        "document of far measure": Mark("measure", "document", far, ("MARK-MB/",)),
        "figure of B": Mark("coverage_entry", "value", b, (r"(?<!\d)86[.,]?7[59]3(?!\d)",)),
    }


def _flag_marks(flags: tuple[Flag, ...]) -> dict[str, Mark]:
    hidden = next(flag for flag in flags if flag.rule not in PUBLIC_FLAG_RULES)
    shown = next(flag for flag in flags if flag.site_id == SITE and flag.rule == "exposure")
    wards = frozenset(code for code, _ in hidden.wards)
    text = tuple(re.escape(_unspaced(text)) for text in (hidden.text_vi, hidden.text_en))
    # Every map carries the words for all rules, under their keys.
    label = f'(?<!"rule_{hidden.rule}":")' + re.escape(_unspaced(theme().text(f"rule_{hidden.rule}").vi))
    rule = (label, f'"{hidden.rule}"', re.escape(hidden.flag_id))
    answering = frozenset(code for code, _ in shown.wards)
    public = tuple(re.escape(_unspaced(text)) for text in (shown.text_vi, shown.text_en))
    return {
        "text of flag in B": Mark("flag", f"{hidden.rule}.text", wards, text),
        "flag in B": Mark("flag", f"{hidden.rule}.rule", wards, rule),
        "text of flag of registers": Mark("flag", "exposure.text", answering, public),
        "note of flag of registers": Mark("flag", "exposure.note", answering, ("MARK-XN",)),
    }


def _unspaced(text: str) -> str:
    return re.sub(r"\s", "", text)


def _report(day: date, place: tuple[float, float], note: str) -> NewReport:
    return NewReport(day=day, kind="other", channel="hotline", lon=place[0], lat=place[1], note=note)


def _north(degrees: float) -> tuple[float, float]:
    """A place north of PLACE_B, in the same ward."""
    return PLACE_B[0], PLACE_B[1] + degrees


def _review(wards: tuple[str, ...], document: str, note: str) -> NewReview:
    return NewReview(
        day=date(2026, 6, 1), wards=wards, sites=(SITE,), conclusion="watch", document=f"{document}BB", note=note
    )


def _level(site: str, document: str, note: str) -> NewAssessment:
    return NewAssessment(
        site_id=site, level="active", day=date(2026, 4, 1), document=f"{document}BC", office="Sở Y tế", note=note
    )


def _figure(ward: str, indicator: str, period: str, value: float) -> NewCoverageEntry:
    return NewCoverageEntry(
        ward_code=ward, programme="hanoi-2026", indicator=indicator, period=period, value=value,
        day=date(2026, 7, 1), document="9/BC", office="Sở Y tế",
    )  # fmt: skip
