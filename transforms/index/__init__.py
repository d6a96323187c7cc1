"""Writes what was read to the store, so that it can be searched and listed."""
