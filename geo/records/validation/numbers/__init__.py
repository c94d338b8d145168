"""Numbers of persons by the words and signs beside them: labels, banks, plates, births; also said in words."""
