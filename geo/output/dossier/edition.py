"""For whom a dossier is made, in which language, on which paper, from which templates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from geo import settings
from geo.errors import DataFileMissingError, InputError, Problem
from geo.files import read_bytes

Lang = Literal["vi", "en"]
Audience = Literal["internal", "public"]
Paper = Literal["a4", "a3"]

_HERE = Path(__file__).parent
SHIPPED = _HERE / "templates"
"""The templates and catalogues that come with the package."""
SHIPPED_WORDS = _HERE / "words"


@dataclass(frozen=True, slots=True)
class Edition:
    """One way to make a dossier.

    `public_url` is where the service answers to the public (https://…), '' for nowhere: then there is no QR code, and
    the dossier says so. `templates` is a folder whose files take the place of the shipped ones of the same name.
    """

    lang: Lang = "vi"
    audience: Audience = "internal"
    public_url: str = ""
    templates: Path | None = None
    paper: Paper = "a4"

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
            raise InputError(Problem(f"'{url}' is not an address", "DIABAN_PUBLIC_URL", "give https://…"))
        if templates is not None and not templates.is_dir():
            raise InputError(Problem("is not a folder", f"DIABAN_TEMPLATES={templates}", "name one that is there"))
        return replace(self, public_url=url, templates=templates)

    def template(self, name: str) -> tuple[bytes, Path]:
        """The bytes of the template `name` and the file they are from: the office's own, else the shipped one.

        Raises
        ------
        DataFileMissingError
            There is no template of this name.
        """
        path = self._path(name, SHIPPED)
        if not path.is_file():
            raise DataFileMissingError(Problem("is not a template", name, f"see {SHIPPED}"))
        return read_bytes(path), path

    def words_file(self) -> tuple[Path, Path | None]:
        """The shipped catalogue of the language, and the office's own that goes before it (None without one)."""
        name = f"{self.lang}.toml"
        own = self.templates / name if self.templates else None
        return SHIPPED_WORDS / name, own if own is not None and own.is_file() else None

    def _path(self, name: str, shipped: Path) -> Path:
        own = self.templates / name if self.templates else None
        return own if own is not None and own.is_file() else shipped / name
