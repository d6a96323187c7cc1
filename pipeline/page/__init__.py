"""Draws what was read in articles as one self-contained HTML page."""
