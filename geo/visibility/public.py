"""The situation as the public may see it: what leaves the house is made from this, so that nothing can slip through."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from geo.analysis.coverage import published as coverage_public
from geo.analysis.flags.flag import Flag

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.situation import Situation

_RULES = {
    "exposure": ("Bối cảnh địa bàn cần chú ý", "Exposure"),
    "reactivation": ("Dấu hiệu tái hoạt động", "Signs of reactivation"),
    "emergence": ("Dấu hiệu phát sinh mới", "Signs of emergence"),
    "near_repeat": ("Dấu hiệu lặp lại", "Signs of repetition"),
}
_ASSESSMENT = ("site_id", "level", "day", "document", "office")
_REVIEW = ("day", "wards", "sites", "conclusion", "next_day", "document")


def public(situation: Situation) -> Situation:
    """The same situation without reports, without notes and recorders, without any count from 1 to 4.

    Flags keep rule, level, site and wards; their texts, counts, windows and own geometries (which would show where
    reports lie) give way to the rule's name, the day and the shape of the site or of the wards. Coverage is that of
    `geo.analysis.coverage.published.public`. Asked of a public situation it returns an equal one.
    """
    return replace(
        situation,
        reports=None,
        assessments=_columns(situation.assessments, _ASSESSMENT),
        reviews=_columns(situation.reviews, _REVIEW),
        raised=situation.raised.then(lambda flags: None if flags is None else _flags(situation)),
        attained=situation.attained.then(lambda told: None if told is None else coverage_public.public(told)),
    )


def _columns(frame: DataFrame | None, names: tuple[str, ...]) -> DataFrame | None:
    """Only what was published with the document: neither notes nor who recorded it."""
    if frame is None:
        return None
    kept = frame[[name for name in names if name in frame.columns]]
    return kept.reset_index(drop=True)


def _flags(situation: Situation) -> tuple[Flag, ...]:
    # By what is left to tell: two clusters in one ward are one flag to the public.
    shown = {_key(flag): _flag(flag, situation) for flag in situation.flags or ()}
    return tuple(shown.values())


def _key(flag: Flag) -> tuple[str, str, str, tuple[str, ...]]:
    return flag.rule, flag.level, flag.site_id or "", tuple(sorted(code for code, _ in flag.wards))


def _flag(flag: Flag, situation: Situation) -> Flag:
    vi, en = _RULES.get(flag.rule, (flag.rule, flag.rule))
    codes = sorted(code for code, _ in flag.wards)
    sites, wards = situation.sites, situation.wards
    own = sites.loc[sites["site_id"] == flag.site_id].geometry if flag.site_id else wards.iloc[:0].geometry
    place = own if len(own) else wards.loc[wards["code"].isin(codes)].geometry
    return Flag(
        flag_id=f"{flag.rule}-{flag.site_id or '-'.join(codes)}-{flag.level}",
        rule=flag.rule,
        level=flag.level,
        site_id=flag.site_id,
        geometry=shapely.union_all(place.to_numpy()),
        wards=tuple((code, 1 / len(codes)) for code in codes),
        first_day=situation.day,
        last_day=situation.day,
        text_vi=f"{vi}.",
        text_en=f"{en}.",
        status=flag.status,
    )
