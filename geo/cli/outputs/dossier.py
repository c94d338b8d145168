"""`diaban dossier`, `diaban atlas`, `diaban minutes`: what lies on the table at a handover review."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.common import BAD_USE, CityOption, DayOption, err, explained, ward_code
from geo.cli.recorded import PublicOption, recorded_situation, viewer

if TYPE_CHECKING:
    from geo.output.dossier import Edition
    from geo.situation import Situation


class Language(StrEnum):
    """The language of a paper."""

    VI = "vi"
    EN = "en"


class PaperSize(StrEnum):
    """A4 upright, A3 across."""

    A4 = "a4"
    A3 = "a3"


LangOption = Annotated[Language, typer.Option("--lang", help="vi or en.")]
FileOption = Annotated[Path, typer.Option("-o", "--output", help="The file to write.", dir_okay=False)]


def dossier(
    sites: Annotated[list[str] | None, typer.Argument(help="Site ids: HN-I-1 HN-II-3 …", metavar="SITE_ID…")] = None,
    all_sites: Annotated[bool, typer.Option("--all", help="All sites of the city.")] = False,
    ward: Annotated[
        str | None, typer.Option("--ward", metavar="CODE|NAME", help="All sites that this ward answers for.")
    ] = None,
    formats: Annotated[
        str, typer.Option("--formats", help="Any of pdf,docx,png,html,gpkg,kml,xlsx, with commas between.")
    ] = "pdf",
    folder: Annotated[Path, typer.Option("-o", "--output", help="The folder to write into.", file_okay=False)] = Path(),
    day: DayOption = None,
    city: CityOption = "hanoi",
    public: PublicOption = False,
    lang: LangOption = Language.VI,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; as many as are worth it.")] = None,
) -> None:
    """The dossier of a site for the handover review (hồ sơ điểm), ready to sign, in any of seven formats."""
    if sum((bool(sites), all_sites, ward is not None)) != 1:
        err().print("diaban: name sites, or give --all, or --ward CODE", style="bold red")
        raise typer.Exit(BAD_USE)
    with explained():
        situation = recorded_situation(day, city, viewer(public))
        chosen = _chosen(situation, sites, ward)
        wanted = [name.strip().lower() for name in formats.split(",") if name.strip()]
        _write(situation, chosen, wanted, folder, _edition(lang, public), workers)


def atlas(
    output: FileOption,
    paper: Annotated[PaperSize, typer.Option("--paper", help="a4 upright or a3 across.")] = PaperSize.A4,
    day: DayOption = None,
    city: CityOption = "hanoi",
    public: PublicOption = False,
    lang: LangOption = Language.VI,
) -> None:
    """All sites of a city in one PDF for a review meeting (tập bản đồ và hồ sơ)."""
    with explained():
        from dataclasses import replace

        from geo.files import write_atomic
        from geo.output.dossier import atlas as made

        edition = replace(_edition(lang, public), paper=paper.value)
        data = made(recorded_situation(day, city, viewer(public)), edition)
        err().print(f"[dim]→[/] {write_atomic(output, data)}", highlight=False)


def minutes(
    ward: Annotated[str, typer.Option("--ward", metavar="CODE|NAME", help="A ward's code or name.")],
    output: FileOption,
    day: DayOption = None,
    city: CityOption = "hanoi",
    public: PublicOption = False,
    lang: LangOption = Language.VI,
) -> None:
    """The minutes of a ward's review and handover (biên bản rà soát, bàn giao), to be completed at the meeting."""
    with explained():
        from geo.files import write_atomic
        from geo.output.dossier import minutes as made

        situation = recorded_situation(day, city, viewer(public))
        data = made(situation, ward_code(ward, situation.wards), _edition(lang, public))
        err().print(f"[dim]→[/] {write_atomic(output, data)}", highlight=False)


def _edition(lang: Language, public: bool) -> Edition:
    from geo.output.dossier import Edition

    return Edition(lang=lang.value, audience="public" if public else "internal").with_environment()


def _chosen(situation: Situation, sites: Sequence[str] | None, ward: str | None) -> list[str]:
    if sites:
        return list(dict.fromkeys(sites))
    if ward is None:
        return [str(name) for name in situation.sites["site_id"]]
    from geo.output.dossier.edition import Edition
    from geo.output.dossier.view import view

    code = ward_code(ward, situation.wards)
    return [
        site.id for site in view(situation, Edition()).sites if any(row.ward_code == code for row in site.answering)
    ]


def _write(
    situation: Situation, sites: list[str], formats: list[str], folder: Path, edition: Edition, workers: int | None
) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from geo.output.dossier.batch import write_dossiers

    if not sites:
        err().print("[dim]no site to write[/]")
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err(), transient=True) as progress:
        task = progress.add_task("diaban", total=len(sites))
        for site_id, paths in write_dossiers(situation, sites, formats, folder, edition, workers):
            progress.update(task, advance=1, description=site_id)
            for path in paths:
                progress.console.print(f"[dim]→[/] {path}", highlight=False)
