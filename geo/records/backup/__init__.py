"""Backup and restore of the records."""
