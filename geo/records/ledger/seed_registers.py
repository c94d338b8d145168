"""The first plans: the files of the data set as records, once, at the first start.

A file that changes later changes nothing that is recorded: it is a proposal, which somebody may bring in as a draft.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.registers.programme_version import NewProgrammeVersion
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.spec import NewEntry
from geo.records.ledger.seed_from_plan import issue_day, plan_documents
from geo.records.model.programme_documents import DEFINITION, definition_of

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.records.model.vocabulary import Term
    from geo.reference.programmes import Indicator, Programme


def first_versions(sites: GeoDataFrame) -> list[NewSiteVersion]:
    """The first version of each site of a register, from the day of issue of its document.

    `sites` is the frame of `load_sites`. A site whose document the vocabulary does not know has none.
    """
    rows = sites.drop(columns="geometry").to_dict("records")
    found = zip(rows, sites.geometry, plan_documents(sites["document"]), strict=True)
    return [_version(row, shape, term) for row, shape, term in found if term is not None]


def first_plans(programmes: Iterable[Programme]) -> list[NewEntry]:
    """Each programme of the data set as a plan, with its indicators and reporting days."""
    found: list[NewEntry] = []
    for programme in programmes:
        common: dict[str, Any] = {"day": programme.issued, "city": programme.city, "office": programme.issuer}
        number = programme.document.removeprefix("Kế hoạch").strip()
        found.append(
            NewPlan(
                **common,
                number=number,
                title=programme.title,
                first_year=programme.first_year,
                last_year=programme.last_year,
                document=programme.document,
            )
        )
        content = json.dumps(_content(programme), ensure_ascii=False)
        found.append(
            NewProgrammeVersion(**common, programme=programme.id, content=content, document=programme.document)
        )
    return found


def _version(row: Mapping[Any, Any], shape: Any, term: Term) -> NewSiteVersion:
    import pandas as pd
    import shapely

    return NewSiteVersion(
        site_id=row["site_id"],
        day=issue_day(term),
        name=row["name"],
        group=str(row["group"]),
        level=str(row["level"]),
        handed_over=None if pd.isna(row["handed_over"]) else int(row["handed_over"]),
        start=row["from"],
        finish=row["to"],
        declared_wards=tuple(row["declared_wards"]),
        declared_text=row["declared_text"],
        geometry=shapely.to_geojson(shape),
        geometry_source=row["geometry_source"],
        accuracy_m=float(row["accuracy_m"]),
        corridor_m=float(row["corridor_m"]),
        plan=term.id,
        document=row["document"],
        office=term.office,
        note=row["note"],
    )


def _content(programme: Programme) -> dict[str, Any]:
    return {
        "indicators": [_indicator(indicator) for indicator in programme.indicators],
        "deadlines": [entry.day.isoformat() for entry in programme.deadlines],
        DEFINITION: definition_of(programme),
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    figures = [{"target": t.figure, "unit": t.unit, "rule": t.rule} for t in indicator.targets]
    texts = {"number": indicator.id, "text": indicator.text, "lead": indicator.lead, "support": indicator.support}
    return texts | {"targets": figures}
