"""What a map of a site must name, so that somebody finds the way there."""

from __future__ import annotations

ENDS = {
    "HN-I-1": {"Phố Nhổn", "Đường Di Trạch", "Cầu Phùng", "Sông Đáy"},
    "HN-I-2": {"Đường Quang Trung", "Bến Xe Yên Nghĩa"},
    "HN-I-3": {"Đường Chùa Tổng", "Đường Dương Nội"},
    "HN-I-4": {"Sông Tô Lịch", "Đường Nguyễn Khang", "Đường Khuất Duy Tiến", "Đường Phạm Hùng"},
    "HN-I-5": {"Đường Phan Trọng Tuệ", "Sông Tô Lịch", "Đường Nghiêm Xuân Yêm"},
    "HN-I-6": {"Đường Ngọc Hồi", "Đường Vĩnh Khang", "Đường Phương Dung"},
    "HN-I-7": {"Đường Ngọc Hồi", "Đường Kim Giang", "Sông Tô Lịch"},
    "HN-II-1": {"Sông Tô Lịch", "Phố Phan Kế Bính", "Đường Bưởi"},
    "HN-II-2": {"Sông Tô Lịch", "Phố Phan Kế Bính", "Đường Nguyễn Khánh Toàn"},
    "HN-II-3": {"Phố Nguyễn Huy Tự", "Phố Trần Thánh Tông", "Phố Lò Đúc"},
    "HN-II-4": {"Phố Yersin", "Đường Trần Khánh Dư"},
    "HN-II-5": {"Đường Trương Định", "Phố Nguyễn Hữu Thọ"},
}
"""The streets at the two ends of each site, and the water beside it."""
