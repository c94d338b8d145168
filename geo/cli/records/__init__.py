"""Commands that record: status, report, review, coverage."""
