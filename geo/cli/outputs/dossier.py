"""`diaban dossier`, `diaban atlas`, `diaban minutes`: what lies on the table at a handover review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.base.console import err, note
from geo.cli.base.options import FileOption, WardOption, chosen_day, with_options
from geo.cli.common import SituationOptions, explained, format_option, situation, ward_code, write, written_to
from geo.errors import InputError, Problem

if TYPE_CHECKING:
    from geo.output.dossier import Edition
    from geo.output.dossier.edition import Audience
    from geo.situation import Situation


SignOption = Annotated[Path | None, typer.Option("--sign", metavar="FILE.p12", dir_okay=False)]


class PaperSize(StrEnum):
    """A4 upright, A3 across."""

    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOptions(SituationOptions):
    """The options of a document that is one file."""

    output: FileOption
    sign: SignOption = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierOptions(SituationOptions):
    """The options of the dossiers of several sites."""

    all_sites: Annotated[bool, typer.Option("--all")] = False
    ward: WardOption = None
    formats: Annotated[str, format_option("dossier", "--formats", ",")] = "pdf"
    folder: Annotated[Path, typer.Option("-o", "--output", file_okay=False)] = Path()
    workers: Annotated[int | None, typer.Option("--workers", min=1)] = None
    vn2000: Annotated[bool, typer.Option("--vn2000")] = False
    sign: SignOption = None


@with_options(DossierOptions)
def dossier(
    options: DossierOptions, sites: Annotated[list[str] | None, typer.Argument(metavar="SITE_ID")] = None
) -> None:
    """The dossier of a site for the handover review (hồ sơ điểm), ready to sign, in any of seven formats."""
    with explained():
        if sum((bool(sites), options.all_sites, options.ward is not None)) != 1:
            raise InputError(Problem("cli.which-sites"))
        wanted = [name.strip().lower() for name in options.formats.split(",") if name.strip()]
        _refuse_what_is_not_written(wanted, options)
        found = situation(options)
        _write(found, _chosen(found, sites, options.ward), wanted, options)


@with_options(DocumentOptions)
def atlas(options: DocumentOptions, paper: Annotated[PaperSize, typer.Option("--paper")] = PaperSize.A4) -> None:
    """All sites of a city in one PDF for a review meeting (tập bản đồ và hồ sơ)."""
    with explained():
        from geo.output.shared.formats import format_of

        made = format_of("atlas", options.output)
        edition = replace(edition_of(options), paper=paper.value)
        write(options.output, _signed(made.made(situation(options), edition), made.name, options.sign))


@with_options(DocumentOptions)
def minutes(options: DocumentOptions, ward: Annotated[str, typer.Option("--ward", metavar="CODE|NAME")]) -> None:
    """The minutes of a ward's review and handover (biên bản rà soát, bàn giao), to be completed at the meeting."""
    with explained():
        from geo.output.shared.formats import format_of

        made, found = format_of("minutes", options.output), situation(options)
        content = made.made(found, ward_code(ward, found.wards), edition_of(options))
        write(options.output, _signed(content, made.name, options.sign))


def edition_of(options: SituationOptions) -> Edition:
    """In the language of the command."""
    from geo.i18n.language import current
    from geo.output.dossier import Edition

    audience: Audience = "public" if options.public else "internal"
    return Edition(lang=current(), audience=audience, today=chosen_day(None)).with_environment()


def _chosen(found: Situation, sites: Sequence[str] | None, ward: str | None) -> list[str]:
    if sites:
        return list(dict.fromkeys(sites))
    if ward is None:
        return [str(name) for name in found.sites["site_id"]]
    from geo.output.dossier.edition import Edition
    from geo.output.dossier.view import view

    code = ward_code(ward, found.wards)
    return [site.id for site in view(found, Edition()).sites if any(row.ward_code == code for row in site.answering)]


def _refuse_what_is_not_written(wanted: Sequence[str], options: DossierOptions) -> None:
    """A new folder by the name of a file (`x.docx`) is another wish; a signature without a PDF would be dropped."""
    from geo.output.shared.formats import MEDIA_TYPES

    folder, ending = options.folder, options.folder.suffix.lower().removeprefix(".")
    if ending in MEDIA_TYPES and not folder.is_dir():
        raise InputError(Problem("formats.needs-folder", "-o", name=folder.name))
    if options.sign is not None and "pdf" not in wanted:
        raise InputError(Problem("output.signs-pdf-only", "--sign", name=", ".join(wanted)))


def _write(found: Situation, sites: list[str], formats: list[str], options: DossierOptions) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from geo.output.dossier.batch import write_dossiers

    if not sites:
        note("no-site")
        return
    edition = replace(edition_of(options), vn2000=options.vn2000)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err(), transient=True) as progress:
        task = progress.add_task("diaban", total=len(sites))
        made = write_dossiers(found, sites, formats, options.folder, edition, options.workers)
        for site_id, paths in made:
            progress.update(task, advance=1, description=site_id)
            for path in paths:
                _sign_file(path, options.sign)
                written_to(path)


def _signed(content: bytes, name: str, certificate: Path | None) -> bytes:
    """The file signed with a certificate, where one is given; only a PDF can be."""
    if certificate is None:
        return content
    if name != "pdf":
        raise InputError(Problem("output.signs-pdf-only", "--sign", name=name))
    from geo import settings
    from geo.output.handover.sign import signed

    return signed(content, certificate, settings.text("sign_passphrase"))


def _sign_file(path: Path, certificate: Path | None) -> None:
    from geo.files import write_atomic

    if certificate is not None and path.suffix == ".pdf":
        write_atomic(path, _signed(path.read_bytes(), "pdf", certificate))
