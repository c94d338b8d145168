"""The Vietnamese words that an official reads: one word for one thing, in catalogues, theme and vocabulary alike."""

from __future__ import annotations

import re

import pytest

from geo.i18n.catalogue import domains, texts
from geo.output.shared.theme import theme
from geo.records.model.vocabulary import vocabulary

GONE = re.compile(
    r"(?<!\w)(?:[Cc]ờ|[Đđ]ọc thử|[Gg]iai đoạn|thí điểm|[Ss]ổ đăng ký|[Nn]ạp|[Đđ]ộ bao phủ|phường, xã)(?!\w)"
)
"""Words that others have taken the place of: cảnh báo, kiểm tra tệp, nhóm triển khai, duy trì, danh mục, nhập,
mức độ nhập số liệu, xã, phường."""


def words() -> dict[str, str]:
    """Every Vietnamese text by its key."""
    found = {key: text for domain in domains() for key, text in texts("vi", domain).items()}
    look = theme()
    styles = {**look.areas, **look.lines, **look.points}
    return (
        found
        | {f"theme.{key}": label.vi for key, label in look.texts.items()}
        | {f"style.{key}": style.label.vi for key, style in styles.items()}
    )


def test_a_word_that_was_replaced_is_nowhere() -> None:
    assert {key: text for key, text in words().items() if GONE.search(text)} == {}


@pytest.mark.parametrize("phase", ["pilot", "expansion", "none"])
def test_a_phase_has_one_name(phase: str) -> None:
    names = {
        vocabulary().groups["phase"][phase].vi,
        theme().areas[phase].label.vi,
        texts("vi", "reports")[f"reports.phase_{phase}"],
    }
    assert len(names) == 1


@pytest.mark.parametrize(
    "key", ["pages.field.site", "field.site", "records.field.site_id", "reports.head_site", "dossier.head_site"]
)
def test_a_site_has_one_name(key: str) -> None:
    found = words()
    assert found.get(key, "Địa điểm") == "Địa điểm"


def test_a_score_is_not_a_site() -> None:
    assert theme().texts["score"].vi == theme().texts["points"].vi == "Điểm số"
    assert texts("vi", "pages")["flag.score"].startswith("điểm số")
