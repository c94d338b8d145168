"""What finds a place of each kind: a street or a stretch of it, a junction, a landmark, a house number, a riverbank."""
