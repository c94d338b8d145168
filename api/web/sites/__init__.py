"""Pages of what is so: landing page, sites, wards, flags, maps, dossiers."""
