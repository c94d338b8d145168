"""The handover package: all that a review of a ward needs in one file; and the signing of its PDFs."""

from __future__ import annotations

from geo.output.handover.package import of_review, package_of_review, package_of_sites, package_of_ward

__all__ = ["of_review", "package_of_review", "package_of_sites", "package_of_ward"]
