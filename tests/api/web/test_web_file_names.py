"""What is taken from the pages bears its day and its edition in its name; the atlas is among it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from web_house import HOAI_DUC

SignIn = Callable[[str | None], TestClient]
FILES = (
    "/coverage/report.csv?period=2026-H1",
    "/coverage/deadlines.ics",
    "/dossiers/HN-I-1.kml",
)
INTERNAL = (
    f"/minutes/{HOAI_DUC}.docx", f"/minutes/{HOAI_DUC}.odt", "/dashboard/months.csv", "/dashboard/coverage.svg",
    "/upload/template.xlsx", "/upload/template.csv", "/coverage/template.xlsx?period=2026-H1", "/tasks.ics",
)  # fmt: skip
NAMED = re.compile(r'attachment; filename="[\w-]+_\d{4}-\d\d-\d\d_(noi-bo|cong-khai)\.\w+"')


def edition(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    found = NAMED.fullmatch(answer.headers["content-disposition"])
    assert found, answer.headers["content-disposition"]
    return found[1]


@pytest.mark.parametrize("path", FILES)
def test_a_public_file_says_that_it_is_public(visitor: SignIn, path: str) -> None:
    assert edition(visitor(None), path) == "cong-khai"


@pytest.mark.parametrize("path", INTERNAL)
def test_an_internal_file_says_that_it_is_internal(visitor: SignIn, path: str) -> None:
    assert edition(visitor("city"), path) == "noi-bo"


@pytest.mark.parametrize(
    ("path", "what"),
    [(f"/minutes/{HOAI_DUC}.docx", f"bien-ban-{HOAI_DUC}"), ("/tasks.ics", "viec-can-lam-hanoi")],
)
def test_a_file_says_what_it_is_in_the_language_of_who_takes_it(visitor: SignIn, path: str, what: str) -> None:
    said = visitor("city").get(path).headers["content-disposition"]
    assert f'filename="{what}_' in said
    assert what not in visitor("city").get(path, params={"lang": "en"}).headers["content-disposition"]


def test_the_atlas_is_linked_and_made_for_whoever_asks(visitor: SignIn) -> None:
    page = visitor(None).get("/").text
    assert "/atlas.pdf" in page
    assert "/atlas" not in visitor(None).get("/?city=hue").text  # no list of sites, no atlas
    # The public edition is made and named in `tests/visibility/test_ways_out.py`.
    answer = visitor("city").get("/atlas.pdf")
    assert answer.content.startswith(b"%PDF")
    assert NAMED.fullmatch(answer.headers["content-disposition"])


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/maps/overview", "overview-hanoi_2026-08-10"),
        ("/maps/overview?frame=1&city=hue", "overview-hue_2026-08-10"),
        ("/maps/site/HN-I-1?day=2026-08-01", "site-HN-I-1_2026-08-01"),
        ("/maps/coverage/1?period=2026-H1", "coverage-hanoi-1-2026-H1_2026-08-10"),
    ],
)
def test_a_map_that_is_saved_as_a_picture_bears_its_day_and_edition(visitor: SignIn, path: str, name: str) -> None:
    assert f'data-file="{name}_cong-khai.png"' in visitor(None).get(path).text
    assert f'data-file="{name}_noi-bo.png"' in visitor("city").get(path).text
    source = Path(__file__).parents[3] / "frontend" / "src" / "map" / "png.js"
    assert "document.body.dataset.file" in source.read_text("utf-8")
