"""The first dossier of a process reads no library and no catalogue of words: they are there before it takes a request."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_FIRST = """
import sys
from fastapi.testclient import TestClient
from api.core.settings import ApiSettings
from api.main import create_app
from api.web.first_page import prepare
from geo.i18n import catalogue

app = create_app(ApiSettings(secret="s" * 40))
prepare(app.state.service)
loaded, read, reading = set(sys.modules), [], catalogue._read
catalogue._read = lambda file, lang: (read.append(file.stem), reading(file, lang))[1]
with TestClient(app) as client:
    assert client.get("/dossiers/HN-I-1.pdf").status_code == 200
drawing = {"mapbox_vector_tile", "google.protobuf", "matplotlib.backends.backend_svg", "typst"}
print(sorted(drawing & (set(sys.modules) - loaded)), read)
"""


def test_it_is_drawn_by_what_is_there_already(tmp_path: Path) -> None:
    own = os.environ | {"DIABAN_DATABASE_URL": f"sqlite:///{tmp_path}/records.sqlite"}
    done = subprocess.run([sys.executable, "-c", _FIRST], check=True, capture_output=True, text=True, env=own)
    assert done.stdout == "[] []\n"
