"""The systemd units of the documentation: systemd takes them, their commands and options are those of the program."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "docs" / "deploy"
NAMES = sorted(path.name for path in (*UNITS.glob("*.service"), *UNITS.glob("*.timer")))
INSTALLED, DIABAN = "/opt/diaban/venv/bin/diaban", Path(sys.executable).with_name("diaban")


def commands(unit: str) -> list[list[str]]:
    """The calls of the program in a unit, as systemd hands them on (`$$` is `$`, `%%` is `%`)."""
    started = re.findall(r"^ExecStart=(.+)$", (UNITS / unit).read_text("utf-8"), re.M)
    words = [shlex.split(line.replace("$$", "$").replace("%%", "%")) for line in started]
    plain = [part for call in words for part in (_scripted(call[-1]) if call[0] == "/bin/sh" else [call])]
    return [call[1:] for call in plain if call[0] == INSTALLED]


def _scripted(script: str) -> list[list[str]]:
    return [shlex.split(step) for step in re.split(r"&&|;", script) if step.strip()]


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".service")])
def test_the_command_of_a_unit_and_its_options_exist(name: str) -> None:
    found = commands(name)
    assert found
    for call in found:
        # The words are parsed before help is shown: a command or an option that is not there ends it.
        ran = subprocess.run([str(DIABAN), *call, "--help"], capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, ""), call


@pytest.mark.parametrize("name", NAMES)
def test_systemd_takes_a_unit(name: str, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze")
    for unit in NAMES:
        (tmp_path / unit).write_text((UNITS / unit).read_text("utf-8").replace(INSTALLED, str(DIABAN)), "utf-8")
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)], capture_output=True, text=True, check=False,
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    said = [line for line in ran.stderr.splitlines() if "diaban" in line]
    assert (ran.returncode, said) == (0, [])


@pytest.mark.parametrize("name", NAMES)
def test_a_unit_names_itself_and_its_service(name: str) -> None:
    text = (UNITS / name).read_text("utf-8")
    assert text.startswith(f"# systemd unit: /etc/systemd/system/{name}")
    if name.endswith(".timer"):
        assert name.replace(".timer", ".service") in NAMES


def test_the_daily_unit_runs_on_new_records(tmp_path: Path) -> None:
    (call,) = commands("diaban-daily.service")
    set_by_unit = dict(
        re.findall(r"^Environment=(\w+)=/var/\w+/(.+)$", (UNITS / "diaban-daily.service").read_text("utf-8"), re.M)
    )
    assert set(set_by_unit) >= {"DIABAN_DATABASE_FILE", "DIABAN_CACHE_DIR"}
    here = {name: str(tmp_path / Path(value).name) for name, value in set_by_unit.items()}
    ran = subprocess.run([str(DIABAN), *call], env=os.environ | here, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert Path(here["DIABAN_DATABASE_FILE"]).is_file()
