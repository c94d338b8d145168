"""What became of the features of a file, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from geo.i18n.message import Message
from geo.importing.where import number_list


def passed_notices(passed: Mapping[int, str]) -> tuple[Message, ...]:
    """Which features were passed over, and why: a line for each reason."""
    return tuple(
        Message(why, count=count, features=number_list([number for number, reason in passed.items() if reason == why]))
        for why, count in Counter(passed.values()).most_common()
    )
