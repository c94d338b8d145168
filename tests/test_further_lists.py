"""Two lists over the wards of one province, in one database and one service: nothing of the one is seen in the other."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fresh_records import fresh_records
from further_list import FLOOD, SITE, WARD, add_flood_list
from sqlalchemy import create_engine, event, select
from typer.testing import CliRunner

from geo import settings
from geo.cli.app import application
from geo.cli.base.list_in_view import chosen_list
from geo.errors import InputError
from geo.records.backup.create import backup
from geo.records.backup.restore import restore
from geo.records.database.chain_check import check_chain
from geo.records.database.lists import of_list, read_by_list
from geo.records.entries import Actor, NewCoverageEntry, NewFlagEvent, NewReport, NewReview, NewVerification
from geo.records.kinds.measure import NewMeasure
from geo.records.kinds.observation import NewObservation
from geo.records.kinds.registers.site_event import NewSiteEvent
from geo.records.kinds.registry import kind, kinds
from geo.records.model.errors import UnknownRowError
from geo.records.model.register_lookup import load_register_lookup
from geo.records.model.tables import Base
from geo.records.open import seed_plan
from geo.records.publishing import draft_of, drafts, new_draft, publish, save_draft
from geo.records.store import Store, open_store
from geo.reference.cities import cities, city, in_list
from geo.situation import at
from geo.situation.flag_recorder import record_flags
from geo.visibility import PUBLIC, Role, Viewer, visible

ACTOR = Actor("ba-dinh", "UBND phường Ba Đình", "cli")
NOW = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)
DAY = date(2026, 6, 1)
HERE = {"lon": 105.8364, "lat": 21.0360}


@pytest.fixture
def flood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second list beside the sites of Hà Nội."""
    monkeypatch.setenv("DIABAN_CITIES_DIR", str(tmp_path / "cities"))
    (tmp_path / "files").mkdir()
    add_flood_list(tmp_path / "files")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of empty records, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return fresh_records(tmp_path)
    made: Callable[[], str] = request.getfixturevalue("migrated_postgres")
    return made()


@pytest.fixture
def store(flood: None, url: str) -> Iterator[Store]:
    """Records of both lists, with what their plans say."""
    with open_store(url, registers=load_register_lookup(), now=lambda: NOW) as opened:
        seed_plan(opened)
        yield opened


def fill(store: Store, slug: str, kind: str, channel: str, site: str) -> int:
    """One record of each kind that offices write, in one list; the number of the report."""
    own, programme = store.of(slug), at(DAY, city=slug, store=store).programme
    target = next(each for each in programme.targets if each.level == "ward")
    said = {"document": "1/BC", "office": ACTOR.office}
    number = own.add(NewReport(day=DAY, kind=kind, channel=channel, **HERE), ACTOR).id
    own.add(NewVerification(report_id=number, outcome="confirmed", day=DAY, document="1/BC"), ACTOR)
    own.add(NewReview(day=DAY, wards=(WARD,), sites=(site,), conclusion="quiet", document="1/BC"), ACTOR)
    own.add(NewMeasure(site_id=site, day=DAY, **said), ACTOR)
    own.add(NewObservation(place=WARD, day=date(2026, 1, 1), **said), ACTOR)
    entered = {"ward_code": WARD, "programme": programme.id, "indicator": target.entry_ids[0], "period": "2026"}
    own.add(NewCoverageEntry(**entered, value=1, day=DAY, **said), ACTOR)
    own.add(NewFlagEvent(flag_id=f"exposure:{site}:x", event="acknowledged", day=DAY), ACTOR)
    return number


def test_each_list_has_its_own_records_of_every_kind(store: Store) -> None:
    numbers = fill(store, "hanoi", "other", "hotline", "HN-I-1"), fill(store, FLOOD, "flood_water", "flood_call", SITE)
    assert numbers == (1, 2), "numbers are those of the database"
    main, other = store, store.of(FLOOD)
    for spec in kinds():
        mine, theirs = (set(one.history(spec.name)["id"]) for one in (main, other))
        assert not mine & theirs, spec.name
        assert set(main.history(spec.name)["list_key"].dropna()) == set(), spec.name
        assert set(other.history(spec.name)["list_key"]) <= {FLOOD}, spec.name
    for slug in ("hanoi", FLOOD):
        found = at(DAY, city=slug, store=store)
        assert found.reports is not None
        assert len(found.reports) == 1
        assert found.reviews is not None
        assert len(found.reviews) == 1
        assert found.measures is not None
        assert len(found.measures) == 1
        assert found.coverage is not None
        assert found.coverage.programme.id == found.programme.id
    assert at(DAY, city="hanoi", store=store).wards["phase"].value_counts()["pilot"] == 42
    assert at(DAY, city=FLOOD, store=store).wards["phase"].value_counts()["flood_pumped"] == 2


