"""One module for each kind of map."""
