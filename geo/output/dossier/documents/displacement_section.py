"""What became of the streets round a site after it was dealt with: of editions for those who may see all reports."""

from __future__ import annotations

from geo.i18n.formats import NOTHING
from geo.i18n.translator import Translator
from geo.output.dossier.documents.blocks import Block, Grid, Paragraph, Section
from geo.output.dossier.view import SiteView
from geo.situation.displacement import Dealt, change, displacement_of

Described = tuple[str, tuple[tuple[str, ...], ...], str]
_WIDTHS = (75, 25, 25, 35)
_COLUMNS = ("before", "after", "change")
_PLACES = ("displacement_site", "displacement_ring", "displacement_control")


def displacement_section(site: SiteView) -> Section | None:
    """A table for each time that the site was dealt with; None where it never was, or reports are hidden."""
    found = displacement_of(site.view.situation, site.id)
    if not found or site.view.edition.audience == "public":
        return None
    w = site.view.words
    blocks: list[Block] = [Paragraph(w.text("displacement_intro"))]
    for dealt in found:
        blocks += _blocks(site, dealt)
    return Section("displacement", w.text("section_displacement"), tuple(blocks))


def _blocks(site: SiteView, dealt: Dealt) -> list[Block]:
    title, rows, said = described(site.view.words, dealt)
    if not rows:
        return [Paragraph(said)]
    head = (title, *(site.view.words.text(f"displacement_{key}") for key in _COLUMNS))
    return [Grid(head, rows, _WIDTHS, "lrrr"), Paragraph(said)]


def described(w: Translator, dealt: Dealt) -> Described:
    """Heading, rows (place, before, after, change) and what they say, in the words of the dossier; early: no rows."""
    one, title = dealt.found, w.text("displacement_since", day=w.day(dealt.since))
    if one is None:
        return title, (), w.text("displacement_early", day=w.day(dealt.since))
    counts = zip(_PLACES, one.before, one.after, change(one.before, one.after), strict=True)
    rows = tuple(
        (w.text(name), w.number(before), w.number(after), NOTHING if times is None else w.number(times, 2))
        for name, before, after, times in counts
    )
    wdq = one.wdq
    moved = w.text("displacement_unknown") if wdq is None else w.text("displacement_wdq", value=w.number(wdq, 2))
    chance = {
        "expected": w.number(one.expected, 1),
        "p": w.number(one.p, 3) if one.p >= 0.001 else w.text("displacement_least"),
    }
    return title, rows, f"{moved} {w.text('displacement_chance', observed=one.observed, **chance)}"
