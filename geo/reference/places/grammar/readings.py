"""Every reading of a description without its ward and city: what forms of place its words may be, the likeliest first.

>>> [reading.form.value for reading in readings("Phố Huế - Hàng Bài")]
['in-line', 'stretch', 'street']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from geo.reference.places.grammar.reading import Form, Reading
from geo.reference.places.landmark_names import kind_by_words

_X = re.IGNORECASE | re.VERBOSE  # spaces in these patterns are written \s
_STREET_WORD = r"(?:đường|phố|đại\s+lộ|quốc\s+lộ|tỉnh\s+lộ|tuyến|trục|ql|tl|đt|duong|pho|dai\s+lo|quoc\s+lo)"
_UNIT = r"(?:phường|xã|thị\s+trấn|quận|huyện|thị\s+xã|thành\s+phố|p\.|x\.|q\.|h\.|tx\.)"
_LEAD = re.compile(
    r"""^(?:địa\s+điểm|vị\s+trí|nơi|trên|tại|ở|khu\s+vực|dọc(?:\s+theo)?|hai\s+bên|toàn\s+tuyến|toàn\s+bộ
    |tuyến(?=\s+(?:đường|phố|quốc\s+lộ|tỉnh\s+lộ|đại\s+lộ|ql|tl|đt)\b)|trục(?=\s+(?:đường|phố))|đoạn(?=\s+(?:đường|phố|quốc\s+lộ|tỉnh\s+lộ|đại\s+lộ|ql|tl)\b)
    |lòng\s+đường|vỉa\s+hè|hè\s+phố)\s*:?\s+""",
    _X,
)
_COUNT = {"3": "ba", "4": "tư", "5": "năm", "6": "sáu"}
_DIGIT_JUNCTION = re.compile(r"\b(ngã|nga)\s*([3-6])\b", re.I)
_FRONT = re.compile(
    r"^(?:(?:khu\s+vực|đoạn(?:\s+đường)?|tuyến)\s*,?\s+)*(?P<bounds>từ\s+.+?\s+(?:đến|tới)\s+.+?)"
    r"(?:\s*,\s*(?:trên\s+|của\s+|thuộc\s+)?|\s+(?:trên|của|thuộc)\s+(?=(?:đường|phố|quốc\s+lộ|đại\s+lộ)\b))"
    r"(?P<street>[^,]+)$",
    re.I,
)
"""The stretch before its street: 'Khu vực từ ngã tư Vọng đến Ngã Tư Sở, đường Trường Chinh'."""
_AROUND_LAKE = re.compile(
    r"^(?:tuyến\s+)?(?:đường|phố)\s+(?:dạo\s+)?(?:ven|quanh|bao\s+quanh|dọc)\s+(?P<lake>(?:hồ|đầm)\s+\S.*)$", re.I
)
_SHORT_STREET = re.compile(r"^(đg|đ|p)\.\s*(?=\S)", re.I)
_DIRECTION = re.compile(r"[\s,(]+(?:theo\s+)?(?:hướng|chiều)\s+(?:đi|về|từ|xe|vào|ra)\b.*$", re.I)
_TU_STREET = re.compile(
    r"^((?:đoạn\s+)?(?:(?:đường|phố)\s+)?)(từ)(?=\s+(?:(?!\b(?:từ|đoạn|đến|tới)\b).)+\b(?:từ|đoạn)\s)", re.I
)
"""'Phố Từ Hoa từ … đến …': the first 'Từ' begins the street's name."""
_HIDDEN = "\ue000"
_CLOSE = r"[\s).;,]*$"
_FROM = r"""^(?P<street>.*?)[\s(,:;-]*(?:\bđoạn\b[\s:]*(?:đường\s+)?)?(?<!\w)(?:từ|tu)\s+(?P<start>.+?)"""
_TO = r"\s*\s(?:đến\s+hết|tới\s+hết|đến|tới|den|toi)\s\s*(?P<end>.+?)"
_BOUNDS = re.compile(_FROM + _TO + _CLOSE, _X)
_BOUNDS_DASH = re.compile(_FROM + r"\s*\s?[-–—→]\s?\s*(?P<end>.+?)" + _CLOSE, _X)
"""Only where no word stands between the limits: 'từ ngã tư A - B đến C' has its dash in a limit."""
_BETWEEN = re.compile(
    r"""^(?P<street>.*?)[\s(,:;-]*\bđoạn\b[\s:]*(?:nối|giữa|nằm\s+giữa)\s+(?P<start>.+?)\s+(?:và|với)\s+(?P<end>.+?)"""
    + _CLOSE,
    _X,
)
_SECTION = re.compile(
    r"""^(?P<street>.+?)[\s(,:;-]+đoạn[\s:]+(?!qua\b|trước\b|đối\s+diện\b|gần\b|cạnh\b)(?P<start>.+?)
    \s*(?:\s[-–—→]\s|\sđến\s|\stới\s)\s*(?P<end>.+?)"""
    + _CLOSE,
    _X,
)
_UPTO = re.compile(r"^(?P<street>.+?)[\s(,]+(?:đến|tới)\s+(?P<end>.+?)" + _CLOSE, _X)
_ASIDE = re.compile(
    r"""^(?:(?:phía|khu\s+vực|đoạn|khu|ngay|ở|tại)\s+)*
    (?:trước(?:\s+(?:cổng|cửa|mặt))?|đối\s+diện(?:\s+(?:cổng|với))?|cạnh|bên\s+cạnh|gần|sau|phía\s+sau|cổng
    |xung\s+quanh|quanh|ven)\s+(?=\S)""",
    _X,
)
_ON = re.compile(rf"^(?P<what>.+?)[\s,(]+(?:trên\s+)?(?P<street>{_STREET_WORD}\s+\S.*?)[\s)]*$", _X)
_BESIDE = re.compile(
    r"""^(?P<street>.+?)[\s,(:]+(?:đoạn\s+)?
    (?P<what>(?:phía\s+)?(?:trước|đối\s+diện|cạnh|gần|khu\s+vực|(?:đi\s+)?qua)\s+\S.*?)[\s)]*$""",
    _X,
)
_JUNCTION = re.compile(
    r"""^(?P<kind>ngã\s*(?:ba|tư|năm|sáu|bảy|[3-7])|nga\s+(?:ba|tu|nam|sau)|nút(?:\s+giao(?:\s+thông)?)?
    |vòng\s+(?:xuyến|xoay)|giao\s+lộ|góc|(?:điểm|nơi|chỗ)?\s*giao(?:\s+(?:cắt|nhau))?(?:\s+(?:giữa|với))?)
    \s+(?:(?:đường\s+)?giao(?:\s+(?:cắt|nhau))?\s+)?(?:(?:giữa|với)\s+)?(?:(?:hai|2)\s+(?:tuyến\s+)?(?:đường|phố)\s+)?(?P<names>.+)$""",
    _X,
)
_MEETS = re.compile(r"^(?P<a>.+?)\s+(?:giao\s+cắt|giao\s+nhau|giao|cắt|góc)\s+(?:với\s+)?(?P<b>.+)$", _X)
_WITHIN = re.compile(
    rf"""^(?P<street>.+?)[\s(,:-]+(?:(?:đoạn|phần)\s+(?:đi\s+)?(?:qua|thuộc|trên|trong|nằm\s+trong|nằm\s+trên)
    |(?:đi\s+)?qua)\s+(?:địa\s+bàn\s+|địa\s+phận\s+)?(?P<ward>{_UNIT}\s*\S.*?)[\s)]*$""",
    _X,
)
_WITHIN_BARE = re.compile(
    r"""^(?P<street>.+?)[\s(,:-]+(?:(?:đoạn|phần)\s+)?(?:đi\s+)?(?:qua|thuộc)\s+(?:địa\s+bàn\s+|địa\s+phận\s+)?
    (?P<ward>[^\d\s,()][^\d,()]*?)(?:\s+cũ)?[\s)]*$""",
    _X,
)
"""Without the kind of the unit: 'Quốc lộ 6 đoạn qua Hà Đông', the district of before or the ward of today."""
_NUMBER_BEHIND = re.compile(
    r"^(?P<street>\D.*?)[\s,(]+(?:số(?:\s+nhà)?|nhà\s+số)\s*(?P<number>\d{1,4}[a-zđ]?)[\s)]*$", re.I
)
"""'Phố Hàng Bạc, số 10'."""
_SIDE_BEFORE = re.compile(r"^phía\s+(?P<side>.+?)\s+(?:của\s+)?(?P<bridge>cầu\s+\S.*)$", re.I)
_RIVER_SIDE = re.compile(r"[\s,(]+(?:ở\s+|về\s+)?phía\s+(?:bờ\s+)?(\S.*)$", re.I)
_THROUGH = re.compile(r"\b(?:(?:đi|chảy)\s+)?qua\s+(?:địa\s+(?:bàn|phận)\s+)?(\S.*)$", re.I)
"""'bờ sông Nhuệ đoạn qua phường Hà Đông'."""
_BANK_TAIL = re.compile(r"\s*[,(]\s*phía\s+(?:bờ\s+)?([^,()]+)\)?$", re.I)
_DASH = re.compile(r"\s+[-–—]\s+|\s*[–—]\s*")
_NAMES = re.compile(
    r"(?<=[^\W\d_])/(?=[^\W\d_])|\s+[-–—]\s+"
    r"|\s+(?:giao(?:\s+(?:cắt|nhau))?(?:\s+với)?|cắt(?:\s+với)?)\s+|\s+(?:và|với|&|x|/)\s+|\s*,\s*",
    re.I,
)
_BRIDGE = re.compile(
    r"""^(?:(?P<which>hai\s+đầu|đầu|chân|gầm|dưới(?:\s+gầm)?|mố|dốc|cuối|khu\s+vực|trên|lối\s+lên|lối\s+xuống)\s+)?
    (?:phía\s+(?P<before>bắc|nam|đông|tây)\s+)?
    (?P<name>(?:cầu|cau)\s+\S.*?)(?:[\s,(]+phía\s+(?P<side>\S.*?)\)?)?$""",
    _X,
)
_ADDRESS = re.compile(
    r"""^(?:(?:phía\s+)?(?:trước(?:\s+(?:cửa|cổng|mặt))?|đối\s+diện|cạnh|gần)\s+)?(?:(?:số(?:\s+nhà)?|nhà\s+số|nhà|so|sn)\s*\.?\s*)?
    (?P<number>\d{1,4}[a-zđ]?(?:\s*[-–]\s*\d{1,4}[a-zđ]?)?)\s*,?\s+
    (?P<street>(?!tháng\b|m\b|km\b|mét\b)[^\d\s].*)$""",
    _X,
)
_NUMBER_WORD = r"(?:số(?:\s+nhà)?|nhà\s+số|nhà)"
_NUMBERS = re.compile(
    rf"""^(?P<street>.*?)[\s(,]*(?:đoạn\s+)?từ\s+{_NUMBER_WORD}\s*(?P<a>\d{{1,4}})[a-z]?\s*(?:đến|tới|-|–)
    \s*{_NUMBER_WORD}?\s*(?P<b>\d{{1,4}})[a-z]?\b\s*,?\s*(?P<after>.*?)[\s)]*$""",
    _X,
)
_LANE = re.compile(
    r"""^(?:(?P<which>đầu|cuối|trong|khu\s+vực)\s+)?(?P<kind>ngõ|ngách|hẻm|kiệt|ngo|ngach|hem|kiet)\s+(?:số\s+)?
    (?P<number>\d{1,4}[a-zđ]?(?:[/+.]\d{1,4}[a-zđ]?)*)(?:\s*[,(]?\s*(?P<street>\D.*?))?\)?$""",
    _X,
)
_POST = re.compile(r"km\s*\.?\s*(\d{1,4})(?:\s*\+\s*(\d{1,3}))?(?:m\b)?", re.I)
_BANK = re.compile(
    r"""^(?:tuyến\s+)?(?:đường\s+|khu\s+vực\s+|hành\s+lang\s+)?
    (?:ven|dọc(?:\s+theo)?|bờ|hai\s+bên(?:\s+bờ)?|kè|bờ\s+kè)\s*(?:bờ\s+)?
    (?P<side>trái|phải|đông|tây|nam|bắc|hữu|tả)?\s*(?P<river>(?:sông|kênh|mương|suối)\s+.+)$""",
    _X,
)


