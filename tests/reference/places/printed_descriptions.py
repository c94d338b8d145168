"""Places as notices print them (wording of our own, more than eighty), each with what is right.

A row: city, text, kind, full name of a ward in which it lies, length in metres (0: no line), longitude and latitude of
its middle. Right is a first candidate of that kind in that ward whose middle lies within `REACH_M` of the point (or
within its own accuracy) and whose length is right to 15 % or 80 m. Points were read off the city's map by hand.
"""

from __future__ import annotations

from typing import NamedTuple

REACH_M = 350.0


class Printed(NamedTuple):
    """One description with what is right."""

    city: str
    text: str
    kind: str
    ward: str
    length_m: float
    lon: float
    lat: float


HN, HUE = "hanoi", "hue"
DESCRIPTIONS = tuple(
    Printed(*row)
    for row in (
        # streets, with and without their kind
        (HN, "Đường Trần Duy Hưng", "street", "Phường Yên Hòa", 1800, 105.8000, 21.0110),
        (HN, "Trần Duy Hưng, Hà Nội", "street", "Phường Yên Hòa", 1800, 105.8000, 21.0110),
        (HN, "Phố Bà Triệu, phường Hai Bà Trưng", "street", "Phường Hai Bà Trưng", 1956, 105.8497, 21.0174),
        (HN, "Phố Bà Triệu (quận Hà Đông)", "street", "Phường Hà Đông", 945, 105.7809, 20.9694),
        (HN, "Phố Quang Trung, quận Hoàn Kiếm", "street", "Phường Cửa Nam", 1080, 105.8485, 21.0217),
        (HN, "Phố Tạ Hiện", "street", "Phường Hoàn Kiếm", 224, 105.8520, 21.0349),
        (HN, "Phố Yersin", "street", "Phường Hai Bà Trưng", 250, 105.8592, 21.0132),
        (HN, "đ. Láng", "street", "Phường Láng", 3924, 105.8071, 21.0154),
        (HN, "duong lang ha", "street", "Phường Giảng Võ", 1600, 105.8150, 21.0170),
        (HUE, "Đường Lê Lợi, TP Huế", "street", "Phường Thuận Hóa", 2394, 107.5874, 16.4646),
        (HUE, "Phạm Ngũ Lão", "street", "Phường Thuận Hóa", 214, 107.5945, 16.4694),
        (HUE, "Duong Tran Phu", "street", "Phường Thuận Hóa", 1558, 107.5879, 16.4517),
        # stretches
        (
            HN,
            "Đường Kim Giang (đoạn từ Cầu Tó đến đường Nghiêm Xuân Yêm)",
            "stretch",
            "Phường Thanh Liệt",
            2310,
            105.8171,
            20.9635,
        ),
        (HN, "Đường Láng, đoạn từ Ngã Tư Sở đến Cầu Giấy", "stretch", "Phường Láng", 4049, 105.8070, 21.0158),
        (
            HN,
            "Đường Giải Phóng (từ ngã tư Vọng đến bến xe Giáp Bát)",
            "stretch",
            "Phường Hoàng Mai",
            1935,
            105.8411,
            20.9890,
        ),
        (HN, "Phố Bạch Mai từ Đại Cồ Việt tới Trương Định", "stretch", "Phường Bạch Mai", 1429, 105.8507, 21.0023),
        (
            HN,
            "Đường Nguyễn Trãi, đoạn Ngã Tư Sở - Khuất Duy Tiến",
            "stretch",
            "Phường Thanh Xuân",
            2137,
            105.8116,
            20.9972,
        ),
        (HN, "Phố Kim Mã, đoạn từ bến xe Kim Mã đến Liễu Giai", "stretch", "Phường Giảng Võ", 1704, 105.8211, 21.0313),
        (
            HN,
            "Đường Phạm Văn Đồng từ cầu vượt Mai Dịch đến Hoàng Quốc Việt",
            "stretch",
            "Phường Nghĩa Đô",
            812,
            105.7810,
            21.0425,
        ),
        (
            HN,
            "Đường Quang Trung, đoạn từ Cầu Trắng đến ngã ba Ba La",
            "stretch",
            "Phường Hà Đông",
            3061,
            105.7688,
            20.9654,
        ),
        (HN, "Quốc lộ 6, đoạn qua phường Yên Nghĩa", "stretch", "Phường Yên Nghĩa", 3498, 105.7413, 20.9450),
        (
            HN,
            "Phố Hai Bà Trưng, đoạn từ Lê Thánh Tông đến Quang Trung",
            "stretch",
            "Phường Cửa Nam",
            847,
            105.8536,
            21.0241,
        ),
        (
            HUE,
            "Đường Lê Lợi, đoạn từ cầu Trường Tiền đến cầu Phú Xuân",
            "stretch",
            "Phường Thuận Hóa",
            541,
            107.5885,
            16.4656,
        ),
        (HUE, "Đường Hùng Vương (từ Bến Nghé đến Nguyễn Huệ)", "stretch", "Phường Thuận Hóa", 673, 107.5971, 16.4614),
        (HUE, "Quốc lộ 1A, đoạn qua phường Phú Bài", "stretch", "Phường Phú Bài", 8700, 107.7004, 16.3839),
        (HN, "Quốc lộ 6, đoạn qua quận Hà Đông", "stretch", "Phường Yên Nghĩa", 8365, 105.7654, 20.9630),
        (HN, "Quốc lộ 6 đoạn qua Hà Đông", "stretch", "Phường Yên Nghĩa", 8365, 105.7654, 20.9630),
        (HN, "Quốc lộ 32 đoạn đi qua thị xã Sơn Tây", "stretch", "Phường Sơn Tây", 6000, 105.4937, 21.1492),
        (HUE, "Quốc lộ 49, đoạn qua phường Mỹ Thượng", "stretch", "Phường Mỹ Thượng", 3210, 107.6018, 16.4977),
        (
            HN,
            "khu vực từ Ngã Tư Sở đến Ngã Tư Vọng, đường Trường Chinh",
            "stretch",
            "Phường Phương Liệt",
            2297,
            105.8306,
            21.0004,
        ),
        (HN, "Từ phố Vọng đến Đại Cồ Việt trên đường Giải Phóng", "stretch", "Phường Kim Liên", 822, 105.8414, 21.0040),
        (
            HN,
            "đoạn từ cầu Giấy đến Nguyễn Phong Sắc, đường Cầu Giấy",
            "stretch",
            "Phường Cầu Giấy",
            1648,
            105.7969,
            21.0333,
        ),
        (HUE, "từ cầu Trường Tiền đến Đập Đá, đường Lê Lợi", "stretch", "Phường Thuận Hóa", 744, 107.5931, 16.4696),
        (
            HUE,
            "Đường Nguyễn Sinh Cung, đoạn từ Đập Đá đến Phạm Văn Đồng",
            "stretch",
            "Phường Vỹ Dạ",
            2137,
            107.5954,
            16.4838,
        ),
        (
            HN,
            "Vành đai 3 trên cao, đoạn từ Mai Dịch đến Nguyễn Xiển",
            "stretch",
            "Phường Từ Liêm",
            6239,
            105.7891,
            21.0112,
        ),
        # streets in line
        (HN, "Giảng Võ - Láng Hạ", "street", "Phường Giảng Võ", 3124, 105.8199, 21.0221),
        (HN, "Phố Huế - Hàng Bài", "street", "Phường Hai Bà Trưng", 1871, 105.8519, 21.0172),
        (HN, "Hàng Ngang - Hàng Đào - Hàng Đường", "street", "Phường Hoàn Kiếm", 546, 105.8504, 21.0346),
        (HUE, "Nguyễn Tri Phương - Hùng Vương", "street", "Phường Thuận Hóa", 2874, 107.5958, 16.4626),
        # junctions
        (HN, "Ngã Tư Sở", "junction", "Phường Đống Đa", 0, 105.8206, 21.0033),
        (HN, "Ngã ba Ba La", "junction", "Phường Dương Nội", 0, 105.7574, 20.9566),
        (HN, "ngã tư Nguyễn Trãi - Khuất Duy Tiến", "junction", "Phường Thanh Xuân", 0, 105.8033, 20.9916),
        (HN, "Nút giao Mai Dịch", "junction", "Phường Cầu Giấy", 0, 105.7803, 21.0365),
        (HN, "Vòng xuyến Cầu Giấy", "junction", "Phường Láng", 0, 105.8018, 21.0300),
        (HN, "Phố Tây Sơn giao với phố Chùa Bộc", "junction", "Phường Kim Liên", 0, 105.8245, 21.0092),
        (HUE, "Ngã sáu Hùng Vương", "junction", "Phường Thuận Hóa", 0, 107.5950, 16.4635),
        (HUE, "ngã tư Hùng Vương - Nguyễn Huệ", "junction", "Phường Thuận Hóa", 0, 107.5994, 16.4593),
        # bridges and their ends
        (HN, "Cầu Long Biên", "stretch", "Phường Hồng Hà", 1700, 105.8585, 21.0432),
        (HN, "chân cầu Vĩnh Tuy phía Long Biên", "point", "Phường Long Biên", 0, 105.8952, 21.0249),
        (HN, "hai đầu cầu vượt Mai Dịch", "point", "Phường Phú Diễn", 0, 105.7804, 21.0362),
        (HUE, "Cầu Trường Tiền", "stretch", "Phường Thuận Hóa", 456, 107.5890, 16.4687),
        (HN, "cầu Vĩnh Tuy phía quận Hai Bà Trưng", "point", "Phường Vĩnh Tuy", 0, 105.8691, 20.9987),
        (HN, "cầu Chương Dương, phía Hoàn Kiếm", "point", "Phường Hồng Hà", 0, 105.8552, 21.0355),
        (HN, "phía Đông Anh của cầu Nhật Tân", "point", "Xã Vĩnh Thanh", 0, 105.8271, 21.1142),
        (HN, "gầm cầu Chương Dương phía Bồ Đề", "point", "Phường Bồ Đề", 0, 105.8657, 21.0397),
        (HN, "chân cầu Thanh Trì (phía Hoàng Mai)", "point", "Phường Lĩnh Nam", 0, 105.8924, 20.9829),
        (HUE, "chân cầu Phú Xuân phía bắc", "point", "Phường Phú Xuân", 0, 107.5838, 16.4670),
        # landmarks, and what lies in front of them
        (HN, "Bến xe Mỹ Đình", "point", "Phường Từ Liêm", 0, 105.7782, 21.0285),
        (HN, "đối diện Bệnh viện Bạch Mai", "point", "Phường Kim Liên", 0, 105.8400, 21.0010),
        (HN, "Đường Giải Phóng, đoạn trước cổng Bệnh viện Bạch Mai", "point", "Phường Kim Liên", 0, 105.8412, 21.0018),
        (HN, "phía trước bến xe Giáp Bát, đường Giải Phóng", "point", "Phường Hoàng Mai", 0, 105.8411, 20.9803),
        (HN, "Khu vực chợ Đồng Xuân", "point", "Phường Hoàn Kiếm", 0, 105.8497, 21.0382),
        (HN, "quanh hồ Thiền Quang", "area", "Phường Hai Bà Trưng", 0, 105.8458, 21.0184),
        (HN, "Trước trường THPT Chu Văn An, đường Thụy Khuê", "point", "Phường Tây Hồ", 0, 105.8323, 21.0425),
        (HUE, "Chợ Đông Ba", "point", "Phường Phú Xuân", 0, 107.5887, 16.4726),
        (HUE, "trước chợ Đông Ba, đường Trần Hưng Đạo", "point", "Phường Phú Xuân", 0, 107.5882, 16.4728),
        (HUE, "Ga Huế", "point", "Phường Thuận Hóa", 0, 107.5781, 16.4565),
        (HUE, "trước Đại Nội", "point", "Phường Phú Xuân", 0, 107.5795, 16.4690),
        (HUE, "Đường 23/8, đoạn trước Đại Nội", "point", "Phường Phú Xuân", 0, 107.5800, 16.4677),
        (HN, "Phố Tràng Thi, đoạn đối diện Bệnh viện Việt Đức", "point", "Phường Hoàn Kiếm", 0, 105.8467, 21.0273),
        (HN, "Đường Ngọc Hồi, trước bến xe Nước Ngầm", "point", "Phường Yên Sở", 0, 105.8420, 20.9650),
        # house numbers and lanes
        (HN, "Phố Hàng Bạc, số 10", "point", "Phường Hoàn Kiếm", 0, 105.8536, 21.0338),
        (HN, "ngách 12 ngõ 102 Trường Chinh", "street", "Phường Kim Liên", 319, 105.8376, 21.0002),
        (HN, "số 36 phố Hoàng Cầu", "point", "Phường Ô Chợ Dừa", 0, 105.8242, 21.0183),
        (HN, "74 Hàng Bông", "point", "Phường Hoàn Kiếm", 0, 105.8472, 21.0303),
        (HN, "Ngõ 102 Trường Chinh", "street", "Phường Kim Liên", 319, 105.8376, 21.0002),
        (HN, "Ngõ 12, phố Chùa Bộc", "street", "Phường Kim Liên", 91, 105.8282, 21.0082),
        (HUE, "Kiệt 42 Đào Tấn", "street", "Phường Thuận Hóa", 114, 107.5868, 16.4455),
        # kilometres
        (HN, "Đại lộ Thăng Long, đoạn từ Km9+750 đến Km10+000", "stretch", "Xã An Khánh", 250, 105.6993, 21.0073),
        (HN, "Quốc lộ 1A (từ Km188+000 đến Km190+500)", "stretch", "Xã Ngọc Hồi", 2500, 105.8548, 20.8983),
        (HN, "Km22+300 Quốc lộ 3", "point", "Xã Sóc Sơn", 0, 105.8492, 21.2354),
        # riverbanks
        (
            HN,
            "ven sông Hồng phía Hoàn Kiếm, từ cầu Long Biên đến cầu Chương Dương",
            "stretch",
            "Phường Hồng Hà",
            671,
            105.8567,
            21.0394,
        ),
        (
            HN,
            "bờ trái sông Hồng đoạn từ cầu Chương Dương đến cầu Vĩnh Tuy",
            "stretch",
            "Phường Bồ Đề",
            3875,
            105.8712,
            21.0230,
        ),
        (HN, "Bờ tây sông Tô Lịch, từ cầu Mọc đến cầu Lủ", "stretch", "Phường Khương Đình", 3680, 105.8156, 20.9942),
        (
            HUE,
            "Bờ nam sông Hương từ cầu Dã Viên đến cầu Trường Tiền",
            "stretch",
            "Phường Thuận Hóa",
            2312,
            107.5813,
            16.4621,
        ),
    )
)
