"""What stands in columns of their own: lines of cells that belong together, and the limits of a stretch."""

from geo.importing.plans.lists.columns.aligned import aligned, open_columns
from geo.importing.plans.lists.columns.limits import named

__all__ = ["aligned", "named", "open_columns"]
