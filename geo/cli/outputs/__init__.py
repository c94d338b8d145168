"""Commands that write outputs: maps, dossiers, tiles."""
