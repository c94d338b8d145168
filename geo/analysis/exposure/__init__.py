"""Exposure: what the registers alone say about where activity could find a gap."""

from geo.analysis.exposure.score import SiteExposure, WardExposure, exposure, ward_exposure

__all__ = ["SiteExposure", "WardExposure", "exposure", "ward_exposure"]
