"""What was published is taken back by a draft alone, with document and reason; what names a person is shown no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from test_publishing import AFTER, BEFORE, DOCUMENT, LATER, WRITER, drafted, event, ids, said_of, store, version

from geo.errors import InputError
from geo.records.entries import NewAssessment
from geo.records.kinds.phase_change import NewPhaseChange
from geo.records.kinds.registers.responsibility import NewResponsibility
from geo.records.kinds.registers.withdrawal import NewWithdrawal
from geo.records.kinds.spec import NewEntry
from geo.records.model.errors import ConflictError
from geo.records.published.rows import published_rows, rows_in_force, rows_named, withdrawal_of
from geo.records.publishing import draft_of, publish
from geo.records.several import withdraw_all
from geo.records.store import Store
from geo.reference.cities import city
from geo.situation import at
from geo.situation.agreed import agreed_of
from geo.situation.drafts.findings import before_and_after

__all__ = ["store"]
LEVEL = NewAssessment(site_id="HN-I-4", level="complex", day=AFTER, document=DOCUMENT, office="UBND thành phố")
PHASE = NewPhaseChange(ward_code="00004", phase="expansion", day=AFTER, document=DOCUMENT)
AGREED = NewResponsibility(site_id="HN-I-4", wards=("00175",), day=AFTER, document=DOCUMENT, office="UBND thành phố")


def published(store: Store, *entries: NewEntry) -> int:
    number = drafted(store, *entries)
    publish(store, number, WRITER)
    return number


def taking_back(store: Store, number: int, *, names: bool = False) -> list[NewWithdrawal]:
    """What takes back all of a published draft."""
    said = (LATER, "20/KH-UBND", "UBND thành phố", "Ghi nhầm", names)
    return [withdrawal_of(one, *said) for one in published_rows(store, draft_of(store, number).row)]


@pytest.mark.parametrize("which", ["of a draft", "of the first plan"])
def test_what_was_published_is_neither_corrected_nor_taken_back_by_itself(store: Store, which: str) -> None:
    """Nor by several at once; a level that an office recorded by itself stays its own."""
    own = store.add(replace(LEVEL, day=store.today), WRITER).id
    number = published(store, LEVEL, PHASE)
    rows = {one.kind: one.row for one in published_rows(store, draft_of(store, number).row)}
    if which == "of the first plan":
        rows = {one.kind: one.row for one in rows_in_force(store, city("hanoi")) if one.entry.day < AFTER}
    for kind_name in ("assessment", "phase_change"):
        for refused in (
            lambda name=kind_name: store.withdraw(name, rows[name], WRITER, reason="Ghi nhầm"),
            lambda name=kind_name: withdraw_all(store, name, [rows[name]], WRITER, "Ghi nhầm"),
            lambda name=kind_name: store.add(LEVEL if name == "assessment" else PHASE, WRITER, corrects=rows[name]),
        ):
            with pytest.raises(ConflictError) as error:
                refused()
            assert [problem.code for problem in error.value.problems] == ["records.by-draft-only"]
    store.withdraw("assessment", own, WRITER, reason="Ghi nhầm")


def test_all_that_a_draft_brought_into_force_is_taken_back_by_another(store: Store) -> None:
    level, before = at(LATER, store=store), store.known_at()
    number = published(
        store, version(), replace(LEVEL, site_id="HN-II-6"), LEVEL, PHASE, AGREED, event("HN-I-5", "cleared")
    )
    then = store.known_at()
    back = drafted(store, *taking_back(store, number))
    changed = before_and_after(store, draft_of(store, back))[1]
    publish(store, back, WRITER)
    after = at(LATER, store=store)
    for part in ("sites", "wards", "crossings"):
        assert getattr(after, part).equals(getattr(level, part)), part
        assert getattr(changed, part).equals(getattr(level, part)), part
    assert agreed_of(after, "HN-I-4") == ()
    assert ("HN-II-6" in ids(store, LATER, then), "HN-II-6" in ids(store, LATER, before)) == (True, False)
    assert published_rows(store, draft_of(store, number).row) == []
    audit = store.audit(40)
    assert "site_event.withdraw" in set(audit["action"])
    with pytest.raises(InputError, match="there"):
        drafted(
            store,
            NewWithdrawal(kind="site_event", row=1, subject="HN-I-5", day=LATER, document="1", office="x", note="x"),
        )


def test_what_rests_on_it_keeps_it_from_being_taken_back(store: Store) -> None:
    publish(store, drafted(store, event("HN-I-4", "cleared")), WRITER)
    publish(store, drafted(store, event("HN-I-4", "returned", LATER), day=LATER), WRITER)
    new = published(store, version(), replace(LEVEL, site_id="HN-II-6"))
    cleared, *_ = (one for one in rows_in_force(store, city("hanoi"), "HN-I-4") if one.kind == "site_event")
    one = withdrawal_of(cleared, LATER, "20/KH-UBND", "UBND thành phố", "Ghi nhầm", False)
    for entries, code in (
        ([one], "records.withdrawal-contradicts"),
        (taking_back(store, new)[:1], "records.withdrawal-in-use"),
        ([one, one], "records.withdrawal-twice"),
        ([replace(one, subject="HN-I-5")], "records.withdrawal-other"),
        ([replace(one, note=" ")], "records.withdrawal-reason"),
    ):
        with pytest.raises(InputError) as error:
            drafted(store, *entries)
        assert code in [problem.code for problem in error.value.problems]
    with pytest.raises(InputError, match="hue"):
        rows_named(store, city("hue"), [f"site_event:{cleared.row}"])


def test_two_that_take_back_the_same_conflict(store: Store) -> None:
    number = published(store, AGREED)
    first, second = (drafted(store, *taking_back(store, number)) for _ in range(2))
    publish(store, first, WRITER)
    assert "refused" in said_of(store, second)
    with pytest.raises(ConflictError) as error:
        publish(store, second, WRITER)
    assert error.value.problems[0].code == "records.withdrawal-gone"


def test_an_agreement_ends_on_a_day(store: Store) -> None:
    published(store, AGREED)
    for wrong, code in (
        (replace(AGREED, wards=(), from_m=5.0), "records.no-agreement-there"),
        (replace(AGREED, wards=(), day=AFTER - timedelta(days=1)), "records.no-agreement"),
    ):
        with pytest.raises(InputError) as error:
            drafted(store, wrong)
        assert [problem.code for problem in error.value.problems] == [code]
    end = drafted(store, replace(AGREED, wards=(), day=LATER, document="20/KH-UBND"), day=LATER)
    publish(store, end, WRITER)
    held = {day: [one.wards for one in agreed_of(at(day, store=store), "HN-I-4")] for day in (AFTER, LATER)}
    assert held == {AFTER: [("00175",)], LATER: []}


def test_what_names_a_person_is_shown_by_no_earlier_knowledge_day(store: Store) -> None:
    """The site is there as it was known then, without its texts; the row and the audit log stay."""
    named = version("HN-I-4", name="Khu vực Hoa Ban", note="cạnh khu vực Hoa Ban")
    number = published(store, named, replace(LEVEL, note="khu vực Hoa Ban"))
    then = store.known_at()
    assert "Hoa Ban" in at(LATER, store=store, known_at=then).sites.to_csv()
    publish(store, drafted(store, *taking_back(store, number, names=True)), WRITER)
    shown = at(LATER, store=store, known_at=then)
    assert "Hoa Ban" not in shown.sites.to_csv() + shown.assessments.to_csv()
    assert shown.sites.set_index("site_id").loc["HN-I-4", "name"] == "[…]"
    assert shown.crossings["length_m"].sum() == pytest.approx(
        at(LATER, store=store, known_at=then).crossings["length_m"].sum()
    )
    assert "Hoa Ban" not in str(draft_of(store, number).entries)
    assert "Hoa Ban" in store.history("site_version").to_csv()
    assert at(BEFORE, store=store).sites.equals(at(BEFORE, store=store, known_at=then).sites)
