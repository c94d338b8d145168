"""What several tests need: the reference data outside the project, where it is there."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import browser
from hypothesis import is_hypothesis_test, settings
from postgres_server import migrated_postgres, postgres

__all__ = ["browser", "migrated_postgres", "postgres"]

ROOT = Path(__file__).resolve().parents[1]
# No example fails for the time it takes. Where nothing may be missing (CI) the examples are the same each time; elsewhere
# each run looks for others.
# `make thorough` tries more of them.
THOROUGH = bool(os.environ.get("DIABAN_TEST_THOROUGH"))
settings.register_profile(
    "untimed",
    deadline=None,
    max_examples=50 if THOROUGH else 20,
    derandomize=bool(os.environ.get("DIABAN_TEST_ALL")),
)
settings.load_profile("untimed")
LONG = (
    *("test_torture", "test_schema", "test_siege", "test_load", "test_memory"),
    *("test_ways_out", "test_privacy_walk", "test_web_browser", "test_bad_input", "test_web_print_browser"),
    *("test_programme_engine", "test_decree", "test_web_cities_browser", "test_privacy", "test_web_registers"),
    *("test_registers_api", "test_web_registers_story", "test_maps_browser", "test_web_phone_browser"),
    *("test_register_commands", "test_web_morning", "test_every_metre", "test_escape", "test_access"),
    *("test_dossier_formats", "test_web_coverage", "test_draft_checks", "test_handover", "test_base"),
)
"""Modules of a quarter of a minute and more, those of `make hold` first, then the longest."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long modules start first, so that no worker is left alone with one of them at the end."""
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("properties")
    rank = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.path.stem, len(LONG)))


def pytest_collection_finish() -> None:
    """Modules and tests stay until the end: looking through them for garbage takes an eighth of the time of all tests.

    The command line and the service do the same (`geo.cli.app.main`, `api.core.process`).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of the reference data and plans; tests that use it are skipped where it is missing."""
    folder = Path(os.environ.get("DIABAN_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("the reference data are not here (set DIABAN_SHARED)")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests have caches and records of their own, and commands speak English unless a test chooses."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIABAN_LANG", "en")
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data-home")))
        patch.setenv("DIABAN_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Where everything is installed (`DIABAN_TEST_ALL`), a test skipped for want of a program fails the run."""
    yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get("DIABAN_TEST_ALL"):
        return
    wanting = [r for r in reporter.stats.get("skipped", []) if "reference data" not in str(r.longrepr)]
    if wanting:
        for report in wanting:
            reporter.write_line(f"skipped where nothing may be missing: {report.nodeid}: {report.longrepr}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
