"""Crossings as JSON, CSV and GeoJSON: the same rows in every form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geo.analysis.reconcile import Agreement, verdicts
from geo.reference.geojson import feature

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame

COLUMNS = (
    "site_id",
    "ward_code",
    "ward_name",
    "length_m",
    "area_m2",
    "share",
    "intervals_m",
    "border_m",
    "border_with",
)


AGREED = ("verdict", "declared_wards", "on_border", "absent")
"""What `agreed_rows` add: the word for the row's ward, and of its site the wards declared, those of them that it meets
within the border band only, and those that it does not meet."""
_OUTSIDE = "outside"
_VERDICTS = ("confirmed", "undeclared", "absent", "slivers", "on_border")
_FORMULA = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def inert(value: Any) -> Any:
    """A cell of a CSV file that no spreadsheet runs: a text that begins like a formula gets a `'` before it.

    A carriage return becomes a line feed: `csv` does not quote it, and what follows would begin a row of its own.
    """
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + text if text.lstrip(" ").startswith(_FORMULA) else text


def inert_texts(frame: DataFrame) -> DataFrame:
    """A frame whose texts are `inert`."""
    texts = frame.select_dtypes(include=["object", "str"]).columns
    return frame.assign(**{name: frame[name].map(inert) for name in texts})


def crossings_document(sites: GeoDataFrame, crossings: GeoDataFrame, agreements: Sequence[Agreement]) -> dict[str, Any]:
    """`{"sites": [{site_id, name, length_m, outside_m, …, crossings, declared, agreement}]}`; metres to the millimetre.

    `length_m` of a site is its own length, the sum of its crossings; `outside_m` of it lies in no ward (`own_extents`).
    """
    names = dict(zip(sites["site_id"], sites["name"], strict=True)) if "name" in sites else {}
    rows: dict[str, list[dict[str, Any]]] = {agreement.site_id: [] for agreement in agreements}
    for row in crossing_rows(crossings):
        rows[row.pop("site_id")].append(row)
    return {
        "sites": [
            {
                "site_id": agreement.site_id,
                "name": names.get(agreement.site_id, ""),
                **own_extents(rows[agreement.site_id]),
                "crossings": rows[agreement.site_id],
                "declared": list(agreement.declared),
                "agreement": agreement_lists(agreement),
            }
            for agreement in agreements
        ]
    }


def extents(rows: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """How much of a site there is, and how much of it lies in no ward, by its `crossing_rows`.

    `length_m`, `outside_m` (metres; 0 for areas and points), `area_m2`, `outside_m2` (0 for lines and points), and
    `outside_share`, which points have too.
    """
    rows = list(rows)
    out = [row for row in rows if row["ward_code"] is None]
    return {
        "length_m": round(sum(row["length_m"] for row in rows), 3),
        "outside_m": round(sum(row["length_m"] for row in out), 3),
        "area_m2": round(sum(row["area_m2"] for row in rows), 1),
        "outside_m2": round(sum(row["area_m2"] for row in out), 1),
        "outside_share": round(sum(row["share"] for row in out), 6),
    }


def own_extents(rows: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Of `extents` those that the site has by its kind, the lengths always: an area has square metres too, points have
    the share."""
    found = extents(rows)
    names = ["length_m", "outside_m"]
    names += ["area_m2", "outside_m2"] if found["area_m2"] else []
    names += [] if found["length_m"] or found["area_m2"] else ["outside_share"]
    return {name: found[name] for name in names}


def agreement_lists(agreement: Agreement) -> dict[str, list[str]]:
    """Declared against computed, as lists of ward codes."""
    return {name: list(getattr(agreement, name)) for name in _VERDICTS}


def crossing_rows(crossings: GeoDataFrame) -> list[dict[str, Any]]:
    """Crossings as mappings in the order of `COLUMNS`: metres to the millimetre, shares to six decimals.

    The row of what lies in no ward has None for the ward's code and name.
    """
    columns = [crossings[name].tolist() for name in COLUMNS]
    return [_rounded(dict(zip(COLUMNS, values, strict=True))) for values in zip(*columns, strict=True)]


def agreed_rows(crossings: GeoDataFrame, agreements: Sequence[Agreement]) -> list[dict[str, Any]]:
    """`crossing_rows` with `AGREED` after them: each row says what became of its site's declaration.

    A ward that is declared and met on the border only may have no row of its own: `on_border` names it. `verdict` is
    one of `geo.analysis.reconcile.verdicts`, or `outside` for what lies in no ward.
    """
    words, sites = verdicts(agreements), {agreement.site_id: agreement for agreement in agreements}
    return [
        {**row, "verdict": _verdict(row, words), **_site_lists(sites[row["site_id"]])}
        for row in crossing_rows(crossings)
    ]


def _verdict(row: Mapping[str, Any], words: Mapping[tuple[str, str], str]) -> str:
    return words.get((row["site_id"], row["ward_code"]), "") if row["ward_code"] is not None else _OUTSIDE


def _site_lists(agreement: Agreement) -> dict[str, list[str]]:
    return {
        "declared_wards": list(agreement.declared),
        "on_border": list(agreement.on_border),
        "absent": list(agreement.absent),
    }


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    row["length_m"], row["border_m"] = round(row["length_m"], 3), round(row["border_m"], 3)
    row["area_m2"], row["share"] = round(row["area_m2"], 1), round(row["share"], 6)
    if row["ward_code"] != row["ward_code"]:
        row["ward_code"] = row["ward_name"] = None
    return row


def to_json(document: Mapping[str, Any]) -> str:
    """The document as UTF-8 JSON text with two spaces of indent."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def to_csv(crossings: GeoDataFrame, agreements: Sequence[Agreement]) -> str:
    """`agreed_rows`, a row a site and ward; intervals as `0-120.5;300-410`, wards as `00004;00008`.

    Comma, UTF-8, dot decimals. What lies in no ward is a row without a ward.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*COLUMNS, *AGREED))
    for row in agreed_rows(crossings, agreements):
        row["intervals_m"] = ";".join(f"{_plain(a)}-{_plain(b)}" for a, b in row["intervals_m"])
        cells = (";".join(value) if isinstance(value, list) else value for value in row.values())
        writer.writerow(map(inert, cells))
    return text.getvalue()


def _plain(metres: float) -> str:
    """Metres to the millimetre, without zeros that say nothing."""
    return f"{metres:.3f}".rstrip("0").rstrip(".")


def to_geojson(crossings: GeoDataFrame, agreements: Sequence[Agreement], notes: Sequence[str] = ()) -> str:
    """The stretches as an RFC 7946 FeatureCollection, a feature for each of `agreed_rows`; `notes` as a member of its
    own."""
    rows = zip(agreed_rows(crossings, agreements), crossings.geometry, strict=True)
    features = [feature({**row, "geometry": geometry}) for row, geometry in rows]
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    said = f'"notes":{json.dumps(list(notes), ensure_ascii=False)},' if notes else ""
    return '{"type":"FeatureCollection",' + said + '"features":[\n' + lines + "\n]}\n"
