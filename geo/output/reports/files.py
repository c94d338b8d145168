"""The attainment of a programme as a file, for the targets that were chosen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from geo.output.reports.plain import attainment_dict, attainment_table, ward_dicts

if TYPE_CHECKING:
    from geo.analysis.coverage.attainment import Attainment


def attainment_json(attained: Attainment, targets: Sequence[str], by_ward: bool) -> bytes:
    """The results of these targets, and ward by ward where that is asked for."""
    content = attainment_dict(attained)
    content["results"] = [entry for entry in content["results"] if entry["target"] in targets]
    content["phases"] = [entry for entry in content["phases"] if entry["target"] in targets]
    if by_ward:
        content["wards"] = [row for target in targets for row in ward_dicts(attained, target)]
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False).encode()


def attainment_csv(attained: Attainment, targets: Sequence[str], by_ward: bool) -> bytes:  # noqa: ARG001
    """One row for each ward and target."""
    from geo.output.shared.crossing_rows import inert_texts

    table = inert_texts(attainment_table(attained))
    return table[table["target"].isin(targets)].to_csv(index=False, lineterminator="\n").encode()


def attainment_xlsx(attained: Attainment, targets: Sequence[str], by_ward: bool) -> bytes:  # noqa: ARG001
    """The whole report as a workbook."""
    from geo.output.reports.workbook import report_xlsx

    return report_xlsx(attained)
