"""Changes of registers as people bring them: forms, files, words and plans, made into the entries of a draft."""
