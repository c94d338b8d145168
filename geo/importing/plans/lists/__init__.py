"""What a plan lists: sites, wards by phase, indicators, reporting days; and its letterhead."""
