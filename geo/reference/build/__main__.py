"""`python -m geo.reference.build wards …`, `… sites …`, `… base …`: make the data set from its sources."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from geo.errors import DiabanError


def main(argv: Sequence[str] | None = None) -> int:
    """Run a build step; 0 when its file is written, 1 when it finds something to look at, 2 on bad input."""
    parser = argparse.ArgumentParser(prog="python -m geo.reference.build", description=__doc__)
    parser.add_argument(
        "what",
        choices=("wards", "sites", "former-units", "places", "base", "country"),
        help="the register to make; add --help for its options",
    )
    given = list(sys.argv[1:] if argv is None else argv)
    chosen = parser.parse_args(given[:1]).what
    try:
        return _step(chosen, given[1:])
    except DiabanError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _step(what: str, argv: Sequence[str]) -> int:
    if what == "former-units":
        from geo.reference.build import former_units

        return former_units.main(argv)
    if what == "places":
        from geo.reference.build import places

        return places.main(argv)
    if what == "wards":
        from geo.reference.build import wards

        return wards.main(argv)
    if what == "base":
        from geo.reference.build import base

        return base.main(argv)
    if what == "country":
        from geo.reference.build import country

        return country.main(argv)
    from geo.reference.build import sites

    return sites.main(argv)


if __name__ == "__main__":
    sys.exit(main())
