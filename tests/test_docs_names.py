"""Every file, folder, module and name of the code that the documentation names exists."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
PAGES = sorted(
    [*HERE.joinpath("docs").rglob("*.md"), HERE / "README.md", HERE / "CONTRIBUTING.md", HERE / "SECURITY.md"]
)
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"(?:geo|api|tests|docs|data|benchmarks|frontend|notebooks|\.ci)/[\w./*{},-]*|\.ci/\w+")
_DOTTED = re.compile(r"(?:geo|api|benchmarks)(?:\.\w+)+")
_MADE = ("docs/_site", "frontend/node_modules", "data/base/", "geo/output/maps/html/bundle")
"""What stands there once it was built."""
_PLACEHOLDER = re.compile(r"[A-Z]{3,}|<|…")


def _named(page: Path) -> list[str]:
    return [name for text in _CODE.findall(page.read_text(encoding="utf-8")) for name in text.split()]


def paths_in(page: Path) -> list[str]:
    """Paths of this repository that a page names, a test after '::' left off."""
    named = [name.split("::")[0].rstrip(".,;:)") for name in _named(page)]
    return [name for name in named if _PATH.fullmatch(name) and not name.startswith(_MADE)]


def _tests_in(page: Path) -> list[tuple[str, str]]:
    """Tests that a page names as `tests/file.py::test`."""
    return [(file, test) for file, _, test in (name.partition("::") for name in _named(page)) if test]


def dotted_in(page: Path) -> list[str]:
    """Modules and names of the code that a page names as `geo.records.store`."""
    named = (name.split("(")[0].rstrip(".,;:)") for name in _named(page))
    return [name for name in named if _DOTTED.fullmatch(name)]


def _is_there(path: str) -> bool:
    if _PLACEHOLDER.search(path):
        return True
    braces = re.search(r"\{([^}]*)\}", path)
    if braces:
        return all(_is_there(path.replace(braces[0], one.strip())) for one in braces[1].split(","))
    return any(HERE.glob(path.rstrip("/")))


def _resolves(dotted: str) -> bool:
    parts = dotted.split(".")
    for size in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:size]))
        except ModuleNotFoundError:
            continue
        for name in parts[size:]:
            fields = getattr(found, "__dataclass_fields__", {}) | getattr(found, "__annotations__", {})
            if not hasattr(found, name) and name not in fields:
                return False
            found = getattr(found, name, None)
        return True
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HERE)))
def test_what_a_page_names_exists(page: Path) -> None:
    assert [path for path in paths_in(page) if not _is_there(path)] == []
    assert [name for name in dotted_in(page) if not _resolves(name)] == []
    missing = [
        f"{file}::{test}" for file, test in _tests_in(page)
        if f"def {test}(" not in (HERE / file).read_text(encoding="utf-8")
    ]  # fmt: skip
    assert missing == []


def test_pages_name_files_and_modules() -> None:
    assert sum(len(paths_in(page)) for page in PAGES) > 100
    assert sum(len(dotted_in(page)) for page in PAGES) > 20
