"""Names near to one that is not known, and names as somebody types them."""

from __future__ import annotations

import re

from geo.reference.names import plain
from geo.reference.places.place_index import PlaceIndex

_KINDS = re.compile(r"^(?:duong|pho|dai lo|so|khu vuc|doan|truoc|doi dien)\s+(?=\S)")
LEAST = 72.0


def nearest_names(index: PlaceIndex, text: str, limit: int = 3) -> list[str]:
    """Streets and landmarks whose names are near to a text, best first, compared without diacritics and types.

    Likeness is rapidfuzz's normalised indel ratio; under `LEAST` of 100 nothing is near.
    """
    from rapidfuzz import fuzz, process

    head = re.split(r"\b(?:từ|đoạn|đến|tới|giao)\b|[(,]", text, maxsplit=1)[0].strip() or text
    wanted = _KINDS.sub("", plain(head))
    if len(wanted) < 3:
        return []
    found = process.extract(wanted, index.spoken, scorer=fuzz.ratio, limit=4 * limit, score_cutoff=LEAST)
    names = [index.spoken_names[row] for _, _, row in found]
    return list(dict.fromkeys(names))[:limit]
