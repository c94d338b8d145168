"""Commands of operation: serve, users, backup, doctor."""
