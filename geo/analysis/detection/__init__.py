"""Statistics of reports: thresholds, reactivation, the monitor of a city, its power and its record."""
