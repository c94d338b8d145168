"""A list of rows as JSON, GeoJSON or CSV, a page at a time, with links to the pages before and after."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

import numpy as np
import orjson
from numpy.typing import NDArray

from api.core.responses import CSV, GEOJSON, JSON, Answer, made
from api.resources.dependencies import Form, Page, RequestContext, base_of
from api.resources.feature_collections import Collection, Row, feature_bytes, geometry_bytes
from geo.output.shared.crossing_rows import inert
from geo.output.shared.tables import with_bom
from geo.situation import Situation


def listed(
    context: RequestContext, found: Collection, mask: NDArray[np.bool_], page: Page, situation: Situation
) -> Answer:
    """The rows of a collection that a mask picks, one page of them."""
    chosen = np.flatnonzero(mask)
    shown = chosen[page.offset : page.offset + page.limit]
    links = page_links(context, page, int(chosen.size))
    if context.form is Form.GEOJSON:
        head = orjson.dumps({"numberMatched": int(chosen.size), "numberReturned": int(shown.size), "links": links})
        body = feature_bytes(found, shown, geometry_bytes(found))
        text = b'{"type":"FeatureCollection",%b,"features":[\n%b\n]}\n' % (head[1:-1], body)
        return made(text, GEOJSON, link_header(links))
    rows = [found.rows[row] for row in shown.tolist()]
    return tabled(context, rows, int(chosen.size), page, about(situation))


def tabled(context: RequestContext, rows: Sequence[Row], total: int, page: Page, facts: Row) -> Answer:
    """One page of rows that have no geometry; `total` is how many there are on all pages."""
    links = page_links(context, page, total)
    if context.form is Form.CSV:
        return made(to_csv(rows), CSV, link_header(links))
    document = {"total": total, "limit": page.limit, "offset": page.offset, **facts, "links": links, "items": rows}
    return made(orjson.dumps(document) + b"\n", JSON, link_header(links))


def about(situation: Situation) -> Row:
    """What an answer says of the situation that it follows from."""
    return {"city": situation.city, "day": situation.day.isoformat()}


def page_links(context: RequestContext, page: Page, total: int) -> list[Row]:
    """Links to this page, the one before and the one after."""
    links = [_link(context, "self", page.offset, page.limit)]
    if page.offset > 0:
        links.append(_link(context, "prev", max(0, page.offset - page.limit), page.limit))
    if page.offset + page.limit < total:
        links.append(_link(context, "next", page.offset + page.limit, page.limit))
    return links


def link_header(links: Iterable[Row]) -> dict[str, str]:
    """The links as an HTTP header, for forms that have no place for them."""
    return {"Link": ", ".join(f'<{link["href"]}>; rel="{link["rel"]}"' for link in links)}


def to_csv(rows: Sequence[Row]) -> str:
    """Rows as CSV: UTF-8, comma; lists joined by ';', nothing that a spreadsheet would take for a formula."""
    text = io.StringIO()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(row.get(name)) for name in columns] for row in rows)
    return with_bom(text.getvalue())


def cell(value: Any) -> Any:
    """A value as a cell of a CSV file."""
    if isinstance(value, list):
        return ";".join("-".join(f"{n:.10g}" for n in v) if isinstance(v, list) else str(cell(v)) for v in value)
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    return "" if value is None else inert(value)


def _link(context: RequestContext, rel: str, offset: int, limit: int) -> Row:
    query = [(k, v) for k, v in context.request.query_params.multi_items() if k not in ("limit", "offset")]
    query += [("limit", str(limit)), ("offset", str(offset))]
    return {
        "rel": rel,
        "href": f"{base_of(context.request, context.service)}{context.request.url.path}?{urlencode(query)}",
    }
