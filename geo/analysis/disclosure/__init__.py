"""Statistical disclosure control: which counts are suppressed before the public sees a table."""
