"""What people take: maps, dossiers, tables. Draws what it is given and asks nothing else."""
