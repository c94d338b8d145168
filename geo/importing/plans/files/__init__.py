"""The file of a plan as lines and grids: one reader for each format."""
