"""Geometries in tables and texts: a column of WKT, vertices a row each, places a line each."""
