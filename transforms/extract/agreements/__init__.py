"""Reads the agreements of an article: between whom, of what kind, and where they stand."""
