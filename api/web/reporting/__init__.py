"""Pages by which offices record: reports, reviews, import of a file."""
