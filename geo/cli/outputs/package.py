"""`diaban package`: all that a review needs in one file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from geo.cli.base.options import WardOption, with_options
from geo.cli.common import explained, situation, ward_code, write
from geo.cli.outputs.dossier import DocumentOptions, edition_of
from geo.errors import InputError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageOptions(DocumentOptions):
    """The options of a package."""

    ward: WardOption = None
    review: Annotated[int | None, typer.Option("--review", metavar="ID")] = None


@with_options(PackageOptions)
def package(options: PackageOptions) -> None:
    """Dossiers, minutes, map and data of a ward or of a review in one ZIP, with checksums (gói bàn giao)."""
    with explained():
        from geo import settings
        from geo.output.handover import package_of_review, package_of_ward
        from geo.output.shared.formats import format_of

        format_of("package", options.output)
        if (options.ward is None) == (options.review is None):
            raise InputError(Problem("cli.ward-or-review"))
        found, edition = situation(options), edition_of(options)
        key: tuple[Path, str] | None = None
        if options.sign is not None:
            key = (options.sign, settings.text("sign_passphrase"))
        if options.ward is not None:
            write(options.output, package_of_ward(found, ward_code(options.ward, found.wards), edition, key))
        elif options.review is not None:
            write(options.output, package_of_review(found, options.review, edition, key))
