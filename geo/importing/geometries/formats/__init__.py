"""How each format is opened as layers: one module a family."""
