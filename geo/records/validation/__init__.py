"""Checks of what is to be recorded, and the privacy screen."""
