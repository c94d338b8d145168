"""The audit log in words: no raw name is left, whatever was done."""

from __future__ import annotations

import re

import pytest

from geo.output.audit_words import account_text, action_text, detail_text, origin_text, subject_text
from geo.records.kinds.registry import kinds

WARDS = {"09832": "Xã Hoài Đức"}
LINES = (
    ("site_version.seed", "3", "Kế hoạch 07/KH-UBND", "số 3", "Kế hoạch 07/KH-UBND"),
    ("report.import", "sha256:0123456789abcdef", "2 rows", "tệp có mã kiểm tra 0123456789ab…", "2 dòng"),
    ("coverage_entry.import", "hanoi", "1 row, 4 recorded before", "hanoi", "1 dòng; 4 dòng đã ghi từ trước"),
    ("report.correct", "12", "corrects 4", "số 12", "thay số 4"),
    ("register_draft.publish", "9", "draft 2: 7 entries", "số 9", "bản nháp số 2: 7 mục"),
    ("account.add", "hoai-duc", "ward 09832", "hoai-duc", "Xã, phường, Xã Hoài Đức"),
    ("session.refused", "city", "attempt 3", "city", "lần thử thứ 3"),
    ("notice.sent", "digest:2026-11-26", "Sở Y tế | email | 3 việc", "bản tổng hợp ngày 26/11/2026", "Sở Y tế (thư điện tử): 3 việc"),
    ("notice.failed", "failed:2026-11-26", "Sở Y tế | webhook | unreachable", "bản tổng hợp ngày 26/11/2026", "Sở Y tế (ứng dụng nhắn tin): máy chủ không trả lời"),
    ("report.view", "/reports/140", "", "số 140", ""),
    ("record.view", "/records/flag-events/7", "2026-11-26T03:00:00+00:00", "xử lý cảnh báo, số 7", "26/11/2026 10:00"),
    ("minutes.export", "/minutes/09832.pdf", "", "Xã Hoài Đức, PDF", ""),
    ("dossier.export", "/dossiers/HN-I-1.docx", "", "HN-I-1, DOCX", ""),
    ("report.purge", "2024-01-01", "12 rows", "01/01/2024", "12 dòng"),
    ("import.headings", "report: Sở Y tế", '{"loai": "kind"}', "tin báo: Sở Y tế", "loai → loại"),
)  # fmt: skip


@pytest.mark.parametrize(("action", "subject", "detail", "about", "said"), LINES)
def test_a_line_is_said_in_words(action: str, subject: str, detail: str, about: str, said: str) -> None:
    assert subject_text(action, subject, WARDS, "vi") == about
    assert detail_text(action, detail, WARDS, "vi").lower() == said.lower()
    for lang in ("vi", "en"):
        words = (
            action_text(action, lang),
            subject_text(action, subject, WARDS, lang),
            detail_text(action, detail, WARDS, lang),
        )
        assert not re.search(r"[a-z]_[a-z]|[a-z]\.[a-z]|\{|\d{4}-\d{2}-\d{2}", " ".join(words)), words


def test_every_kind_and_way_in_has_words() -> None:
    for spec in kinds():
        assert action_text(spec.action("add"), "vi").startswith("Ghi ")
    assert origin_text("api:office", "vi") == "mạng nội bộ"
    assert (origin_text("elsewhere", "en"), account_text("yen-hoa", "en")) == ("elsewhere", "yen-hoa")
    assert action_text("unheard.of", "vi") == "unheard.of"