def test_a_record_is_not_known_in_the_other_list(store: Store) -> None:
    number = fill(store, FLOOD, "flood_water", "flood_call", SITE)
    with pytest.raises(UnknownRowError):
        store.withdraw("report", number, ACTOR, reason="ghi nhầm")
    with pytest.raises(UnknownRowError):
        store.add(NewVerification(report_id=number, outcome="confirmed", day=DAY, document="2/BC"), ACTOR)
    with pytest.raises(InputError, match="no site has the id"):
        store.add(NewReport(day=DAY, kind="other", channel="hotline", site_id=SITE), ACTOR)
    with pytest.raises(InputError, match="no site has the id"):
        store.of(FLOOD).add(NewReport(day=DAY, kind="other", channel="hotline", site_id="HN-I-1"), ACTOR)
    store.of(FLOOD).withdraw("report", number, ACTOR, reason="ghi nhầm")


def test_drafts_flags_retention_and_seeds_are_of_one_list(store: Store) -> None:
    for slug, said, channel, site in (
        ("hanoi", "other", "hotline", "HN-I-1"), (FLOOD, "flood_water", "flood_call", SITE),
    ):  # fmt: skip
        fill(store, slug, said, channel, site)
    other = store.of(FLOOD)
    assert store.disclosure_seed != other.disclosure_seed
    event = NewSiteEvent(site_id=SITE, event="cleared", day=date(2026, 6, 5), document="5/QĐ", office=ACTOR.office)
    draft = new_draft(other, FLOOD, "Đưa ra", [event], day=date(2026, 6, 5), document="5/QĐ", office=ACTOR.office)
    number = save_draft(other, draft, ACTOR).id
    assert [one.number for one in drafts(other)] == [number]
    assert drafts(store) == []
    with pytest.raises(UnknownRowError):
        draft_of(store, number)
    with pytest.raises(InputError, match="is none of this list"):
        save_draft(store, draft, ACTOR)
    publish(other, number, ACTOR)
    assert SITE not in set(at(date(2026, 6, 6), city=FLOOD, store=store).sites["site_id"])
    assert len(at(date(2026, 6, 6), city="hanoi", store=store).sites) == 7 + 5
    before = len(store.flag_events())
    record_flags(store, FLOOD, DAY, ACTOR)
    assert len(store.flag_events()) == before
    old = NewReport(day=date(2024, 2, 1), kind="flood_water", channel="flood_call", **HERE)
    other.add(old, ACTOR)
    store.add(NewReport(day=date(2024, 2, 1), kind="other", channel="hotline", **HERE), ACTOR)
    assert store.purge(date(2025, 1, 1), ACTOR) == 2
    assert store.summaries()["kind"].tolist() == ["other"]
    assert other.summaries()["kind"].tolist() == ["flood_water"]
    with store.transaction() as write:
        state = check_chain(write.connection)
    assert state is not None
    assert not state.faults


def test_a_backup_holds_both_lists(store: Store, tmp_path: Path) -> None:
    fill(store, "hanoi", "other", "hotline", "HN-I-1")
    fill(store, FLOOD, "flood_water", "flood_call", SITE)
    address = store.url.render_as_string(hide_password=False)
    backup(tmp_path / "both.backup", address)
    restore(tmp_path / "both.backup", f"sqlite:///{tmp_path / 'again.sqlite'}")
    with open_store(f"sqlite:///{tmp_path / 'again.sqlite'}", registers=load_register_lookup()) as again:
        for slug in ("hanoi", FLOOD):
            for spec in kinds():
                one, two = (each.of(slug).history(spec.name) for each in (store, again))
                assert one.to_csv() == two.to_csv(), spec.name


VIEWERS = {
    "admin": (Viewer(Role.ADMIN), True, True),
    "city of one": (Viewer(Role.CITY, provinces=frozenset(("01",))), True, False),
    "city of the other": (Viewer(Role.CITY, provinces=frozenset((FLOOD,))), False, True),
    "city of both": (Viewer(Role.CITY, provinces=frozenset(("01", FLOOD))), True, True),
    "ward": (Viewer(Role.WARD, frozenset((WARD,))), True, False),
    "ward of the other": (Viewer(Role.WARD, frozenset((WARD,)), frozenset((FLOOD,))), False, True),
    "ward of both": (Viewer(Role.WARD, frozenset((WARD,)), frozenset(("01", FLOOD))), True, True),
    "public": (PUBLIC, False, False),
}


@pytest.mark.parametrize("name", VIEWERS)
def test_who_sees_which_list(store: Store, name: str) -> None:
    viewer, *seen = VIEWERS[name]
    fill(store, "hanoi", "other", "hotline", "HN-I-1")
    fill(store, FLOOD, "flood_water", "flood_call", SITE)
    for slug, sees in zip(("hanoi", FLOOD), seen, strict=True):
        shown = visible(at(DAY, city=slug, store=store), viewer)
        for frame in (shown.reports, shown.reviews):
            assert (0 if frame is None else len(frame)) == sees, (slug, frame)


