"""What the public is shown where something is hidden, or was known on another day: that it is so, and by which day."""

from __future__ import annotations

from io import BytesIO

from coverage_house import Visitor, client, coverage_app, coverage_store, rows
from docx import Document
from web_house import BA_DINH, HOAI_DUC

__all__ = ["client", "coverage_app", "coverage_store"]  # fixtures

AS_OF = "30/07/2026"
"""The half-year is published as it was known on this day."""
SUPPRESSED = "3.1"
"""The target of which Ba Đình entered 3."""


def test_a_hidden_figure_of_a_ward_says_so_and_by_which_day_it_is_public(client: Visitor) -> None:
    page = client().get(f"/wards/{BA_DINH}").text
    duty = next(cells for heading, cells in rows(page).items() if heading.startswith(f"{SUPPRESSED} "))
    assert duty[1:] == ["không công bố", "không công bố"]
    assert AS_OF in page
    own = client("ba-dinh").get(f"/wards/{BA_DINH}").text
    assert next(cells for heading, cells in rows(own).items() if heading.startswith(f"{SUPPRESSED} "))[1] == "3"


def test_no_page_map_or_paper_says_late_to_the_public(client: Visitor) -> None:
    """On 10 August the half-year was due long ago; whose report is late is between the offices."""
    query = "period=2026-H1"
    for path in (
        "/coverage",
        f"/coverage?{query}",
        f"/wards/{HOAI_DUC}",
        "/maps/coverage",
        f"/maps/coverage/3.1?{query}",
    ):
        shown = client().get(path).text
        assert "quá hạn" not in shown, path
        assert "đã quá" not in shown, path
        assert AS_OF in shown, path
    paper = client().get(f"/coverage/report.docx?{query}").content
    said = " ".join(paragraph.text for paragraph in Document(BytesIO(paper)).paragraphs)
    assert "quá hạn" not in said
    assert AS_OF in said
    assert "quá hạn" in client("city").get(f"/coverage?{query}").text


def test_the_api_says_by_which_day_its_public_figures_were_known(client: Visitor) -> None:
    found = client().get("/api/v1/coverage?period=2026-H1").json()
    assert (found["as_of"], found["days_left"]) == ("2026-07-30", None)
    assert client("city").get("/api/v1/coverage?period=2026-H1").json()["days_left"] < 0
    reports = client().get(f"/api/v1/wards/{BA_DINH}").json()["reports"]
    assert reports["as_of"] > reports["to"]
