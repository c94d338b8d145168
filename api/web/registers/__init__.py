"""Pages of the registers: drafts, new sites, plans, phases, the life of a site."""
