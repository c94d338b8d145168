"""Numbers of papers (`15/KH-UBND`) within the words that name a paper."""

from __future__ import annotations

import re


def bears_number(document: str, number: str) -> bool:
    """Whether a paper is named by a number as a whole.

    >>> bears_number("Kế hoạch 15/KH-UBND ngày 08/01/2027", "15/KH-UBND")
    True
    >>> bears_number("Kế hoạch 15/KH-UBND", "5/KH-UBND")
    False
    """
    return bool(number) and re.search(rf"(?<![\w/.-]){re.escape(number)}(?![\w/-])", document) is not None
