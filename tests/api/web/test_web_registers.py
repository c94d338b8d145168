"""The pages of registers: words to a draft, a plan row by row, a site's life; nothing in force before it is published."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date

import shapely
from fastapi.testclient import TestClient
from test_web_entry import post, token

from geo.importing.registers.changes import next_id, versions_on
from geo.records.kinds.registers.site_version import NewSiteVersion
from geo.records.model.programme_documents import programme_of_content
from geo.records.publishing import drafts
from geo.records.store import Store
from geo.reference.cities import city

Visitor = Callable[..., TestClient]
WORDS = "Đường Láng (đoạn từ Cầu Giấy đến Ngã Tư Sở)"
PLAN = """Số: 21/KH-UBND
Hà Nội, ngày 03 tháng 8 năm 2026
Kế hoạch phòng, chống mại dâm trên địa bàn thành phố Hà Nội năm 2026
Danh sách điểm phức tạp tại địa bàn công cộng
STT | Tên điểm | Phường, xã | Mức độ | Ghi chú
1 | Khu vực Quốc lộ 32 | Các xã Hoài Đức, Ô Diên, Đan Phượng | Không hoạt động | Bàn giao năm 2021
2 | Đường Láng (đoạn từ Cầu Giấy đến Ngã Tư Sở) | Phường Láng, phường Đống Đa | Có hoạt động | Điểm mới
"""


def fields(page: str, name: str) -> list[str]:
    return [html.unescape(value) for value in re.findall(rf'name="{name}"[^>]* value="([^"]*)"', page)]


def test_only_the_city_opens_them(visitor: Visitor) -> None:
    assert visitor("hoai-duc").get("/registers").status_code == 403
    page = visitor("city").get("/registers")
    assert page.status_code == 200
    assert "HN-I-1" in page.text


def test_a_new_site_from_words_to_published(visitor: Visitor, store: Store) -> None:
    client = visitor("city")
    page = client.get("/registers", params={"words": WORDS}).text
    (geometry, *_), (accuracy, *_) = fields(page, "geometry"), fields(page, "accuracy")
    before = len(drafts(store))
    said = {
        "day": "01/08/2026",
        "document": "15/KH-UBND",
        "group": "public",
        "level": "active",
        "declared": "phường Láng",
    }
    place = {"words": WORDS, "name": "Đường Láng đoạn mới", "geometry": geometry, "accuracy": accuracy}
    wrong = post(client, "/registers", "/registers/sites", **{**said, **place, "declared": "phường Lángg"})
    assert wrong.status_code == 422
    assert post(client, "/registers", "/registers/sites", **said, **place).status_code == 303
    (draft,) = drafts(store)[before:]
    shown = client.get(f"/registers/drafts/{draft.number}").text
    assert re.search(r"Đường Láng đoạn mới, Phường Láng</th>.*?>0\sm</td>.*?>[1-9][.,\d]*\sm</td>", shown)
    drawn = client.get(f"/registers/drafts/{draft.number}/map")
    assert drawn.status_code == 200
    assert "Đường Láng đoạn mới" in drawn.text
    assert visitor("hoai-duc").get(f"/registers/drafts/{draft.number}").status_code == 403
    assert "Đường Láng đoạn mới" not in client.get("/api/v1/sites?limit=100").text
    assert post(client, "/registers", f"/registers/drafts/{draft.number}/publish").status_code == 303
    assert "Đường Láng đoạn mới" in client.get("/api/v1/sites?limit=100").text


def test_words_stay_where_their_ward_is_not_known(visitor: Visitor) -> None:
    """The page comes again with what was typed and the nearest name, of a new site and of one that is there."""
    client = visitor("city")
    for path in ("/registers", "/registers/sites/HN-I-4"):
        answer = client.get(path, params={"words": WORDS, "ward": "phường Văn Miếu"})
        assert answer.status_code == 422
        page = html.unescape(answer.text)
        assert fields(page, "words")[0] == WORDS and "phường Văn Miếu" in fields(page, "ward")
        assert "Phường Văn Miếu - Quốc Tử Giám" in page


def test_a_place_stays_where_its_form_is_refused(visitor: Visitor) -> None:
    """A route that was drawn, or chosen of a file, isn't drawn or sent again for a field that is wrong."""
    client = visitor("city")
    line = '{"type":"LineString","coordinates":[[105.81,21.02],[105.815,21.021]]}'
    said = {"day": "01/08/2026", "document": "15/KH-UBND", "group": "public", "level": "active", "name": "Ngõ thử"}
    said |= {"geometry": line, "accuracy": "12.5", "source": "tuyen.kml"}
    for path in ("/registers/sites", "/registers/sites/HN-I-4/route"):
        answer = post(
            client, "/registers", path, **{**said, "declared": "phường Lángg", "words": WORDS, "day": "31/02/2026"}
        )
        assert answer.status_code == 422
        stays = fields(answer.text, "geometry")[0]
        assert shapely.from_geojson(stays).equals(shapely.from_geojson(line))
        assert "12.5" in fields(answer.text, "accuracy") and WORDS in fields(answer.text, "words")
    drawn = post(client, "/registers", "/registers/sites", **said, declared="phường Lángg")
    assert shapely.from_geojson(fields(drawn.text, "geometry")[0]).equals(shapely.from_geojson(line))
    assert "tuyen.kml" in drawn.text and "Ngõ thử" in fields(drawn.text, "name")


