"""What flags from reports say to a ward officer: one sentence, no more than the numbers, nobody named."""

from __future__ import annotations

from geo.analysis.detection.monitor import Finding
from geo.analysis.flags.near import Repeats
from geo.analysis.flags.places import day_of
from geo.i18n.phrases import Phrase, chance, day_text, expected, number

_LOOK = Phrase(
    "mới là dấu hiệu để xem xét, ngẫu nhiên cũng có thể gây ra",
    "a sign to look at, which chance may bring as well",
)


def reactivation_text(found: Finding, name: str) -> Phrase:
    """A site (`name` with its id) against its own past."""
    days, until = found.last_day - found.first_day + 1, day_text(day_of(found.last_day))
    usual, count = expected(found.expected), _counted(found)
    sure = _sure(found, Phrase("một điểm ngẫu nhiên có mức này", "a site shows this without any cause"))
    return Phrase(
        f"Điểm {name}: {days} ngày đến {until.vi} có {count.vi}, theo quá khứ của chính điểm này thì khoảng "
        f"{usual.vi}; {sure.vi}.",
        f"Site {name}: {count.en} in the {days} days to {until.en}, where its own past gives about {usual.en}; "
        f"{sure.en}.",
    )


def cluster_text(found: Finding, where: Phrase, name: str | None) -> Phrase:
    """Reports that crowd in wards (`where`); `name` of the site whose corridor they touch, None away from all."""
    since, until = day_text(day_of(found.first_day)), day_text(day_of(found.last_day))
    usual, count, reach = expected(found.expected), _counted(found), number(found.radius_m or 0)
    known = Phrase("nằm ngoài hành lang của mọi điểm đã biết", "away from the corridor of every known site")
    if name is not None:
        known = Phrase(f"chạm hành lang của điểm {name}", f"touching the corridor of site {name}")
    sure = _sure(
        found,
        Phrase(
            "ngẫu nhiên có một cụm như vậy ở bất cứ đâu trong thành phố",
            "such a cluster comes about anywhere in the city without any cause",
        ),
    )
    return Phrase(
        f"Từ {since.vi} đến {until.vi} có {count.vi} trong bán kính {reach.vi} m ở {where.vi}, bình thường khoảng "
        f"{usual.vi}, {known.vi}; {sure.vi}.",
        f"From {since.en} to {until.en}: {count.en} within {reach.en} m in {where.en}, usually about {usual.en}, "
        f"{known.en}; {sure.en}.",
    )


def near_repeat_text(count: int, where: Phrase, until: Phrase, raised: Repeats) -> Phrase:
    """`count` verified reports round which the risk stays raised until a day, by what repeats showed so far."""
    reach, pairs, usual = number(raised.distance_m), number(raised.pairs), expected(raised.expected)
    reports = "report" if count == 1 else "reports"
    return Phrase(
        f"Đến {until.vi}, trong vòng {reach.vi} m quanh {count} tin báo đã xác minh gần đây ở {where.vi}, khả năng có "
        f"thêm tin báo cao hơn thường lệ: trước nay, ở {raised.places} nơi, có {pairs.vi} cặp tin báo cách nhau không "
        f"quá {reach.vi} m và {raised.days} ngày, ngẫu nhiên thì khoảng {usual.vi}.",
        f"Until {until.en}, within {reach.en} m of {count} recent verified {reports} in {where.en}, further reports "
        f"are likelier than usual: so far, in {raised.places} places, {pairs.en} pairs came within {reach.en} m and "
        f"{raised.days} days, by chance about {usual.en}.",
    )


def _counted(found: Finding) -> Phrase:
    reports = "report" if found.observed == 1 else "reports"
    return Phrase(
        f"{found.observed} tin báo ({found.verified} đã xác minh)",
        f"{found.observed} {reports} ({found.verified} verified)",
    )


def _sure(found: Finding, what: Phrase) -> Phrase:
    if found.level == "watch":
        return _LOOK
    p = chance(found.p)
    return Phrase(
        f"khả năng {what.vi} trong cả một năm là {p.vi}", f"the chance that {what.en} in a whole year is {p.en}"
    )
