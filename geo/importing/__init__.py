"""What people bring: tables of reports and of coverage, read, checked and committed."""
