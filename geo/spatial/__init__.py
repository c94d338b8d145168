"""Geometry that knows no wards: measures, point look-up, raster, edge index and its cache."""
