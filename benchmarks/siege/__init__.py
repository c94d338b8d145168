"""Mixed abuse beside honest users: who died, how long the honest waited, how much memory and processor it took."""
