"""Plans that name no indicators: the programme before them goes on under theirs, in the years that none has yet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geo.records.model.programme_documents import DEFINITION, definition_of, programme_from, programme_of_content
from geo.reference.programmes import Programme

if TYPE_CHECKING:
    from pandas import DataFrame

Row = Mapping[Any, Any]


def with_carried(programmes: DataFrame, plans: DataFrame) -> DataFrame:
    """The versions of programmes, and one for each plan of years in which no version runs; oldest first.

    Parameters
    ----------
    programmes, plans
        All entries of the kinds `programme_version` and `city_plan`, as the store has them.
    """
    import pandas as pd

    made = list(_carried(programmes.to_dict("records"), plans.to_dict("records")))
    if not made:
        return programmes
    more = pd.DataFrame(made, columns=programmes.columns).astype({"day": programmes["day"].dtype})
    both = pd.concat([programmes.astype(object), more.astype(object)])
    return both.astype({"day": programmes["day"].dtype}).sort_values("day", kind="stable", ignore_index=True)


def _carried(programmes: Sequence[Row], plans: Sequence[Row]) -> Iterator[dict[Any, Any]]:
    running = [(row["city"], row["day"], programme) for row in programmes if (programme := _defined(row))]
    for plan in plans:
        own = [(day, programme) for city, day, programme in running if city == plan["city"]]
        years = [year for year in range(plan["first_year"], plan["last_year"] + 1) if not _runs(own, year)]
        before = [programme for day, programme in own if day <= plan["day"]]
        if not years or not before:
            continue
        definition = carried_on(before[-1], (years[0], years[-1]), plan)
        running.append((plan["city"], plan["day"], programme_from(definition)))
        content = json.dumps({DEFINITION: definition}, ensure_ascii=False)
        yield {**plan, "programme": definition["id"], "content": content}


def _defined(row: Row) -> Programme | None:
    return programme_of_content(row["content"])


def _runs(programmes: Sequence[tuple[Any, Programme]], year: int) -> bool:
    return any(programme.first_year <= year <= programme.last_year for _, programme in programmes)


def carried_on(before: Programme, years: tuple[int, int], plan: Row) -> dict[str, Any]:
    """The definition of a programme in further years by a plan that names no indicators: figures and days stay."""
    first, last = years
    title = plan["title"] or plan["document"]
    return definition_of(before) | {
        "id": f"{before.city}-{first}" if first == last else f"{before.city}-{first}-{last}",
        "title": title,
        "title_en": title,
        "document": plan["document"],
        "issued": plan["day"].date().isoformat(),
        "first_year": first,
        "last_year": last,
        "indicators_of": before.indicators_of or before.document,
    }
