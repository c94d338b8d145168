"""False warnings and power of the flags from reports, on made-up city-years: `python -m benchmarks.calibration`."""
