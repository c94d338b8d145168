"""The page *Tra cứu tuyến*: which ward answers for which metre of a route that a visitor brings; open to everybody.

Nothing is stored: what was brought goes to the browser and back when it is exported.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Response, UploadFile

from api.resources.feature_collections import Row
from api.web.base.page_context import PageContext, PageContextNeed, fetching
from api.web.base.table_uploads import Sent, Upload, received, sent_back
from api.web.crossings.lookup import TEXT, Asked, Lookup, look_up, of_text
from api.web.crossings.picture import picture
from api.web.sites.dossiers import edition
from api.web.tiles.options import map_options
from geo.analysis.reconcile import reconcile
from geo.errors import DataFileMissingError, InputError, Problem
from geo.i18n.message import Message
from geo.output.decree.file_names import file_name
from geo.output.shared.crossing_rows import agreed_rows, extents
from geo.output.shared.formats import KINDS, named
from geo.output.shared.stretches import added_shares, least_share, printed_metres
from geo.output.shared.theme import crossing_styles, theme

router = APIRouter(include_in_schema=False)

ACCEPTED = (
    ".geojson,.json,.geojsonl,.topojson,.kml,.kmz,.gpx,.gpkg,.fgb,.zip,.shp,.parquet,.dxf,.gml,.csv,.tsv,.txt,.wkt,"
    ".xlsx,.xlsm,.xls,.ods"
)
EXPORTS = tuple(entry.name for entry in KINDS["crossings"] if entry.writer)
_ALL = "zip"
Text = Annotated[str, Form(max_length=2_000_000)]
Short = Annotated[str, Form(max_length=200)]


@router.get("/crossings")
def crossings(context: PageContextNeed) -> Response:
    """The form."""
    return _page(context)


@router.post("/crossings")
def cut_route(
    context: PageContextNeed,
    file: UploadFile | None = None,
    text: Text = "",
    crs: Short = "",
    layer: Short = "",
) -> Response:
    """The wards of a file, or of a text where there is none."""
    most = context.service.settings.max_route_bytes
    typed = {"text": text, "crs": crs, "layer": layer}
    try:
        upload = received(file, most) if file is not None and file.filename else of_text(text)
        asked = Asked(upload, crs.strip(), layer.strip())
        found = look_up(context.service, asked, _called(context, upload))
        if upload.name != TEXT and text.strip():
            found = replace(found, notes=(Message("web.text-not-read", file=upload.name), *found.notes))
        return _page(context, found=found, asked=asked, typed=typed)
    except (InputError, DataFileMissingError) as error:
        return _page(context, problems=error.problems, typed=typed)


@router.post("/crossings/export")
def export(
    context: PageContextNeed,
    format: Annotated[str, Form(max_length=10)],
    name: Sent = "",
    content: Sent = "",
    crs: Short = "",
    layer: Short = "",
) -> Response:
    """The stretches in a format, or in all of them in one archive."""
    upload = sent_back(name, content, (), (), context.service.settings.max_route_bytes)
    try:
        found = look_up(context.service, Asked(upload, crs.strip(), layer.strip()), _called(context, upload))
    except (InputError, DataFileMissingError) as error:
        return _page(context, problems=error.problems, typed={"text": "", "crs": crs, "layer": layer})
    if format == _ALL:
        return _download(_archive(context, found), _name(context, "zip"), "application/zip")
    entry = named("crossings", format)
    return _download(_made(found, format), _name(context, entry.ending), entry.media_type)


def _name(context: PageContext, ending: str) -> str:
    """What a file of stretches is called: with the day of the registers, and the edition."""
    return file_name("crossings", context.service.today, edition(context).audience, ending, context.words.lang)


def _made(found: Lookup, name: str) -> bytes:
    agreements = reconcile(found.sites, found.rows)
    made = named("crossings", name).made(found.sites, found.rows, agreements)
    return made.encode("utf-8") if isinstance(made, str) else bytes(made)


def _archive(context: PageContext, found: Lookup) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in EXPORTS:
            member = zipfile.ZipInfo(_name(context, named("crossings", name).ending), (2026, 1, 1, 0, 0, 0))
            archive.writestr(member, _made(found, name), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _download(data: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, media_type=media_type, headers=headers)


def _page(
    context: PageContext,
    *,
    found: Lookup | None = None,
    asked: Asked | None = None,
    problems: Sequence[Problem] = (),
    typed: dict[str, str] | None = None,
) -> Response:
    settings = context.service.settings
    values: dict[str, Any] = {"typed_text": "", "crs": "", "layer": ""}
    if typed is not None:
        values = {"typed_text": typed["text"][:20_000], "crs": typed["crs"], "layer": typed["layer"]}
    page = context.page(
        "crossings.html",
        status=422 if problems else 200,
        problems=list(problems),
        found=None if found is None else _shown(context, found, asked.upload if asked else Upload("", b"")),
        upload=asked.upload if asked else Upload("", b""),
        accepted=ACCEPTED,
        exports=EXPORTS,
        most_kb=settings.max_route_bytes // 1000,
        most_vertices=settings.max_route_vertices,
        map_options=map_options(context, _bounds(context)),
        **values,
    )
    page.headers["Cache-Control"] = "no-store"
    return fetching(page)


def _bounds(context: PageContext) -> tuple[float, float, float, float]:
    """West, south, east and north of the city that the page is of."""
    west, south, east, north = _wards(context, [context.city.slug]).total_bounds.tolist()
    return west, south, east, north


def _called(context: PageContext, brought: Upload) -> str:
    """What is brought is called in messages: a file by its name."""
    return context.words.text("crossings.pasted") if brought.name == TEXT else brought.name


def _shown(context: PageContext, found: Lookup, brought: Upload) -> dict[str, Any]:
    wards = _wards(context, found.cities)
    names = dict(zip(wards["code"], wards["full_name"], strict=True))
    rows = agreed_rows(found.rows, reconcile(found.sites, found.rows))
    looks = crossing_styles(found.rows)
    sites = []
    for site_id, name in zip(found.sites["site_id"], found.sites["name"], strict=True):
        mine = [(row, look) for row, look in zip(rows, looks, strict=True) if row["site_id"] == site_id]
        own = str(name or site_id)
        if brought.name == TEXT and own == _called(context, brought):
            own = context.words.text("crossings.route")  # the reader calls a route by what it is in
        sites.append(_site(context, own, mine, names))
    notes = [note.text(context.words.lang) for note in found.notes]
    return {"sites": sites, "notes": notes, "picture": picture(found.rows, wards)}


def _site(context: PageContext, name: str, mine: list[tuple[Row, Any]], names: dict[str, str]) -> dict[str, Any]:
    w = context.words
    sizes = extents(row for row, _ in mine)
    whole = _size(context, sizes["length_m"], sizes["area_m2"])
    out = _size(context, sizes["outside_m"], sizes["outside_m2"]) if sizes["outside_share"] else ""
    shares = added_shares([(name, row["share"]) for row, _ in mine])
    lines = [
        {
            "code": row["ward_code"] or "",
            "name": names.get(row["ward_code"], row["ward_name"])
            if row["ward_code"]
            else w.pick(theme().text("outside")),
            "size": _size(context, printed_metres(row["intervals_m"], row["length_m"]), row["area_m2"]),
            "share": w.written.some_share(least_share(share, row["share"])),
            "along": "; ".join(f"{w.number(a)}–{w.metres(b)}" for a, b in row["intervals_m"]),
            "border": w.written.some_length(row["border_m"]) if row["border_m"] >= 0.5 else "",
            "beside": ", ".join(names.get(code, code) for code in row["border_with"]),
            "colour": look.colour,
            "verdict": w.pick(theme().text(row["verdict"])) if row["ward_code"] and _is_judged(row) else "",
        }
        for (row, look), share in zip(mine, shares, strict=True)
    ]
    judged = any(line["verdict"] for line in lines)
    said = {"name": name, "whole": whole, "outside": out, "lines": lines, "judged": judged}
    return said | {"unmet": _unmet(context, mine, names)}


def _is_judged(row: Row) -> bool:
    """Whether there is a verdict to show: wards are declared, or a stretch is too short to make one."""
    return bool(row["declared_wards"]) or row["verdict"] == "sliver"


def _unmet(context: PageContext, mine: list[tuple[Row, Any]], names: dict[str, str]) -> list[tuple[str, str]]:
    """The declared wards that have no stretch, each with the word for that."""
    first, crossed = mine[0][0], {row["ward_code"] for row, _ in mine}
    words = {word: context.words.pick(theme().text(word)) for word in ("on_border", "absent")}
    return [(names.get(code, code), words[word]) for word in words for code in first[word] if code not in crossed]


def _size(context: PageContext, length_m: float, area_m2: float) -> str:
    w = context.words
    if length_m > 0:
        return w.written.some_length(length_m)
    return w.written.square_metres(area_m2) if area_m2 > 0 else w.text("figure.point")


def _wards(context: PageContext, cities: Sequence[str]) -> Any:
    import pandas as pd

    registers = [context.service.ward_index(slug)[0].wards for slug in cities]
    return registers[0] if len(registers) == 1 else pd.concat(registers, ignore_index=True)
