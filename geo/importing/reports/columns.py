"""The columns that a file of reports may have."""

from __future__ import annotations

from geo.importing.cells import as_code, as_day, as_degrees, as_flag, as_metres, as_point, as_record, as_said, as_term
from geo.importing.columns import Column
from geo.importing.headings.units import DAY, LENGTH, PLACE

REPORT_COLUMNS: tuple[Column, ...] = (
    Column(
        "day", ("Ngày", "Ngày nhận tin", "Ngày ghi nhận", "day", "date", "Ngày tháng", "Thời gian", "Thời điểm"),
        as_day, required=True, measure=DAY,
    ),
    Column("kind", ("Loại tin", "Loại", "Loại tin báo", "kind", "type"), as_term("kind"), required=True),
    Column("channel", ("Nguồn tin", "Nguồn", "Kênh", "channel", "source"), as_term("channel"), required=True),
    Column(
        "lon", ("Kinh độ", "lon", "longitude", "lng", "x", "location longitude", "gps longitude"), as_degrees,
        figure=True, measure=PLACE,
    ),
    Column(
        "lat", ("Vĩ độ", "lat", "latitude", "y", "location latitude", "gps latitude"), as_degrees,
        figure=True, measure=PLACE,
    ),
    Column("site_id", ("Mã điểm", "Điểm", "site", "site id"), as_code),
    Column(
        "chainage_m", ("Lý trình", "Lý trình m", "chainage", "chainage m", "Lý trình km", "chainage km"), as_metres,
        figure=True, measure=LENGTH,
    ),
    Column("verified", ("Đã xác minh", "Xác minh", "verified"), as_flag),
    Column(
        "same_as", ("Trùng với tin số", "Trùng tin số", "Trùng tin", "same as", "duplicate of"), as_record,
        figure=True,
    ),
    Column("note", ("Ghi chú", "Nội dung", "note", "remark"), as_said),
)  # fmt: skip
"""Those of the template, which says of each what goes in: `importing.report-column-<field>`."""

PLACE_COLUMN = Column(
    "place", ("Tọa độ", "Toạ độ", "location", "GPS", "Vị trí GPS", "Vị trí", "Vị trí tọa độ", "coordinates", "geopoint",
              "lat lon", "lat long", "geometry", "Tọa độ GPS", "gps location", "wkt", "latlon"),
    as_point, figure=True, measure=PLACE,
)  # fmt: skip
"""Longitude and latitude in one cell: read where a file has it, not in the template."""

READ_COLUMNS = (*REPORT_COLUMNS, PLACE_COLUMN)
"""All that are read."""
