"""What a validation finds: one line each, with its severity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geo.errors import Problem

Severity = Literal["error", "difference", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a validation.

    `severity`: `error` (the data can't be relied on), `difference` (plan and registers disagree, somebody has to
    decide), `note` (worth knowing, nothing to correct); `problem`: where, what and the remedy.
    """

    severity: Severity
    problem: Problem

    @property
    def where(self) -> str:
        """Where it stands, in the language of the context."""
        return self.problem.where

    @property
    def what(self) -> str:
        """What was found, in the language of the context."""
        return self.problem.what

    @property
    def remedy(self) -> str:
        """What to do, in the language of the context; '' for nothing."""
        return self.problem.remedy