def test_a_file_of_a_route_is_asked_about_in_the_words_of_the_page(visitor: Visitor) -> None:
    """Its fields take the system and the layer; options of the command line do not stand there."""
    client = visitor("city")
    hidden = token(client.get("/registers").text)
    metres = b"x,y\n584000,2325000\n584500,2325400\n"

    def sent(data: bytes, name: str, **fields_: str) -> str:
        files = {"file": (name, data)}
        answer = client.post("/registers/geometry", files=files, data={"csrf_token": hidden, **fields_})
        return html.unescape(answer.text)

    asked = sent(metres, "x.csv")
    assert "EPSG:5897" in asked and "--crs" not in asked and "crs=" not in asked
    read = sent(metres, "x.csv", crs="EPSG:5897")
    assert "x.csv" in read and fields(read, "geometry")


def test_a_plan_is_shown_side_by_side_and_taken_row_by_row(visitor: Visitor, store: Store) -> None:
    client = visitor("city")
    files = {"file": ("plan.txt", PLAN.encode(), "text/plain")}
    page = client.post("/registers/plan", data={"csrf_token": token(client.get("/registers").text)}, files=files)
    assert page.status_code == 200, page.text
    assert "Khu vực Quốc lộ 32" in page.text
    entries = fields(page.text, "entries")
    level = next(entry for entry in entries if '"HN-I-1"' in entry)
    plan = next(entry for entry in entries if "city_plan" in entry)
    before = len(drafts(store))
    said = {"title": "21/KH-UBND", "day": "03/08/2026", "document": "Kế hoạch 21/KH-UBND", "entries": [plan, level]}
    said |= {name: fields(page.text, name)[0] for name in ("file", "file_name")}
    data = {**said, "csrf_token": token(client.get("/registers").text)}
    assert client.post("/registers/drafts", data=data).status_code == 303
    (draft,) = drafts(store)[before:]
    # The plan lists it in the other group, so it is another version of the site, at that level.
    assert [type(entry).__name__ for entry in draft.entries] == ["NewPlan", "NewSiteVersion", "NewAssessment"]
    (stored,) = set(
        re.findall(r"/registers/plans/(sha256:[0-9a-f]{64})", client.get(f"/registers/drafts/{draft.number}").text)
    )
    assert client.get(f"/registers/plans/{stored}").content == PLAN.encode()
    assert visitor("hoai-duc").get(f"/registers/plans/{stored}").status_code == 403
    withdrawn = post(client, "/registers", f"/registers/drafts/{draft.number}/withdraw", reason="nhầm")
    assert withdrawn.status_code == 303
    assert len(drafts(store)) == before


def test_a_new_site_of_a_plan_with_several_places_is_finished_on_its_page(visitor: Visitor) -> None:
    client = visitor("city")
    text = PLAN.replace("Đường Láng (đoạn từ Cầu Giấy đến Ngã Tư Sở) | Phường Láng, phường Đống Đa", "Phố Trần Phú |")
    files = {"file": ("plan.txt", text.encode(), "text/plain")}
    hidden = token(client.get("/registers").text)
    page = client.post("/registers/plan", data={"csrf_token": hidden}, files=files).text
    options = re.findall(r'<option value="(2=\d)">(\d\. Phố Trần Phú[^<]*)<', page)
    assert options
    data = {name: fields(page, name)[0] for name in ("file", "file_name")} | {"csrf_token": hidden}
    again = client.post("/registers/plan/again", data={**data, "place": options[0][0]}).text
    assert f'<option value="{options[0][0]}" selected>' in again
    assert any("Phố Trần Phú" in entry and "site_version" in entry for entry in fields(again, "entries"))
    assert not any("Phố Trần Phú" in entry and "site_version" in entry for entry in fields(page, "entries"))


