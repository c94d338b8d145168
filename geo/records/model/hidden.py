"""What stands in the place of a text that is shown to nobody any more, because it names a person."""

from __future__ import annotations

HIDDEN = "[…]"
