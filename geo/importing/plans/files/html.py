"""A plan as a page of the web: headings, paragraphs and tables in their order, without menus, footers and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo.importing.plans.files.blocks import Block, GridRow, cleaned, grid, line_texts
from geo.importing.plans.files.struck import struck
from geo.importing.tables.archive import readable
from geo.importing.tables.encodings import decoded
from geo.importing.tables.written.runs import raised

_LEFT_OUT = {
    "script", "style", "head", "nav", "footer", "aside", "noscript", "iframe", "svg", "button", "form", "template",
    "select", "object", "embed", "canvas", "audio", "video", "dialog",
}  # fmt: skip
_CHROME_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "dialog"}
_CHROME_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|sidebar|breadcrumbs?|footer|related|comments?|share|social|advert|ads|popup|login"
    r"|cookie|toolbar)(?:$|[\s_-])",
    re.I,
)
_BLOCKS = {
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "main", "header", "tr",
    "blockquote", "pre", "dd", "dt", "figure", "figcaption", "center", "body", "html",
}  # fmt: skip
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_LINED = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.I)
_META = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
_MOST_SPAN = 63


def html_blocks(data: bytes, path: Path) -> list[Block]:
    """The lines and tables of a page; a table that holds tables only lays them out.

    Raises
    ------
    InputError
        It is in no known encoding.
    """
    import lxml.html

    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", _decoded(data, path))
    with readable(path, "HTML"):
        root = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(no_network=True, huge_tree=False))
    _mark(root)
    walker = _Walker()
    walker.walk(root)
    return list(walker.finished())


def _mark(root: Any) -> None:
    """Enclose what is struck out, and rows and cells that are not shown; raise what is raised."""
    for element in list(root.iter("s", "strike", "del", "sup", "tr", "td", "th", "span", "p", "font", "div")):
        if element.tag == "sup":
            element.text = raised(element.text or "")
        elif element.tag == "tr":
            if _is_unseen(element) or _is_unseen(element.getparent()):
                for cell in element:
                    _enclose(cell)
        elif element.tag in ("td", "th") and _is_unseen(element):
            element.attrib.pop("hidden", None)
            element.attrib.pop("style", None)
            _enclose(element)
        elif element.tag in ("s", "strike", "del") or _LINED.search(element.get("style") or ""):
            _enclose(element)


def _is_unseen(element: Any) -> bool:
    return element is not None and (
        element.get("hidden") is not None or bool(_UNSEEN.search(element.get("style") or ""))
    )


def _enclose(element: Any) -> None:
    """Put the signs of struck text around the text of an element."""
    begin, end = struck("x").split("x")
    element.text = begin + (element.text or "")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + end
    else:
        element.text += end


def _decoded(data: bytes, path: Path) -> str:
    named = _META.search(data[:4096])
    if named:
        try:
            return data.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass  # a page that does not say what it is
    return decoded(data, path)


class _Walker:
    """Collects text until a block or a table ends it."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._text: list[str] = []

    def finished(self) -> Iterator[Block]:
        self._end()
        return iter(self._blocks)

    def walk(self, element: Any) -> None:
        # Not by recursion: a page may nest as deeply as it likes.
        todo: list[tuple[str, Any]] = [("open", element)]
        while todo:
            action, current = todo.pop()
            if action == "text":
                self._text.append(re.sub(r"[\r\n]+", " ", current))
            elif action == "end":
                self._end()
            else:
                todo += self._opened(current)

    def _opened(self, element: Any) -> list[tuple[str, Any]]:
        """What comes next, the first at the end."""
        tag = element.tag if isinstance(element.tag, str) else ""
        tail = [("text", element.tail)] if element.tail else []
        if not tag or _is_left_out(element, tag):
            return tail
        if tag == "br":
            self._text.append("\n")
            return tail
        if tag == "pre":
            self._end()
            self._blocks += line_texts(_shown(element))
            return tail
        if tag == "table" and element.find(".//table") is None:
            self._end()
            self._table(element)
            return tail
        inner: list[tuple[str, Any]] = [("text", element.text)] if element.text else []
        inner += [("open", child) for child in element]
        if tag in _BLOCKS or tag in ("table", "td", "th"):
            self._end()
            inner.append(("end", None))
        return [*tail, *reversed(inner)]

    def _end(self) -> None:
        self._blocks += line_texts("".join(self._text))
        self._text.clear()

    def _table(self, table: Any) -> None:
        rows: list[GridRow] = []
        open_spans: dict[int, tuple[int, str]] = {}
        for element in table.iter("tr"):
            row, open_spans = _row(element, open_spans)
            rows.append(row)
        made = grid(rows)
        if made.width == 1:
            for row in made.rows:
                self._blocks += line_texts(row.cells[0])
        elif made.rows:
            self._blocks.append(made)


def _row(element: Any, open_spans: dict[int, tuple[int, str]]) -> tuple[GridRow, dict[int, tuple[int, str]]]:
    """A row, and the cells that reach into the rows below: column → how many rows more, text."""
    cells: list[str] = []
    above: set[int] = set()
    across: set[int] = set()
    left = {column: (rows - 1, text) for column, (rows, text) in open_spans.items() if rows > 1}

    def fill() -> None:
        while len(cells) in open_spans:
            above.add(len(cells))
            cells.append(open_spans[len(cells)][1])

    for cell in element:
        if cell.tag not in ("td", "th"):
            continue
        fill()
        column, text = len(cells), cleaned(_shown(cell))
        wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
        cells += [text, *[""] * (wide - 1)]
        across |= set(range(column + 1, column + wide))
        if high > 1:
            left |= {column: (high - 1, text)} | dict.fromkeys(range(column + 1, column + wide), (high - 1, ""))
    fill()
    return GridRow(tuple(cells), frozenset(above), frozenset(across)), left


def _shown(element: Any) -> str:
    """The text of an element; blocks and <br> end lines."""
    parts: list[str] = []
    for event, node in _events(element):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            parts.append("\n" if tag == "br" or tag in _BLOCKS else "")
            parts.append((node.text or "") if tag else "")
        else:
            parts.append("\n" if tag in _BLOCKS else "")
            parts.append((node.tail or "") if node is not element else "")
    return "".join(parts)


def _events(element: Any) -> Iterator[tuple[str, Any]]:
    """Each element that is shown when it begins and when it ends."""
    todo: list[tuple[str, Any]] = [("start", element)]
    while todo:
        event, node = todo.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start" and (not tag or _is_left_out(node, tag)):
            yield "end", node
            continue
        yield event, node
        if event == "start":
            todo.append(("end", node))
            todo += [("start", child) for child in reversed(node)]


def _span(cell: Any, name: str) -> int:
    text = str(cell.get(name) or "1").strip()
    return max(1, min(int(text), _MOST_SPAN)) if text.isascii() and text.isdigit() else 1


def _is_left_out(element: Any, tag: str) -> bool:
    if tag in _LEFT_OUT or element.get("role") in _CHROME_ROLES or element.get("hidden") is not None:
        return True
    if element.get("aria-hidden") == "true" or _UNSEEN.search(element.get("style") or ""):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return tag not in ("body", "html", "main", "article") and bool(_CHROME_CLASSES.search(names))
