"""Which ward answers for which metre of which site: the heart of diaban."""

from geo.analysis.crossings.table import CrossingTable, cross, crossings, ward_index

__all__ = ["CrossingTable", "cross", "crossings", "ward_index"]
