"""Pages of accounts: log-in, users, tokens."""