def test_the_life_of_a_site_and_its_short_forms(visitor: Visitor, store: Store) -> None:
    client = visitor("city")
    page = client.get("/registers/sites/HN-I-5")
    assert page.status_code == 200
    assert "07/KH-UBND" in page.text
    before = len(drafts(store))
    form = "/registers/sites/HN-I-5"
    assert post(client, form, f"{form}/clear", day="01/08/2026", document="15/KH-UBND").status_code == 303
    assert (
        post(client, form, f"{form}/rename", day="01/08/2026", document="x", name="Đường Kim Giang").status_code == 303
    )
    assert post(client, form, f"{form}/split", day="01/08/2026", document="x", others="").status_code == 422
    assert len(drafts(store)) == before + 2


def test_another_route_is_shown_beside_the_one_in_force(visitor: Visitor, store: Store) -> None:
    client, form = visitor("city"), "/registers/sites/HN-I-5"
    found = client.get(form, params={"words": WORDS}).text
    (geometry, *_), (accuracy, *_) = fields(found, "geometry"), fields(found, "accuracy")
    said = {"day": "01/08/2026", "document": "15/KH-UBND"}
    wrong = post(client, form, f"{form}/route", geometry="LINESTRING (105 21", **said)
    assert wrong.status_code == 422
    assert "LINESTRING (105 21" in wrong.text
    assert post(client, form, f"{form}/route", geometry=geometry, accuracy="năm mươi", **said).status_code == 422
    made = post(client, form, f"{form}/route", geometry=geometry, accuracy=accuracy, words=WORDS, **said)
    assert made.status_code == 303, made.text
    shown = client.get(made.headers["location"]).text
    moved = re.findall(
        r'lang="vi">I\.5 [^<]*, ([^<]*)</th><td[^>]*>[^<]*</td><td[^>]*>([^<]*)</td><td[^>]*>([^<]*)<', shown
    )
    assert any(after == "0\N{NO-BREAK SPACE}m" for _, _, after in moved)
    assert any(before == "0\N{NO-BREAK SPACE}m" for _, before, _ in moved)


def test_wards_agree_to_answer_for_a_stretch(visitor: Visitor, store: Store) -> None:
    client, form = visitor("city"), "/registers/sites/HN-I-5"
    said = {"day": "01/07/2026", "document": "Biên bản 3/BB", "wards": "Phường Thanh Liệt\nPhường Định Công"}
    assert post(client, form, f"{form}/responsibility", **{**said, "wards": "Phường Nào Đó"}).status_code == 422
    assert post(client, form, f"{form}/responsibility", to_m="99.999", **said).status_code == 422
    made = post(client, form, f"{form}/responsibility", from_m="0", to_m="300", **said)
    assert made.status_code == 303, made.text
    assert "Biên bản 3/BB" not in client.get("/sites/HN-I-5").text
    number = made.headers["location"].split("/")[-1].partition("?")[0]
    assert post(client, "/registers", f"/registers/drafts/{number}/publish").status_code == 303
    for who in ("city", None):
        page = visitor(who).get("/sites/HN-I-5").text
        assert "Biên bản 3/BB" in page
        assert re.search(r"Phường Thanh Liệt</a>,\s*<a[^>]*>Phường Định Công</a> · từ 0\sm đến 300\sm", page)
    assert "Theo thỏa thuận tại Biên bản 3/BB" in client.get("/dossiers/HN-I-5.html").text
    assert "Biên bản 3/BB" in client.get(form).text
    assert "Biên bản 3/BB" not in client.get("/sites/HN-I-5?day=2026-06-30").text
    end = {"day": "01/08/2026", "document": "Biên bản 9/BB"}
    assert post(client, form, f"{form}/end", **end).status_code == 422
    assert post(client, form, f"{form}/end", stretch="x", **end).status_code == 422
    (stretch,) = re.findall(r'<option value="([\d.]*:[\d.]*)"', client.get(form).text)
    made = post(client, form, f"{form}/end", stretch=stretch, **end)
    assert post(client, "/registers", made.headers["location"].partition("?")[0] + "/publish").status_code == 303
    agreed, _, lived = client.get("/sites/HN-I-5").text.partition('id="life"')
    assert ("Biên bản 3/BB" in agreed, "Biên bản 3/BB" in lived) == (False, True)
    assert "Biên bản 3/BB" in client.get("/sites/HN-I-5?day=2026-07-31").text.partition('id="life"')[0]
    assert "Chấm dứt thỏa thuận trách nhiệm" in client.get(form).text


