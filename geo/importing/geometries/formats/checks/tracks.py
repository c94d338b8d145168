"""Tracks and routes that GDAL passes over: points of the road in a GPX route of Garmin's, tracks of KML 2.3.

Between the points of a route (`gpxx:rpt`) lies the road that it follows; the line without them would be straight.
"""

from __future__ import annotations

import re
from io import BytesIO
from xml.etree.ElementTree import Element, tostring

from geo.i18n.message import Message

_GX = b'xmlns:gx="http://www.google.com/kml/ext/2.2"'
_TRACK = re.compile(rb"<(/?)(Track|MultiTrack|coord|angles|interpolate)(?=[\s/>])")
_ROOT = re.compile(rb"<kml(?=[\s>])")


def with_known_tracks(content: bytes) -> bytes:
    """A KML document whose tracks, in the namespace of KML 2.3 or of Google's as its own, bear the prefix `gx`."""
    if b"<Track" not in content and b"<MultiTrack" not in content:
        return content
    named = _TRACK.sub(rb"<\1gx:\2", content)
    return named if b"xmlns:gx" in named else _ROOT.sub(b"<kml " + _GX, named, count=1)


def with_road_points(content: bytes) -> tuple[bytes, tuple[Message, ...]]:
    """A GPX document with those points among the points of its routes, and how many they are; errors as its parser."""
    if b"rpt" not in content:
        return content, ()
    from defusedxml.ElementTree import parse

    root: Element = parse(BytesIO(content), forbid_dtd=True).getroot()
    count = 0
    for route in (each for each in root.iter() if _bare(each) == "rte"):
        for point in [each for each in route if _bare(each) == "rtept"]:
            between = [each for each in point.iter() if _bare(each) == "rpt"]
            at = list(route).index(point) + 1
            for place, each in enumerate(between):
                added = Element(point.tag, {key: each.get(key, "") for key in ("lat", "lon")})
                route.insert(at + place, added)
            count += len(between)
    if not count:
        return content, ()
    _without_prefix(root)
    return tostring(root, encoding="utf-8"), (Message("importing.road-points", count=count),)


def _without_prefix(root: Element) -> None:
    """Make the namespace of the document its default one again: GDAL knows its elements without a prefix alone."""
    namespace = str(root.tag).rpartition("}")[0].lstrip("{")
    for element in root.iter():
        element.tag = str(element.tag).removeprefix(f"{{{namespace}}}")
    if namespace:
        root.set("xmlns", namespace)


def _bare(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
