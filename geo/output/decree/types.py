"""The 29 types of administrative document (Nghị định 30/2020/NĐ-CP, Article 7), with the letters of their symbols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A type of document: its name, the letters that stand for it in a symbol ('' where it has none)."""

    name: str
    letters: str

    @property
    def title(self) -> str:
        """The type as it heads a document."""
        return self.name.upper()


_NAMES: Mapping[str, str] = {
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "TC": "Thông cáo",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "CTr": "Chương trình",
    "KH": "Kế hoạch",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "DA": "Dự án",
    "BC": "Báo cáo",
    "BB": "Biên bản",
    "TTr": "Tờ trình",
    "HĐ": "Hợp đồng",
    "CĐ": "Công điện",
    "BGN": "Bản ghi nhớ",
    "BTT": "Bản thỏa thuận",
    "GUQ": "Giấy ủy quyền",
    "GM": "Giấy mời",
    "GGT": "Giấy giới thiệu",
    "GNP": "Giấy nghỉ phép",
    "PG": "Phiếu gửi",
    "PC": "Phiếu chuyển",
    "PB": "Phiếu báo",
}
_WITHOUT_LETTERS = ("Công văn", "Thư công")
TYPES: tuple[DocumentType, ...] = (
    *(DocumentType(name, letters) for letters, name in _NAMES.items()),
    *(DocumentType(name, "") for name in _WITHOUT_LETTERS),
)
"""All types; what is none of them (*hồ sơ*, *tập bản đồ*) is set as one that is."""
REPORT = DocumentType(_NAMES["BC"], "BC")
MINUTES = DocumentType(_NAMES["BB"], "BB")


def number_line(kind: DocumentType, symbol: str, number: int | None = None, label: str = "Số") -> str:
    """Number and symbol: type and office joined by a hyphen, a number below 10 with a zero, room for one without.

    >>> number_line(REPORT, "SYT", 5)
    'Số: 05/BC-SYT'
    """
    written = "        " if number is None else f"{number:02d}"
    return f"{label}: {written}/{'-'.join(part for part in (kind.letters, symbol) if part)}"