def test_what_was_published_by_mistake_is_taken_back_on_a_page(visitor: Visitor, store: Store) -> None:
    """With document and reason, as a draft; the rows of a published draft, or of a subject."""
    client, list_of = visitor("city"), "/registers/published"
    said = {"phase": "expansion", "day": "01/08/2026", "document": "16/KH-UBND", "wards": "Phường Ngọc Hà"}
    draft = post(client, "/registers", "/registers/phases", **said).headers["location"].partition("?")[0]
    assert post(client, "/registers", f"{draft}/publish").status_code == 303
    (link,) = re.findall(r'href="([^"]*/registers/published[^"]*draft=\d+)"', client.get(draft).text)
    (row,) = fields(client.get(html.unescape(link)).text, "rows")
    assert row.startswith("phase_change:")
    assert row in client.get(f"{list_of}?subject=00008").text and row not in client.get(f"{list_of}?subject=x").text
    paper = {"day": "03/08/2026", "document": "17/KH-UBND", "reason": "Ghi nhầm phường"}
    for wrong in (paper, {**paper, "rows": row, "reason": ""}, {**paper, "rows": "phase_change:99999"}):
        assert post(client, list_of, list_of, **wrong).status_code == 422
    back = post(client, list_of, list_of, rows=row, **paper).headers["location"].partition("?")[0]
    shown = client.get(back).text
    assert "Ghi nhầm phường" in shown and 'công bố: <span lang="vi">Phường Ngọc Hà' in shown
    assert not re.search(r">(phase_change|False|True)<", shown)
    assert row in client.get(f"{list_of}?subject=00008").text
    assert post(client, "/registers", f"{back}/publish").status_code == 303
    assert row not in client.get(f"{list_of}?subject=00008").text
    # The page of the draft says what it had changed still, and by which paper that was taken back.
    was, _, changed = client.get(draft).text.partition('id="changes"')
    assert "17/KH-UBND" in was and "Ghi nhầm phường" in was and "thu hồi toàn bộ" in was
    assert "Phường Ngọc Hà" in changed and 'class="muted"' not in changed.partition("<section")[0]
    assert client.get(f"{draft}/map").status_code == 200
    assert visitor("hoai-duc").get(list_of).status_code == 403


def test_phases_of_several_wards(visitor: Visitor, store: Store) -> None:
    client = visitor("city")
    before = len(drafts(store))
    said = {"phase": "expansion", "day": "01/08/2026", "document": "15/KH-UBND"}
    assert post(client, "/registers", "/registers/phases", wards="Xã Đông Anh\nPhường Láng", **said).status_code == 303
    assert post(client, "/registers", "/registers/phases", wards="Phường Nào Đó", **said).status_code == 422
    assert [len(draft.entries) for draft in drafts(store)[before:]] == [2]


