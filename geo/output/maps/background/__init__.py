"""Background of maps: tile addresses and tile archives."""
