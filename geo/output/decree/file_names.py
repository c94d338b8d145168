"""What written files are called: by a pattern that an office may set, so that an internal one can't be mistaken."""

from __future__ import annotations

from datetime import date
from string import Formatter

from geo import settings
from geo.errors import InputError, Problem
from geo.i18n.language import Lang
from geo.i18n.translator import translator

KNOWN = ("what", "day", "edition")


def file_name(what: str, day: date, audience: str, ending: str, lang: Lang = "vi") -> str:
    """The name of a file: `HN-I-1_2026-11-29_noi-bo.pdf`, `HN-I-1_2026-11-29_public.pdf`.

    Raises
    ------
    InputError
        `DIABAN_FILE_NAMES` has a place that there is not, or lacks `{what}`.
    """
    pattern = settings.text("file_names")
    try:
        places = {name for _, name, _, _ in Formatter().parse(pattern) if name is not None}
    except ValueError:
        places = {pattern}
    if not {"what"} <= places <= set(KNOWN):
        known = [f"{{{name}}}" for name in KNOWN]
        raise InputError(Problem("output.wrong-file-names", "DIABAN_FILE_NAMES", pattern=pattern, known=known))
    word = translator(lang, "dossier").text(f"edition_{audience}")
    return f"{pattern.format(what=what, day=day.isoformat(), edition=word)}.{ending}"
