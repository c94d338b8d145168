"""The table of map kinds: every entry has its texts and draws what it needs."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from geo.i18n.language import LANGS, Lang
from geo.output import maps
from geo.output.maps.kinds import MAP_KINDS, Needs
from geo.situation import Situation


@pytest.mark.parametrize("name", MAP_KINDS)
@pytest.mark.parametrize("lang", LANGS)
def test_every_kind_has_its_texts(name: str, lang: Lang) -> None:
    kind = MAP_KINDS[name]
    for message in (kind.title, kind.about):
        assert message.text(lang) != message.code
    assert kind.title.text("vi") != kind.title.text("en")


@pytest.mark.parametrize("name", [name for name, kind in MAP_KINDS.items() if kind.needs is not Needs.TARGET])
def test_every_kind_draws_what_it_needs(name: str, hanoi: Situation) -> None:
    kind = MAP_KINDS[name]
    subjects = {
        Needs.SITE: "HN-I-7",
        Needs.WARD: str(hanoi.wards["code"].iloc[0]),
        Needs.BEFORE: replace(hanoi, day=date(2026, 1, 7)),
    }
    drawing = kind.draw(hanoi, subjects.get(kind.needs), lang="en")
    assert drawing.lang == "en"
    assert drawing.title.startswith(kind.title.text("en"))


def test_the_table_loads_no_map() -> None:
    code = (
        "import sys, geo.output.maps; print([m for m in ('folium', 'numpy', 'pandas', 'shapely') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_another_name_is_none_of_the_package() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = maps.nothing
