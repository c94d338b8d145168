"""The whole country: its provinces, all wards of today, and the units before July 2025. Read when a city's own is not
enough."""
