"""From facts to points: each matter that adds to a site's exposure, with its figures in two languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from geo.analysis.exposure.facts import SiteFacts, Ward
from geo.analysis.exposure.weights import ExposureRules
from geo.i18n.phrases import Phrase, listed, number, percent, unit

LEVEL_NAMES = {
    "complex": Phrase("phức tạp", "complex"),
    "active": Phrase("có hoạt động", "active"),
    "low": Phrase("ít hoạt động", "low activity"),
    "inactive": Phrase("không hoạt động", "inactive"),
}
"""The four levels in the plan's words."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One matter: its key in `[exposure]` of `data/risk.toml`, its points, and what is said of it.

    `full`: a clause with all figures; `brief`: one for a sentence that tells several matters.
    """

    rule: str
    points: float
    full: Phrase
    brief: Phrase

    @property
    def vi(self) -> str:
        """The whole clause in Vietnamese."""
        return self.full.vi

    @property
    def en(self) -> str:
        """The whole clause in English."""
        return self.full.en


def reasons(facts: SiteFacts, day: date, rules: ExposureRules, wards: Mapping[str, Ward]) -> tuple[Reason, ...]:
    """The matters that give a site points on a day, most points first.

    A quiet site has none, nor has one that is not handed over yet on the day. Points are rounded to one decimal each,
    so that a score is the sum of what is shown.
    """
    to_come = facts.handed_over is not None and day.year < facts.handed_over
    if to_come or rules.level.get(facts.level, 0.0) <= 0.0:
        return ()
    told = _Told(wards)
    found = [
        *_level(facts, rules),
        *_cover(facts, rules, told),
        *_duty(facts, rules, told),
        *_unnamed(facts, rules, told),
        *_handover(facts, day, rules),
    ]
    rounded = [replace(reason, points=round(reason.points, 1)) for reason in found]
    return tuple(sorted((r for r in rounded if r.points > 0), key=lambda r: -r.points))


def months_since_handover(facts: SiteFacts, day: date) -> int | None:
    """Whole months from the end of the year of the handover to the day; 0 within that year, None before it or unknown.

    The register holds only the year, so this is the least that it can have been.
    """
    if facts.handed_over is None or day.year < facts.handed_over:
        return None
    return max((day.year - facts.handed_over - 1) * 12 + day.month - 1, 0)


def recent_handover(facts: SiteFacts, day: date, rules: ExposureRules) -> bool:
    """Whether the handover can lie within the last months that the rule names."""
    months = months_since_handover(facts, day)
    return months is not None and months < rules.handover["months"]


@dataclass(frozen=True, slots=True)
class _Told:
    """Wards as clauses name them."""

    wards: Mapping[str, Ward]

    def one(self, code: str) -> Phrase:
        ward = self.wards.get(code)
        return unit(ward.kind, ward.name) if ward else Phrase(code, code)

    def many(self, codes: Sequence[str]) -> Phrase:
        return listed([self.one(code) for code in codes])

    def measured(self, codes: Sequence[str], metres: Mapping[str, float]) -> Phrase:
        return listed([_with_metres(self.one(code), metres.get(code, 0.0)) for code in codes])


def _with_metres(name: Phrase, metres: float) -> Phrase:
    if metres <= 0:
        return name
    figure = number(metres)
    return Phrase(f"{name.vi} ({figure.vi} m)", f"{name.en} ({figure.en} m)")


def _level(facts: SiteFacts, rules: ExposureRules) -> Iterator[Reason]:
    name = LEVEL_NAMES.get(facts.level, Phrase(facts.level, facts.level))
    said = Phrase(f"mức độ trong sổ là '{name.vi}'", f"its level in the register is '{name.en}'")
    yield Reason("level", rules.level[facts.level], said, said)


def _cover(facts: SiteFacts, rules: ExposureRules, told: _Told) -> Iterator[Reason]:
    if facts.outside:
        share, names = percent(facts.outside_share), told.many(facts.outside)
        where = told.measured(facts.outside, facts.metres)
        yield Reason(
            "outside",
            rules.outside["points"] * facts.outside_share,
            Phrase(
                f"{share.vi} nằm ngoài chương trình hỗ trợ: {where.vi}",
                f"{share.en} of it lies outside the support programme: {where.en}",
            ),
            Phrase(
                f"{share.vi} nằm ngoài chương trình hỗ trợ ({names.vi})",
                f"{share.en} of it lies outside the support programme ({names.en})",
            ),
        )
    if facts.adjoining_outside:
        some, count = len(facts.adjoining_outside), len(facts.adjoining)
        names = told.many(facts.adjoining_outside)
        said = Phrase(
            f"{some} trong {count} xã, phường liền kề nằm ngoài chương trình",
            f"{some} of {count} adjoining wards lie outside the programme",
        )
        full = Phrase(f"{said.vi}: {names.vi}", f"{said.en}: {names.en}")
        yield Reason("neighbours", rules.neighbours["points"] * some / count, full, said)


def _duty(facts: SiteFacts, rules: ExposureRules, told: _Told) -> Iterator[Reason]:
    codes = [code for code, _ in facts.wards]
    if len(codes) > 1:
        where = told.measured(codes, facts.metres)
        points = min(rules.split["points"] * (len(codes) - 1), rules.split["at_most"])
        said = Phrase(f"chia giữa {len(codes)} xã, phường", f"it is divided between {len(codes)} wards")
        yield Reason("split", points, Phrase(f"{said.vi}: {where.vi}", f"{said.en}: {where.en}"), said)
    if facts.border_m >= rules.border["least_m"]:
        names, figure = told.many(_sides(facts, rules)), number(facts.border_m)
        points = rules.border["points"] * min(1.0, facts.border_m / max(rules.border["full_m"], 1.0))
        full = Phrase(
            f"{figure.vi} m giáp ranh giữa {names.vi}", f"{figure.en} m of it run along the border between {names.en}"
        )
        brief = Phrase(f"{figure.vi} m giáp ranh", f"{figure.en} m of it run along ward borders")
        yield Reason("border", points, full, full if len(codes) == 1 else brief)


def _sides(facts: SiteFacts, rules: ExposureRules) -> list[str]:
    """The wards on either side of the border stretch (*giáp ranh*), the site's own first, longest first."""
    own = [code for code, metres, _ in sorted(facts.border, key=lambda b: -b[1]) if metres >= rules.border["least_m"]]
    own = own or [code for code, _, _ in facts.border][:1]
    others = dict.fromkeys(code for ward, _, beside in facts.border if ward in own for code in beside)
    crossed = {code for code, _ in facts.wards}
    return own + [code for code in others if code not in own and (len(crossed) == 1 or code in crossed)]


