"""Decides which agreement a mention in an article is about, whatever order the articles come in."""
