"""Of which province a plan is: that of another one is not taken for the chosen city's, and several are asked about."""

from __future__ import annotations

import pytest

from geo.errors import InputError
from geo.importing.plans import PlanReading
from geo.importing.plans.reading import read_plan_bytes
from geo.importing.registers.plan_draft import with_head

LIST = "STT | Tên điểm | Phường, xã | Mức độ\n1 | Khu vực A | Phường Láng | Có hoạt động\n"
HEADS = {
    "hanoi": "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HÀ NỘI\nSố: 5/KH-UBND\nHà Nội, ngày 08 tháng 01 năm 2027\n"
    "Phối hợp với tỉnh Bắc Ninh, tỉnh Bắc Ninh và tỉnh Bắc Ninh\n",
    "danang": "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ ĐÀ NẴNG\nSố: 5/KH-UBND\nĐà Nẵng, ngày 08 tháng 01 năm 2027\n",
    "split": "ỦY BAN NHÂN DÂN\nTỈNH NGHỆ AN\nSố: 5/KH-UBND\nngày 08 tháng 01 năm 2027\n",
    "joint": "UBND TỈNH BẮC NINH - UBND THÀNH PHỐ HÀ NỘI\nSố: 5/KH-UBND\nngày ban hành: 08/01/2027\n",
    "words": "SỞ Y TẾ\nSố: 5/KH-UBND\nTriển khai tại thành phố Hà Nội và tỉnh Bắc Ninh\n",
    "none": "SỞ Y TẾ\nSố: 5/KH-UBND\n",
}
OTHER, SEVERAL = ["importing.plan-other-city"], ["importing.plan-several-cities"]


def read(head: str, chosen: str) -> PlanReading:
    return read_plan_bytes(f"{HEADS[head]}KẾ HOẠCH\n{LIST}".encode(), "plan.txt", chosen)


@pytest.mark.parametrize(
    ("head", "chosen", "city", "said"),
    [
        ("hanoi", "hanoi", "hanoi", []),
        ("hanoi", "hue", "hanoi", OTHER),
        ("danang", "", "", []),
        ("danang", "hanoi", "", OTHER),
        ("split", "hue", "", OTHER),
        ("joint", "", "", SEVERAL),
        ("joint", "hanoi", "hanoi", SEVERAL),
        ("joint", "hue", "", OTHER),
        ("words", "", "", SEVERAL),
        ("words", "hanoi", "hanoi", SEVERAL),
        ("none", "hue", "hue", []),
    ],
)
def test_the_province_of_a_plan(head: str, chosen: str, city: str, said: list[str]) -> None:
    reading = read(head, chosen)
    codes = [remark.code for remark in reading.remarks if "cit" in remark.code]
    assert (reading.head.city, codes) == (city, said)


def test_a_plan_of_another_province_is_not_imported() -> None:
    with pytest.raises(InputError) as refused:
        with_head(read("danang", "hanoi"))
    assert [problem.code for problem in refused.value.problems] == ["importing.plan-of-other-city"]
    with pytest.raises(InputError) as asked:
        with_head(read("joint", ""))
    assert "importing.plan-several-cities" in [problem.code for problem in asked.value.problems]
