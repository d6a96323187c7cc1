"""Reads the deadlines of an article: by when which agreement obliges whom to do what."""