def readings(text: str) -> tuple[Reading, ...]:
    """The readings of a description, the likeliest first; the last is always that it names a street or a landmark."""
    text = _DIGIT_JUNCTION.sub(lambda found: f"{found[1]} {_COUNT[found[2]]}", text)
    front = _FRONT.match(text.strip(" .,;:?!"))
    if front:
        text = f"{front['street']} ({front['bounds']})"
    bare = _led(text)
    found: dict[tuple[object, ...], Reading] = {}
    for reading in _all(bare, text):
        key = (reading.form, reading.street, reading.start, reading.end, reading.names, reading.number, reading.which)
        found.setdefault(key, reading)
    return tuple(found.values())


def _led(text: str) -> str:
    """The text without the words that lead to a place: 'tại', 'khu vực', 'tuyến'."""
    bare, before = _SHORT_STREET.sub(_spelled, _DIRECTION.sub("", text.strip(" .,;:?!"))), ""
    while bare != before:
        before = bare
        bare = _LEAD.sub("", bare).strip(" .,;:")
    return bare if bare.count("(") == bare.count(")") else bare.strip("()").strip()


def _spelled(found: re.Match[str]) -> str:
    """'Đ. Láng' and 'P. Huế' with the word for a street written out."""
    return "Đường " if found[1].lower() in ("đ", "đg") else "Phố "


