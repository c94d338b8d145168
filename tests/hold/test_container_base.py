"""The image is built on a base that is named by its digest, or on one that was built on this machine, and on no other."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "docs" / "deploy" / "Containerfile"


def test_the_base_has_no_default() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert re.findall(r"^ARG BASE.*$", text, re.M) == ["ARG BASE", "ARG BASE"]
    assert set(re.findall(r"^FROM (\S+)", text, re.M)) == {"${BASE}"}


@pytest.mark.parametrize(
    ("base", "is_taken"),
    [
        ("docker.io/library/python@sha256:" + 64 * "a", True),
        ("docker.io/library/python:3.12-slim@sha256:" + 64 * "a", True),
        ("localhost/debian-python:bookworm", True),
        ("docker.io/library/python:3.12-slim", False),
        ("python", False),
    ],
)
def test_a_base_with_a_tag_alone_ends_the_build(base: str, is_taken: bool) -> None:
    text = FILE.read_text(encoding="utf-8")
    step = re.search(r"^RUN (case .*?esac)$", text, re.M | re.S)
    assert step is not None
    assert text.index("FROM ${BASE} AS build") < step.start() < text.index("WORKDIR /src")  # before anything is made
    ran = subprocess.run(["sh", "-c", step[1]], env={"BASE": base}, capture_output=True, text=True, check=False)
    assert (ran.returncode == 0) is is_taken
    assert is_taken or base in ran.stderr
