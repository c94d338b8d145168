"""Whether there is anything of a kind by a day: what was never recorded is no data, whether or not records were begun.

A paper of a day before the first entry says the same with and without a database, so that its bytes stay.
"""

from __future__ import annotations

from geo.situation import Situation


def has_reviews(situation: Situation) -> bool:
    """Whether a review was recorded, of any site of the city; what is hidden is there."""
    return situation.reviews is not None and (situation.hides("reviews") or not situation.reviews.empty)


def has_reports(situation: Situation) -> bool:
    """Whether a report was recorded, or from when some place is observed: then none is an answer."""
    if situation.reports is None:
        return False
    observed = situation.observations is not None and not situation.observations.empty
    return observed or situation.hides("reports") or not situation.reports.empty


def has_figures(situation: Situation) -> bool:
    """Whether a ward entered a figure of the programme, of those that are shown here."""
    if situation.coverage is None:
        return False
    return not set(situation.coverage.rows("ward")["state"]) <= {"missing", "outside"}
