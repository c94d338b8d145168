"""The web service over the packages of `geo`."""
