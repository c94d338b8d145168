"""Where the maps of a PDF lie on the ground: viewports with a geospatial measure (ISO 32000-2, 12.9.2)."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.reference.crs import to_wgs84

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0))
"""Corners of a viewport in shares of it, counter-clockwise in the way of the standard: from the lower left upwards."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """A map on a page: its `box` (left, bottom, right, top in points), the `corners` of it (longitude, latitude) and
    the EPSG code of the system in which it is drawn.

    `corners` are in the order of `_CORNERS`.
    """

    box: tuple[float, float, float, float]
    corners: tuple[tuple[float, float], ...]
    epsg: int


def viewport(axes: Axes, province_code: str, epsg: int) -> Viewport:
    """The viewport of axes in metres of the province's VN-2000 zone, on a figure that is the whole page."""
    figure = axes.get_figure(root=True)
    per_dot = 72 / (figure.dpi if figure else 72.0)
    left, bottom, right, top = (float(edge) * per_dot for edge in axes.get_window_extent().extents)
    (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
    places = [(west + x * (east - west), south + y * (north - south)) for x, y in _CORNERS]
    degrees = shapely.get_coordinates(to_wgs84(np.array(shapely.points(places), dtype=object), province_code))
    corners = tuple((float(lon), float(lat)) for lon, lat in degrees)
    return Viewport((left, bottom, right, top), corners, epsg)


def georeferenced(pdf: bytes, views: list[Viewport]) -> bytes:
    """A PDF of one page with its maps' places on the ground: programs that know such maps show coordinates and measure.

    The system is named by its EPSG code and described by WKT; corners are in degrees of WGS 84. Same input, same bytes.
    """
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as document:
        page = document.pages[0]
        page.VP = pikepdf.Array([_dictionary(view) for view in views])
        file = BytesIO()
        document.save(file, deterministic_id=True)
    return file.getvalue()


def _dictionary(view: Viewport) -> object:
    from pikepdf import Array, Dictionary, Name
    from pyproj import CRS
    from pyproj.enums import WktVersion

    shares = Array([number for corner in _CORNERS for number in corner])
    zone = CRS.from_epsg(view.epsg)
    measure = Dictionary(
        Type=Name.Measure,
        Subtype=Name.GEO,
        Bounds=shares,
        LPTS=shares,
        GPTS=Array([round(number, 9) for lon, lat in view.corners for number in (lat, lon)]),
        GCS=Dictionary(Type=Name.PROJCS, EPSG=view.epsg, WKT=zone.to_wkt(WktVersion.WKT1_ESRI)),
        PDU=Array([Name.M, Name.SQM, Name.DEG]),
    )
    return Dictionary(Type=Name.Viewport, BBox=Array([round(edge, 3) for edge in view.box]), Measure=measure)
