"""Maps as self-contained HTML pages."""
