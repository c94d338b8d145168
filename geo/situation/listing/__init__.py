"""Which sites are on the list, since when and until when, and what happened to each across plans."""
