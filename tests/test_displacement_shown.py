"""A site that was dealt with, whose reports moved to the next streets: as the situation, the page and the dossier say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient

from api.core.settings import ApiSettings
from api.main import create_app
from geo.output.dossier import Edition
from geo.output.dossier.documents.displacement_section import displacement_section
from geo.output.dossier.view import view
from geo.records.accounts import NewAccount
from geo.records.entries import Actor, NewReport
from geo.records.kinds.measure import NewMeasure
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import open_store
from geo.reference.crs import to_metric, to_wgs84
from geo.situation import at
from geo.situation.displacement import displacement_of
from geo.visibility import EVERYTHING, PUBLIC, visible

DAY, SINCE, SITE = date(2026, 6, 30), date(2026, 3, 1), "HN-I-5"
ACTOR = Actor("test", "Sở Y tế", "test")


def _entries():
    """24 on the route in the two years before, none after; in the ring 8 before and 16 after; 300 elsewhere."""
    rng, route = np.random.default_rng(4), at(DAY).sites.set_index("site_id").geometry[SITE]
    line = to_metric(np.array([route], dtype=object), "01")[0]
    off = shapely.offset_curve(line, 250.0)
    before = [SINCE - timedelta(days=int(d)) for d in np.linspace(5, 700, 332)]
    after = [SINCE + timedelta(days=int(d)) for d in np.linspace(1, 115, 66)]
    ring = [off.interpolate(x, normalized=True) for x in np.linspace(0.05, 0.95, 24)]
    on = [line.interpolate(x, normalized=True) for x in np.linspace(0.05, 0.95, 24)]
    placed = [
        *zip(on, before[::14], strict=False),
        *zip(ring[:8], before[5::42], strict=False),
        *zip(ring[8:], after[::4], strict=False),
    ]
    lonlat = shapely.get_coordinates(to_wgs84(np.array([p for p, _ in placed], dtype=object), "01"))
    far = np.column_stack([rng.uniform(105.60, 105.68, 350), rng.uniform(21.0, 21.06, 350)])
    days = [*(day for _, day in placed), *before[:300], *after[:50]]
    for (lon, lat), day in zip(np.vstack([lonlat, far]).tolist(), days, strict=True):
        yield NewReport(day=day, kind="public_space", channel="hotline", lon=lon, lat=lat, verified=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('dealt') / 'records.sqlite'}"
    clock = datetime(2026, 6, 30, 3, tzinfo=UTC)
    with open_store(url, registers=load_register_lookup(), now=lambda: clock) as opened:
        opened.add_reports(list(_entries()), ACTOR, source="made up")
        opened.add(NewMeasure(site_id=SITE, day=SINCE, document="12/BC-UBND", office="Sở Y tế"), ACTOR)
        yield opened


def test_ring_against_control_with_the_quotient(store):
    (dealt,) = displacement_of(at(DAY, store=store), SITE)
    assert dealt.since == SINCE
    assert dealt.found.after[0] == 0
    assert dealt.found.before[0] >= 20
    assert dealt.found.observed >= 12 > 2 * dealt.found.expected
    assert dealt.found.wdq < 0
    assert displacement_of(at(DAY, store=store), "HN-I-1") == ()


def test_who_may_not_see_all_reports_sees_nothing_of_it(store):
    assert displacement_of(visible(at(DAY, store=store), PUBLIC), SITE) is None


def test_the_dossier_has_its_table_and_the_public_one_none(store):
    whole = visible(at(DAY, store=store), EVERYTHING)
    section = displacement_section(view(whole, Edition()).site(SITE))
    assert section is not None
    assert [row[0] for row in section.blocks[1].rows] == ["Địa điểm", "Vành đai", "Đối chứng"]
    assert "Chỉ số dịch chuyển có trọng số: -" in section.blocks[2].text.replace("\N{MINUS SIGN}", "-")


def test_the_page_of_the_site_shows_it_to_the_city_alone(store):
    app = create_app(
        ApiSettings(secret="s" * 40, log_requests=False), store, lambda: datetime(2026, 6, 30, 3, tzinfo=UTC)
    )
    store.accounts.add(
        NewAccount(username="city-office", password="một câu rất dài 73", role="city", office="Sở Y tế"), ACTOR
    )
    token = store.accounts.add_token("city-office", "tests", ACTOR)
    with TestClient(app) as client:
        city = client.get(f"/sites/{SITE}", headers={"Authorization": f"Bearer {token}"}).text
        assert 'id="displacement"' in city
        assert "Vành đai" in city
        assert 'id="displacement"' not in client.get(f"/sites/{SITE}").text
