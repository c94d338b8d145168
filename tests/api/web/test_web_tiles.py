"""The map that is drawn from vector tiles, in a real browser that reaches the server and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from web_house import Watched

pytestmark = pytest.mark.browser
_PAINTED = """
() => [...document.querySelectorAll("#tiles canvas")].filter((canvas) =>
  canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value)).length
"""


def test_wards_are_painted_and_named(watched: Callable[..., Watched]) -> None:
    context = watched()
    page = context.open("/tiles")
    page.wait_for_selector("#tiles[data-drawn]")
    assert page.evaluate(_PAINTED) > 0, context.complaints
    box = page.locator("#tiles").bounding_box()
    assert box is not None
    # Where Hà Nội lies when both cities are in view.
    page.mouse.click(box["x"] + 0.425 * box["width"], box["y"] + 0.155 * box["height"])
    assert "OpenStreetMap" in page.locator("#tiles .leaflet-control-attribution").inner_text()
    ward = page.locator("#tiles-ward").inner_text()
    assert ward.startswith(("Phường ", "Xã "))
    assert context.foreign == []
    assert context.complaints == []
