"""Addresses that the operator wrote are opened, and no other that these name, as one of this machine may be."""

from __future__ import annotations

import urllib.request
from typing import Any


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


opener = urllib.request.build_opener(_NoRedirect)
"""Opens an address; an answer that leads elsewhere is an `HTTPError` of its status."""
