"""Every way out shows each viewer what the policy says, no more and no less: the same records, through all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from map_nonce import without_nonce
from office import (
    ACTOR,
    PLACE_B,
    SITE,
    SMALL,
    SMALL_PUBLISHED,
    TODAY,
    UNPUBLISHED,
    VIEWERS,
    WARD_A,
    WARD_B,
    Mark,
    Office,
    opened_office,
)
from thorough import these
from typer.testing import CliRunner
from ways_out import ADDRESSES, COMMANDS, INTERNAL, MAPS, PAPERS, Output, of_command, of_service, readable

from api.security.permissions import RULES
from geo.cli.app import application_for
from geo.output.dossier import Edition
from geo.output.dossier.documents.atlas_document import atlas_of
from geo.output.dossier.view import view
from geo.output.maps.kinds.risk import risk_drawing
from geo.records.entries import NewReport, NewReview
from geo.visibility import EVERYTHING, PUBLIC, Role, Viewer, visible

COSTLY = (*MAPS, *PAPERS)
AS_OTHERS = ("guest", "admin", "own-city")
WITHOUT_RECORDS = re.compile(
    r"/(health|ready|metrics|open|docs.*|openapi\.json|api/v1/session|api/v1/vocabulary|api/v1/programmes.*|login|login/provider.*|logout"
    r"|account|account/tokens|account/second-factor|admin/users|admin/audit|admin/offices|background/.*|tiles/map\.(?:js|css)|static/.*|favicon\.ico|upload/template.*"
    r"|coverage/template\.xlsx|ogc|ogc/conformance|ogc/api|ogc/collections|ogc/collections/{collection}/items/{item}"
    r"|ogc/collections/{x}/(?:queryables|schema)|api/v1/places.*|api/v1/units/former|units/former|base/{x}\.pmtiles|crossings"
    r"|registers/plans/{x}|registers/route|phone/.*)"
)
"""Routes that show no record and nothing that follows from one."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened_office(tmp_path_factory.mktemp("office")) as found:
        yield found


@pytest.fixture(scope="module")
def for_city(office: Office) -> dict[str, Output]:
    """What each address gives somebody who may see all, filled when it is needed.

    Of the atlas its texts: the file, with a map of every site, takes seconds for each reader.
    """
    return {"/atlas.docx": atlas(office, EVERYTHING, Edition())}


def atlas(office: Office, viewer: Viewer, edition: Edition) -> Output:
    """The texts of the atlas for a viewer."""
    document = atlas_of(view(visible(office.app.state.service.situation(), viewer), edition))
    return Output(readable(repr(document).encode()), INTERNAL if viewer is PUBLIC else frozenset())


def wanted(office: Office, whole: Output, shown: Output, viewer: Viewer) -> set[str]:
    """The marks that a way out must show: of those that it shows to the city, the ones that the viewer may see."""
    marks = {name: office.marks[name] for name in found(office, whole)}
    return {name for name, mark in marks.items() if mark.visible_to(viewer) and mark.kind not in shown.leaves_out}


def found(office: Office, shown: Output) -> frozenset[str]:
    return _found(shown.text, tuple(office.marks.items()))


@lru_cache(maxsize=16)  # what the city is shown is asked again for each viewer
def _found(text: str, marks: tuple[tuple[str, Mark], ...]) -> frozenset[str]:
    return frozenset(name for name, mark in marks if mark.is_in(text))


def asked() -> list[Any]:
    """Who asks for what: guest, admin and the own city are as nobody and the city; of tables they get one form, and
    nothing that is drawn."""
    others = [name for name in VIEWERS if name != "city"]
    once = {address for address in ADDRESSES if address.endswith(("f=geojson", "f=csv"))} | {*COSTLY}
    asked = [(a, w) for a in ADDRESSES for w in others if a not in once or w not in AS_OTHERS]
    # The longest: one ward stands for both.
    pairs = [pair for pair in asked if pair not in {("/atlas.docx", "ward-b"), ("/atlas.docx", "far-city")}]
    wards = {("ward-a", a) for a in ADDRESSES if a != "/atlas.docx"} | {
        ("ward-b", a) for a in ADDRESSES if a not in once
    }
    return these(pairs, [(a, w) for a, w in pairs if w == "nobody" or (w, a) in wards])


@pytest.mark.parametrize(("address", "who"), asked())
def test_an_address_shows_what_the_policy_says(
    office: Office, for_city: dict[str, Output], address: str, who: str
) -> None:
    if address not in for_city:
        for_city[address] = of_service(office, address, "city")
    shown = of_service(office, address, who)
    if not shown.text:
        assert not for_city[address].text or VIEWERS[who] != VIEWERS["admin"]
        return  # closed to them; that it is so by right is the matter of `tests/api/test_access.py`
    assert found(office, shown) == wanted(office, for_city[address], shown, VIEWERS[who])


@pytest.mark.parametrize(
    "address", [a for a in ADDRESSES if a not in COSTLY and not a.endswith(("f=geojson", "f=csv"))]
)
def test_a_city_is_shown_nothing_of_another_where_it_names_none(office: Office, address: str) -> None:
    """What names no city is of its own; so nothing need be shown there of the records of another."""
    marks = found(office, of_service(office, address, "far-city", named=False))
    assert all(office.marks[name].visible_to(VIEWERS["far-city"]) for name in marks)


def test_every_mark_leaves_by_some_way(office: Office, for_city: dict[str, Output]) -> None:
    asked_before = {address: for_city.get(address) for address in ADDRESSES if address not in COSTLY}
    shown = [found(office, whole or of_service(office, address, "city")) for address, whole in asked_before.items()]
    assert set().union(*shown) == set(office.marks)


