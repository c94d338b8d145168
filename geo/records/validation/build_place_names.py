"""`data/place_names.txt`: streets and wards whose names could be those of persons; `data/short_place_names.txt`: those
that could be the given names of one.

Most streets are named after persons; what screens texts for names must know them.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from geo.files import write_atomic
from geo.records.validation.hidden_names import names_like_persons
from geo.records.validation.persons import lexicon
from geo.records.validation.persons.words import words_of
from geo.records.validation.privacy_names import NAME
from geo.reference.country.wards import country_file, country_former_file
from geo.reference.wards import load_wards

if TYPE_CHECKING:
    from pandas import DataFrame

_HEAD = """# Streets and wards of Hà Nội and Huế whose names could be those of persons, for the screening of texts.
# Streets: © OpenStreetMap contributors, ODbL 1.0; wards as in wards.geojson. By python -m
# geo.records.validation.build_place_names
"""

_SHORT_HEAD = """# Wards, communes and districts of the country, today's and former ones, and streets of Hà Nội and Huế:
# names of two syllables that could be given names. Wards: resolutions of the National Assembly's Standing Committee;
# streets: © OpenStreetMap contributors, ODbL 1.0. By python -m geo.records.validation.build_place_names
"""
_UNIT = re.compile(
    r"^(?:phường|xã|thị trấn|thị xã|quận|huyện|thành phố|tỉnh|đặc khu|đường|phố|ngõ|ngách|hẻm|kiệt|cầu|làng|thôn|"
    r"xóm)\s",
    re.I,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the list; 0 when it is written."""
    parser = argparse.ArgumentParser(prog="python -m geo.records.validation.build_place_names", description=__doc__)
    parser.add_argument("streets", type=Path, nargs="+", help="streets with their names, GeoParquet")
    parser.add_argument("-o", "--output", type=Path, default=Path("data/place_names.txt"))
    parser.add_argument("--short", type=Path, default=Path("data/short_place_names.txt"))
    options = parser.parse_args(argv)
    streets = [name for path in options.streets for name in _streets(path)]
    parts = {part for name in streets for part in names_like_persons(name)}
    names = sorted(filter(_is_whole, {*names_in([*streets, *_wards()]), *parts}))
    write_atomic(options.output, _HEAD + "\n".join(names) + "\n")
    short = sorted({*short_names([*streets, *_wards(), *_of_the_country()])})
    write_atomic(options.short, _SHORT_HEAD + "\n".join(short) + "\n")
    return 0


def short_names(texts: Iterable[str]) -> Iterator[str]:
    """The names of two syllables, of streets and units without what they are, that could be two given names."""
    first = (lexicon.given_names(), lexicon.middles(), lexicon.surnames())
    for text in texts:
        words = words_of(_UNIT.sub("", unicodedata.normalize("NFC", text.strip())))
        if len(words) != 2 or not lexicon.given_names().has_as_written(words[1]):
            continue
        if any(known.has_as_written(words[0]) for known in first):
            yield " ".join(word.text for word in words).casefold()


def _of_the_country() -> list[str]:
    import pandas as pd

    today = pd.read_parquet(country_file(), columns=["full_name"])["full_name"].dropna()
    former = pd.read_csv(country_former_file(), dtype=str)
    return [*today, *former["name"].dropna(), *former["district"].dropna()]


def names_of_city(slug: str, wards: DataFrame, folder: Path) -> None:
    """Write the list of an added city into its folder, from its wards and, where it has them, its streets."""
    streets = folder / "places" / f"{slug}_streets.parquet"
    texts = _streets(streets) if streets.is_file() else []
    parts = {part for name in texts for part in names_like_persons(name)}
    names = sorted(filter(_is_whole, {*names_in([*texts, *wards["full_name"]]), *parts}))
    write_atomic(folder / "place_names.txt", "\n".join(names) + "\n")


def names_in(texts: Iterable[str]) -> Iterator[str]:
    """The parts of these texts that could be names of persons."""
    for text in texts:
        yield from (match[1] for match in NAME.finditer(unicodedata.normalize("NFC", text)))


def _is_whole(name: str) -> bool:
    """Not a surname and 'Văn' alone, with which half of all names of men begin."""
    words = name.split()
    return len(words) > 2 or words[-1] not in ("Văn", "Thị")


def _streets(path: Path) -> list[str]:
    import pandas as pd

    return pd.read_parquet(path, columns=["name"])["name"].dropna().unique().tolist()


def _wards() -> list[str]:
    wards = load_wards()
    return [*wards["full_name"], *(name for names in wards["merged_from"] for name in names)]


if __name__ == "__main__":
    sys.exit(main())
