"""The head of a table: what each of its columns holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from geo.importing.plans.files.blocks import GridRow
from geo.importing.plans.words.levels import level_of_heading, of_other_scale
from geo.importing.plans.words.matters import without_matters
from geo.importing.plans.words.plain_words import words_of

Kind = Literal["sites", "wards", "indicators"]

_WARDS = (
    r"(?:ten |thuoc |cac |dia ban |don vi |ubnd )*(?:xa phuong|phuong xa|phuong|xa)"
    r"(?: thi tran| dac khu| quan ly| phu trach| tiep nhan| lien quan| noi .*| co .*"
    r"| moi| hien nay| sau (?:sap xep|sap nhap)(?: .*)?)*"
    r"|(?:thuoc )?dia phuong(?: .*)?|don vi hanh chinh(?: .*)?|don vi(?: quan ly| tiep nhan| phu trach)?"
    r"|thuoc dia ban(?: .*)?"
)
_NAMES = (
    r"(?:ten|danh sach)(?: cac)? (?:diem|tu diem|dia diem|dia ban|tuyen|doan|duong|khu vuc|noi)(?: .*)?|ten"
    r"|(?:cac |vi tri )?(?:diem|tu diem|dia diem|dia ban|tuyen|doan|duong|khu vuc|noi)"
    r"(?: (?:va |hoac )?(?:diem|tu diem|dia diem|tuyen|doan|duong|khu vuc))*"
    r"(?: (?:phuc tap|trong diem|duong|pho|tuyen|diem|nong|ve te nan.*|co .*|va .*))*"
)
_WHERE = r"(?:thuoc |cac |ten )*(?:dia ban|noi|khu vuc|dia diem|vi tri)(?: .*)?"
_INDICATORS = (
    r"(?:noi dung |ten |cac |danh muc )?chi tieu(?: cu the| nhiem vu| chu yeu| thuc hien)?"
    r"|noi dung(?: chi tieu| cong viec)?"
)
_TARGETS = (
    r"muc tieu|muc chi tieu|chi tieu (?:nam|giao|phan dau).*|ke hoach(?: nam)?.*|so luong|gia tri"
    r"|muc phan dau.*|ket qua.*"
)
_ROLES: tuple[tuple[str, str], ...] = (
    ("number", r"(?:s ?t ?t|tt|so (?:tt|thu tu)|no)"),
    ("lead", r".*\b(?:chu tri|thuc hien chinh|don vi thuc hien|co quan thuc hien|chiu trach nhiem)\b.*"),
    ("support", r".*\bphoi hop\b.*"),
    ("unit", r"(?:don vi tinh|dvt|don vi do)"),
    ("indicator", _INDICATORS),
    ("target", _TARGETS),
    ("open", r".*\b(?:chua|khong|du kien|de nghi|de xuat|ke hoach|chuan bi|dang ky|phan dau)\b.*\bban giao\b.*"
     r"|.*\b(?:du kien|de nghi|de xuat|nguy co|kien nghi)\b.*"
     r"|(?:muc do|tinh trang|hien trang|trang thai|phan loai|xep loai|tinh hinh|danh gia) (?:.* )?"
     r"(?:phan dau|muc tieu|yeu cau|can dat|chi tieu|cuoi (?:nam|ky)|den (?:het|cuoi|nam)|sau khi|sap toi)\b.*"),
    ("handover", r".*\bban giao\b.*"),
    ("note", r"(?:ghi chu|ly do|can cu|noi dung dieu chinh|(?:tinh hinh |noi dung )?bien dong|thay doi)"
     r"(?: .*)?"),
    ("group", r"(?:nhom|loai hinh|linh vuc|(?:phan )?loai (?:dia ban|diem|tu diem|co so))(?: .*)?"),
    ("levels", r"(?:muc do|tinh trang|hien trang|trang thai|phan loai|xep loai|tinh hinh|danh gia|loai)(?: .*)?"),
    ("district", r"(?:ten )?(?:quan|huyen|quan huyen|quan huyen thi xa|huyen quan)(?: cu)?"),
    ("start", r"(?:doan )?tu|(?:diem|nut) (?:bat )?dau"),
    ("finish", r"(?:doan )?den|(?:diem|nut) (?:cuoi|ket thuc)"),
    ("phase", r"(?:giai doan|phan ky|dot)(?: .*)?"),
    ("ward", _WARDS),
    ("name", _NAMES),
)  # fmt: skip
_OF_SITES = {"number", "name", "ward", "district", "levels", "handover", "note", "group", "open", "start", "finish"}
_PHASE_HEADS = (
    ("pilot", r".*\b(?:duy tri|thi diem|tiep tuc|da trien khai)\b.*"),
    ("expansion", r".*\b(?:nhan rong|mo rong|trien khai moi|bo sung)\b.*"),
)
_ROW_NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,2})*|[IVX]{1,5})[.)]?")
_COUNTED = re.compile(r"\(?\s*(?:\d{1,2}|[A-Ha-h])\s*\)?")


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a table of a `kind`.

    `roles`: role → its columns; `levels`: column of marks → level ('' for a word of another scale); `phases`: column of
    marks → phase; `rows`: how many rows the head takes; `other_scale`: whether levels are graded in other words.
    """

    kind: Kind
    width: int
    roles: Mapping[str, tuple[int, ...]]
    levels: Mapping[int, str] = field(default_factory=dict)
    phases: Mapping[int, str] = field(default_factory=dict)
    rows: int = 1
    other_scale: bool = False
    labels: tuple[str, ...] = ()

    def unread(self, rows: Sequence[GridRow]) -> list[str]:
        """The heads of columns that say something of which nothing is read."""
        filled = {column for row in rows if len(row.filled) > 1 for column in row.filled}
        own = (self.labels[at] for at in sorted(filled & self._left()) if at < len(self.labels))
        return [" ".join(label.split()) for label in own if label]

    def unread_cells(self, row: GridRow) -> list[tuple[str, str]]:
        """What a row says in columns of which nothing is read, with their heads."""
        own = [at for at in row.filled if at in self._left()]
        return [(" ".join(self.labels[at].split()), " ".join(row.cells[at].split())) for at in own]

    def _left(self) -> set[int]:
        roles = self.roles if self.kind != "sites" else _OF_SITES & self.roles.keys()
        read = {at for role in roles for at in self.roles[role]}
        return set(range(len(self.labels))) - read - {*self.levels, *self.phases}

    def column(self, role: str) -> int | None:
        """The first column of a role."""
        return next(iter(self.roles.get(role, ())), None)

    def text(self, row: GridRow, role: str) -> str:
        """What a row says in the columns of a role."""
        texts = (row.cells[column] for column in self.roles.get(role, ()) if column < len(row.cells))
        return "\n".join(text for text in texts if text)


