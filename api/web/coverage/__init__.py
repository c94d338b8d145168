"""Pages of the programme: overview by target, entry of figures, import of a file."""
