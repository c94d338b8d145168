"""Where a site's data come from and how exact they are: the same lines in papers and in data files."""

from __future__ import annotations

from geo.output.dossier.view import SiteView
from geo.output.dossier.wording import themed
from geo.output.maps.background.basemap import tiles_from_environment
from geo.output.maps.drawing.layers import base_source
from geo.output.shared.cells import known, text_of
from geo.reference.wards import borders_within_m


def source_lines(site: SiteView) -> tuple[str, ...]:
    """Sources of route and boundaries with their licences, accuracy, method, day and version."""
    w, row, situation = site.view.words, site.row, site.view.situation
    within = w.written.some_length(borders_within_m(site.view.city))
    accuracy = w.text("source_accuracy_unknown", within=within)
    if known(row.accuracy_m):
        accuracy = w.text("source_accuracy", accuracy=w.written.some_length(float(row.accuracy_m)), within=within)
    return (
        w.text("source_route", source=text_of(row.geometry_source, w.text("unknown"))),
        themed(w, "source_wards") + ".",
        accuracy,
        w.text("source_method"),
        w.text("source_version", day=w.day(situation.day), version=situation.data_version),
    )


def map_source_lines(site: SiteView) -> tuple[str, ...]:
    """Whose the ground of the maps in a paper is: tiles of the settings, or the base of the city."""
    w, tiles = site.view.words, tiles_from_environment()
    named = base_source(site.view.situation, w)
    if tiles is not None:
        named = f"{themed(w, 'background')}: {tiles.attribution}"
    return (f"{named}.",) if named else ()
