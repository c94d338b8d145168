"""How far a city is with its programme, for whoever asks, as JSON-ready rows; what they may see: `geo.visibility`."""

from __future__ import annotations

from api.core.service import Service
from api.resources.feature_collections import Row, jsonable
from api.resources.visibility import published
from api.schemas.entry_bodies import EntryBody
from api.security.identity import Identity
from geo.analysis.coverage.attainment import Attainment, Result
from geo.errors import InputError, Problem
from geo.i18n.message import Message
from geo.importing.coverage.days import day_notes
from geo.importing.coverage_parts import unlike_parts_of
from geo.importing.coverage_wholes import above_wholes_of, half_notes_of
from geo.output.reports.new_sites import new_sites_dict
from geo.records.kinds.spec import NewEntry
from geo.reference.programmes import Period
from geo.situation import Situation
from geo.visibility.coverage import entered_coverage, own_coverage
from geo.visibility.report_counts import NOTE, SUPPRESSED


def coverage_for(service: Service, situation: Situation, identity: Identity, period: str | None) -> Attainment:
    """The state of the programme that whoever asks may see: of `period`, else of the year (public: the last published).

    A ward account gets the rows of its own wards and no totals; a city account of another city what is public.

    Raises
    ------
    InputError
        The period is none, is not in the programme, or is not published yet (public).
    """
    wanted, viewer = None if period is None else Period.parse(period), identity.viewer.in_city(situation.city)
    if not viewer.works:
        return published(service).coverage(situation, wanted)
    entered = entered_coverage(situation, service.store, wanted)
    return entered if viewer.sees_all else own_coverage(entered, viewer)


def ask_about_figure(service: Service, entry: NewEntry, body: EntryBody) -> None:
    """Refuse a figure that its halves, quarters or months contradict, unless what was sent says it is right.

    Raises
    ------
    InputError
        Each such figure, and how to confirm it; or a part is above its whole, one of which is recorded already.
    """
    above = above_wholes_of(service.store, entry)
    if above:
        raise InputError([each.problem.at("value") for each in above])
    unlike = () if body.confirms else unlike_parts_of(service.store, entry)
    codes = {True: "service.below-parts", False: "service.above-parts"}
    if unlike:
        raise InputError([Problem(codes[each.is_below], "value", **each.named) for each in unlike])


def figure_notes(service: Service, entry: NewEntry) -> tuple[Message, ...]:
    """What to say of an entry that was recorded: its day, and what it lacks; mostly nothing."""
    return (*day_notes(entry), *half_notes_of(service.store, entry))


def coverage_document(shown: Attainment) -> Row:
    """Programme, period, the day by which it was known, deadline, how many report, and the results by target.

    Rows by ward are apart. `indicators_of`: the plan whose indicators go on where the programme's own names none, else
    ''. `new_sites`: the places that answer the target that no new sites arise, null where the plan has none.
    `days_left` is null for the public once the deadline has passed.
    """
    return {
        "programme": shown.programme.id,
        "indicators_of": shown.programme.indicators_of,
        "period": str(shown.period),
        "as_of": shown.day.isoformat(),
        "audience": shown.audience,
        "deadline": shown.deadline.day.isoformat(),
        "days_left": shown.days_left if shown.audience != "public" or shown.days_left > 0 else None,
        "example": shown.example,
        "reporting": {"wards": shown.reporting.wards, "reporting": shown.reporting.reporting},
        "results": [_result(entry) for entry in shown.results],
        "new_sites": new_sites_dict(shown),
        "note": NOTE if shown.audience == "public" else "",
    }


def coverage_rows(shown: Attainment, target: str | None, level: str | None, ward: str | None) -> list[Row]:
    """The figures by target and ward, phase or city, as JSON-ready rows; suppressed ones are '<5'."""
    table = shown.table
    for column, wanted in (("target", target), ("level", level), ("code", ward)):
        if wanted is not None:
            table = table[table[column] == wanted]
    return [_figures(jsonable(record)) for record in table.to_dict("records")]  # type: ignore[arg-type]


def _figures(row: Row) -> Row:
    hidden = [name for name in ("value", "base") if row[name] is None] if row["suppressed"] else []
    return row | dict.fromkeys(hidden, SUPPRESSED)


def _result(entry: Result) -> Row:
    names = ("needed", "value", "base", "share", "distance", "state", "wards", "reporting", "zero", "missing")
    row: Row = {"target": entry.target.id, "indicator": entry.indicator.id, "unit": entry.target.unit}
    row |= {name: getattr(entry, name) for name in names} | {"suppressed": entry.suppressed}
    return row | ({"distance": None} if entry.suppressed else {})
