"""Reads the actors of an article: who is named, under which names, of which kind."""