def test_every_route_that_shows_records_is_among_the_ways_out() -> None:
    patterns = [re.sub(r"{\w+}", "[^/]+", path) for (method, path) in RULES if method == "GET"]
    walked = [address.partition("?")[0] for address in ADDRESSES]
    left = [p for p in patterns if not WITHOUT_RECORDS.fullmatch(p) and not any(re.fullmatch(p, w) for w in walked)]
    closed = [p for p in left if not WITHOUT_RECORDS.fullmatch(p.replace("[^/]+", "{x}"))]
    assert closed == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_shows_what_the_policy_says(office: Office, tmp_path: Path, name: str) -> None:
    whole = of_command(office, name, tmp_path, public=False)
    assert found(office, whole) == wanted(office, whole, whole, EVERYTHING)
    shown = of_command(office, name, tmp_path, public=True)
    assert found(office, shown) == wanted(office, whole, shown, PUBLIC)
    assert office.store.version() not in shown.text


def test_a_public_map_of_flags_outlines_and_shades_those_of_the_registers_alone(office: Office) -> None:
    situation = office.app.state.service.situation()
    drawing = risk_drawing(visible(situation, PUBLIC))
    layers = {layer.key: layer for layer in drawing.layers}
    assert len(layers["flags"].features) == sum(flag.rule == "exposure" for flag in office.flags)
    public = {code for flag in office.flags if flag.rule == "exposure" for code, _ in flag.wards}
    shaded = {f.id.removeprefix("wards-") for f in layers["wards"].features if f.style.name != "flag-none"}
    assert shaded == public
    notices = " ".join(drawing.notices)
    assert "không công bố" in notices
    assert "Không có cảnh báo nào đang mở" not in notices


def test_the_atlas_shows_what_the_policy_says(office: Office) -> None:
    inside, outside = atlas(office, EVERYTHING, Edition()), atlas(office, PUBLIC, Edition(audience="public"))
    assert "document of level" in found(office, inside)
    assert found(office, outside) == wanted(office, inside, outside, PUBLIC)


def test_a_command_publishes_no_period_before_its_time(office: Office) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIABAN_DATABASE_URL", office.url)
        command = ["coverage", "--period", "2026-H2", "--format", "csv", "--day", TODAY.isoformat()]
        assert "86753" in CliRunner().invoke(application_for(command), command).output
        refused = CliRunner().invoke(application_for(command), [*command, "--public"])
    assert refused.exit_code == 2
    assert "86753" not in refused.output


@pytest.mark.parametrize("who", ["nobody", "ward-a", "ward-b"])
def test_hidden_parts_are_named_and_never_none(office: Office, who: str) -> None:
    document = office.clients[who].get("/api/v1/situation").json()
    assert document["missing"] == []
    assert document["hidden"] == ["reports", "reviews", "assessments", "flags", "coverage"]
    assert office.clients["city"].get("/api/v1/situation").json()["hidden"] == []


def test_small_counts_are_suppressed_for_the_public_and_whole_for_its_ward(office: Office) -> None:
    def figure(who: str, ward: str) -> object:
        query = {"period": "2026-H1", "target": "3.1", "ward": ward}
        [row] = office.clients[who].get("/api/v1/coverage", params=query).json()["items"] or [{"value": None}]
        return row["value"]

    assert (figure("nobody", WARD_A), figure("guest", WARD_A)) == ("<5", "<5")
    assert (figure("ward-a", WARD_A), figure("city", WARD_A)) == (SMALL_PUBLISHED, SMALL_PUBLISHED)
    assert figure("ward-b", WARD_A) is None
    counts = {who: office.clients[who].get(f"/api/v1/wards/{WARD_A}").json()["reports"]["reports"] for who in VIEWERS}
    whole = dict.fromkeys(("ward-a", "own-city", "city", "admin"), SMALL)
    assert counts == whole | {"nobody": "<5", "guest": "<5", "far-city": "<5", "ward-b": None}


def test_what_the_public_cannot_see_changes_nothing_that_it_sees(office: Office, tmp_path: Path) -> None:
    """Not the text, not the data version, not the tag."""
    before = _public(office, tmp_path)
    office.clock.moment += timedelta(minutes=1)
    report = NewReport(day=TODAY, kind="other", channel="hotline", lon=PLACE_B[0], lat=PLACE_B[1], note="thêm")
    review = NewReview(
        day=date(2026, 8, 1), wards=(WARD_B,), sites=(SITE,), conclusion="quiet", document="77/BB", note="thêm"
    )
    for entry in (report, review):
        office.store.add(entry, ACTOR)
    assert _public(office, tmp_path) == before


def _public(office: Office, folder: Path) -> dict[str, object]:
    paths = [
        *(a for a in ADDRESSES if a.startswith("/api/v1") and a.endswith("json")),
        "/maps/risk",
        f"/dossiers/{SITE}.html",
    ]
    answers = {path: office.clients["nobody"].get(path.replace("FLAG", "none")) for path in paths}
    commands = {name: of_command(office, name, folder, public=True).text for name in ("risk.html", "risk.json")}
    found = {path: (without_nonce(answer.content), answer.headers.get("etag")) for path, answer in answers.items()}
    return found | commands


def test_the_roles_are_those_of_accounts() -> None:
    assert {Role(viewer.role) for viewer in VIEWERS.values()} == set(Role) - {Role.NOBODY}
    assert UNPUBLISHED > SMALL
