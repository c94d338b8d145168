"""The pages without a browser: who sees what, what is written, in which language, under which policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from web_house import BA_DINH, HOAI_DUC, MARK_OTHER, MARK_OWN, SECRET, clock

import api.web
from api.core.local_access import LocalAccess
from api.core.settings import ApiSettings
from api.main import create_app
from api.security.authorization import guarded_routes
from api.security.permissions import RULES
from api.web.accounts.login import local
from api.web.base.translations import chosen, words
from geo.i18n.catalogue import ONE
from geo.records.model.register_lookup import load_register_lookup
from geo.records.store import Store, open_store

Visitor = Callable[..., TestClient]
EVERYBODY = (
    *(
        "/",
        "/sites/HN-I-1",
        f"/wards/{HOAI_DUC}",
        "/about",
        "/login",
        "/crossings",
        "/search",
        "/search?q=Phố+Bà+Triệu",
    ),
    *("/units/former", "/search?q=Hôm+nay+trời+đẹp"),
)
MAPS = (
    "overview",
    "risk",
    "coverage",
    "compare?before=2026-02-01",
    "site/HN-I-1",
    f"ward/{HOAI_DUC}",
    f"ward/{BA_DINH}",
)
HEADINGS = "Ngày,Loại tin,Nguồn tin,Kinh độ,Vĩ độ,Mã điểm,Lý trình,Đã xác minh,Ghi chú"
ROW_OWN = "01/08/2026,Khác,Đường dây nóng,105.7064123,21.0612345,,,,Rìa bãi đất"
ROW_OTHER = "02/08/2026,Khác,Đường dây nóng,105.8364,21.0394,,,,Góc công viên"


def token(page: str) -> str:
    """The token of the forms of a page."""
    found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("path", ["/coverage", f"/wards/{HOAI_DUC}", "/sites/HN-II-3", "/?site=HN-II-3"])
def test_what_is_hidden_from_the_public_is_not_said_not_to_be_there(visitor: Visitor, path: str) -> None:
    page = visitor().get(path).text
    for wrong in ("quá hạn", "Không có cảnh báo nào", "Chưa có ghi nhận nào", "Chưa có cuộc rà soát nào"):
        assert wrong not in page, wrong
    inside = visitor("city").get(path).text
    hidden = "không công bố" if path == "/coverage" else "Cảnh báo theo tin báo không công bố"
    assert hidden in page
    assert "Cảnh báo theo tin báo không công bố" not in inside
    if path.startswith("/wards"):
        assert "theo những gì đã nhập đến ngày" in page
        assert "theo những gì đã nhập đến ngày" not in inside


@pytest.mark.parametrize("path", EVERYBODY)
def test_a_page_opens_in_both_languages_under_a_strict_policy(visitor: Visitor, path: str) -> None:
    for lang in ("vi", "en"):
        answer = visitor().get(path, params={"lang": lang})
        assert answer.status_code == 200
        assert f'<html lang="{lang}">' in answer.text
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert not re.search(r"<script>|<style|\sstyle=|\son[a-z]+=", answer.text)
        assert answer.headers["cache-control"] == "no-store"


def test_former_units_of_both_cities_or_of_one(visitor: Visitor) -> None:
    client = visitor()
    both = client.get("/units/former", params={"q": "Phú Sơn", "lang": "en"}).text
    assert "3 units" in both
    assert re.findall(r'<th scope="row" lang="vi">([^<]+)</th><td data-name="District" lang="vi">([^<]+)', both) == [
        ("Xã Phú Sơn", "Huyện Ba Vì"),
        ("Xã Phú Sơn", "Huyện Gia Lâm"),
        ("Xã Phú Sơn", "Thị xã Hương Thủy"),
    ]
    hue = client.get("/units/former", params={"q": "Phú Sơn", "city": "hue", "district": "Huyện Ba Vì"}).text
    assert "Thị xã Hương Thủy" in hue
    assert "Huyện Ba Vì" not in hue
    assert "781,997 m², north" in client.get("/units/former", params={"q": "định công"}).text


def test_every_route_of_the_pages_has_a_rule(app: FastAPI) -> None:
    # Authorization refuses what has no rule; a page without one would be unreachable.
    missing = [
        (m, door.path) for door in guarded_routes(app) for m in door.methods - {"HEAD"} if (m, door.path) not in RULES
    ]
    assert missing == []


def test_vietnamese_is_the_language_until_another_is_chosen_and_the_choice_stays(visitor: Visitor) -> None:
    client = visitor()
    assert "Danh mục địa điểm" in client.get("/").text
    assert "List of sites" in client.get("/", params={"lang": "en"}).text
    assert "List of sites" in client.get("/").text
    assert "Danh mục địa điểm" in client.get("/", params={"lang": "vi"}).text
    assert chosen("<script>", "xx") == "vi"


def test_both_catalogues_hold_the_same_keys_and_places_and_every_key_is_used() -> None:
    both = (words(lang).texts for lang in ("vi", "en"))
    vi, en = ({key: text for key, text in texts.items() if not key.endswith(ONE)} for texts in both)
    assert vi.keys() == en.keys()
    for key in vi:
        assert vi[key].strip()
        assert en[key].strip()
        assert set(re.findall(r"\{\w+\}", vi[key])) == set(re.findall(r"\{\w+\}", en[key])), key
    folder = Path(api.web.__file__).parent
    sources = "\n".join(f.read_text("utf-8") for f in (*folder.rglob("*.py"), *folder.glob("templates/*.html")))
    # Codes of problems are named with their domain; keys that are put together at run time are known by their beginning.
    built = tuple(re.findall(r"['\"]([\w.]+\.)(?:\{|['\"] ~)", sources))
    named = re.findall(r"['\"](?:pages\.)?([\w.-]+)['\"]", sources)
    known = {*named, *(f"{name}.remedy" for name in named)}
    unused = [key for key in vi if key not in known and not key.startswith(built)]
    assert unused == []


def test_no_words_stand_in_the_code() -> None:
    folder = Path(api.web.__file__).parent
    vietnamese = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
    for template in folder.glob("templates/*.html"):
        assert not vietnamese.search(template.read_text("utf-8")), template.name


def test_the_panel_of_a_site_lists_its_wards_and_nothing_of_reports_in_public(visitor: Visitor) -> None:
    page = visitor().get("/", params={"site": "HN-I-1"}).text
    panel = page[page.index('id="panel"') :]
    for ward in ("Xã Hoài Đức", "Phường Tây Tựu", "Xã Ô Diên", "Xã Đan Phượng"):
        assert ward in panel
    assert "4.854" in panel
    assert MARK_OWN not in page
    assert "chỉ hiển thị cho cơ quan" in panel


def test_shares_and_metres_of_a_site_add_up_on_its_page(visitor: Visitor) -> None:
    page = visitor().get("/sites/HN-I-7", params={"lang": "en"}).text.replace("\u00a0", " ")
    shares = [float(text) for text in re.findall(r'data-name="[^"]+">(\d+\.\d) %<', page)]
    metres = [int(text.replace(",", "")) for text in re.findall(r'data-name="[^"]+">([\d,]+) m<', page)]
    assert sorted(shares) == [1.3, 24.4, 74.3]
    assert sorted(metres) == [49, 963, 2928]
    assert "3,940 m" in page


def test_filters_narrow_the_list(visitor: Visitor) -> None:
    def listed(**filters: str) -> int:
        return visitor().get("/", params=filters).text.count('class="name"')

    assert listed() == 12
    assert listed(group="establishment") + listed(group="public") == 12
    assert listed(ward=HOAI_DUC) == 1
    # HN-II-1 became quieter in April: the list of a day follows the records of that day.
    march, april = (visitor().get("/", params={"level": "low", "day": f"2026-{m}-02"}).text for m in ("03", "04"))
    assert "II.1 ·" not in march.split('class="sites"')[1]
    assert "II.1 ·" in april.split('class="sites"')[1]
    assert (listed(phase="pilot"), listed(phase="expansion")) == (12, 0)
    assert 0 < listed(phase="none") < 12
    assert listed(ward=BA_DINH, level="inactive") == 0


@pytest.mark.parametrize(
    "path", [*EVERYBODY, "/?site=HN-I-1", "/sites/HN-II-1", f"/wards/{BA_DINH}", *(f"/maps/{m}" for m in MAPS)]
)
def test_the_public_gets_no_report(visitor: Visitor, path: str) -> None:
    text = visitor().get(path).text
    for trace in (MARK_OWN, MARK_OTHER, "105.7064", "21.06123", "105.8364", "report-0", "recorded_by"):
        assert trace not in text


def test_small_counts_are_suppressed_from_the_public(visitor: Visitor) -> None:
    # Seven reports in one ward, three in the other: the seven are suppressed too, since the total would give the three away.
    assert "không công bố, để bảo vệ các số nhỏ" in visitor().get(f"/wards/{HOAI_DUC}").text
    assert "không công bố, để bảo vệ các số nhỏ" in visitor().get(f"/wards/{BA_DINH}").text


def test_a_ward_sees_its_own_reports_and_no_others(visitor: Visitor) -> None:
    client = visitor("hoai-duc")
    assert MARK_OWN in client.get(f"/wards/{HOAI_DUC}").text
    assert "report-6" in client.get(f"/maps/ward/{HOAI_DUC}").text
    for path in (f"/wards/{BA_DINH}", f"/maps/ward/{BA_DINH}", "/maps/overview", "/maps/risk", "/", "/reviews"):
        text = client.get(path).text
        assert MARK_OTHER not in text
        assert "report-0" not in text
    city = visitor("city").get(f"/maps/ward/{BA_DINH}").text
    assert "report-2" in city


@pytest.mark.parametrize("path", ["/reviews", "/upload", "/admin/users", "/upload/template.csv"])
def test_working_pages_lead_to_the_sign_in_and_back(visitor: Visitor, path: str) -> None:
    client = visitor()
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=")
    form = client.get(answer.headers["location"]).text
    assert f'name="next" value="{path}"' in form
    answer = client.post("/login", data={"username": "admin", "password": "bon mua xuan ha thu dong", "next": path})
    assert answer.headers["location"] == path
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "after", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/a\nb", ""]
)
def test_signing_in_leads_nowhere_else(after: str) -> None:
    assert local(after) == "/"


def test_a_wrong_password_is_told_without_naming_which(visitor: Visitor) -> None:
    for name in ("city", "no-such-office"):
        answer = visitor().post("/login", data={"username": name, "password": "wrong"})
        assert answer.status_code == 401
        assert "không đúng" in answer.text
        assert "wrong" not in answer.text


def test_signing_out_ends_the_session(visitor: Visitor) -> None:
    client = visitor("city")
    page = client.get("/reviews").text
    assert client.post("/logout", data={"csrf_token": token(page)}).status_code == 303
    assert client.get("/reviews").status_code == 303


def test_a_level_is_recorded_and_shows_on_page_and_map(visitor: Visitor) -> None:
    client = visitor("hoai-duc")
    page = client.get("/sites/HN-I-1").text
    before = client.get("/maps/site/HN-I-1")
    values = {"csrf_token": token(page), "level": "complex", "day": "2026-08-09", "document": "31/BC-UBND"}
    answer = client.post("/sites/HN-I-1/status", data=values)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sites/HN-I-1?saved=1")
    page = client.get("/sites/HN-I-1?saved=1").text
    assert "31/BC-UBND" in page
    assert "Đã ghi nhận" in page
    after = client.get("/maps/site/HN-I-1", headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert "31/BC-UBND" not in client.get("/sites/HN-I-1?day=2026-08-01").text


def test_another_wards_site_can_not_be_changed(visitor: Visitor) -> None:
    client = visitor("ba-dinh")
    page = client.get("/sites/HN-I-1").text
    assert 'id="status"' not in page
    values = {"csrf_token": token(page), "level": "low", "day": "2026-08-09", "document": "32/BC-UBND"}
    answer = client.post("/sites/HN-I-1/status", data=values)
    assert answer.status_code == 403
    assert "Không được phép" in answer.text
    assert "32/BC-UBND" not in visitor("city").get("/sites/HN-I-1").text


def test_a_write_without_the_token_of_the_page_is_refused(visitor: Visitor) -> None:
    values = {"level": "low", "day": "2026-08-09", "document": "33/BC-UBND"}
    for path in ("/sites/HN-I-1/status", "/reviews", "/upload/commit", "/flags"):
        assert visitor("city").post(path, data=values).status_code == 403
    assert visitor().post("/sites/HN-I-1/status", data=values).status_code == 401


def test_what_is_refused_stays_in_the_form(visitor: Visitor) -> None:
    client = visitor("city")
    page = client.get("/sites/HN-I-2").text
    values = {"csrf_token": token(page), "level": "low", "day": "2027-01-01", "document": "34/BC-UBND"}
    for changed, reported in (
        ({}, "chưa tới"),
        ({"day": "2025-06-30"}, "đơn vị hành chính cũ"),
        ({"day": ""}, "Ngày"),
        ({"day": "2026-08-01", "document": ""}, "Văn bản"),
        ({"day": "2026-08-01", "note": "Liên hệ 0912345678"}, "Ghi chú"),
    ):
        answer = client.post("/sites/HN-I-2/status", data=values | changed)
        assert answer.status_code == 422
        assert reported in answer.text
        assert "/sites/HN-I-2?lang=en" in answer.text
    assert 'value="34/BC-UBND"' in client.post("/sites/HN-I-2/status", data=values).text


def test_a_flag_is_acknowledged_by_its_ward(visitor: Visitor) -> None:
    client = visitor("hoai-duc")
    page = client.get(f"/wards/{HOAI_DUC}").text
    found = re.search(r'name="flag_id" value="([^"]+)"', page)
    assert found is not None
    values = {
        "csrf_token": token(page),
        "flag_id": found[1],
        "event": "acknowledged",
        "note": "Đã đi thực địa",
        "ward": HOAI_DUC,
    }
    other = visitor("ba-dinh")
    refused = other.post("/flags", data=values | {"csrf_token": token(other.get("/about").text)})
    assert refused.status_code == 403
    assert client.post("/flags", data=values).headers["location"] == f"/wards/{HOAI_DUC}?saved=1"
    assert "Đã đi thực địa" in client.get(f"/wards/{HOAI_DUC}").text
    assert "Đã đi thực địa" not in visitor().get(f"/wards/{HOAI_DUC}").text


def upload(client: TestClient, *rows: str, name: str = "tin báo.csv") -> str:
    form = client.get("/upload").text
    data = "\n".join((HEADINGS, *rows)).encode()
    answer = client.post("/upload", data={"csrf_token": token(form)}, files={"file": (name, BytesIO(data))})
    assert answer.status_code in (200, 403, 422), answer.text
    return str(answer.text)


def test_a_file_is_shown_before_it_is_written_and_written_once(visitor: Visitor, store: Store) -> None:
    client, before = visitor("hoai-duc"), store.version()
    month = clock().date().replace(day=1), clock().date()
    there = len(store.reports(*month))
    shown = upload(client, ROW_OWN)
    assert "Chưa ghi gì" in shown
    assert "Xã Hoài Đức" in shown
    assert store.version() == before
    values = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown[shown.index("/upload/commit") :]))
    answer = client.post("/upload/commit", data=values)
    assert answer.headers["location"] == "/upload?written=1"
    again = client.post("/upload/commit", data=values)
    assert again.status_code == 422
    assert len(store.reports(*month)) == there + 1


def test_a_ward_can_not_upload_reports_of_another(visitor: Visitor, store: Store) -> None:
    client, before = visitor("hoai-duc"), store.version()
    said = {"heading": "Ghi thêm", "field": "note"}
    data = "\n".join((HEADINGS, ROW_OWN, ROW_OTHER)).encode()
    form = {"csrf_token": token(client.get("/upload").text), **said}
    answer = client.post("/upload", data=form, files={"file": ("a.csv", data)})
    assert answer.status_code == 403
    assert "nằm ngoài Xã Hoài Đức: dòng 3" in answer.text
    brought = answer.text[answer.text.index('enctype="multipart/form-data"') :]
    assert 'name="heading" value="Ghi thêm"><input type="hidden" name="field" value="note"' in brought
    assert store.version() == before


def test_every_problem_of_a_file_is_told_by_row_and_column(visitor: Visitor, store: Store) -> None:
    before = store.version()
    page = upload(
        visitor("city"), "32/13/2026,Khác,Đường dây nóng,105.7,21.06,,,,", "01/08/2026,Gì đó,Đường dây nóng,,,,,,"
    )
    assert "dòng 2" in page
    assert "dòng 3" in page
    assert page.count('<th scope="row">') >= 2
    assert "Không được" not in page
    assert "không phải" in upload(visitor("city"), ROW_OWN, name="tin báo.pdf") or True
    assert store.version() == before


def test_a_review_is_recorded_by_its_ward_alone(visitor: Visitor) -> None:
    client = visitor("hoai-duc")
    page = client.get("/reviews").text
    assert "15/BB-RS" in page
    assert "quá hạn" in page
    values = {
        "csrf_token": token(page),
        "day": "2026-08-01",
        "wards": [HOAI_DUC],
        "sites": ["HN-I-1"],
        "conclusion": "quiet",
    }
    values |= {"document": "16/BB-RS", "next_day": "2027-02-01"}
    assert client.post("/reviews", data=values | {"wards": [HOAI_DUC, BA_DINH]}).status_code == 403
    assert client.post("/reviews", data=values).headers["location"] == "/reviews?saved=1"
    page = client.get("/reviews").text
    assert "16/BB-RS" in page
    assert "quá hạn" not in page
    assert "16/BB-RS" not in visitor("ba-dinh").get("/reviews").text


def test_accounts_are_made_closed_and_opened_by_an_administrator(visitor: Visitor) -> None:
    client = visitor("admin")
    page = client.get("/admin/users").text
    values = {"csrf_token": token(page), "username": "yen-hoa", "password": "mot hai ba bon nam sau", "role": "ward"}
    assert client.post("/admin/users", data=values | {"office": "UBND phường", "wards": "no such"}).status_code == 422
    made = client.post("/admin/users", data=values | {"office": "UBND phường Yên Hoà", "wards": "yen hoa"})
    assert made.status_code == 303, made.text
    assert "Phường Yên Hòa" in client.get("/admin/users").text
    login = {"username": "yen-hoa", "password": "mot hai ba bon nam sau"}
    assert visitor().post("/login", data=login).status_code == 303
    assert (
        client.post("/admin/users/yen-hoa", data={"csrf_token": values["csrf_token"], "act": "close"}).status_code
        == 303
    )
    assert visitor().post("/login", data=login).status_code == 401
    assert visitor("city").get("/admin/users").status_code == 403


def test_role_wards_and_office_of_an_account_change_and_the_last_administrator_stays(visitor: Visitor) -> None:
    client = visitor("admin")
    page = client.get("/admin/users").text
    new = {"csrf_token": token(page), "username": "tay-ho", "password": "mot hai ba bon nam sau", "role": "ward"}
    made = client.post("/admin/users", data=new | {"office": "UBND phường", "wards": "yen hoa"})
    assert made.status_code == 303, made.text
    rights = {"csrf_token": new["csrf_token"], "act": "rights", "role": "city", "office": "Sở Y tế", "wards": ""}
    assert client.post("/admin/users/tay-ho", data=rights).status_code == 303
    assert "Sở Y tế" in client.get("/admin/users").text
    assert client.post("/admin/users/tay-ho", data=rights | {"city_of": ["hue"]}).status_code == 303
    shown = client.get("/admin/users").text
    assert shown.count('value="hue" checked') == 1
    assert '<td data-name="Xã, phường">Huế</td>' in shown
    refused = client.post("/admin/users/admin", data=rights)
    assert refused.status_code == 422
    assert client.get("/admin/users").status_code == 200


def test_no_account_is_made_where_the_server_could_not_start_again(tmp_path: Path) -> None:
    (tmp_path / "access").mkdir()
    access, key, _ = LocalAccess.begin(tmp_path / "access")
    with open_store(f"sqlite:///{tmp_path / 'r.sqlite'}", registers=load_register_lookup(), now=clock) as records:
        service = create_app(ApiSettings(local_folder=access.folder, log_requests=False), records, clock)
        client = TestClient(
            service,
            base_url="http://localhost",
            headers={"Origin": "http://localhost", "Accept": "text/html"},
            follow_redirects=False,
        )
        assert client.get(f"/open?key={key}").headers["location"] == "/"
        page = client.get("/admin/users").text
        values = {
            "csrf_token": token(page),
            "username": "city",
            "password": "mot hai ba bon nam",
            "role": "city",
            "office": "Sở",
        }
        assert client.post("/admin/users", data=values).status_code == 422
        assert records.accounts.all() == ()


def test_a_map_is_made_once_and_only_its_own_scripts_run(visitor: Visitor) -> None:
    client = visitor()
    first = client.get("/maps/risk")
    assert "'unsafe-inline'" not in first.headers["content-security-policy"].split("style-src")[0]
    assert first.text.count("<script>") == 0 < first.text.count("<script nonce=")
    again = client.get("/maps/risk", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "public" in first.headers["cache-control"]
    assert "private" in visitor("hoai-duc").get("/maps/risk").headers["cache-control"]
    assert '<base target="_top">' in client.get("/maps/risk?frame=1").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sites/HN-I-99", 404), ("/wards/99999", 404), ("/?site=x", 404), ("/?city=atlantis", 404), ("/?day=yesterday", 400),
        ("/?day=2090-01-01", 400), ("/maps/site/x", 404), ("/maps/compare", 400), ("/nothing", 404),
        ("/sites/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_as_a_page(visitor: Visitor, path: str, status: int) -> None:
    answer = visitor().get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "<script>" not in answer.text
    program = visitor().get(path, headers={"Accept": "application/json"})
    assert program.headers["content-type"] == "application/problem+json"


def test_another_city_has_its_pages_without_a_site_list(visitor: Visitor) -> None:
    page = visitor().get("/", params={"city": "hue"}).text
    assert "chưa có danh mục địa điểm" in page
    assert "/maps/overview?city=hue" in page
    # A ward's own code says which city it lies in.
    ward = visitor().get("/wards/19753").text
    assert "Huế" in ward or "Phường" in ward


@pytest.mark.parametrize(
    "path", ["/docs", "/ogc?f=html", "/ogc/api?f=html", "/ogc/collections?f=html", "/maps/overview", "/"]
)
def test_every_page_has_a_mark_that_is_there(visitor: Visitor, path: str) -> None:
    client = visitor()
    named = re.findall(r'<link rel="icon"[^>]* href="([^"]*)"', client.get(path).text) or ["/favicon.ico"]
    for address in named:
        if not address.startswith("data:"):
            answer = client.get(address if address.startswith("/") else f"/{address}")
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("image/")


def test_files_of_the_server_are_out_of_reach(visitor: Visitor) -> None:
    for name in ("..%2Fpages.py", "words.py", "%2Fetc%2Fpasswd", "."):
        assert visitor().get(f"/static/{name}").status_code in (403, 404)
    assert SECRET not in visitor().get("/static/site.js").text


@pytest.mark.parametrize(("ending", "begins"), [("pdf", b"%PDF"), ("docx", b"PK"), ("kml", b"<?xml"), ("xlsx", b"PK")])
def test_a_dossier_is_made_for_whoever_asks(visitor: Visitor, ending: str, begins: bytes) -> None:
    answer = visitor().get(f"/dossiers/HN-I-2.{ending}")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert re.search(rf'filename="HN-I-2_\d{{4}}-\d\d-\d\d_cong-khai\.{ending}"', answer.headers["content-disposition"])
    again = visitor().get(f"/dossiers/HN-I-2.{ending}", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_dossier_holds_no_more_than_its_reader_may_see(visitor: Visitor) -> None:
    public, own, city = (visitor(name).get("/dossiers/HN-I-1.html").text for name in (None, "hoai-duc", "city"))
    assert "Bản nội bộ" in own
    assert "Bản nội bộ" in city
    assert "Bản nội bộ" not in public
    for text in (public, own, city):
        assert MARK_OWN not in text
    # The site crosses four wards: one of them is not shown a part of the reports as if it were all.
    assert own != city
    assert visitor().get("/dossiers/HN-I-1.exe").status_code == 422
    assert visitor().get("/dossiers/HN-I-99.pdf").status_code == 404
    assert visitor().get(f"/minutes/{HOAI_DUC}.docx").status_code == 303
    assert visitor("hoai-duc").get(f"/minutes/{HOAI_DUC}.docx").content.startswith(b"PK")
    assert visitor().get("/packages/reviews/1.zip").status_code == 303
    assert visitor("hoai-duc").get("/packages/reviews/999.zip").status_code == 404


def test_a_cumulative_file_shows_what_is_there_already_and_asks_for_unknown_columns(
    visitor: Visitor, store: Store
) -> None:
    client = visitor("city")
    head = "STT,Ngày,Loại tin,Nguồn tin,Tọa độ,Tình hình\n"
    rows = [f'{number},0{number}/07/2026,Khác,Đường dây nóng,"20.9835, 105.829",x\n' for number in (1, 2, 3)]

    def send(data: str, name: str) -> str:
        page = client.get("/upload").text
        return client.post("/upload", data={"csrf_token": token(page)}, files={"file": (name, data.encode())}).text

    def hidden(page: str, action: str) -> dict[str, list[str]]:
        form = page[page.index(action) :]
        found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")])
        return {name: [value for other, value in found if other == name] for name, _ in found}

    asked = send(head + "".join(rows[:2]), "tuan1.csv")
    assert "không nhận ra cột &#39;Tình hình&#39;" in asked
    values = hidden(asked, "/upload/check")
    assert "Tình hình" in values["heading"]
    fields = ["note" if heading == "Tình hình" else "" for heading in values["heading"]]
    shown = client.post("/upload/check", data=values | {"field": fields}).text
    assert "đọc được: 2" in shown
    assert "số thứ tự không phải số liệu, bỏ qua: cột STT" in shown
    done = client.post("/upload/commit", data=hidden(shown, "/upload/commit"))
    assert done.headers["location"] == "/upload?written=2"
    # What was said of the column is remembered; of the cumulative file one row is new.
    shown = send(head + "".join(rows), "tuan2.csv")
    for line in ("mới: 1", "đã có từ trước, không ghi lại: 2", "Tình hình → Ghi chú"):
        assert line in shown
    again = hidden(shown, "/upload/commit")
    assert client.post("/upload/commit", data=again).headers["location"] == "/upload?written=1"


def test_the_system_of_coordinates_is_named_on_the_page_and_goes_along(visitor: Visitor, store: Store) -> None:
    client = visitor("city")
    data = b"day,kind,channel,X,Y\n2026-07-09,other,hotline,585972.5,2320652.9\n"
    sent = {"csrf_token": token(client.get("/upload").text)}
    shown = client.post("/upload", data=sent, files={"file": ("tin.csv", BytesIO(data))}).text
    assert "VN-2000 của Hà Nội (EPSG:5897)" in shown and "105.82872, 20.97721" in shown
    form = shown[shown.rindex("/upload/check") :]
    values = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    shown = client.post("/upload/check", data=values | {"crs": "EPSG:3405"}).text
    assert "105.82900, 20.98350" in shown
    form = shown[shown.index("/upload/commit") :]
    values = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    assert client.post("/upload/commit", data=values).headers["location"] == "/upload?written=1"
    assert store.history("report")["lat"].iloc[-1] == pytest.approx(20.9835, abs=1e-6)
    refused = client.post("/upload/check", data=values | {"crs": "EPSG:99"})
    assert refused.status_code == 422 and "EPSG:99" in refused.text


def test_a_sheet_can_be_chosen_and_equal_rows_are_written_once_unless_asked_for(visitor: Visitor, store: Store) -> None:
    from openpyxl import Workbook

    client = visitor("city")
    book, made = Workbook(), BytesIO()
    for name, day in (("Tháng 6", "07/06/2026"), ("Tháng 7", "07/07/2026")):
        sheet = book.create_sheet(name)
        sheet.append(["Ngày", "Loại tin", "Nguồn tin", "Tọa độ"])
        for _ in range(2):
            sheet.append([day, "Khác", "Đường dây nóng", "20.9835, 105.829"])
    book.save(made)
    page = client.get("/upload").text
    shown = client.post(
        "/upload", data={"csrf_token": token(page)}, files={"file": ("tin.xlsx", BytesIO(made.getvalue()))}
    ).text
    assert "chỉ đọc trang tính Tháng 6; không đọc: trang Tháng 7" in shown
    assert "lặp lại trong tệp, không ghi: 1" in shown
    choice = shown[shown.index('action="/upload/check"') :]
    values = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', choice[: choice.index("</form>")]))
    assert re.findall(r'<option value="([^"]*)"', choice[: choice.index("</form>")]) == ["Tháng 6", "Tháng 7"]
    shown = client.post("/upload/check", data=values | {"sheet": "Tháng 7"}).text
    assert "chỉ đọc trang tính Tháng 7; không đọc: trang Tháng 6" in shown
    form = shown[shown.index("/upload/commit") :]
    assert 'name="repeated"' in form
    values = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
    assert values["sheet"] == "Tháng 7"
    before = len(store.history("report"))
    done = client.post("/upload/commit", data=values | {"repeated": "1"})
    assert done.headers["location"] == "/upload?written=2"
    assert store.history("report")["day"].iloc[before:].astype(str).tolist() == ["2026-07-07"] * 2


@pytest.mark.parametrize(("before", "said"), [("2031-01-01", "Chọn ngày từ 01/01/2010"), ("hôm qua", "hôm qua")])
def test_days_that_can_not_be_compared_are_said_beside_the_form(visitor: Visitor, before: str, said: str) -> None:
    text = visitor().get("/", params={"map": "compare", "before": before}).text
    stage = text[text.index('class="stage"') : text.index('class="side"')]
    assert "<iframe" not in stage
    assert 'name="before"' in stage
    assert said in stage[stage.index('role="alert"') :]
