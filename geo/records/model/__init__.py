"""What is recorded: tables, entries, vocabulary, errors."""