def _all(bare: str, text: str) -> Iterator[Reading]:
    yield from _kilometres(bare, text)
    yield from _banks(_DIRECTION.sub("", text.strip(" .,;:?!")), text)
    yield from _numbers(bare, text)
    within = _WITHIN.match(bare) or _WITHIN_BARE.match(bare)
    if within:
        yield Reading(Form.WITHIN, text, street=within["street"].strip(" ,("), names=(within["ward"],))
    if within and within.re is _WITHIN:
        return
    limited = list(_stretches(bare, text))
    yield from limited
    if limited:
        return
    around = _AROUND_LAKE.match(text.strip(" .,;:?!"))
    if around:
        yield Reading(Form.LANDMARK, text, names=(around["lake"],), aside=True)
    yield from _lanes(bare, text)
    yield from _junctions(bare, text)
    yield from _bridges(bare, text)
    yield from _addresses(bare, text)
    yield from _besides(bare, text)
    yield from _lines(bare, text)
    landmark = Reading(Form.LANDMARK, text, names=(_ASIDE.sub("", bare),), aside=bool(_ASIDE.match(bare)))
    if kind_by_words(landmark.names[0]):
        yield replace(landmark, which="known")
    yield Reading(Form.STREET, text, street=bare)
    yield landmark


def _kilometres(bare: str, text: str) -> Iterator[Reading]:
    posts = list(_POST.finditer(bare))
    if not posts:
        return
    values = tuple(float(post[1]) + float((post[2] or "0").ljust(3, "0")) / 1000.0 for post in posts[:2])
    before = bare[: posts[0].start()].strip(" ,(")
    street = re.sub(r"[\s,(:;-]*\b(?:đoạn|từ|tại|lý trình)\b[\s:]*", " ", before, flags=re.I)
    street = street.strip(" ,()-:") or re.sub(
        r"^[\s,()-]*(?:trên|của|thuộc)?\s*", "", bare[posts[-1].end() :], flags=re.I
    )
    yield Reading(Form.KILOMETRE, text, street=street.strip(" ,()-:"), kilometres=values)


