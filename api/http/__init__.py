"""Layers around the app: log, measurements, limits, the response cache and the fast path."""
