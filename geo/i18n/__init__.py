"""Every word and number that a person reads: languages, catalogues, messages and formats; one of each."""