def test_phases_and_indicators_of_a_plan_are_taken_row_by_row(visitor: Visitor, store: Store) -> None:
    """Each ward and each indicator by itself; an indicator shows how it is counted, a new one that it is new."""
    client = visitor("city")
    text = PLAN + (
        "Danh sách xã, phường triển khai thí điểm\nSTT | Xã, phường\n1 | Phường Láng\n2 | Phường Ba Đình\n"
        "Phụ lục chỉ tiêu\nSTT | Chỉ tiêu | Đơn vị chủ trì\n"
        "1 | 100% xã, phường ban hành kế hoạch phòng, chống mại dâm | UBND xã, phường\n"
        "2 | Trồng mới 5.000 cây xanh dọc các tuyến phố | Sở Xây dựng\n"
    )
    files = {"file": ("plan.txt", text.encode(), "text/plain")}
    page = client.post("/registers/plan", data={"csrf_token": token(client.get("/registers").text)}, files=files).text
    phases = [entry for entry in fields(page, "entries") if "phase_change" in entry]
    indicators, (programme,) = fields(page, "indicators"), fields(page, "programme")
    assert len(phases) > 2 and all(entry.count("phase_change") == 1 for entry in phases)
    assert len(indicators) >= 2
    assert "mới: cần xem lại cách tính" in page and "theo chương trình đang thực hiện" in page
    assert "các kỳ được cộng lại" in page or "lấy kỳ gần nhất" in page
    plan = next(entry for entry in fields(page, "entries") if "city_plan" in entry)
    said = {"title": "x", "day": "03/08/2026", "document": "Kế hoạch 21/KH-UBND", "entries": [plan, phases[0]]}
    said |= {"programme": programme, "indicators": indicators[:1]}
    before = len(drafts(store))
    answer = client.post("/registers/drafts", data={**said, "csrf_token": token(client.get("/registers").text)})
    assert answer.status_code == 303, answer.text
    (draft,) = drafts(store)[before:]
    assert [type(entry).__name__ for entry in draft.entries] == ["NewPlan", "NewPhaseChange", "NewProgrammeVersion"]
    found = programme_of_content(draft.entries[-1].content)  # type: ignore[attr-defined]
    assert found is not None
    assert [indicator.id for indicator in found.indicators] == indicators[:1]
    without = {**said, "indicators": [], "csrf_token": token(client.get("/registers").text)}
    assert client.post("/registers/drafts", data=without).status_code == 303
    assert "NewProgrammeVersion" not in [type(entry).__name__ for entry in drafts(store)[-1].entries]


COUNTED = """Số: 23/KH-UBND
Hà Nội, ngày 03 tháng 8 năm 2026
Kế hoạch phòng, chống mại dâm trên địa bàn thành phố Hà Nội năm 2026
Danh mục các chỉ tiêu
STT | Chỉ tiêu | Cơ quan chủ trì
1 | Lắp đặt 25 camera tại các xã, phường | Công an Thành phố
Danh sách điểm phức tạp
STT | Tên điểm | Phường, xã | Mức độ
1 | Đường Láng (đoạn từ Cầu Giấy đến Ngã Tư Sở) | Phường Láng | Có hoạt động
"""


def test_a_row_that_is_accepted_alone_gets_the_next_id(visitor: Visitor, store: Store) -> None:
    """Ids follow what is accepted, not what the page listed."""
    client = visitor("city")
    text = COUNTED.replace("Danh sách điểm phức tạp", "Danh sách điểm phức tạp tại địa bàn công cộng")
    text += "2 | Đường Nguyễn Chí Thanh | Phường Láng | Ít hoạt động\n"
    files = {"file": ("plan.txt", text.encode(), "text/plain")}
    page = client.post("/registers/plan", data={"csrf_token": token(client.get("/registers").text)}, files=files).text
    made = [entry for entry in fields(page, "entries") if "site_version" in entry]
    assert len(made) == 2
    said = {"title": "x", "day": "03/08/2026", "document": "Kế hoạch 23/KH-UBND", "entries": [made[1]]}
    free = next_id(list(versions_on(store, date(2026, 8, 3))), city("hanoi"), "public")
    answer = client.post("/registers/drafts", data={**said, "csrf_token": token(client.get("/registers").text)})
    assert answer.status_code == 303, answer.text
    assert {entry.site_id for entry in drafts(store)[-1].entries} == {free}  # type: ignore[attr-defined]