def heading_at(rows: Sequence[GridRow], at: int) -> Heading | None:
    """The head of a table that begins at a row, None where none does."""
    top = _spread(rows[at])
    if sum(map(bool, rows[at].cells)) < 2 or any(_ROW_NUMBER.fullmatch(cell) for cell in rows[at].cells):
        return None
    below = rows[at + 1] if at + 1 < len(rows) else None
    labels, parents, taken = top, top, 1
    if below is not None and _is_second(top, below):
        labels, parents = _joined(top, below)
        taken = 2
    found = _heading(labels, parents, taken)
    if found is None and taken == 2:
        found = _heading(top, top, 1)
    if found is None:
        return None
    after = at + found.rows
    if after < len(rows) and _numbers_columns(rows[after]):
        return replace(found, rows=found.rows + 1)
    return found


def _spread(row: GridRow) -> list[str]:
    """The labels of a row of a head; a merged cell labels all columns that it covers."""
    labels: list[str] = []
    for column, text in enumerate(row.cells):
        labels.append(labels[-1] if column in row.across and labels else text)
    return labels


def _is_second(top: Sequence[str], below: GridRow) -> bool:
    """Whether a row divides the columns of the one above it."""
    own = [below.cells[column] for column in below.filled]
    if not own or _ROW_NUMBER.fullmatch(own[0]):
        return False
    words = [
        role_of(text)
        or level_of_heading(text, below=True)
        or _phase_head(text)
        or of_other_scale(text)
        or _is_year(text)
        for text in own
    ]
    has_group = any(role_of(text) in ("levels", "ward", "phase", "target") for text in top)
    return has_group and sum(map(bool, words)) >= max(2, len(own) - 1) and all(len(text) < 60 for text in own)


