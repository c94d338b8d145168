"""How the packages are cut: folders of a dozen modules at most, files of a size that is read in one go; their words."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST_MODULES = 12
MOST_LINES = 400
MOST_PLAIN_WORDS = 30
_PLAIN = re.compile(r"\b(?:told|kept)\b", re.IGNORECASE)


def test_no_folder_holds_more_than_a_dozen_modules() -> None:
    folders: dict[str, int] = {}
    for file in (*ROOT.glob("geo/**/*.py"), *ROOT.glob("api/**/*.py")):
        folder = str(file.parent.relative_to(ROOT))
        folders[folder] = folders.get(folder, 0) + (file.name != "__init__.py")
    assert {name: count for name, count in folders.items() if count > MOST_MODULES} == {}


def test_no_file_is_longer_than_is_read_in_one_go() -> None:
    files = (*ROOT.glob("geo/**/*.py"), *ROOT.glob("api/**/*.py"))
    lines = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_what_is_published_or_stored_is_called_so() -> None:
    """Who looks for it looks for these words, not for what is 'told' or 'kept'."""
    files = [
        file
        for folder in ("geo", "api")
        for kind in ("py", "po", "html", "js")
        for file in ROOT.glob(f"{folder}/**/*.{kind}")
    ]
    own = [file for file in files if "bundle" not in file.parts]
    lines = [
        f"{file.name}: {line}" for file in own for line in file.read_text("utf-8").splitlines() if _PLAIN.search(line)
    ]
    assert len(lines) < MOST_PLAIN_WORDS, lines
