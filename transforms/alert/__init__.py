"""Tells people, once, of what rules match: in articles taken in, in agreements and deadlines that change."""
