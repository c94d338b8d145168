"""What is given: names, coordinate systems, wards, sites, streets, programmes. Knows none of the packages above it."""
