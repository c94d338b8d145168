"""The list of a province that a request is about."""
