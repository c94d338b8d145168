"""Persons in the texts of a plan: named, not taken over, refused where they come another way, found where they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fresh_records import fresh_records, record
from plan_files import HEAD, as_docx, plan

from geo.importing.plans import read_plan
from geo.importing.registers.plan_draft import draft_of_plan, with_head
from geo.importing.registers.plan_persons import without_persons
from geo.records.drafting.content import written
from geo.records.entries import Actor
from geo.records.kinds.registers.city_plan import NewPlan
from geo.records.kinds.registers.programme_version import NewProgrammeVersion
from geo.records.kinds.registers.register_draft import NewRegisterDraft
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.kinds.registry import kind
from geo.records.model.errors import PrivacyError
from geo.records.model.programme_documents import DEFINITION, definition_of
from geo.records.open import opened_store
from geo.records.publishing import publish
from geo.records.store import Store
from geo.records.validation.texts_within import private_faults
from geo.reference.programmes import load_programme
from geo.situation.drafts.published_texts import private_texts

WRITER, FIRST = Actor("so-y-te", "Sở Y tế"), date(2027, 1, 8)
PERSON = "giao ông Nguyễn Văn Hùng theo dõi, ĐT 0912345678"
SAID = {"day": FIRST, "document": "Kế hoạch 15/KH-UBND", "office": "Sở Y tế"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened_store(fresh_records(tmp_path), now=lambda: datetime(2027, 1, 9, 3, tzinfo=UTC)) as made:
        yield made


def programme(label: str) -> NewProgrammeVersion:
    definition = definition_of(load_programme("hanoi"))
    definition["indicators"][0]["targets"][0]["label"] = label
    values = {"programme": definition["id"], "city": "hanoi", "content": json.dumps({DEFINITION: definition})}
    return NewProgrammeVersion(**values, **SAID)  # type: ignore[arg-type]


def test_what_a_plan_says_of_persons_is_named_and_left_out(store: Store, tmp_path: Path) -> None:
    head = [
        line.replace("năm 2027", "năm 2027, đầu mối: bà Trần Thị Lan") if "Phòng," in line else line for line in HEAD
    ]
    made = plan(*head).line("DANH MỤC CÁC CHỈ TIÊU")
    rows = [["1", f"100% xã, phường xây dựng kế hoạch; {PERSON}"], ["2", "100% xã, phường báo cáo đúng hạn"]]
    made.table(["Stt", "Chỉ tiêu"], *rows).line("Danh sách điểm phức tạp tại địa bàn công cộng năm 2027")
    house = ["1", "Nhà nghỉ của bà Trần Thị Lan, đường Cao Lỗ", "Xã Đông Anh", "Có hoạt động"]
    made.table(["STT", "Tên điểm", "Địa phương", "Mức độ"], house)
    drafted = draft_of_plan(store, with_head(read_plan(as_docx(made, tmp_path / "plan.docx"))), unsure=True)
    (in_file,) = (message for message in drafted.found.reading.remarks if message.code == "importing.plan-file-private")
    # Each place with its line; the names of two cells are none.
    assert in_file.parameters["count"] == 3 and "Lan" not in str(in_file) and "line 10 " in str(in_file), str(in_file)
    said = {message.code: str(message) for message in drafted.remarks}
    assert "importing.plan-private-title" in said
    (row,) = [row for row in drafted.left if row.private]
    assert row.site is not None
    assert "importing.plan-private-row" in [reason.code for reason in row.reasons]
    taken = json.dumps([written(entry) for entry in drafted.entries], ensure_ascii=False)
    assert "báo cáo đúng hạn" in taken
    assert not [part for part in ("Hùng", "0912", "Trần Thị Lan") if part in taken]
    assert not [entry for entry in drafted.entries if isinstance(entry, NewSiteVersion)]
    assert next(entry for entry in drafted.entries if isinstance(entry, NewPlan)).title == ""


@pytest.mark.parametrize("file", ["hanoi_07_KH-UBND_2026.txt", "hue_292_KH-UBND_2026-2030.txt"])
def test_nothing_of_the_published_plans_is_taken_for_a_person(shared: Path, file: str) -> None:
    reading = read_plan(shared / "plans" / file)
    assert without_persons(reading) == (reading, ())
    document = {name: value for name, value in reading.document().items() if name != "file"}
    assert not list(private_faults("plan", document))


def test_a_person_in_a_programme_is_refused_and_found_where_it_is(store: Store) -> None:
    entry = programme(f"Số phường; {PERSON}")
    content = json.dumps([written(entry)], ensure_ascii=False)
    # A draft that was saved before programmes were screened.
    draft = record(store, NewRegisterDraft(city="hanoi", title="2027", content=content, **SAID), WRITER)  # type: ignore[arg-type]
    with pytest.raises(PrivacyError) as refused:
        publish(store, draft, WRITER)
    assert {problem.code for problem in refused.value.problems} == {"records.private-telephone", "records.private-name"}
    assert "indicators.1.targets" in str(refused.value.problems[0].where)
    assert list(private_texts(store)) == []
    spec = kind("programme_version")
    with store.transaction() as write:
        write.insert(spec, spec.values(entry), WRITER)
    assert "programme_version" in next(private_texts(store)).where
