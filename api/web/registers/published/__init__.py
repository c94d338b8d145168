"""Pages of what was published: taken back, with document and reason."""
