"""Which ward answers for which metre of which site: the heart of diaban."""

from geo.analysis.crossings.indexed_wards import ward_index
from geo.analysis.crossings.table import CrossingTable, cross, crossings, in_wards

__all__ = ["CrossingTable", "cross", "crossings", "in_wards", "ward_index"]
