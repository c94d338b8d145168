"""The columns that a file of reports may have."""

from __future__ import annotations

from geo.importing.cells import as_code, as_day, as_degrees, as_flag, as_metres, as_point, as_record, as_said, as_term
from geo.importing.columns import Column
from geo.importing.headings.units import DAY, LENGTH, PLACE

REPORT_COLUMNS: tuple[Column, ...] = (
    Column(
        "day", ("Ngày", "Ngày nhận tin", "Ngày ghi nhận", "day", "date", "Ngày tháng", "Thời gian", "Thời điểm"),
        as_day, "Ngày ghi nhận, dd/mm/yyyy", "Day of the observation, dd/mm/yyyy", required=True, measure=DAY,
    ),
    Column(
        "kind", ("Loại tin", "Loại", "Loại tin báo", "kind", "type"), as_term("kind"),
        "Một trong các loại ở trang 'Danh mục'", "One of the kinds on the sheet 'Danh mục'", required=True,
    ),
    Column(
        "channel", ("Nguồn tin", "Nguồn", "Kênh", "channel", "source"), as_term("channel"),
        "Một trong các nguồn ở trang 'Danh mục'", "One of the sources on the sheet 'Danh mục'", required=True,
    ),
    Column(
        "lon", ("Kinh độ", "lon", "longitude", "lng", "x", "location longitude", "gps longitude"), as_degrees,
        "WGS 84, ví dụ 105.8542; bỏ trống nếu ghi mã điểm", "WGS 84 degrees; blank where a site is given", figure=True,
        measure=PLACE,
    ),
    Column(
        "lat", ("Vĩ độ", "lat", "latitude", "y", "location latitude", "gps latitude"), as_degrees,
        "WGS 84, ví dụ 21.0285; bỏ trống nếu ghi mã điểm", "WGS 84 degrees; blank where a site is given", figure=True,
        measure=PLACE,
    ),
    Column(
        "site_id", ("Mã điểm", "Điểm", "site", "site id"), as_code,
        "Mã địa điểm trong danh mục; bỏ trống nếu ghi tọa độ", "Id of a site; blank where a point is given",
    ),
    Column(
        "chainage_m", ("Lý trình", "Lý trình m", "chainage", "chainage m", "Lý trình km", "chainage km"), as_metres,
        "Số mét từ đầu tuyến của điểm, ví dụ 1250 hoặc Km 1+250", "Metres from the start of the site's route",
        figure=True, measure=LENGTH,
    ),
    Column(
        "verified", ("Đã xác minh", "Xác minh", "verified"), as_flag,
        "có hoặc không; bỏ trống là không", "có (yes) or không (no); blank is no",
    ),
    Column(
        "same_as", ("Trùng với tin số", "Trùng tin số", "Trùng tin", "same as", "duplicate of"), as_record,
        "Số của tin đã ghi về cùng vụ việc; bỏ trống nếu không có", "Number of a recorded report of the same matter",
        figure=True,
    ),
    Column(
        "note", ("Ghi chú", "Nội dung", "note", "remark"), as_said,
        "Chỉ mô tả địa bàn; không ghi tên, số điện thoại, giấy tờ, địa chỉ nhà của bất kỳ ai",
        "About the place only: no name, telephone, identity number or home address of anyone",
    ),
)  # fmt: skip
"""Those of the template."""

PLACE_COLUMN = Column(
    "place", ("Tọa độ", "Toạ độ", "location", "GPS", "Vị trí GPS", "Vị trí", "Vị trí tọa độ", "coordinates", "geopoint",
              "lat lon", "lat long", "geometry", "Tọa độ GPS", "gps location", "wkt", "latlon"),
    as_point, "", "", figure=True, measure=PLACE,
)  # fmt: skip
"""Longitude and latitude in one cell: read where a file has it, not in the template."""

READ_COLUMNS = (*REPORT_COLUMNS, PLACE_COLUMN)
"""All that are read."""
