"""Elements of SVG as text: escaped, numbers short, no style attributes (a page's content policy forbids them)."""

from __future__ import annotations

from html import escape

FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"


def element(name: str, *children: str, text: str = "", **attributes: object) -> str:
    """One element; underscores in attribute names stand for hyphens, numbers have at most one decimal.

    >>> element("rect", x=1.25, fill_opacity=0.5)
    '<rect x="1.2" fill-opacity="0.5"/>'
    """
    named = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"' for key, value in attributes.items()
    )
    inside = escape(text) + "".join(children)
    return f"<{name}{named}>{inside}</{name}>" if inside else f"<{name}{named}/>"


def document(width: float, height: float, title: str, *children: str) -> str:
    """A whole chart: `width` and `height` in CSS pixels, `title` what a reader hears of it."""
    return element(
        "svg", element("title", text=title), *children,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_short(width)} {_short(height)}", width=width, height=height,
        role="img", font_family=FONT, font_size=11, fill="#1b2328",
    )  # fmt: skip


def _short(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
