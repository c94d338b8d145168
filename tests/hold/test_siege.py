"""What nobody may do to the service: stop it, slow it for others, or fill its memory."""

from __future__ import annotations

from hold_house import house_of  # noqa: F401
