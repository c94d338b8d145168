"""What follows from the registers and the reports: crossings, exposure, clusters, flags, coverage."""
