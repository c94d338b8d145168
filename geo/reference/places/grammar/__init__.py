"""What a description says, before anything is looked up: its parts, the wards it names, the readings of the rest."""
