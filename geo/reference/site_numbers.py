"""What people call a site by."""

from __future__ import annotations


def site_number(site_id: str) -> str:
    """A site's number as the plan prints it: what people read; the id is for programs and commands.

    >>> site_number("HN-II-3")
    'II.3'
    """
    return ".".join(site_id.split("-")[1:]) or site_id
