"""What maps, dossiers and reports share: theme, rows of crossings and flags, stretches."""
