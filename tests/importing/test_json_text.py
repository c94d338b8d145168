"""What JSON parsers pass over in silence is refused, and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.importing.geometries import read_sites
from geo.importing.geometries.formats.json_text import documents

LINE = '{"type":"LineString","coordinates":[[105.84,21.01],[105.845,21.015]]}'
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(VALUES)
def test_a_document_without_a_member_twice_is_read(value: object) -> None:
    assert documents(json.dumps(value, ensure_ascii=False).encode(), "a.json") == [value]


@pytest.mark.parametrize(
    "text",
    [
        f'{{"type":"Feature","properties":{{}},"geometry":{LINE},"geometry":null}}',
        '{"type":"LineString","coordinates":[],"coordinates":[[105.84,21.01],[105.845,21.015]]}',
        f'{{"type":"FeatureCollection","features":[{{"a":1,"a":2,"geometry":{LINE}}}]}}',
    ],
)
def test_a_member_twice_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        documents(text.encode(), "a.json")
    assert [problem.code for problem in caught.value.problems] == ["importing.repeated-member"]


@pytest.mark.parametrize(("ids", "said"), [(("a", "a"), ["importing.ids-not-used"]), (("a", "b"), [])])
def test_ids_that_are_not_used_are_said(ids: tuple[str, str], said: list[str]) -> None:
    rows = (f'{{"type":"Feature","id":"{one}","properties":{{}},"geometry":{LINE}}}' for one in ids)
    found = read_sites(f'{{"type":"FeatureCollection","features":[{",".join(rows)}]}}'.encode(), name="a.geojson")
    assert [note.code for note in found.notes if note.code.startswith("importing.ids")] == said
    assert list(found.frame["site_id"]) == (["1", "2"] if said else ["a", "b"])
