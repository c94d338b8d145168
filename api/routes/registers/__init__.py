"""Routes of what is given: wards, sites, crossings, places, and what changes the registers."""
