"""Documents as one HTML page that needs no other file and no network."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import jinja2

from geo.errors import InputError, Problem
from geo.output.dossier.documents.blocks import Document
from geo.output.dossier.edition import Edition


def html(document: Document, pictures: Mapping[str, bytes], edition: Edition) -> bytes:
    """The document as HTML (UTF-8); `pictures` are PNGs by name and stand inside.

    Raises
    ------
    InputError
        The template is broken: with its file and line.
    """
    content, path = edition.template(f"{document.kind}.html", "dossier.html")
    shown = {name: base64.b64encode(data).decode("ascii") for name, data in pictures.items()}
    # Undefined names are faults: a template that asks for what there is not says so instead of leaving a gap.
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    try:
        template = environment.from_string(content.decode("utf-8"))
        return template.render(data=document.plain(), pictures=shown).lstrip().encode("utf-8")
    except (jinja2.TemplateError, UnicodeDecodeError) as error:
        raise InputError(Problem("output.broken-template", f"{path}:{_line(error)}", reason=str(error))) from error


def _line(error: Exception) -> int:
    """The line of a template in which an error arose; 1 where it does not say."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
