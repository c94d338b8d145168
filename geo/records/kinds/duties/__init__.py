"""Kinds of record about what wards owe the city."""
