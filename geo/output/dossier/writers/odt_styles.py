"""The styles of an OpenDocument text, from the checklist of the decree: pages, paragraphs, what Word calls styles."""

from __future__ import annotations

from geo.i18n.language import Lang
from geo.output.decree.checklist import ELEMENTS, FACE, PAGE, Element

NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}:1.0"'
    for name, uri in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
        "svg": "svg-compatible",
        "meta": "meta",
        "manifest": "manifest",
    }.items()
)
NAMESPACES += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
_ALIGN = {"left": "start", "centre": "center", "right": "end", "both": "justify"}
_INDENTED = ("body", "grounds", "note")
_BEFORE = {"heading": "9pt", "title": "12pt", "appendix": "12pt"}
_AFTER = {"appendix_reference": "10pt"}
_SPACED = ("body", "grounds", "note", "addressed", "heading")


def styles_xml(lang: Lang, foot: str) -> str:
    """`styles.xml`: the pages upright and across, with and without a number, and a style for each element."""
    language, country = ("vi", "VN") if lang == "vi" else ("en", "GB")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-styles {NAMESPACES} office:version="1.3">'
        f'<office:font-face-decls><style:font-face style:name="{FACE}" svg:font-family="\'{FACE}\'"/>'
        f'</office:font-face-decls><office:styles><style:default-style style:family="paragraph">'
        f'<style:text-properties style:font-name="{FACE}" fo:font-size="{ELEMENTS["body"].size}pt" '
        f'fo:language="{language}" fo:country="{country}"/></style:default-style>'
        f"{''.join(_paragraph_style(name) for name in ELEMENTS)}"
        f"</office:styles><office:automatic-styles>{_layout('upright', across=False)}{_layout('across', across=True)}"
        f"</office:automatic-styles><office:master-styles>{_masters(foot)}</office:master-styles>"
        "</office:document-styles>"
    )


def text_properties(element: Element) -> str:
    """Size and style of an element."""
    weight, slope = ("bold" if element.bold else "normal"), ("italic" if element.italic else "normal")
    return (
        f'<style:text-properties style:font-name="{FACE}" fo:font-size="{element.size}pt" '
        f'fo:font-weight="{weight}" fo:font-style="{slope}"/>'
    )


def _paragraph_style(name: str) -> str:
    element = ELEMENTS[name]
    indent = f"{PAGE.indent}mm" if name in _INDENTED else "0mm"
    after = _AFTER.get(name, f"{PAGE.paragraph_gap}pt" if name in _SPACED else "1pt")
    line = f"{PAGE.line * 100:.0f}%" if name == "body" else "100%"
    stay = ' fo:keep-with-next="always"' if name in ("heading", "authority") else ""
    before = _BEFORE.get(name, "0pt")
    return (
        f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties '
        f'fo:text-align="{_ALIGN[element.align]}" fo:text-indent="{indent}" fo:margin-top="{before}" '
        f'fo:margin-bottom="{after}" fo:line-height="{line}"{stay}/>{text_properties(element)}</style:style>'
    )


def _layout(name: str, *, across: bool) -> str:
    width, height = (PAGE.height, PAGE.width) if across else (PAGE.width, PAGE.height)
    orientation = "landscape" if across else "portrait"
    # The margin above holds the number of the page: half of it is the header's, and the text begins below both.
    half = PAGE.top / 2
    strip = f'fo:min-height="{half}mm" fo:margin-{{side}}="0mm"'
    return (
        f'<style:page-layout style:name="{name}"><style:page-layout-properties fo:page-width="{width}mm" '
        f'fo:page-height="{height}mm" style:print-orientation="{orientation}" fo:margin-top="{half}mm" '
        f'fo:margin-bottom="{half}mm" fo:margin-left="{PAGE.left}mm" fo:margin-right="{PAGE.right}mm"/>'
        f"<style:header-style><style:header-footer-properties {strip.format(side='bottom')}/></style:header-style>"
        f"<style:footer-style><style:header-footer-properties {strip.format(side='top')}/></style:footer-style>"
        "</style:page-layout>"
    )


def _masters(foot: str) -> str:
    number = '<text:p text:style-name="page_number"><text:page-number text:select-page="current"/></text:p>'
    empty, below = '<text:p text:style-name="page_number"/>', f'<text:p text:style-name="foot">{foot}</text:p>'
    pages = []
    for layout in ("upright", "across"):
        for name, head, following in ((f"{layout}-first", empty, layout), (layout, number, layout)):
            pages.append(
                f'<style:master-page style:name="{name}" style:page-layout-name="{layout}" '
                f'style:next-style-name="{following}"><style:header>{head}</style:header>'
                f"<style:footer>{below}</style:footer></style:master-page>"
            )
    return "".join(pages)
