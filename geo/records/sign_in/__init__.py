"""Signing in: passwords, how many are checked at a time, and how long somebody waits who tries many."""
