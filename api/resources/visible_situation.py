"""The situation as an audience may see it: what is drawn from it can't show more, whoever draws it.

The public gets no report and no flag that needs reports; a ward gets its own as well; the city gets everything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.core.service import Service, public_version
from api.resources.coverage import as_of, told_attainment
from api.resources.visibility import reports_of, sees_flag, told_flags
from api.security.identity import Identity, Role
from geo.errors import InputError
from geo.situation import Lazy, Situation

if TYPE_CHECKING:
    from pandas import DataFrame

    from geo.analysis.coverage.attainment import Attainment
    from geo.analysis.flags import Flag

_NOBODY = Identity("anonymous", Role.PUBLIC)
_RECORDED = ("note", "recorded_by", "recorded_office", "recorded_at", "corrects_id", "id")


def seen(service: Service, situation: Situation, identity: Identity, *, ward: str | None = None) -> Situation:
    """What of a situation an audience may see; `ward` is the one ward that is drawn, if it is one.

    Reports that an audience may not see are None, not an empty list: a map then says that it does not hold them.
    """
    if identity.sees_all:
        return replace(situation, data_version=public_version(situation.data_version))
    works = identity.role >= Role.WARD
    sees_reports = works and (ward is None or identity.sees_ward(ward))
    return replace(
        situation,
        reports=reports_of(situation, identity) if sees_reports else None,
        reviews=situation.reviews if works else None,
        assessments=situation.assessments if works else _without_notes(situation.assessments),
        raised=situation.raised.then(
            lambda flags: None if flags is None else tuple(_told(f, identity) for f in told_flags(situation, identity))
        ),
        attained=Lazy(lambda: public_attainment(service, situation)),
        data_version=public_version(situation.data_version) if works else situation.data_version.split("-", 1)[0],
    )


def public_attainment(service: Service, situation: Situation) -> Attainment | None:
    """The attainment that everybody is told; None before the first half-year is settled."""
    try:
        return as_of(told_attainment(service, situation, _NOBODY, None), situation.day)
    except InputError:
        return None


def _told(flag: Flag, identity: Identity) -> Flag:
    if sees_flag(flag, identity):
        return flag
    return replace(flag, observed=None, expected=None, p=None, note="")


def _without_notes(frame: DataFrame | None) -> DataFrame | None:
    if frame is None:
        return None
    return frame[[name for name in frame.columns if name not in _RECORDED]]