def _banks(bare: str, text: str) -> Iterator[Reading]:
    tail = _BANK_TAIL.search(bare)
    bare = bare[: tail.start()] if tail else bare
    bounds = _BOUNDS.match(bare) or _BOUNDS_DASH.match(bare) or _SECTION.match(bare)
    head = bounds["street"] if bounds else bare
    found = _BANK.match(head.strip(" ,("))
    if found:
        start, end = (bounds["start"], bounds["end"]) if bounds else ("", "")
        through = _THROUGH.search(found["river"])
        river = re.sub(r"\s*\(?(?:đoạn|khu vực|(?:chảy )?qua\b).*$", "", found["river"], flags=re.I).strip(" ,(")
        side = _RIVER_SIDE.search(river)
        which = (found["side"] or (side or tail or ("", ""))[1]).lower()
        yield Reading(
            Form.BANK,
            text,
            street=river[: side.start()] if side else river,
            start=start,
            end=end,
            which=which,
            names=(through[1].strip(" ,()"),) if through else (),
        )


def _numbers(bare: str, text: str) -> Iterator[Reading]:
    found = _NUMBERS.match(bare)
    if found and (found["street"] or found["after"]):
        street = (found["street"] or re.sub(r"^(?:của|trên)\s+", "", found["after"], flags=re.I)).strip(" ,(")
        yield Reading(Form.NUMBERS, text, street=street, start=found["a"], end=found["b"])


def _stretches(bare: str, text: str) -> Iterator[Reading]:
    word = _TU_STREET.match(bare)
    bare = _TU_STREET.sub(rf"\1{_HIDDEN}", bare)
    for pattern in (_BOUNDS, _BOUNDS_DASH, _BETWEEN, _SECTION, _UPTO):
        found = pattern.match(bare)
        if found is None:
            continue
        parts = found.groupdict()
        street = re.sub(r"[\s(,:-]*(?:đoạn(?: đường)?)?[\s(,:-]*$", "", parts["street"], flags=re.I).strip()
        street = re.sub(r"^đoạn\s+", "", street, flags=re.I).replace(_HIDDEN, word[2] if word else "")
        if street:
            yield Reading(Form.STRETCH, text, street=street, start=_end(parts.get("start")), end=_end(parts["end"]))
            return


