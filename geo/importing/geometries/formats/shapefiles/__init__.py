"""Shapefiles: the files that make one, and the code page of their texts, which seldom is what they say."""
