"""Former units as rows: of the API and of its page."""

from __future__ import annotations

from typing import Any

from geo.reference.names import fold, has_diacritics, plain, split_unit, y_as_i
from geo.reference.ward_names.former_units import FormerUnit, same_district
from geo.reference.wards import WardRegister

Row = dict[str, Any]


def former_unit_rows(register: WardRegister, city: str, name: str = "", district: str = "") -> list[Row]:
    """The former units of a city's wards, by district and name; those of a name or a district alone where one is given.

    A row has `code`, `name`, `district`, `city`, and `heirs`: code, name and share of each ward of today.
    """
    wards = {ward.code: ward for ward in register.wards}
    found = []
    for unit in register.search.former.units:
        heirs = [heir for heir in unit.heirs if heir.code in wards]
        if not heirs or not _is_meant(unit, name, district):
            continue
        rows = [
            {
                "ward_code": heir.code,
                "ward_name": wards[heir.code].full_name,
                "extent": heir.extent,
                "area_m2": None if heir.area_m2 is None else round(heir.area_m2),
                "side": heir.side or None,
                "resolution": heir.resolution,
                "item": heir.item,
            }
            for heir in heirs
        ]
        found.append({"code": unit.code, "name": unit.name, "district": unit.district, "city": city, "heirs": rows})
    return sorted(found, key=lambda row: (plain(row["district"]), plain(split_unit(row["name"])[1]), row["code"]))


def _is_meant(unit: FormerUnit, name: str, district: str) -> bool:
    if district and not same_district(unit.district, district):
        return False
    if not name:
        return True
    unit_kind, bare = split_unit(name)
    own_kind, own = split_unit(unit.name)
    if unit_kind not in (None, own_kind):
        return False
    key = fold if has_diacritics(bare) else plain
    return y_as_i(key(bare)) in y_as_i(key(own))
