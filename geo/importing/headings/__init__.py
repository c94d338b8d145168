"""What headings say: the name of a column, and beside it the unit, the scale or the coordinate system of its cells."""

from geo.importing.headings.parts import heading_key, mapping_key, remarks

__all__ = ["heading_key", "mapping_key", "remarks"]
