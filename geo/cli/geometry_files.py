"""Files of geometries that a command is given: which options are about which of them, and what is said of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geo.cli.base.commands import FOUND, end_with
from geo.cli.base.console import print_notes
from geo.i18n.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from geopandas import GeoDataFrame

    from geo.importing.geometries import SitesRead
    from geo.importing.geometries.systems.question import Question
    from geo.reference.cities import City
    from geo.reference.wards import WardRegister


@dataclass(frozen=True, slots=True, kw_only=True)
class GeometryFiles:
    """The files of `--sites` and `--wards`, with the coordinate system and the layer of each.

    `--crs` and `--layer` are of the sites, and of the wards where only those are given; `--wards-crs` and
    `--wards-layer` are of the wards in any case. `has_point`: a point is given too, and `--crs` is of that alone.
    """

    sites: Path | None = None
    wards: Path | None = None
    crs: str | None = None
    layer: str | None = None
    wards_crs: str | None = None
    wards_layer: str | None = None
    has_point: bool = False

    def load_wards(self, city: City | None = None) -> GeoDataFrame:
        """The wards of the file, or of the data set, those of one `city` if given; says how a file was read.

        Raises
        ------
        DataFileMissingError, InputError
            As `geo.importing.geometries.read_wards`.
        """
        if self.wards is None:
            from geo.reference.wards import load_wards

            return load_wards(city=city)
        from geo.importing.geometries import read_wards

        found = read_wards(self.wards, self._of_wards())
        say_notes(found.notes)
        if city is None:
            return found.frame
        return found.frame[found.frame["province_code"] == city.province_code].reset_index(drop=True)

    def register(self) -> WardRegister:
        """The same wards as a register."""
        from geo.reference.wards import WardRegister

        return WardRegister.load() if self.wards is None else WardRegister(self.load_wards())

    def load_sites(self, wards: WardRegister | None = None) -> GeoDataFrame:
        """The sites of the file, or of the data set; a line is enough for one. Says how a file was read.

        `wards`: those by which coordinate systems are distinguished.

        Raises
        ------
        DataFileMissingError, InputError
            As `geo.importing.geometries.read_sites`.
        """
        if self.sites is None:
            from geo.reference.sites import load_sites

            return load_sites()
        return self.read_sites(wards).frame

    def load_drawn_sites(self) -> GeoDataFrame:
        """The sites of the file, or of the data set, to be drawn: a route without group and level has the usual ones.

        Raises
        ------
        DataFileMissingError, InputError
            As `geo.importing.geometries.read_sites`.
        """
        frame = self.load_sites()
        bare = (frame["group"] == "") | (frame["level"] == "")
        if not bare.any():
            return frame
        say_notes([Message("cli.drawn-as", count=int(bare.sum()))])
        usual = {"group": "public", "level": "active"}
        return frame.assign(**{name: frame[name].replace("", value) for name, value in usual.items()})

    def load_register_sites(self) -> GeoDataFrame:
        """The sites of the file, or of the data set, as a register: every property is there and right.

        Raises
        ------
        DataFileMissingError, InputError
            As `geo.importing.geometries.read_register_sites`.
        """
        if self.sites is None:
            return self.load_sites()
        from geo.importing.geometries import read_register_sites
        from geo.importing.geometries.systems.question import Question

        own = None if self.wards is None else self.register
        found = read_register_sites(self.sites, Question(self.crs, self.layer), wards=own)
        say_notes(found.notes)
        return found.frame

    def read_sites(self, wards: WardRegister | None = None) -> SitesRead:
        """The sites of the file, with the notes that were printed."""
        from geo.importing.geometries import read_sites
        from geo.importing.geometries.systems.question import Question

        assert self.sites is not None
        question = Question(self.crs, self.layer)
        found = read_sites(self.sites, question, wards=None if wards is None else lambda: wards)
        say_notes(found.notes)
        return found

    def _of_wards(self) -> Question:
        from geo.importing.geometries.systems.question import Question

        if self.sites is not None or self.has_point or self.wards_crs or self.wards_layer:
            return Question(self.wards_crs, self.wards_layer, option="--wards-crs ", layer_option="--wards-layer ")
        return Question(self.crs, self.layer)


def read_streets(crs: str | None, layer: str | None) -> Callable[[Path], GeoDataFrame]:
    """What reads a file of streets in this coordinate system, and this layer of it, and says how it was read."""

    def read(path: Path) -> GeoDataFrame:
        from geo.importing.geometries import Question, read_geometries

        found = read_geometries(path, Question(crs, layer))
        say_notes(found.notes)
        return found.frame

    return read


def say_notes(notes: Iterable[Message]) -> None:
    """What to know of how a file was read, on the error stream; of a part of more the command ends with code 1."""
    from geo.importing.geometries.formats.stated_parts import CODES

    said = list(notes)
    print_notes(map(str, said))
    if any(one.code in CODES for one in said):
        end_with(FOUND)
