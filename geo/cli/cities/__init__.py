"""`diaban city`, and questions that reach beyond the cities of the data set."""