def test_the_group_of_a_row_and_how_a_target_is_counted_are_chosen_and_seen_before_they_are_saved(
    visitor: Visitor, store: Store
) -> None:
    client = visitor("city")
    files = {"file": ("plan.txt", COUNTED.encode(), "text/plain")}
    page = client.post("/registers/plan", data={"csrf_token": token(client.get("/registers").text)}, files=files).text
    assert "cần chọn nhóm" in page
    assert not any("site_version" in entry for entry in fields(page, "entries"))
    names = ("file", "file_name", "said", "title", "programme", "figure_of", "unit_of")
    sent: dict[str, object] = {name: fields(page, name) for name in names}
    sent |= {"day": "03/08/2026", "document": "Kế hoạch 23/KH-UBND", "csrf_token": token(client.get("/registers").text)}
    sent |= {
        "row": ["1=establishment"],
        "count": ["1=level:ward", "1=combine:most"],
        "figure": ["30"],
        "unit": ["camera"],
    }
    before = len(drafts(store))
    again = client.post("/registers/drafts", data=sent | {"entries": fields(page, "entries"), "indicators": ["1"]})
    assert (again.status_code, len(drafts(store))) == (200, before)
    (entry,) = [entry for entry in fields(again.text, "entries") if "site_version" in entry]
    assert '"group": "establishment"' in entry
    (programme,) = fields(again.text, "programme")
    plan = next(each for each in fields(again.text, "entries") if "city_plan" in each)
    taken = {"programme": programme, "said": fields(again.text, "said"), "entries": [plan, entry], "indicators": ["1"]}
    saved = sent | taken
    saved |= {"count": selected(again.text, "count"), "row": selected(again.text, "row")}
    assert client.post("/registers/drafts", data=saved).status_code == 303
    (draft,) = drafts(store)[before:]
    (content,) = [each.content for each in draft.entries if hasattr(each, "programme")]
    found = programme_of_content(content)
    assert found is not None
    (target,) = found.targets
    assert (target.level, target.combine, target.figure, target.unit) == ("ward", "most", 30, "camera")
    wrong = client.post("/registers/plan/again", data=sent | {"row": ["9=public"]})
    assert (wrong.status_code, "kế hoạch không có dòng 9" in wrong.text) == (422, True)


def selected(page: str, name: str) -> list[str]:
    """What the selects of a name send."""
    lists = re.findall(rf'<select name="{name}"[^>]*>(.*?)</select>', page, re.DOTALL)
    return [html.unescape(value) for each in lists for value in re.findall(r'value="([^"]*)" selected', each)]


def test_the_page_of_a_draft_shows_all_that_it_holds(visitor: Visitor, store: Store) -> None:
    """A new name beside the old one, what a site becomes, wards and stretch of an agreement, a phase, each labelled."""
    client, form = visitor("city"), "/registers/sites/HN-I-7"
    said = {"day": "01/08/2026", "document": "Biên bản 9/BB"}

    def shown(action: str, **values: str) -> str:
        made = post(client, form, f"{form}/{action}", **said, **values)
        assert made.status_code == 303, made.text
        page = html.unescape(client.get(made.headers["location"]).text)
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split('id="holds"')[1].split('id="changes"')[0]))

    renamed = shown("rename", name="Đường mang tên khác")
    assert re.search(r"Tên \S.* → Đường mang tên khác", renamed) and "đổi tên" in renamed
    merged = shown("merge", others="HN-II-1")
    assert re.search(r"nhập .*HN-II-1 \w", merged)
    details = {"handed_over": "2024", "corridor": "60", "declared": "Xã Đại Thanh", "start": "Cầu Tó", "finish": ""}
    described = shown("details", **details)
    assert "07/KH-UBND" not in described  # the plan is the same
    assert re.search(r"Điểm đầu \S.* → Cầu Tó", described) and "→ 60 m" in described.replace("\N{NO-BREAK SPACE}", " ")
    agreed = shown("responsibility", wards="Xã Đại Thanh", from_m="3500", to_m="3600")
    assert "Xã Đại Thanh" in agreed and "3.500 m" in agreed and "3.600 m" in agreed
    phased = {"wards": "Phường Láng", "phase": "expansion", **said}
    made = post(client, "/registers", "/registers/phases", **phased)
    page = client.get(made.headers["location"]).text
    assert "Phường Láng" in page.split('id="holds"')[1].split('id="changes"')[0]
    made = post(client, "/registers", "/registers/phases", **{**phased, "wards": "Phường Vĩnh Phúc"})
    assert "Phường Vĩnh Phúc → Phường Ngọc Hà" in client.get(made.headers["location"]).text


def test_details_change_what_is_in_force_on_their_day(visitor: Visitor, store: Store) -> None:
    """A name of a later day is no part of a change of an earlier one, and stays in a change of its own day."""
    client, form = visitor("city"), "/registers/sites/HN-I-6"
    said = {"document": "Biên bản 9/BB"}
    renamed = post(client, form, f"{form}/rename", name="Tên từ tháng chín", day="01/09/2026", **said)
    number = renamed.headers["location"].partition("?")[0]
    assert post(client, "/registers", f"{number}/publish").status_code == 303
    page = client.get(form).text.split(f"{form}/details")[1]
    filled = {name: fields(page, name)[0] for name in ("handed_over", "declared", "start", "finish")}
    names = []
    for day in ("01/08/2026", "02/09/2026"):
        assert post(client, form, f"{form}/details", **filled, corridor="60", day=day, **said).status_code == 303
        (entry,) = max(drafts(store), key=lambda draft: draft.number).entries
        assert isinstance(entry, NewSiteVersion) and entry.corridor_m == 60
        names.append(entry.name == "Tên từ tháng chín")
    assert names == [False, True]


