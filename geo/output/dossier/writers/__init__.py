"""The formats that documents are written in."""