def _joined(top: Sequence[str], below: GridRow) -> tuple[list[str], list[str]]:
    """The labels of a head of two rows, and what stands above each."""
    under = _spread(below)
    if below.loose and _is_pushed(top, below):
        return _unpushed(list(top), [text for text in below.cells if text])
    parents = list(top)
    for column in range(1, len(parents)):
        if not parents[column] and column < len(under) and under[column] and column not in below.above:
            parents[column] = parents[column - 1]
    labels = [under[at] if at < len(under) and under[at] else text for at, text in enumerate(top)]
    return labels, parents


def _is_pushed(top: Sequence[str], below: GridRow) -> bool:
    """Whether the second row lost the cells that are merged with those above it, so that it begins at the left."""
    own = list(below.filled)
    if own != list(range(len(own))):
        return False
    return not (len(top) > 0 and role_of(top[0]) not in (None, "number", "name", "ward", "note", "district"))


def _unpushed(top: list[str], own: list[str]) -> tuple[list[str], list[str]]:
    """The second row of a flattened head, put where it divides the first."""
    levels = [text for text in own if level_of_heading(text, below=True) or of_other_scale(text)]
    others = [text for text in own if text not in levels]
    labels: list[str] = []
    parents: list[str] = []
    for text in top:
        role = role_of(text)
        inner = levels if role == "levels" else others if role in ("ward", "target") and others else []
        labels += inner or [text]
        parents += [text] * max(1, len(inner))
        if role == "levels":
            levels = []
        elif inner:
            others = []
    return labels[: len(top)], parents[: len(top)]


def _heading(labels: Sequence[str], parents: Sequence[str], taken: int) -> Heading | None:
    roles: dict[str, list[int]] = {}
    levels: dict[int, str] = {}
    phases: dict[int, str] = {}
    other = False
    for column, (label, parent) in enumerate(zip(labels, parents, strict=True)):
        below = role_of(parent) == "levels" and label != parent
        level = level_of_heading(label, below=below)
        if of_other_scale(label) and (below or not role_of(label)):
            levels[column], other = (level if level else ""), True
        elif level and label:
            levels[column] = level
        elif below and label:
            levels[column] = ""
        elif _phase_head(label) and len(words_of(label)) < 40 and role_of(label) != "indicator":
            phases[column] = _phase_head(label)
        elif role := role_of(label):
            roles.setdefault(role, []).append(column)
    _tell_places(roles, labels)
    kind = _kind(roles, levels, phases)
    if kind is None:
        return None
    found = {role: tuple(at) for role, at in roles.items()}
    return Heading(kind, len(labels), found, levels, phases, taken, other, tuple(labels))


def _tell_places(roles: dict[str, list[int]], labels: Sequence[str]) -> None:
    """Of two columns that may name the sites one may say where they lie: 'Tên điểm' beside 'Địa bàn'."""
    own = roles.get("name", [])
    places = [at for at in own if re.fullmatch(_WHERE, words_of(labels[at]))]
    if "ward" not in roles and places and len(places) < len(own):
        roles["ward"], roles["name"] = places, [at for at in own if at not in places]


def _kind(roles: Mapping[str, list[int]], levels: Mapping[int, str], phases: Mapping[int, str]) -> Kind | None:
    described = levels or any(role in roles for role in ("levels", "handover", "ward", "note", "open"))
    if "name" in roles and (described or "number" in roles) and "indicator" not in roles:
        return "sites"
    if "indicator" in roles and ("number" in roles or "lead" in roles or "target" in roles):
        return "indicators"
    if "ward" in roles and ("number" in roles or phases or "phase" in roles) and not levels:
        return "wards"
    return None


def role_of(label: str) -> str | None:
    """The role of a column with this head, None for none."""
    words = words_of(label)
    if not words or len(words) > 120:
        return None
    words = without_matters(words) or words
    return next((role for role, pattern in _ROLES if re.fullmatch(pattern, words)), None)


def _phase_head(label: str) -> str:
    words = words_of(label)
    found = [phase for phase, pattern in _PHASE_HEADS if re.fullmatch(pattern, words)]
    return found[0] if len(found) == 1 else ""


def _is_year(label: str) -> bool:
    return bool(re.fullmatch(r"(?:nam )?20\d\d", words_of(label)))


def _numbers_columns(row: GridRow) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3), or A B 1 2."""
    own = [cell for cell in row.cells if cell]
    return len(own) >= 3 and all(_COUNTED.fullmatch(cell) for cell in own) and len(set(own)) == len(own)
