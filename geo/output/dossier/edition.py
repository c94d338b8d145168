"""For whom a dossier is made, in which language, on which paper, from which templates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from geo import settings
from geo.errors import DataFileMissingError, InputError, Problem
from geo.files import read_bytes
from geo.i18n.language import Lang

Audience = Literal["internal", "public"]
Paper = Literal["a4", "a3"]

SHIPPED = Path(__file__).with_name("templates")
"""The templates that come with the package."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One way to make a dossier.

    `public_url` is where the service answers to the public (https://…), '' for nowhere: then there is no QR code, and
    the dossier says so. `templates` is a folder whose files take the place of the shipped ones of the same name.
    `today` is the day by the clock, where a paper has to say that its own is still to come; None: it says nothing.
    `vn2000`: GeoPackages are in the VN-2000 zone of the city, not in WGS 84.
    """

    lang: Lang = "vi"
    audience: Audience = "internal"
    public_url: str = ""
    templates: Path | None = None
    paper: Paper = "a4"
    today: date | None = None
    vn2000: bool = False

    def with_environment(self) -> Edition:
        """The same with `DIABAN_PUBLIC_URL` and `DIABAN_TEMPLATES` of the environment, where they are set.

        Raises
        ------
        InputError
            `DIABAN_PUBLIC_URL` does not begin with http:// or https://, or `DIABAN_TEMPLATES` is not a folder.
        """
        url = settings.text("public_url").rstrip("/") or self.public_url
        templates = settings.path("templates") or self.templates
        if url and not url.startswith(("http://", "https://")):
            raise InputError(Problem("output.not-an-address", "DIABAN_PUBLIC_URL", url=url))
        if templates is not None and not templates.is_dir():
            raise InputError(Problem("output.not-a-folder", f"DIABAN_TEMPLATES={templates}"))
        return replace(self, public_url=url, templates=templates)

    def template(self, *names: str) -> tuple[bytes, Path]:
        """The bytes of the first template of these `names` that there is, and its file.

        The office's own go before the shipped ones: `dossier.typ` of an office before the `paper.typ` that is shipped.

        Raises
        ------
        DataFileMissingError
            There is no template of any of these names.
        """
        name = names[0]
        own = next((path for path in map(self.own_file, names) if path is not None), None)
        shipped = next((path for path in (SHIPPED / each for each in names) if path.is_file()), SHIPPED / name)
        path = own or shipped
        if not path.is_file():
            raise DataFileMissingError(Problem("output.no-template", name, folder=str(SHIPPED)))
        return read_bytes(path), path

    def own_words(self) -> Path | None:
        """The office's own texts of the language, a TOML file; None where it has none."""
        return self.own_file(f"{self.lang}.toml")

    def own_file(self, name: str) -> Path | None:
        """The office's own file of this name among its templates; None where it has none."""
        own = self.templates / name if self.templates else None
        return own if own is not None and own.is_file() else None
