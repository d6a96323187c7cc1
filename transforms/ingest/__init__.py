"""Files (and later feeds and pages) become items, and items become articles."""
