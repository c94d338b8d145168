"""A city that is added: its folder in the user's data folder, laid out as the data set is."""
