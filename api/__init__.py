"""The web service over the four rooms of `geo`."""
