"""What records name by a code, in words: wards, sites, programmes, indicators, periods, alerts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from api.resources.city_finding import city_of_site
from api.web.base.page_context import PageContext, ward_names
from geo.analysis.flags.identity import cell_of, matter, site_of
from geo.errors import DiabanError
from geo.output.reports.wording import own_text
from geo.output.shared.theme import rule_label, theme
from geo.records.programmes import programme_named
from geo.reference.programmes import Indicator, Period, Programme
from geo.reference.sites import site_number

Record = Mapping[Any, Any]


def in_words(context: PageContext, name: str, value: Any, record: Record) -> str | None:
    """The words for a value of a record that is a code; None where it is none."""
    found = _WORDS.get(name)
    if found is None:
        return None
    return "; ".join(found(context, str(one), record) for one in ((value,) if isinstance(value, str) else value))


def site_named(context: PageContext, site_id: str) -> str:
    """Number and name of a site of any city, by the registers of today; its id where they have none."""
    slug = city_of_site(site_id)
    sites = None if slug is None else context.service.registers(slug).sites.set_index("site_id")["name"]
    return f"{site_number(site_id)} · {sites[site_id]}" if sites is not None and site_id in sites else site_id


def flag_named(context: PageContext, flag_id: str) -> str:
    """An alert by its rule, its level and its site."""
    name, level = matter(flag_id)
    rule = context.words.pick(rule_label(name.split(":", maxsplit=1)[0], context.situation().programme))
    site = site_of(name)
    grade = context.words.pick(theme().areas[f"flag-{level}"].label) if level else ""
    place = site_named(context, site) if site else context.words.text("alerts.off_site") if cell_of(name) else ""
    return " · ".join(part for part in (grade, rule, place) if part)


def _ward(_: PageContext, code: str, __: Record) -> str:
    return next((name for _, name in ward_names((code,))), code)


def _place(context: PageContext, place: str, record: Record) -> str:
    return _ward(context, place, record) if place.isdecimal() else site_named(context, place)


def _programme(context: PageContext, name: str, _: Record) -> str:
    found = _programme_of(context, name)
    return name if found is None else own_text(context.words, found, "title")


def _indicator(context: PageContext, id: str, record: Record) -> str:
    programme = _programme_of(context, str(record.get("programme", "")))
    known: dict[str, Indicator] = {} if programme is None else {one.id: one for one in programme.indicators}
    text = own_text(context.words, known[id], "text") if id in known else ""
    return f"{id} · {text}" if text else id


def _programme_of(context: PageContext, name: str) -> Programme | None:
    with suppress(DiabanError):
        return programme_named(name, context.service.today, context.service.store)
    return None


def _period(context: PageContext, text: str, _: Record) -> str:
    with suppress(DiabanError):
        return own_text(context.words, Period.parse(text), "label")
    return text


_WORDS: Mapping[str, Callable[[PageContext, str, Record], str]] = {
    "ward_code": _ward,
    "wards": _ward,
    "site_id": lambda context, site, _: site_named(context, site),
    "sites": lambda context, site, _: site_named(context, site),
    "place": _place,
    "programme": _programme,
    "indicator": _indicator,
    "period": _period,
    "flag_id": lambda context, flag, _: flag_named(context, flag),
}