def _unnamed(facts: SiteFacts, rules: ExposureRules, told: _Told) -> Iterator[Reason]:
    points = rules.undeclared["points"]
    if facts.declared and facts.undeclared:
        where = told.measured(facts.undeclared, facts.metres)
        said = Phrase(f"kế hoạch không ghi {where.vi}", f"the plan does not name {where.en}")
        yield Reason("undeclared", points, said, said)
    elif facts.wards and not facts.declared:
        where = told.many([code for code, _ in facts.wards])
        said = Phrase(
            f"kế hoạch để trống nơi bàn giao, theo địa giới là {where.vi}",
            f"the plan leaves its ward blank, by the boundaries it is {where.en}",
        )
        yield Reason("undeclared", points, said, said)


def _handover(facts: SiteFacts, day: date, rules: ExposureRules) -> Iterator[Reason]:
    points, months = rules.handover.get(facts.level, 0.0), months_since_handover(facts, day)
    if points <= 0 or months is None or not recent_handover(facts, day, rules):
        return
    year, most = facts.handed_over, number(rules.handover["months"])
    if day.year == year:
        since = Phrase(f"bàn giao ngay trong năm {year}", f"handed over within {year}")
    else:
        ago = (
            Phrase(f"mới {months} tháng", f"{months} months ago")
            if months
            else Phrase("chưa đầy 1 tháng", "under a month ago")
        )
        since = Phrase(
            f"bàn giao năm {year}, {ago.vi} tính từ cuối năm đó (mốc {most.vi} tháng)",
            f"handed over in {year}, {ago.en} counted from the end of that year (the limit is {most.en})",
        )
    full = Phrase(f"{since.vi}, mức độ chưa về 'không hoạt động'", f"{since.en}, and not yet inactive")
    yield Reason("handover", points, full, Phrase(f"mới bàn giao năm {year}", f"it was handed over in {year}"))
