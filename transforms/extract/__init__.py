"""Reads an article: dates, actors, agreements and deadlines, as spaCy components and one Beam transform."""
