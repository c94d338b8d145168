"""Flags as a viewer may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from geo.analysis.flags.flag import Flag
from geo.visibility.policy import PUBLIC_FLAG_RULES
from geo.visibility.viewer import Viewer


def visible_flags(flags: Iterable[Flag], viewer: Viewer) -> tuple[Flag, ...]:
    """The flags that a viewer may know of, in their order, each as the viewer may see it."""
    return tuple(shown for shown in (visible_flag(flag, viewer) for flag in flags) if shown is not None)


def visible_flag(flag: Flag, viewer: Viewer) -> Flag | None:
    """A flag as a viewer may see it; None where the viewer may not know that it stands."""
    if concerns(flag, viewer):
        return flag
    if flag.rule not in PUBLIC_FLAG_RULES:
        return None
    hidden = replace(flag, observed=None, expected=None, p=None, note="", earlier=(), quiet_days=None, heir="")
    return replace(hidden, handled_by="", until=None, result="")


def concerns(flag: Flag, viewer: Viewer) -> bool:
    """Whether a flag is open to a viewer with all its fields: it lies in one of the viewer's wards."""
    return viewer.sees_any(code for code, _ in flag.wards)
