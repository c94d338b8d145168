"""The parts of a document as OpenDocument has them: paragraphs in styles, tables with a repeated head, pictures."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from geo.output.decree.checklist import PAGE
from geo.output.dossier.documents.blocks import (
    Appendix,
    Block,
    Closing,
    Document,
    Facts,
    Fill,
    Grid,
    Link,
    Paragraph,
    Picture,
    Section,
    Signature,
    Signatures,
)
from geo.output.dossier.documents.frame import roman
from geo.output.dossier.writers.odt_styles import NAMESPACES
from geo.output.dossier.writers.text_width import rules_mm

_ROLES = {"body": "body", "item": "body", "note": "note", "missing": "note"}
_ALIGN = {"l": "start", "c": "center", "r": "end"}
_SIGN_MM = 24
_CELL = 'fo:padding="1mm" style:vertical-align="middle"'


class Body:
    """The body of a document being written; `used` are the names of the pictures in it."""

    def __init__(self, document: Document, pictures: Mapping[str, bytes]) -> None:
        self._document = document
        self._pictures = pictures
        self._styles: dict[str, str] = {}
        self._width = PAGE.width - PAGE.left - PAGE.right
        self._rules = rules_mm(document, self._width)
        self.used: tuple[str, ...] = ()

    def xml(self) -> str:
        """`content.xml`."""
        body = "".join(self._parts())
        styles = "".join(self._styles.values())
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {NAMESPACES} office:version="1.3">'
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
        )

    def _parts(self) -> Iterator[str]:
        document = self._document
        first = self._style("begins", "body", page="upright-first", more='fo:line-height="1pt" fo:margin-bottom="0pt"')
        yield f'<text:p text:style-name="{first}"/>'
        yield self._letterhead()
        yield _p("title", document.title) + _p("subject", document.subject) + self._rule("subject", self._width)
        yield _p(self._centred("note"), document.notice)
        yield from (_p("note", caution) for caution in document.cautions)
        if document.addressed:
            yield _p("addressed", f"{document.addressed_head}: {'; '.join(document.addressed)}.")
        yield from (_p("grounds", ground) for ground in document.grounds)
        number = 0
        for section in document.sections:
            counted = section.level == 1 and bool(section.heading)
            number += counted
            yield self._section(section, f"{roman(number)}. " if counted else "", 0)
        if document.closing is not None:
            yield self._closing(document.closing)
        for entry in document.appendices:
            yield self._appendix(entry)

    def _letterhead(self) -> str:
        header = self._document.header
        left = [_p("parent", line) for line in header.parent.split("\n")]
        left += [_p("office", line) for line in header.office.split("\n")]
        left.append(self._rule("office", self._width * 0.42))
        right = [_p("nation", header.nation), _p("motto", header.motto), self._rule("motto", self._width * 0.58)]
        second = [_p("number", header.number)], [_p("place_date", header.place_date)]
        return self._table((42, 58), [("".join(left), "".join(right)), tuple("".join(cell) for cell in second)])

    def _section(self, section: Section, number: str, deeper: int) -> str:
        head = ""
        if section.heading:
            level = section.level + deeper
            style = "heading" if level < 3 else "body"
            title = _text(number + section.heading)
            head = f'<text:h text:style-name="{style}" text:outline-level="{level}">{title}</text:h>'
        return head + "".join(map(self._block, section.blocks))

    def _appendix(self, entry: Appendix) -> str:
        self._width = (PAGE.height if entry.across else PAGE.width) - PAGE.left - PAGE.right
        page = "across-first" if entry.across else "upright-first"
        style = self._style(f"appendix-{page}", "appendix", page=page, number=1)
        head = f'<text:h text:style-name="{style}" text:outline-level="1">{_text(entry.label)}</text:h>'
        head += _p("appendix_title", entry.title) + _p("appendix_reference", entry.reference)
        return head + "".join(self._section(section, "", 1) for section in entry.sections)

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph():
                dash = "– " if block.role == "item" else ""
                return _p(_ROLES[block.role], dash + block.text)
            case Facts():
                rows = [tuple(_p("table", text) for text in row) for row in block.rows]
                return self._table((34, 66), rows, lined=True)
            case Grid():
                return self._grid(block)
            case Picture():
                return self._picture(block)
            case Fill():
                return self._fill(block)
            case _:
                return self._signatures(block) if isinstance(block, Signatures) else self._link(block)

    def _link(self, block: Link) -> str:
        url = quoteattr(block.url)
        link = f'<text:a xlink:type="simple" xlink:href={url}>{_text(block.url)}</text:a>'
        return f'<text:p text:style-name="{self._centred("note")}">{_text(block.text)} {link}</text:p>'

    def _grid(self, block: Grid) -> str:
        head = self._style("table-head", "table", more='fo:text-align="center"', text='fo:font-weight="bold"')
        looks = [self._style(f"table-{letter}", "table", more=f'fo:text-align="{_ALIGN[letter]}"') for letter in "lcr"]
        by_letter = dict(zip("lcr", looks, strict=True))
        bold = {letter: self._bold(letter) for letter in set(block.align)}
        rows = [tuple(_p(head, text) for text in block.head)]
        for number, row in enumerate(block.rows, 1):
            chosen = bold if block.total and number == len(block.rows) else by_letter
            rows.append(tuple(_p(chosen[letter], text) for letter, text in zip(block.align, row, strict=True)))
        return self._table(block.widths, rows, lined=True, headed=True)

    def _bold(self, letter: str) -> str:
        return self._style(
            f"table-total-{letter}", "table", more=f'fo:text-align="{_ALIGN[letter]}"', text='fo:font-weight="bold"'
        )

    def _table(
        self, widths: Sequence[float], rows: Sequence[Iterable[str]], *, lined: bool = False, headed: bool = False
    ) -> str:
        """A table over the line; each cell holds paragraphs. A `headed` one repeats its first row on every page."""
        whole, cell = sum(widths), self._cell_style(lined=lined)
        columns = "".join(
            f'<table:table-column table:style-name="{self._column(self._width * part / whole)}"/>' for part in widths
        )
        row_style = self._named("row", '<style:table-row-properties fo:keep-together="always"/>', "table-row")
        written = [
            f'<table:table-row table:style-name="{row_style}">'
            + "".join(
                f'<table:table-cell table:style-name="{cell}" office:value-type="string">{text}</table:table-cell>'
                for text in row
            )
            + "</table:table-row>"
            for row in rows
        ]
        if headed:
            written[0] = f"<table:table-header-rows>{written[0]}</table:table-header-rows>"
        table = self._table_style()
        return f'<table:table table:style-name="{table}">{columns}{"".join(written)}</table:table>{self._gap()}'

    def _picture(self, block: Picture) -> str:
        data = self._pictures[block.name]
        self.used = tuple(dict.fromkeys((*self.used, block.name)))
        across, down = struct.unpack(">II", data[16:24])
        width = self._width * min(block.width, 0.995)
        height = width * down / across
        frame = (
            f'<draw:frame text:anchor-type="as-char" svg:width="{width:.2f}mm" svg:height="{height:.2f}mm">'
            f'<draw:image xlink:href="Pictures/{block.name}.png" xlink:type="simple" xlink:show="embed"/>'
            f"<svg:desc>{_text(block.alt)}</svg:desc></draw:frame>"
        )
        centred = self._centred("note")
        caption = _p(centred, block.caption) if block.caption else ""
        return f'<text:p text:style-name="{centred}">{frame}</text:p>{caption}'

    def _fill(self, block: Fill) -> str:
        stop = (
            f'<style:tab-stops><style:tab-stop style:position="{self._width:.1f}mm" style:type="right" '
            'style:leader-style="dotted" style:leader-text="."/></style:tab-stops>'
        )
        more = 'fo:text-indent="0mm" fo:text-align="start" fo:margin-bottom="2pt"'
        style = self._style(f"fill-{self._width:.0f}", "body", more=more, inside=stop)
        if block.lines == 1:
            label = f"{_text(block.label)} " if block.label else ""
            return f'<text:p text:style-name="{style}">{label}<text:tab/></text:p>'
        dotted = f'<text:p text:style-name="{style}"><text:tab/></text:p>' * block.lines
        return f'<text:p text:style-name="{style}">{_text(block.label)}</text:p>{dotted}'

    def _signatures(self, block: Signatures) -> str:
        cells = [self._sign(place) for place in block.places]
        cells += [""] * (len(cells) % 2)
        return self._table((50, 50), [tuple(cells[at : at + 2]) for at in range(0, len(cells), 2)])

    def _sign(self, place: Signature) -> str:
        lines = "".join(_p("authority", line) for line in place.lines)
        style = self._style(
            "sign-note", "note", more=f'fo:text-align="center" fo:text-indent="0mm" fo:margin-bottom="{_SIGN_MM}mm"'
        )
        return lines + _p(style, place.note)

    def _closing(self, closing: Closing) -> str:
        listed = _p("recipients_head", closing.recipients_head)
        listed += "".join(_p("recipients", line) for line in closing.recipients)
        if closing.left is None:
            return self._table((46, 54), [(listed, self._sign(closing.right))])
        return self._table((50, 50), [(self._sign(closing.left), self._sign(closing.right))]) + listed

    def _rule(self, name: str, room: float) -> str:
        """A rule, centred: the upper border of an empty line that is drawn in from both sides."""
        side = max((room - self._rules[name]) / 2, 0.0)
        more = (
            f'fo:border-top="0.6pt solid #000000" fo:margin-left="{side:.2f}mm" fo:margin-right="{side:.2f}mm" '
            'fo:margin-top="1pt" fo:margin-bottom="2pt" fo:line-height="4pt" fo:padding="0mm"'
        )
        return f'<text:p text:style-name="{self._style(f"rule-{name}", "subject", more=more)}"/>'

    def _centred(self, name: str) -> str:
        return self._style(f"{name}-centred", name, more='fo:text-align="center" fo:text-indent="0mm"')

    def _gap(self) -> str:
        style = self._style("gap", "body", more='fo:line-height="6pt" fo:margin-bottom="0pt"')
        return f'<text:p text:style-name="{style}"/>'

    def _style(
        self,
        name: str,
        parent: str,
        *,
        more: str = "",
        text: str = "",
        inside: str = "",
        page: str = "",
        number: int = 0,
    ) -> str:
        """An automatic style of paragraphs that changes a style of the checklist."""
        master = f' style:master-page-name="{page}"' if page else ""
        counted = f' style:page-number="{number or 1}"' if page else ""
        properties = f"<style:paragraph-properties {more}{counted}>{inside}</style:paragraph-properties>"
        letters = f"<style:text-properties {text}/>" if text else ""
        self._styles[name] = (
            f'<style:style style:name="{name}" style:family="paragraph" style:parent-style-name="{parent}"{master}>'
            f"{properties}{letters}</style:style>"
        )
        return name

    def _named(self, name: str, properties: str, family: str) -> str:
        self._styles[name] = f'<style:style style:name="{name}" style:family="{family}">{properties}</style:style>'
        return name

    def _cell_style(self, *, lined: bool) -> str:
        border = 'fo:border="0.5pt solid #333333"' if lined else 'fo:border="none"'
        padding = _CELL if lined else 'fo:padding="0mm"'
        name = "cell-lined" if lined else "cell"
        return self._named(name, f"<style:table-cell-properties {border} {padding}/>", "table-cell")

    def _column(self, width: float) -> str:
        properties = f'<style:table-column-properties style:column-width="{width:.2f}mm"/>'
        return self._named(f"column-{width:.2f}".replace(".", "-"), properties, "table-column")

    def _table_style(self) -> str:
        properties = f'<style:table-properties style:width="{self._width:.1f}mm" table:align="center"/>'
        return self._named(f"table-{self._width:.0f}", properties, "table")


def _p(style: str, text: str) -> str:
    return f'<text:p text:style-name="{style}">{_text(text)}</text:p>'


def _text(text: str) -> str:
    """A text with its runs of spaces and line ends, which XML would join."""
    spaced = re.sub(r" {2,}", lambda run: f' <text:s text:c="{len(run[0]) - 1}"/>', escape(text))
    return spaced.replace("\n", "<text:line-break/>")
