"""What became of the features of a file, in words."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable, Mapping

from geo.i18n.message import Message
from geo.importing.where import number_list


class FileWarning(UserWarning):
    """What the user of a notebook should know of how a file was read."""


def warn_of(notes: Iterable[Message]) -> None:
    """Warn of each note where the caller of `load_sites` or `load_wards` stands."""
    for note in notes:
        warnings.warn(str(note), FileWarning, stacklevel=3)


def passed_notices(passed: Mapping[int, str]) -> tuple[Message, ...]:
    """Which features were passed over, and why: a line for each reason."""
    return tuple(
        Message(why, count=count, features=number_list([number for number, reason in passed.items() if reason == why]))
        for why, count in Counter(passed.values()).most_common()
    )