def test_a_conflict_is_shown_with_both_versions_side_by_side(visitor: Visitor) -> None:
    """On the overtaken draft's page beforehand, and with status 409 where it is published all the same."""
    client, form = visitor("city"), "/registers/sites/HN-I-5"
    said = {"day": "01/08/2026", "document": "9/BB"}
    cleared = post(client, form, f"{form}/clear", **said).headers["location"].partition("?")[0]
    renamed = (
        post(client, form, f"{form}/rename", name="Đường mang tên mới", **said).headers["location"].partition("?")[0]
    )
    assert "Xung đột" not in client.get(cleared).text
    assert post(client, "/registers", f"{renamed}/publish").status_code == 303
    before, refused = client.get(cleared), post(client, "/registers", f"{cleared}/publish")
    assert (before.status_code, refused.status_code) == (200, 409)
    for page in (html.unescape(before.text), html.unescape(refused.text)):
        conflict = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split('id="conflict1"')[1].split('id="holds"')[0]))
        assert re.search(r"Tên Đường mang tên mới (?!Đường mang tên mới)\S", conflict)
        assert "đưa ra khỏi danh mục" in conflict and 'href="/registers/sites/HN-I-5"' in page
    again = post(client, form, f"{form}/clear", **said).headers["location"].partition("?")[0]
    assert post(client, "/registers", f"{again}/publish").status_code == 303
    anybody = visitor()
    left = anybody.get("/sites/HN-I-5")
    assert left.status_code == 200 and "không còn trong danh mục từ 01/08/2026" in html.unescape(left.text)
    rows = re.findall(r'<tr><th scope="row">([^<]*)</th><td data-name="[^"]*">([^<]*)</td>', html.unescape(left.text))
    # Another test agrees on a stretch of it, and ends that.
    life = [what for _, what in rows if "thỏa thuận trách nhiệm" not in what.lower()]
    assert life == ["phiên bản", "mức độ", "phiên bản", "đổi tên", "đưa ra khỏi danh mục"]
    assert anybody.get("/sites/HN-I-5", params={"day": "2026-07-31"}).text.count("Đường mang tên mới") == 0
    found = html.unescape(anybody.get("/search", params={"q": "Đường mang tên mới"}).text)
    assert "HN-I-5, không còn trong danh mục từ 01/08/2026" in found
    missing = anybody.get("/api/v1/sites/HN-I-5").json()["problems"][0]
    assert (missing["code"], missing["parameters"]["life"][-1]["event"]) == ("unknown.site-left", "cleared")


def test_what_was_published_in_its_place_is_shown_beside_what_a_draft_says(visitor: Visitor, store: Store) -> None:
    client = visitor("city")
    said = {"day": "01/08/2026", "wards": "Phường Hồng Hà"}
    first, second = (
        post(client, "/registers", "/registers/phases", phase=phase, document=document, **said)
        .headers["location"]
        .partition("?")[0]
        for phase, document in (("pilot", "31/KH-UBND"), ("none", "32/KH-UBND"))
    )
    assert post(client, "/registers", f"{second}/publish").status_code == 303
    refused = post(client, "/registers", f"{first}/publish")
    assert refused.status_code == 409
    assert re.search(r"<h2[^>]*>[^<]*: Phường Hồng Hà</h2>", refused.text)
    table = refused.text.partition('id="conflict1"')[2]
    assert table.index("Ngoài chương trình") < table.index("Duy trì")
    assert post(client, "/registers", f"{second}/publish").status_code == 409


def test_group_and_level_are_chosen_not_proposed(visitor: Visitor, store: Store) -> None:
    client = visitor("city")
    page = client.get("/registers", params={"words": WORDS}).text
    for name in ("group", "level", "phase"):
        for menu in re.findall(rf'<select name="{name}".*?</select>', page, re.DOTALL):
            assert " selected" not in menu and 'value=""' in menu and "required" in menu.split(">")[0]
    (geometry, *_), before = fields(page, "geometry"), len(drafts(store))
    said = {"name": "Tuyến", "geometry": geometry, "day": "01/08/2026", "document": "15/KH-UBND"}
    for chosen in ({"level": "active"}, {"group": "public"}):
        assert post(client, "/registers", "/registers/sites", **said, **chosen).status_code == 422
    assert len(drafts(store)) == before


