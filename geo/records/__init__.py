"""What is reported: status assessments, reviews, reports, coverage entries, kept append-only."""
