"""What diaban does when it is killed, cut off, filled up or locked out: `python -m benchmarks.torture --times 200`."""
