"""How areas, lines and points look."""