def _end(text: str | None) -> str:
    """A limit as it is looked up: 'đầu đường' and 'hết đường' are the street's own ends."""
    bare = re.sub(r"^(?:hết|khu vực|địa phận|đoạn|chỗ|nơi)\s+", "", (text or "").strip(" ,().;"), flags=re.I)
    return "" if re.fullmatch(r"(?:đầu|cuối|hết)?\s*(?:đường|phố|tuyến|ngõ)?", bare, re.I) else bare


def _lanes(bare: str, text: str) -> Iterator[Reading]:
    found = _LANE.match(bare)
    if found is None:
        return
    street = (found["street"] or "").strip(" ,()")
    street = re.sub(r"^(?:thuộc|trên|của|ngoài)\s+", "", street, flags=re.I)
    which = (found["which"] or "").lower()
    number = f"{found['kind'].lower()} {found['number']}"
    yield Reading(Form.LANE, text, street=street, number=number, which="đầu" if which == "đầu" else "")


def _junctions(bare: str, text: str) -> Iterator[Reading]:
    found = _JUNCTION.match(_ASIDE.sub("", bare))
    if found:
        kind = re.sub(r"^(?:điểm|nơi|chỗ)\s+", "", found["kind"], flags=re.I)
        names = tuple(name.strip(" ()") for name in _NAMES.split(found["names"]) if name.strip(" ()"))
        yield Reading(Form.JUNCTION, text, names=names, number=re.sub(r"\s+", " ", kind).lower(), street=found["names"])
        return
    meets = _MEETS.match(bare)
    if meets:
        yield Reading(Form.JUNCTION, text, names=(meets["a"].strip(), meets["b"].strip()), street=bare)


def _bridges(bare: str, text: str) -> Iterator[Reading]:
    found = _BRIDGE.match(_SIDE_BEFORE.sub(r"\g<bridge> phía \g<side>", bare))
    if found:
        which = (found["which"] or "").lower()
        yield Reading(
            Form.BRIDGE,
            text,
            names=(found["name"].strip(),),
            which=which,
            end=(found["side"] or found["before"] or "").strip(),
        )


def _addresses(bare: str, text: str) -> Iterator[Reading]:
    behind = _NUMBER_BEHIND.match(bare)
    if behind and not re.match(r"(?:ngõ|ngách|hẻm|kiệt|trường|nhà)\b", behind["street"], re.I):
        yield Reading(Form.NUMBER, text, street=behind["street"].strip(" ,("), number=behind["number"])
    found = _ADDRESS.match(bare)
    if found:
        aside, street = bool(_ASIDE.match(bare)), found["street"].strip(" ,")
        yield Reading(Form.NUMBER, text, street=street, number=found["number"], aside=aside)
        for lane in _lanes(street, text):
            yield replace(lane, which=f"số {found['number']}")


def _besides(bare: str, text: str) -> Iterator[Reading]:
    beside = _BESIDE.match(bare)
    if beside:
        what = _ASIDE.sub("", re.sub(r"^(?:khu vực|(?:đi\s+)?qua)\s+", "", beside["what"], flags=re.I))
        yield Reading(Form.BESIDE, text, street=beside["street"].strip(" ,("), names=(what,), aside=True)
    on = _ON.match(bare)
    if on and not re.fullmatch(r"(?:ngõ|ngách|số|cầu|ngã ba|ngã tư).*|đường|phố|tuyến|đoạn", on["what"], re.I):
        what = _ASIDE.sub("", on["what"]).strip(" ,")
        if what:
            yield Reading(Form.BESIDE, text, street=on["street"].strip(" ,)"), names=(what,), aside=what != on["what"])


def _lines(bare: str, text: str) -> Iterator[Reading]:
    names = tuple(name.strip(" ()") for name in _DASH.split(bare) if name.strip(" ()"))
    if len(names) < 2:
        return
    yield Reading(Form.IN_LINE, text, names=names)
    if len(names) == 2:
        yield Reading(Form.STRETCH, text, street=names[0], end=names[1])
    if len(names) == 3:
        yield Reading(Form.STRETCH, text, street=names[0], start=names[1], end=names[2])
