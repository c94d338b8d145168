"""Words of a site that described another route or other wards: those that a new version drops, and those that stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import shapely

from geo.i18n.message import Message
from geo.records.kinds.registers.site_version import NewSiteVersion


def words_of_route(entry: NewSiteVersion, before: Mapping[str, object]) -> Iterator[tuple[Message, bool]]:
    """What becomes of the words for the ends and the wards, and of the note, each with whether somebody has to look.

    `before`: fields of the version until then.
    """
    is_moved = not shapely.equals(shapely.from_geojson(entry.geometry), shapely.from_geojson(str(before["geometry"])))
    ends = " – ".join(str(before[name]) for name in ("start", "finish") if before[name])
    if is_moved and ends:
        if (entry.start, entry.finish) == (before["start"], before["finish"]):
            yield _said("ends-kept", entry.site_id, ends), True
        elif not entry.start and not entry.finish:
            yield _said("ends-dropped", entry.site_id, ends), False
    is_declared_otherwise = set(entry.declared_wards) != set(before["declared_wards"])  # type: ignore[call-overload]
    declared = str(before["declared_text"])
    if is_declared_otherwise and declared and entry.declared_text == declared:
        yield _said("text-kept", entry.site_id, declared), True
    is_other = is_moved or is_declared_otherwise
    note = str(before["note"])
    if note and entry.note != note:
        yield _said("note-dropped", entry.site_id, note), False
    elif note and is_other:
        yield _said("note-kept", entry.site_id, note), True


def _said(key: str, site: str, text: str) -> Message:
    return Message(f"records.finding.{key}", site=site, text=text)