def test_a_route_of_another_city_is_not_offered_to_be_saved(visitor: Visitor, store: Store) -> None:
    client, before = visitor("city"), len(drafts(store))
    hidden = token(client.get("/registers").text)
    hue = b'{"type":"LineString","coordinates":[[107.585,16.465],[107.59,16.468]]}'
    answer = client.post("/registers/geometry", files={"file": ("hue.geojson", hue)}, data={"csrf_token": hidden})
    (place,) = re.findall(r"<legend[^>]*>1\. hue.geojson</legend>.*?</fieldset>", answer.text, re.DOTALL)
    assert "không đi qua xã, phường nào của Hà Nội" in place
    assert "None" not in place and "<button" not in place
    said = {
        "name": "x",
        "group": "public",
        "level": "low",
        "day": "01/08/2026",
        "document": "x",
        "geometry": hue.decode(),
    }
    refused = post(client, "/registers", "/registers/sites", **said)
    assert refused.status_code == 422 and "không đi qua xã, phường nào" in refused.text
    site = "/registers/sites/HN-I-5"
    moved = post(client, site, f"{site}/route", geometry=hue.decode(), day="01/08/2026", document="x")
    assert moved.status_code == 422 and "không đi qua xã, phường nào" in moved.text
    assert len(drafts(store)) == before


def test_a_line_where_no_street_leads_says_so(visitor: Visitor) -> None:
    """With an accuracy by its length; one along streets, and one that is meant to be straight, as before."""
    client = visitor("city")

    def asked(points: str, mode: str = "streets") -> dict[str, object]:
        answer = client.get("/registers/route", params={"points": points, "mode": mode})
        return dict(answer.json())

    far = asked("105.34,21.05;105.34,21.13")
    assert far["accuracy_m"] > 1000, far  # type: ignore[operator]
    assert any("đường thẳng" in note for note in far["notes"])  # type: ignore[attr-defined]
    near = asked("105.8400,21.0100;105.8430,21.0130")
    assert (near["accuracy_m"], near["notes"]) == (10.0, [])
    assert asked("105.8400,21.0100;105.8430,21.0130", "straight")["notes"] == []
    assert "địa điểm này không đi qua" in str(asked("107.585,16.465;107.590,16.468", "straight")["notes"])
    bow = asked("105.84,21.01;105.85,21.02;105.85,21.01;105.84,21.02", "area")
    assert (bow["geometry"], "tự cắt" in str(bow["notes"])) == (None, True)


def test_an_agreement_that_no_longer_fits_the_route_shows_no_metres(visitor: Visitor, store: Store) -> None:
    client, form = visitor("city"), "/registers/sites/HN-II-2"
    old = store.register_entries()[0]
    old = old[old["site_id"] == "HN-II-2"].iloc[-1]
    said = {"day": "01/07/2026", "document": "Biên bản 12/BB"}
    met = client.get("/api/v1/sites/HN-II-2").json()["wards"][0]
    made = post(client, form, f"{form}/responsibility", wards=met, from_m="0", to_m="150", **said)
    assert made.status_code == 303, made.text

    def publish(location: str) -> None:
        number = location.rsplit("/", maxsplit=1)[-1].partition("?")[0]
        assert post(client, "/registers", f"/registers/drafts/{number}/publish").status_code == 303

    publish(made.headers["location"])
    assert "Biên bản 12/BB" in client.get("/sites/HN-II-2").text
    west, south, *_ = shapely.from_geojson(old["geometry"]).bounds
    line = f"LINESTRING ({west} {south}, {west + 0.0003} {south + 0.0003})"
    moved = post(client, form, f"{form}/route", geometry=line, day="20/07/2026", document="x")
    page = client.get(moved.headers["location"]).text
    assert "thỏa thuận tại Biên bản 12/BB (01/07/2026) không còn khớp với tuyến mới" in page
    publish(moved.headers["location"])
    for path in ("/sites/HN-II-2", "/dossiers/HN-II-2.html"):
        text = client.get(path).text
        assert "Biên bản 12/BB" in text and "không còn khớp với tuyến hiện nay" in text
        assert "150\N{NO-BREAK SPACE}m" not in text
    assert "150\N{NO-BREAK SPACE}m" in client.get("/sites/HN-II-2?day=2026-07-10").text