def test_rights_in_a_list_that_was_removed_are_none_in_the_citys(flood: None) -> None:
    gone = frozenset(("hanoi-trees",))
    assert Viewer(Role.WARD, frozenset((WARD,)), gone).of_list("") == PUBLIC
    assert Viewer(Role.CITY, provinces=gone).of_list("") == PUBLIC
    assert Viewer(Role.CITY, provinces=gone | {"01"}).of_list("").provinces == {"01"}


def test_the_cities_in_view_are_those_of_one_list(flood: None) -> None:
    assert [one.slug for one in cities()] == ["hanoi", "hue"]
    assert (city("01").slug, city(FLOOD).key, city("hanoi").key) == ("hanoi", FLOOD, "01")
    with in_list(FLOOD):
        assert [one.slug for one in cities()] == [FLOOD]
        assert (city("01").slug, city("hanoi").slug) == (FLOOD, "hanoi")


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ({"city": FLOOD}, FLOOD), ({"site": SITE}, FLOOD), ({"sites": [SITE.lower()]}, FLOOD), ({}, ""),
        ({"city": "hanoi", "site": SITE}, ""), ({"site": "HN-I-1", "document": "HNF-5/BC"}, ""),
        ({"site": "HN-I-1", "note": "HNF-D-1 gần đó"}, ""),
    ],
)  # fmt: skip
def test_the_list_of_a_command_is_that_of_its_city_else_of_its_site(
    flood: None, given: Mapping[str, object], chosen: str
) -> None:
    assert chosen_list(given) == chosen


def run(*words: str) -> str:
    result = CliRunner().invoke(application(), words)
    assert result.exit_code == 0, f"{words}\n{result.output}"
    return result.output


# What an output asks of the records last is read after they were closed, over a connection that ends with it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("chosen", ["", FLOOD])
def test_both_lists_go_from_file_to_dossier(
    flood: None, url: str, chosen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIABAN_DATABASE_URL", url)
    monkeypatch.setenv("DIABAN_OFFICE", ACTOR.office)
    if chosen:
        monkeypatch.setenv("DIABAN_CITY", chosen)
    for site, slug, said, channel in (
        ("HN-I-1", "hanoi", "other", "hotline"), (SITE, FLOOD, "flood_water", "flood_call"),
    ):  # fmt: skip
        with monkeypatch.context() as own:
            own.setenv("DIABAN_CITY", slug)
            run("report", "add", "--kind", said, "--channel", channel, "--site", site, "--day", "2026-05-20")
        run("dossier", site, "--day", "2026-06-01", "--city", slug, "--formats", "html,pdf", "-o", f"of-{slug}")
        run("map", "overview", "--day", "2026-06-01", "--city", slug, "-o", f"{slug}.html")
        run("coverage", "report", "--period", "2026", "--city", slug, "--day", "2026-06-01", "-o", f"{slug}.docx")
    texts = {slug: Path(f"{slug}.html").read_text("utf-8") for slug in ("hanoi", FLOOD)}
    assert "HNF-" not in texts["hanoi"]
    assert "HN-I-" not in texts[FLOOD]
    assert "Đường Hoa Sen" in texts[FLOOD]
    gc.collect()  # here, where the warning is expected


def test_a_list_without_a_place_begins_with_its_wards(flood: None, url: str) -> None:
    (settings.cities_dir() / FLOOD / "sites.geojson").unlink()
    with open_store(url, registers=load_register_lookup(), now=lambda: NOW) as store:
        seed_plan(store)
        found = at(DAY, city=FLOOD, store=store)
        assert (len(found.sites), found.flags) == (0, ())
        assert found.wards["phase"].value_counts()["flood_pumped"] == 2
        assert len(at(DAY, city="hanoi", store=store).sites) > 5


def test_a_query_of_several_tables_is_of_one_list() -> None:
    report, verification = kind("report").table, kind("verification").table
    joined = select(report.c.id).join(verification, verification.c.report_id == report.c.id)
    engine = create_engine("sqlite://")
    read_by_list(engine)
    read: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: read.append(call[2]))
    Base.metadata.create_all(engine)
    read.clear()
    with engine.connect() as connection:
        own = connection.execution_options(**of_list("hanoi-flood"))
        own.execute(joined)
        own.execute(select(report.c.id).where(select(verification.c.id).exists()))
        with pytest.raises(NotImplementedError):
            own.execute(joined.outerjoin(kind("assessment").table, report.c.id == kind("assessment").table.c.id))
    assert all(each.count("list_key = ?") == 2 for each in read), read
    assert len(read) == 2
