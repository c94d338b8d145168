"""Made-up plans, written as offices write them: the same content as DOCX, HTML, XLSX, PDF and two sorts of flat text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

LEVELS = ("Phức tạp", "Có hoạt động", "Ít hoạt động", "Không hoạt động")
HEAD = ("ỦY BAN NHÂN DÂN", "THÀNH PHỐ HÀ NỘI", "Số: 15/KH-UBND", "Hà Nội, ngày 08 tháng 01 năm 2027", "KẾ HOẠCH",
        "Phòng, chống mại dâm trên địa bàn thành phố Hà Nội năm 2027",
        "Căn cứ Quyết định số 732/QĐ-TTg ngày 24/4/2026 của Thủ tướng Chính phủ; Ủy ban nhân dân Thành phố ban hành Kế hoạch:")  # fmt: skip
DUE = "Định kỳ báo cáo 6 tháng (trước ngày 15/6) và báo cáo năm (trước ngày 15/12) gửi Sở Y tế."


@dataclass(frozen=True)
class C:
    """A cell that covers `rows` rows and `cols` columns."""

    text: str
    rows: int = 1
    cols: int = 1


Cells = Sequence[C | str]


@dataclass
class Plan:
    """What stands in a plan, in its order: lines, and tables as lists of rows of cells."""

    parts: list[str | list[Cells]] = field(default_factory=list)

    def line(self, *texts: str) -> Plan:
        self.parts += texts
        return self

    def table(self, *rows: Cells) -> Plan:
        self.parts.append(list(rows))
        return self


def plan(*texts: str) -> Plan:
    return Plan(list(texts or HEAD))


def laid_out(rows: Sequence[Cells]) -> list[list[tuple[C, bool] | None]]:
    """The grid of a table: each place with its cell and whether it begins there."""
    grid: list[list[tuple[C, bool] | None]] = []
    for at, row in enumerate(rows):
        while len(grid) <= at:
            grid.append([])
        for given in row:
            cell = C(given) if isinstance(given, str) else given
            column = next((i for i, held in enumerate(grid[at]) if held is None), len(grid[at]))
            for down in range(cell.rows):
                while len(grid) <= at + down:
                    grid.append([])
                line = grid[at + down]
                line += [None] * (column + cell.cols - len(line))
                for right in range(cell.cols):
                    line[column + right] = (cell, down == 0 and right == 0)
    return grid


def as_html(made: Plan, path: Path, before: str = "", after: str = "") -> Path:
    body = []
    for part in made.parts:
        if isinstance(part, str):
            body.append(f"<p>{escape(part)}</p>")
            continue
        rows = []
        for row in part:
            cells = [C(cell) if isinstance(cell, str) else cell for cell in row]
            spans = [f'<td rowspan="{c.rows}" colspan="{c.cols}">{escape(c.text)}</td>' for c in cells]
            rows.append(f"<tr>{''.join(spans)}</tr>")
        body.append(f"<table>{''.join(rows)}</table>")
    path.write_text(
        f"<html><head><meta charset='utf-8'></head><body>{before}{''.join(body)}{after}</body></html>", "utf-8"
    )
    return path


def as_docx(made: Plan, path: Path) -> Path:
    from docx import Document

    document = Document()
    for part in made.parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        grid = laid_out(part)
        table = document.add_table(len(grid), max(map(len, grid)))
        for r, row in enumerate(grid):
            for c, held in enumerate(row):
                if held and held[1]:
                    cell = table.cell(r, c)
                    if held[0].rows > 1 or held[0].cols > 1:
                        cell = cell.merge(table.cell(r + held[0].rows - 1, c + held[0].cols - 1))
                    cell.text = held[0].text
        document.add_paragraph("")
    document.save(str(path))
    return path


def as_xlsx(made: Plan, path: Path) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    at = 1
    for part in made.parts:
        if isinstance(part, str):
            sheet.cell(at, 1, part)
            at += 1
            continue
        grid = laid_out(part)
        for r, row in enumerate(grid):
            for c, held in enumerate(row):
                if held and held[1]:
                    sheet.cell(at + r, c + 1, held[0].text or None)
                    if held[0].rows > 1 or held[0].cols > 1:
                        last = {"end_row": at + r + held[0].rows - 1, "end_column": c + held[0].cols}
                        sheet.merge_cells(start_row=at + r, start_column=c + 1, **last)
        at += len(grid)
    book.save(path)
    return path


def as_pdf(made: Plan, path: Path, *settings: str) -> Path:
    """A PDF by Typst, with further settings of its own."""
    import typst

    lines = [
        '#set page(width: 29.7cm, height: 21cm, margin: 1.5cm, numbering: "1")',
        '#set text(font: "Liberation Serif", size: 9pt)',
        *settings,
    ]
    for part in made.parts:
        if isinstance(part, str):
            lines.append(f"#par[#{_typst(part)}]")
            continue
        width = max(map(len, laid_out(part)))
        cells = [C(cell) if isinstance(cell, str) else cell for row in part for cell in row]
        inner = ",".join(f"table.cell(rowspan: {c.rows}, colspan: {c.cols})[#{_typst(c.text)}]" for c in cells)
        lines.append(f"#table(columns: {width}, {inner})")
    fonts = Path(__file__).resolve().parents[2] / "geo/output/dossier/writers/font_files"
    path.write_bytes(typst.compile("\n".join(lines).encode(), font_paths=[str(fonts)]))
    return path


def _typst(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_cells(made: Plan, path: Path, before: str = "", after: str = "") -> Path:
    """A cell on a line; a row begins with a bar, a cell merged upwards is dropped and the blank put at the end."""
    lines = [before] if before else []
    for part in made.parts:
        if isinstance(part, str):
            lines.append(part)
            continue
        width = max(map(len, laid_out(part)))
        for row in part:
            texts = [cell if isinstance(cell, str) else cell.text for cell in row]
            texts += [""] * (width - len(texts))
            lines += ["|", *(f"{text} |" if text else "|" for text in texts)]
    path.write_text("\n".join([*lines, after]), "utf-8")
    return path


def as_rows(made: Plan, path: Path) -> Path:
    """A row on a line, blanks where cells are merged."""
    lines = []
    for part in made.parts:
        if isinstance(part, str):
            lines.append(part)
            continue
        texts = [[held[0].text if held and held[1] else "" for held in row] for row in laid_out(part)]
        lines += ["| " + " | ".join(row) + " |" for row in texts]
    path.write_text("\n".join(lines), "utf-8")
    return path


WRITERS = {"docx": as_docx, "html": as_html, "xlsx": as_xlsx, "pdf": as_pdf, "cells.txt": as_cells, "rows.txt": as_rows}
